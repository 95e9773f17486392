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
		loop := entries[first:end]
		for pass, same := 0, 0; same < math.MaxInt; pass++ {
			if _, err = x.playBack(ctx, job, c, entries, kpn.NewGradients(x.graph, job.Job)); err != nil {
				return nil, err
			}
			same = math.MaxInt
			for _, e := range loop {
				unchanged, failed := e.back()
				switch {
				case unsupported(failed):
					without[e.node.id] = true
				case failed != nil:
					return nil, failed
				case e.loop > 0:
					same = min(same, unchanged)
				}
			}
			if same < settled(loop, pass) {
				return nil, unsettled(entries[first])
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

// settled is how many of the last frames of a loop's entries cannot change any
// more in a pass, counted from 0: of as many entries in turn, each takes back what
// the one after it gave in the pass before.
func settled(loop []*entry, pass int) int {
	return max(pass-1, 0) / len(loop) * max(loop[0].round, 1)
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

// back asks the entry for its adjoint, and says how many of the last frames of the
// inputs' cotangents have not changed: more than there are, if none has.
func (e *entry) back() (unchanged int, err error) {
	t := e.tape
	if t.out == nil {
		return math.MaxInt, nil
	}
	gradients, err := e.entry.Adjoint(&t.call, t.cotangent)
	if err != nil {
		return 0, fmt.Errorf("node %q: kind %s: adjoint: %w", e.node.id, e.node.kind, err)
	}
	if gradients == nil {
		gradients = &kpn.NodeGradients{}
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
		if g == nil {
			continue
		}
		if err := e.fits("adjoint", g, t.out.Shape); err != nil {
			return 0, err
		}
	}
	before := t.gradients
	t.gradients = own
	if before == nil {
		return 0, nil
	}
	unchanged = math.MaxInt
	for p := range max(len(before.Inputs), len(own.Inputs)) {
		unchanged = min(unchanged, sameAtEnd(tensorAt(before.Inputs, p), tensorAt(own.Inputs, p)))
	}
	return unchanged, nil
}

// tensorAt is one of a list's tensors, nil beyond its end.
func tensorAt(list []*kpn.FrameTensor, i int) *kpn.FrameTensor {
	if i < len(list) {
		return list[i]
	}
	return nil
}

// sameAtEnd is how many of the last frames are the same in two tensors, more
// than there are if they are equal; nil stands for zeros. Bits are compared too,
// so that what is no number settles.
func sameAtEnd(a, b *kpn.FrameTensor) int {
	if a == nil {
		a, b = b, a
	}
	if a == nil {
		return math.MaxInt
	}
	for f := a.F - 1; f >= 0; f-- {
		for i, x := range a.Frame(f) {
			y := 0.0
			if b != nil {
				y = b.Frame(f)[i]
			}
			if x != y && math.Float64bits(x) != math.Float64bits(y) {
				return a.F - 1 - f
			}
		}
	}
	return math.MaxInt
}
