package cpuref

import (
	"context"
	"fmt"
	"math"

	"sawmill/kpn"
)

// maxStreamBytes bounds what a block of a session may take.
const maxStreamBytes = 1 << 30

// session is a graph under way: see [kpn.Session].
type session struct {
	*render
	graph *kpn.Graph
	rules *kpn.BlockRules
	// tracks are the values of the parameters that blocks have brought.
	tracks *tracks
	// block is the one under way, for input nodes, and frame its first.
	block *kpn.StreamBlock
	frame int
	// slow are the control signals, nil where there are none.
	slow   *slow
	blocks [][]float64
	made   []kpn.Block
	// broken is set once a block was not completed.
	broken error
}

// Stream implements [kpn.Streamer].
func (x *executable) Stream(j *kpn.StreamJob) (kpn.Session, error) {
	if err := j.Validate(x.graph); err != nil {
		return nil, err
	}
	s := &session{graph: x.graph, rules: kpn.NewBlockRules(x.graph, j)}
	// The steps of inputs and control signals are the session's own.
	audio, job := x.graph, j.Job()
	if split, ok := x.graph.Split(); ok {
		audio = split.Audio
		if len(split.Control.Outputs) > 0 {
			var err error
			if s.slow, err = newSlow(x.graph, &split, job); err != nil {
				return nil, err
			}
		}
	}
	p := newPlan(audio)
	r, err := newStreamRender(p, job)
	if err != nil {
		return nil, err
	}
	s.render, s.tracks = r, newTracks(p, j)
	for i := range p.nodes {
		v := &p.nodes[i]
		if v.kind == kpn.KindInput {
			v.step.forward = s.input
		}
		if v.kind == kpn.KindControl {
			v.step.forward = s.slow.interpolate
		}
	}
	for _, w := range r.workers {
		w.values.tracks = s.tracks
	}
	s.blocks = make([][]float64, len(p.outputs))
	s.made = make([]kpn.Block, len(p.outputs))
	return s, nil
}

// newStreamRender is newRender for a job that lasts as long as a session may:
// its delay lines are as long as the delays.
func newStreamRender(p *plan, job *kpn.Job) (*render, error) {
	l := newLayout(p, math.MaxInt, job.Rate)
	state, err := newState(p, l, job)
	if err != nil {
		return nil, err
	}
	r := &render{plan: p, job: job, layout: l, state: state}
	return r, r.addWorkers()
}

// Accepts implements [kpn.Session].
func (s *session) Accepts(ref kpn.ParamRef) error { return s.graph.Accepts(ref) }

// Next implements [kpn.Session].
func (s *session) Next(ctx context.Context, b *kpn.StreamBlock) ([]kpn.Block, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	if err := s.rules.Check(b); err != nil {
		return nil, err
	}
	n, rows := b.Frames, s.job.Shape.Rows()
	if n > kpn.MaxStreamFrames-s.plan.latency-s.frame {
		return nil, &kpn.JobError{Field: "frames", Reason: fmt.Sprintf("the session has rendered %d, allowed are %d in all; start another", s.frame, kpn.MaxStreamFrames-s.plan.latency)}
	}
	each := 8 * rows * (len(s.plan.outputs) + s.tracks.count(b))
	if most := maxStreamBytes/each - s.plan.latency; n > most {
		return nil, &kpn.JobError{Field: "frames", Reason: fmt.Sprintf("a block of %d frames takes %d bytes each, allowed are %d in all; render at most %d frames at a time", n, each, maxStreamBytes, max(most, 0))}
	}
	s.tracks.extend(b, s.frame)
	s.block = b
	for o := range s.blocks {
		if len(s.blocks[o]) < rows*n {
			s.blocks[o] = make([]float64, rows*n)
		}
	}
	s.wide.meter()
	err := s.slow.reach(ctx, s.frame+n)
	if err == nil {
		err = s.advance(ctx, s.blocks, n, s.frame, s.frame+n)
	}
	if err != nil {
		s.broken = &kpn.InterruptedError{Frame: s.frame, Cause: err}
		return nil, s.broken
	}
	for o := range s.blocks {
		data := s.blocks[o][:rows*n]
		s.silence(data, n)
		s.made[o] = kpn.Block{Output: o, First: s.frame, Shape: kpn.Shape{B: s.job.Shape.B, C: s.job.Shape.C, F: n}, F64: data}
	}
	s.frame += n
	s.slow.drop(s.frame)
	return s.made, nil
}

// silence clears the frames before the outputs' first: what decimators give
// there is of no frame.
func (s *session) silence(data []float64, n int) {
	early := min(s.plan.latency-s.frame, n)
	for row := 0; early > 0 && row < s.job.Shape.Rows(); row++ {
		clear(data[row*n:][:early])
	}
}

// Close implements [kpn.Session].
func (s *session) Close() error {
	s.wide.restart()
	return nil
}

// input is the step of [kpn.KindInput].
func (s *session) input(r *run) {
	v := s.block.Inputs[r.node.id]
	if v.F == 1 {
		fill(r.out, v.At(r.b, r.c, 0))
		return
	}
	at := r.first - s.frame
	for i := range r.out {
		r.out[i] = v.At(r.b, r.c, at+i)
	}
}
