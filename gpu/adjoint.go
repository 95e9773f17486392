package gpu

import (
	"context"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// Adjoint gives the gradients of a job, see [kpn.Executable]. It goes through
// the items group by group, so that what the device holds of a group at once
// stays small; a group whose frames are too many goes through them segment by
// segment, from the last to the first, and renders each segment again from a
// checkpoint.
func (x *Executable) Adjoint(ctx context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	if err := job.Validate(x.graph); err != nil {
		return nil, err
	}
	own, controls, err := x.split(ctx, job.Job)
	if err != nil {
		return nil, err
	}
	all := kpn.NewGradients(x.graph, job.Job)
	c, err := x.walkBack(ctx, &kpn.AdjointJob{Job: own, Cotangents: job.Cotangents, PeakFrames: job.PeakFrames}, controls)
	if err != nil {
		return nil, err
	}
	c.finish(all)
	if x.controls != nil {
		if err := x.controls.adjoint(ctx, x.graph, job.Job, c.controls, all); err != nil {
			return nil, err
		}
	}
	all.Complete()
	all.WithoutAdjoint(c.lowered.WithoutAdjoint())
	return all, nil
}

// walkBack takes the graph's audio part back.
func (x *Executable) walkBack(ctx context.Context, job *kpn.AdjointJob, controls *signals) (*collector, error) {
	lowered, err := x.lowerAdjoint()
	if err != nil {
		return nil, err
	}
	whole, err := newBackPlan(lowered, job.Job, controls, x.device.Describe(), x.workgroup)
	if err != nil {
		return nil, err
	}
	m := x.takeBackMemory()
	defer func() { x.keepBackMemory(m) }()
	c := newCollector(lowered, job.Job, controls)
	channels := job.Shape.C
	for first := 0; first < job.Shape.B; first += whole.items {
		items := min(whole.items, job.Shape.B-first)
		b := &backward{executable: x, lowered: lowered, whole: job, first: first, job: job.Slice(first, items), memory: m, collector: c}
		b.controls = controls.slice(job.Shape.Rows(), first*channels, items*channels)
		if b.plan, err = newBackPlan(lowered, b.job, b.controls, x.device.Describe(), x.workgroup); err != nil {
			return nil, err
		}
		if err := b.run(ctx); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// lowerAdjoint lowers the graph's adjoint once.
func (x *Executable) lowerAdjoint() (*scheduler.Adjoint, error) {
	x.lock.Lock()
	defer x.lock.Unlock()
	if x.adjoint == nil {
		lowered, err := scheduler.LowerAdjoint(x.program)
		if err != nil {
			return nil, err
		}
		x.adjoint = lowered
	}
	return x.adjoint, nil
}

// takeBackMemory takes the memory that an earlier adjoint left, or makes an
// empty one.
func (x *Executable) takeBackMemory() *backMemory {
	x.lock.Lock()
	defer x.lock.Unlock()
	m := x.idleBack
	x.idleBack = nil
	if m == nil {
		m = &backMemory{device: x.device}
	}
	return m
}

// keepBackMemory keeps one job's memory and frees what there is besides.
func (x *Executable) keepBackMemory(m *backMemory) {
	x.lock.Lock()
	spare := x.idleBack
	x.idleBack = m
	x.lock.Unlock()
	if spare != nil {
		spare.free()
	}
}
