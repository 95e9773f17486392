package kpn

import (
	"context"
	"errors"
	"fmt"
)

// Streamer is implemented by executables that can render frames as they come,
// block by block, without knowing how many there will be.
type Streamer interface {
	// Stream starts at frame 0. It fails with an *[UnsupportedError] where the
	// graph cannot be streamed: whole-row kinds need frames that have not come
	// yet, and so does a control domain with aligned ends.
	Stream(job *StreamJob) (Session, error)
}

// Session is a graph under way: it keeps what its nodes remember from block to
// block. Its methods may not be called at the same time.
//
// Nothing is trimmed: with L the executable's latency, frame n of an output is
// the content of frame n−L, and 0 before that. Frame n of a parameter still
// meets the content of frame n. The frames are the same bits, however they are
// cut into blocks.
type Session interface {
	// Next renders the next frames: one block for each of the graph's outputs,
	// whose data is valid until the next call. After an error the session is
	// where it was, unless that is an *[InterruptedError]: it is then of no
	// more use.
	Next(ctx context.Context, block *StreamBlock) ([]Block, error)
	// Accepts says whether a block may give a parameter's values: those of
	// per-frame parameters must be given; those of others may be, where
	// the error is nil, and differ from block to block.
	Accepts(ref ParamRef) error
	Close() error
}

// Meter is implemented by sessions whose nodes may report.
type Meter interface {
	// Metrics are those of a node in the last block, over all of its calls, if
	// it reports any.
	Metrics(node string) (Metrics, bool)
}

// StreamJob asks for a stream.
type StreamJob struct {
	// Items and Channels are how many there are.
	Items, Channels int
	// Rate, Seed and FirstItem are as in a [Job].
	Rate      float64
	Seed      uint64
	FirstItem uint64
	// Values holds those of per-item parameters, as in a [Job].
	Values map[ParamRef][]float64
}

// StreamBlock is what a stream needs for its next frames.
type StreamBlock struct {
	// Frames is how many there are, at least 1.
	Frames int
	// Params holds the values of parameters, for these frames.
	Params map[ParamRef]*Values
	// Inputs holds the signals of the input nodes, by node.
	Inputs map[string]*Values
}

// MaxStreamFrames is how many frames a stream can render: what a job can.
const MaxStreamFrames = MaxFrames

// Job is a job that lasts as long as a stream can, without its per-frame
// tensors.
func (j *StreamJob) Job() *Job {
	return &Job{
		Shape:     Shape{j.Items, j.Channels, MaxFrames},
		Rate:      j.Rate,
		Seed:      j.Seed,
		FirstItem: j.FirstItem,
		Items:     j.Values,
	}
}

// Validate checks the job against a graph, and that the graph can be streamed.
func (j *StreamJob) Validate(g *Graph) error {
	job := j.Job()
	if err := job.validateExtent(); err != nil {
		return err
	}
	errs := append(g.validateConstants(j.Rate), job.validateControlRate(g))
	bound := map[ParamRef]ParamRate{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		errs = append(errs, g.streams(n))
		for _, p := range g.Parameters(n) {
			ref := ParamRef{n.ID, p.Name}
			bound[ref] = p.Rate
			if p.Rate == PerItem {
				errs = append(errs, job.validateItems(ref, p, g.Control.rateOf(n, j.Rate)))
			}
		}
	}
	return errors.Join(append(errs, job.validateUnused(g, bound)...)...)
}

// streams says why a node cannot be part of a stream, or nothing.
func (g *Graph) streams(n *Node) error {
	spec, ok := g.Spec(n.Kind)
	switch {
	case ok && spec.WholeRow:
		return &UnsupportedError{n.ID, n.Kind, "streaming", "it needs its whole input before its first frame; render the graph with Forward, or leave the node out"}
	case n.Control && g.Control.AlignEnds:
		return &UnsupportedError{n.ID, n.Kind, "streaming", "where a control frame is depends on the last frame; do not align the ends of the control domain"}
	}
	return nil
}

// Accepts says whether a stream of the graph may be given a parameter's values
// block by block, as far as that depends on the graph only.
func (g *Graph) Accepts(ref ParamRef) error {
	n, ok := g.Node(ref.Node)
	if !ok {
		return &GraphError{Node: ref.Node, Reason: "the graph has no such node: " + unknown(ref.Node, g.nodeIDs())}
	}
	for _, p := range g.Parameters(n) {
		if p.Name == ref.Param {
			return g.accepts(n, p.Spec)
		}
	}
	return &GraphError{Node: n.ID, Field: ref.Param, Reason: "the node has no such parameter: " + unknown(ref.Param, g.ParamNames(n))}
}

// accepts is the same for a parameter of a node.
func (g *Graph) accepts(n *Node, p *Parameter) error {
	switch {
	case p.Structural:
		return &UnsupportedError{n.ID, n.Kind, "changing " + p.Name, "it chooses what the node is: set it before the graph is compiled"}
	case n.Control:
		return &UnsupportedError{n.ID, n.Kind, "changing " + p.Name, "the node runs at the control rate, whose frames are others: make it an audio node"}
	}
	return nil
}

// InterruptedError is what stopped a session in the middle of a block: some of
// what it remembers is of frames that others have not reached. Start another.
type InterruptedError struct {
	// Frame is the first of the block.
	Frame int
	Cause error
}

// Error implements error.
func (e *InterruptedError) Error() string {
	return fmt.Sprintf("interrupted in the block at frame %d, start anew: %v", e.Frame, e.Cause)
}

// Unwrap returns what stopped the session.
func (e *InterruptedError) Unwrap() error { return e.Cause }
