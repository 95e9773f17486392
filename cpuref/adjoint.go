package cpuref

import (
	"context"
	"sync"
	"sync/atomic"

	"sawmill/kpn"
)

// Adjoint implements [kpn.Executable]. A row goes forward once for its
// checkpoints, and then from its last span to its first, where each span's
// signals are computed again: see [spans].
func (x *executable) Adjoint(ctx context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	if err := job.Validate(x.graph); err != nil {
		return nil, err
	}
	curves, err := x.control.render(ctx, x.plan, job.Job)
	if err != nil {
		return nil, err
	}
	r, err := newRender(x.plan, job.Job, curves)
	if err != nil {
		return nil, err
	}
	if r.wide != nil {
		defer r.wide.restart()
		return x.adjointCustom(ctx, job, curves, r)
	}
	gradients := kpn.NewGradients(x.graph, job.Job)
	b := newBackward(r, gradients, job.PeakFrames, &jobCotangents{AdjointJob: job})
	if err := b.take(ctx); err != nil {
		return nil, err
	}
	if err := x.control.adjoint(ctx, job.Job, b.curves, gradients); err != nil {
		return nil, err
	}
	return gradients, nil
}

// backward is the adjoint of a plan under way.
type backward struct {
	*render
	gradients *kpn.Gradients
	// peaks are the frames that the job names for whole-row nodes, and
	// cotangents those of the plan's outputs.
	peaks      map[string][]int
	cotangents cotangents
	// curves are the cotangents of the control signals.
	curves *curves
	// targets are the gradients of the nodes' parameters, in the order of the
	// plan's nodes; nil where there is none. An input's own is the only one.
	targets [][]*target
	spans   spans
	// early is set where the last pass that measures leaves the checkpoints.
	early bool
	turn  turns
}

// cotangents are those of a plan's outputs: read fills dst with a row's from a
// frame on.
type cotangents interface {
	read(dst []float64, output, row, first int) error
}

func newBackward(r *render, gradients *kpn.Gradients, peaks map[string][]int, w cotangents) *backward {
	b := &backward{
		render: r, gradients: gradients, peaks: peaks, cotangents: w, curves: r.curves.zeros(),
		spans: newSpans(r.plan, r.layout, r.plan.latency+r.job.Shape.F),
		early: r.plan.measuresAllMemory(r.layout),
	}
	b.turn.changed.L = &b.turn.lock
	for i := range r.plan.nodes {
		b.targets = append(b.targets, b.targetsOf(&r.plan.nodes[i]))
	}
	return b
}

// take goes back and leaves what it finds in the gradients.
func (b *backward) take(ctx context.Context) error {
	if err := b.fit(); err != nil {
		return err
	}
	b.prepareTargets()
	if err := b.run(ctx); err != nil {
		return err
	}
	b.finish()
	return nil
}

// run takes all rows back, as many at once as there are workers.
func (b *backward) run(ctx context.Context) error {
	rows := int64(b.job.Shape.Rows())
	errs := make([]error, len(b.workers))
	var taken atomic.Int64
	var group sync.WaitGroup
	for i, w := range b.workers {
		group.Go(func() {
			k := newBackWorker(b, w)
			for row := taken.Add(1) - 1; row < rows && errs[i] == nil; row = taken.Add(1) - 1 {
				errs[i] = k.takeRow(ctx, int(row))
				k.commit(errs[i] == nil)
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
func (b *backward) finish() {
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
}

// peakFrame is the local frame that a row's statistic of a whole-row node is
// from. In a row of zeros it is the first.
func (b *backward) peakFrame(node, row int) int {
	v := &b.plan.nodes[node]
	if frames, ok := b.peaks[v.id]; ok {
		return frames[row] + v.latency
	}
	return max(b.state.peaksAt[row*len(b.plan.nodes)+node], v.latency)
}
