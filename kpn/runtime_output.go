package kpn

import (
	"fmt"
	"time"
)

// Outcome is what an execution gives.
type Outcome struct {
	// Code is [Pending] while nothing is visible yet, else [Done].
	Code Code
	// Outputs are the blocks of the graph's outputs.
	Outputs []FrameBlock
	// Heat is what all nodes have heated in these frames.
	Heat float64
	// Elapsed is how long it took, if the runtime has a clock.
	Elapsed time.Duration
}

// FrameBlock is a run of frames of an output: frame by frame, in a frame item by
// item, in an item channel by channel.
type FrameBlock struct {
	Node string
	// Shape is [B, C, frames in the block].
	Shape Shape
	// First is the frame of the output that the block starts with, which is
	// negative while the block starts with frames that are not visible yet.
	First int
	// Pending is how many of the frames are not visible yet; they are zeros.
	Pending int
	Data    []float64
}

// At is the sample of (b, c) in frame f of the block.
func (b *FrameBlock) At(item, channel, f int) float64 {
	return b.Data[(f*b.Shape.B+item)*b.Shape.C+channel]
}

// queue holds an output's tokens until they are visible.
type queue struct {
	// late is how late the output is in all, and held what of that the engine
	// does not do by itself.
	late int
	held []float64
	data []float64
}

// newQueues makes the queues of the graph's outputs.
func (r *Runtime) newQueues(c *compiled) ([]*queue, error) {
	var list []*queue
	own := c.executable.Latency()
	held := 0
	for _, id := range r.network.Graph.Outputs {
		late := max(own, r.setup.ready[id].Visible)
		held += late - own
		if err := r.fitsDelays(held); err != nil {
			return nil, err
		}
		list = append(list, &queue{late: late, held: make([]float64, (late-own)*r.setup.shape.Rows())})
	}
	return list, nil
}

// deliver queues what the engine gave and hands over what is due.
func (r *Runtime) deliver(blocks []Block, frames int) *Outcome {
	outcome := &Outcome{Code: Pending}
	for o, id := range r.network.Graph.Outputs {
		q := r.queues[o]
		size := frames * r.setup.shape.Rows()
		all := q.take(size)
		frameMajor(all[len(q.held):], &blocks[o])
		copy(q.held, all[size:])
		block := FrameBlock{
			Node: r.network.nameOf(id), Shape: Shape{r.setup.shape.B, r.setup.shape.C, frames},
			First: r.now - q.late, Pending: min(max(q.late-r.now, 0), frames), Data: all[:size:size],
		}
		if block.Pending < frames {
			outcome.Code = Done
		}
		outcome.Outputs = append(outcome.Outputs, block)
	}
	return outcome
}

// take is room for what is held, which it has, and so many samples more.
func (q *queue) take(size int) []float64 {
	if need := len(q.held) + size; len(q.data) < need {
		q.data = make([]float64, need)
	}
	copy(q.data, q.held)
	return q.data[:len(q.held)+size]
}

// frameMajor lays a block out frame by frame.
func frameMajor(dst []float64, b *Block) {
	rows, n := b.Shape.Rows(), b.Shape.F
	for row := range rows {
		for f := range n {
			dst[f*rows+row] = b.At(row*n + f)
		}
	}
}

// batchMajor lays a signal that comes frame by frame out row by row.
func batchMajor(id string, data []float64, s Shape) (*Values, error) {
	if len(data) != s.Len() {
		return nil, &JobError{"inputs", fmt.Sprintf("node %q: got %d samples, a block of %v has %d", id, len(data), s, s.Len())}
	}
	v := &Values{s, make([]float64, len(data))}
	rows := s.Rows()
	for row := range rows {
		for f := range s.F {
			v.Data[row*s.F+f] = data[f*rows+row]
		}
	}
	return v, nil
}
