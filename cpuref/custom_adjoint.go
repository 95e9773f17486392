package cpuref

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"sawmill/kpn"
)

// adjointCustom is the adjoint of a graph with nodes of custom kinds. Their
// entries take back all frames of a job at once, so that the cotangents of one
// node's output must be complete before the next ones' are: from the last such
// node to the first, the graph is taken back with what is known by then, the
// nodes' calls played from tape; and once more for the gradients.
//
// In a loop, what a node gives comes back to it. There the graph is taken back
// until nothing changes any more: each pass settles one of the loop's entries for
// as many of the last frames as its shortest delay, which is at least one.
func (x *executable) adjointCustom(ctx context.Context, job *kpn.AdjointJob, c *curves, r *render) (*kpn.Gradients, error) {
	entries, err := r.wide.record(ctx)
	if err != nil {
		return nil, err
	}
	without := map[string]bool{}
	for end := len(entries); end > 0; {
		first := end - 1
		for first > 0 && entries[first].loop > 0 && entries[first-1].loop == entries[end-1].loop {
			first--
		}
		passes := mostPasses(entries[first:end], r.plan.latency+job.Shape.F)
		for settled := false; !settled; passes-- {
			if passes == 0 {
				return nil, unsettled(entries[first])
			}
			if _, err = x.playBack(ctx, job, c, entries, kpn.NewGradients(x.graph, job.Job)); err != nil {
				return nil, err
			}
			settled = true
			for _, e := range entries[first:end] {
				changed, failed := e.back()
				switch {
				case unsupported(failed):
					without[e.node.id] = true
				case failed != nil:
					return nil, failed
				}
				settled = settled && (!changed || e.loop == 0)
			}
		}
		end = first
	}
	gradients := kpn.NewGradients(x.graph, job.Job)
	b, err := x.playBack(ctx, job, c, entries, gradients)
	if err != nil {
		return nil, err
	}
	gradients.WithoutAdjoint(slices.Sorted(maps.Keys(without)))
	return gradients, x.control.adjoint(ctx, job.Job, b.curves, gradients)
}

// mostPasses is how often a loop's entries may be taken back over so many frames:
// until all have settled, and once more to see it.
func mostPasses(loop []*entry, frames int) int {
	round := max(loop[0].round, 1)
	return len(loop)*((frames+round-1)/round) + 2
}

// unsettled is the error of a loop that settles in no number of passes.
func unsettled(e *entry) error {
	return &kpn.UnsupportedError{Node: e.node.id, Kind: e.node.kind, What: "adjoint", Reason: "around its loop, the adjoint of a custom kind gives something else every time, or looks at earlier cotangents; let it give the same bits for the same call, a frame's from the cotangents of that frame and later ones"}
}

// record renders the job and keeps what its entries were called with, in the
// order of the plan.
func (u *wide) record(ctx context.Context) ([]*entry, error) {
	frames := u.plan.latency + u.job.Shape.F
	var entries []*entry
	numbers := 0
	for g, s := range u.plan.groups {
		for i := s.first; i < s.end; i++ {
			e := u.entries[i]
			if e == nil {
				continue
			}
			if s.run > 0 {
				e.loop, e.round = g+1, s.run
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

// back asks the entry for its adjoint, and says whether that has changed.
func (e *entry) back() (changed bool, err error) {
	t := e.tape
	if t.out == nil {
		return false, nil
	}
	gradients, err := e.entry.Adjoint(&t.call, t.cotangent)
	if err != nil {
		return false, fmt.Errorf("node %q: kind %s: adjoint: %w", e.node.id, e.node.kind, err)
	}
	if gradients == nil {
		return false, nil
	}
	// The entry may give the same tensors again.
	own := &kpn.NodeGradients{}
	for _, g := range gradients.Inputs {
		own.Inputs = append(own.Inputs, joined(nil, g))
	}
	for _, g := range gradients.Params {
		own.Params = append(own.Params, joined(nil, g))
	}
	for _, g := range slices.Concat(own.Inputs, own.Params) {
		if g != nil && (g.Shape != t.out.Shape || len(g.Data) != g.Len()) {
			return false, &kpn.ShapeError{Node: e.node.id, Port: "adjoint", Got: g.Shape, Want: t.out.Shape}
		}
	}
	changed = t.gradients == nil || !slices.EqualFunc(t.gradients.Inputs, own.Inputs, identical)
	t.gradients = own
	return changed, nil
}

// identical compares bits, so that what is no number settles too.
func identical(a, b *kpn.FrameTensor) bool {
	if a == nil || b == nil {
		return a == b
	}
	return slices.EqualFunc(a.Data, b.Data, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}
