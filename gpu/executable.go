package gpu

import (
	"context"
	"errors"
	"slices"
	"sync"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// Executable is a graph compiled for a device.
type Executable struct {
	device *Device
	graph  *kpn.Graph
	// program is that of the graph's audio part; controls is the rest, nil
	// where there is none.
	program   *scheduler.Program
	controls  *controls
	workgroup int
	// kernels are those compiled so far, by name. They belong to the thread.
	kernels map[string]*program
	// idle is the memory of a finished job, kept for the next: fresh memory
	// costs a software renderer more than a simple render does.
	idle *memory
	// adjoint is lowered when the first adjoint is asked for; idleBack is the
	// memory of a finished one.
	adjoint  *scheduler.Adjoint
	idleBack *backMemory
	lock     sync.Mutex
}

// Latency is the graph's total latency in frames, which Forward trims.
func (x *Executable) Latency() int { return x.program.Latency }

// split renders the control part of a job and returns the job of the audio
// part.
func (x *Executable) split(ctx context.Context, job *kpn.Job) (*kpn.Job, *signals, error) {
	if x.controls == nil {
		return job, nil, nil
	}
	s, err := x.controls.render(ctx, x.graph, job)
	return x.controls.split.AudioJob(job), s, err
}

// Program is the lowered graph that the executable runs, without its control
// part.
func (x *Executable) Program() *scheduler.Program { return x.program }

// Forward renders a job. While a segment renders, the one before is read back
// and handed to sink.
func (x *Executable) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	return x.run(ctx, job, nil, sink)
}

// RenderOnly renders a job and leaves the samples on the device: for
// measuring. It returns when the device has finished.
func (x *Executable) RenderOnly(ctx context.Context, job *kpn.Job) error {
	return x.run(ctx, job, nil, nil)
}

// run renders a job. Each segment goes to take while it is on the device, and
// then to sink; either may be nil.
func (x *Executable) run(ctx context.Context, job *kpn.Job, take segmentTaker, sink kpn.Sink) error {
	if err := job.Validate(x.graph); err != nil {
		return err
	}
	if items := x.partItems(job); take == nil && items < job.Shape.B {
		return x.runParts(ctx, job, items, sink)
	}
	return x.runWhole(ctx, job, take, sink)
}

// runWhole is run for a valid job, all of its items at once.
func (x *Executable) runWhole(ctx context.Context, job *kpn.Job, take segmentTaker, sink kpn.Sink) error {
	job, controls, err := x.split(ctx, job)
	if err != nil {
		return err
	}
	defer func() { x.controls.keep(controls) }()
	plan, err := newPlan(x.program, job, controls, x.device.Describe(), x.workgroup)
	if err != nil {
		return err
	}
	kernels, err := x.load(x.kernelsFor(plan.segmentFrames >= job.Shape.F))
	if err != nil {
		return err
	}
	r := &render{device: x.device, program: x.program, job: job, controls: controls, plan: plan, memory: x.takeMemory()}
	defer func() { x.keepMemory(r.memory) }()
	if err = r.prepare(); err != nil {
		return err
	}
	last := len(kernels) - 1
	for _, kernel := range kernels[:last] {
		for first := 0; first < job.Shape.F; first += plan.segmentFrames {
			if err = ctx.Err(); err != nil {
				return err
			}
			if err = r.dispatch(kernel, first, 0); err != nil {
				return err
			}
		}
	}
	return r.renderAll(ctx, kernels[last], take, sink)
}

// kernelsFor lists the kernels of a job in the order in which they run, each
// over all segments before the next.
func (x *Executable) kernelsFor(oneSegment bool) []scheduler.Kernel {
	p := x.program
	if oneSegment && p.Keep != nil {
		peaks := p.Peaks[:len(p.Peaks)-1]
		return slices.Concat(peaks, []scheduler.Kernel{*p.Keep, *p.Scale})
	}
	return slices.Concat(p.Peaks, []scheduler.Kernel{p.Render})
}

// load returns the programs of kernels, compiled if they were not yet.
func (x *Executable) load(kernels []scheduler.Kernel) ([]*program, error) {
	programs := make([]*program, len(kernels))
	err := x.device.do(func() error {
		for i, kernel := range kernels {
			if x.kernels[kernel.Name] == nil {
				source := kernel.Source(x.workgroup)
				p, err := x.device.program(kernel.Name, source)
				var refused *CompileError
				if errors.As(err, &refused) {
					refused.blame(x.graph.Custom, source)
				}
				if err != nil {
					return err
				}
				p.alone = kernel.Alone
				x.kernels[kernel.Name] = p
			}
			programs[i] = x.kernels[kernel.Name]
		}
		return nil
	})
	return programs, err
}

// takeMemory takes the idle memory, or makes an empty one: jobs may run at the
// same time.
func (x *Executable) takeMemory() *memory {
	x.lock.Lock()
	defer x.lock.Unlock()
	m := x.idle
	x.idle = nil
	if m == nil {
		m = &memory{device: x.device}
	}
	return m
}

// keepMemory keeps one job's memory and frees what there is besides.
func (x *Executable) keepMemory(m *memory) {
	x.lock.Lock()
	spare := x.idle
	x.idle = m
	x.lock.Unlock()
	if spare != nil {
		spare.free()
	}
}

// Close releases the kernels and the memory. No job may be running.
func (x *Executable) Close() error {
	if x.controls != nil {
		if err := x.controls.part.Close(); err != nil {
			return err
		}
	}
	x.takeMemory().free()
	x.takeBackMemory().free()
	return x.device.do(func() error {
		for _, p := range x.kernels {
			x.device.release(p)
		}
		clear(x.kernels)
		return nil
	})
}
