package gpu

import (
	"context"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// Executable is a graph compiled for a device.
type Executable struct {
	device    *Device
	program   *scheduler.Program
	workgroup int
	// kernels are the peak kernels in order, then the render kernel.
	kernels []*program
}

// Latency is the graph's total latency in frames, which Forward trims.
func (x *Executable) Latency() int { return x.program.Latency }

// Program is the lowered graph that the executable runs.
func (x *Executable) Program() *scheduler.Program { return x.program }

// Forward renders a job. While a segment renders, the one before is read back
// and handed to sink.
func (x *Executable) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	return x.run(ctx, job, sink)
}

// RenderOnly renders a job and leaves the samples on the device: for
// measuring. It returns when the device has finished.
func (x *Executable) RenderOnly(ctx context.Context, job *kpn.Job) error {
	return x.run(ctx, job, nil)
}

func (x *Executable) run(ctx context.Context, job *kpn.Job, sink kpn.Sink) (err error) {
	if err := job.Validate(x.program.Graph); err != nil {
		return err
	}
	plan, err := newPlan(x.program, job, x.device.Describe(), x.workgroup)
	if err != nil {
		return err
	}
	r := &render{device: x.device, program: x.program, kernels: x.kernels, job: job, plan: plan}
	defer r.free()
	if err := r.allocate(); err != nil {
		return err
	}
	for i := range x.program.Peaks {
		for first := 0; first < job.Shape.F; first += plan.segmentFrames {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := r.dispatch(i, first, 0); err != nil {
				return err
			}
		}
	}
	return r.renderAll(ctx, sink)
}

// Close releases the kernels.
func (x *Executable) Close() error {
	kernels := x.kernels
	x.kernels = nil
	return x.device.do(func() error {
		for _, p := range kernels {
			x.device.release(p)
		}
		return nil
	})
}
