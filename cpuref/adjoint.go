package cpuref

import (
	"context"
	"sync"
	"sync/atomic"

	"sawmill/kpn"
)

// spanFrames is how many loop frames lie between two checkpoints of a row.
// What a row keeps for its adjoint is all signals of one span, and its state
// at the start of every span.
const spanFrames = 64 * chunkFrames

// Adjoint implements [kpn.Executable]. A row goes forward once for its
// checkpoints, and then from the last span to the first, where each span's
// signals are computed again.
func (x *executable) Adjoint(ctx context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	if err := job.Validate(x.graph); err != nil {
		return nil, err
	}
	r, err := newRender(x.plan, job.Job)
	if err != nil {
		return nil, err
	}
	for level := 1; level <= x.plan.levels(); level++ {
		if err := r.measure(ctx, level); err != nil {
			return nil, err
		}
	}
	b := newBackward(r, job, x.graph)
	if err := b.run(ctx); err != nil {
		return nil, err
	}
	return b.finish(), nil
}

// backward is one adjoint under way.
type backward struct {
	*render
	adjoint   *kpn.AdjointJob
	gradients *kpn.Gradients
	// targets are the gradients of the nodes' parameters, in the order of the
	// plan's nodes; nil where there is none. An input's own is the only one.
	targets [][]*target
	// reading keeps the calls of the cotangents apart.
	reading sync.Mutex
	turn    turns
}

// target is where a gradient's values go.
type target struct {
	*kpn.Gradient
	// rows are the sums of the rows, for gradients that are not per frame.
	rows []float64
	// shared is set where rows share the values.
	shared bool
}

func newBackward(r *render, job *kpn.AdjointJob, g *kpn.Graph) *backward {
	b := &backward{render: r, adjoint: job, gradients: kpn.NewGradients(g, job.Job)}
	b.turn.changed.L = &b.turn.lock
	for i := range b.gradients.List {
		if v := &b.gradients.List[i]; v.F64 == nil {
			v.F64 = make([]float64, v.Shape.Len())
		}
	}
	for i := range r.plan.nodes {
		v := &r.plan.nodes[i]
		var list []*target
		if v.kind == kpn.KindInput {
			list = append(list, b.target(kpn.ParamRef{Node: v.id}))
		}
		for k := range v.params {
			list = append(list, b.target(kpn.ParamRef{Node: v.id, Param: v.params[k].Name}))
		}
		b.targets = append(b.targets, list)
	}
	return b
}

// target prepares a gradient to be collected, if it exists.
func (b *backward) target(ref kpn.ParamRef) *target {
	v, ok := b.gradients.Find(ref)
	if !ok || v.Code != kpn.Done {
		return nil
	}
	t := &target{Gradient: v}
	rows := b.job.Shape.Rows()
	if v.Rate == kpn.PerFrame {
		t.shared = v.Shape.Rows() != rows
	} else {
		t.rows = make([]float64, rows)
	}
	return t
}

// run takes all rows back, as many at once as there are workers.
func (b *backward) run(ctx context.Context) error {
	workers := make([]*backWorker, len(b.workers))
	for i, w := range b.workers {
		workers[i] = newBackWorker(b, w)
	}
	rows := int64(b.job.Shape.Rows())
	errs := make([]error, len(workers))
	var taken atomic.Int64
	var group sync.WaitGroup
	for i, w := range workers {
		group.Go(func() {
			for row := taken.Add(1) - 1; row < rows && errs[i] == nil; row = taken.Add(1) - 1 {
				errs[i] = w.row(ctx, int(row))
				b.turn.take(int(row), func() {
					if errs[i] == nil {
						w.commit()
					}
				})
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// finish brings what the rows have collected into the gradients.
func (b *backward) finish() *kpn.Gradients {
	for i := range b.plan.nodes {
		v := &b.plan.nodes[i]
		for _, t := range b.targets[i] {
			if t != nil && t.rows != nil {
				t.SetRows(t.rows)
			}
		}
		if v.step.measure == nil {
			continue
		}
		frames := make([]int, b.job.Shape.Rows())
		for row := range frames {
			frames[row] = b.peakFrame(i, row) - v.latency
		}
		b.gradients.PeakFrames[v.id] = frames
	}
	return b.gradients
}

// peakFrame is the local frame of a whole-row node's statistic.
func (b *backward) peakFrame(node, row int) int {
	v := &b.plan.nodes[node]
	if frames, ok := b.adjoint.PeakFrames[v.id]; ok {
		return frames[row] + v.latency
	}
	return max(b.state.peaksAt[row*len(b.plan.nodes)+node], v.latency)
}

// turns makes the rows add to what they share in their order.
type turns struct {
	lock    sync.Mutex
	changed sync.Cond
	next    int
}

// take waits for a row's turn.
func (t *turns) take(row int, do func()) {
	t.lock.Lock()
	defer t.lock.Unlock()
	for t.next != row {
		t.changed.Wait()
	}
	do()
	t.next++
	t.changed.Broadcast()
}
