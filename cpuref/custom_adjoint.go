package cpuref

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"sawmill/kpn"
)

// adjointCustom is the adjoint of a graph with nodes of custom kinds. Their
// entries take back all frames of a job at once, so that the cotangents of one
// node's output must be complete before the next ones' are: from the last such
// node to the first, the graph is taken back with what is known by then, the
// nodes' calls played from tape; and once more for the gradients.
func (x *executable) adjointCustom(ctx context.Context, job *kpn.AdjointJob, c *curves, r *render) (*kpn.Gradients, error) {
	entries, err := r.wide.record(ctx)
	if err != nil {
		return nil, err
	}
	without := map[string]bool{}
	for k := len(entries); ; k-- {
		gradients := kpn.NewGradients(x.graph, job.Job)
		b, err := x.playBack(ctx, job, c, entries, gradients)
		if err != nil {
			return nil, err
		}
		if k == 0 {
			gradients.WithoutAdjoint(slices.Sorted(maps.Keys(without)))
			return gradients, x.control.adjoint(ctx, job.Job, b.curves, gradients)
		}
		switch err := entries[k-1].back(); {
		case unsupported(err):
			without[entries[k-1].node.id] = true
		case err != nil:
			return nil, err
		}
	}
}

// record renders the job and keeps what its entries were called with, in the
// order of the plan.
func (u *wide) record(ctx context.Context) ([]*entry, error) {
	frames := u.plan.latency + u.job.Shape.F
	var entries []*entry
	numbers := 0
	for _, s := range u.plan.groups {
		for i := s.first; i < s.end; i++ {
			e := u.entries[i]
			switch {
			case e == nil:
				continue
			case s.run > 0:
				return nil, &kpn.UnsupportedError{Node: e.node.id, Kind: e.node.kind, What: "adjoint", Reason: "the node is in a loop, and custom kinds take back whole jobs; take it out of the loop"}
			}
			entries = append(entries, e)
			numbers += 2 * (len(e.inputs) + len(e.params) + 2)
		}
	}
	if most := maxState / 8 / numbers / u.job.Shape.Rows(); frames > most {
		return nil, &kpn.JobError{Field: "frames", Reason: fmt.Sprintf("the adjoint of custom kinds keeps all of %d frames (with the latency) in memory, allowed are %d for so many rows; take a shorter job, or fewer items", frames, most)}
	}
	if err := u.measureAll(ctx); err != nil {
		return nil, err
	}
	for _, e := range entries {
		e.tape = &tape{}
	}
	return entries, u.render.deliver(ctx, func(*kpn.Block) error { return nil })
}

// playBack takes the graph back with its entries on tape.
func (x *executable) playBack(ctx context.Context, job *kpn.AdjointJob, c *curves, entries []*entry, g *kpn.Gradients) (*backward, error) {
	p := newPlan(x.plan.graph)
	for i := range p.nodes {
		for _, e := range entries {
			if e.node.id != p.nodes[i].id {
				continue
			}
			p.nodes[i].step = step{forward: e.tape.play, adjoint: e.tape.back}
			if e.tape.out != nil {
				e.tape.cotangent = kpn.NewFrameTensor(e.tape.out.Shape)
			}
		}
	}
	r, err := newRender(p, job.Job, c)
	if err != nil {
		return nil, err
	}
	b := newBackward(r, g, job.PeakFrames, &jobCotangents{AdjointJob: job})
	return b, b.take(ctx)
}

// back asks the entry for its adjoint.
func (e *entry) back() error {
	t := e.tape
	if t.out == nil {
		return nil
	}
	gradients, err := e.entry.Adjoint(&t.call, t.cotangent)
	if err != nil {
		return fmt.Errorf("node %q: kind %s: adjoint: %w", e.node.id, e.node.kind, err)
	}
	if gradients == nil {
		return nil
	}
	for _, list := range [][]*kpn.FrameTensor{gradients.Inputs, gradients.Params} {
		for _, g := range list {
			if g != nil && (g.Shape != t.out.Shape || len(g.Data) != g.Len()) {
				return &kpn.ShapeError{Node: e.node.id, Port: "adjoint", Got: g.Shape, Want: t.out.Shape}
			}
		}
	}
	t.gradients = gradients
	return nil
}
