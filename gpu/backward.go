package gpu

import (
	"context"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// backward is the adjoint of one group of items on its way through a device.
type backward struct {
	executable *Executable
	lowered    *scheduler.Adjoint
	// whole is the job that the group is a part of, from item first on.
	whole *kpn.AdjointJob
	first int
	job   *kpn.Job
	plan  backPlan
	// controls are the group's control signals.
	controls *signals

	memory    *backMemory
	tensors   tensorWindow
	kernels   backKernels
	collector *collector
	// taped is the segment whose signals the tape holds, −1 for none.
	taped int
	// shown is the segment whose cotangents are in place, −1 for none.
	shown int
}

// backKernels are the programs of an adjoint; tape and scan may be nil.
type backKernels struct {
	peaks, moments                     []*program
	tape, scan, reverse, fold, windows *program
}

// run takes the group through all passes.
func (b *backward) run(ctx context.Context) error {
	segments := b.plan.segments()
	if err := b.prepare(); err != nil {
		return err
	}
	scans := b.kernels.scan != nil && len(segments) == 1
	if err := b.findPeaks(ctx, scans); err != nil {
		return err
	}
	if !b.lowered.Strategy.Chunked && len(segments) > 1 {
		if err := b.keepCheckpoints(ctx, segments); err != nil {
			return err
		}
	}
	if scans {
		if err := b.scan(segments[0]); err != nil {
			return err
		}
	}
	for i, moment := range b.lowered.Moments {
		if err := b.pass(ctx, segments, b.kernels.moments[i], moment.Sum, 1, nil); err != nil {
			return err
		}
		if err := b.forcePeaks(moment.Step); err != nil {
			return err
		}
	}
	sums := len(b.lowered.Sums) - len(b.lowered.Moments)
	if err := b.pass(ctx, segments, b.kernels.reverse, 0, sums, b.readFrames); err != nil {
		return err
	}
	return b.readRows()
}

// pass takes a kernel through the segments from the last to the first and
// folds its sums.
func (b *backward) pass(ctx context.Context, segments []segment, kernel *program, firstSum, sums int, each func(segment) error) error {
	if err := b.clearRings(); err != nil {
		return err
	}
	for k := len(segments) - 1; k >= 0; k-- {
		s := segments[k]
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.tape(s); err != nil {
			return err
		}
		if err := b.show(s); err != nil {
			return err
		}
		err := b.executable.device.do(func() error {
			if err := b.dispatch(kernel, s, s.frames); err != nil {
				return err
			}
			return b.fold(s, firstSum, sums)
		})
		if err != nil {
			return err
		}
		if each != nil {
			if err := each(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// clearRings makes the cotangents zero that steps with a ring will add to.
func (b *backward) clearRings() error {
	if b.lowered.RingFrames == 0 {
		return nil
	}
	lanes := b.job.Shape.Rows()
	first := 4 * b.lowered.TapeQueueFrames * lanes
	return b.executable.device.do(func() error {
		b.memory.buffers[bindFifo].clearPart(first, 4*b.lowered.QueueFrames*lanes-first)
		return nil
	})
}

// prepare makes the buffers large enough, loads the kernels and uploads what
// does not change.
func (b *backward) prepare() error {
	b.taped, b.shown = -1, -1
	b.tensors = newTensorWindow(b.lowered.Program, b.job)
	if err := b.loadKernels(); err != nil {
		return err
	}
	rows := b.job.Shape.Rows()
	sizes := b.plan.sizes(b.lowered, rows)
	sizes[bindTensors] = 4 * b.tensors.len(min(b.plan.segmentFrames+b.plan.warmUp, b.plan.frames))
	return b.executable.device.do(func() error {
		if err := b.memory.reserve(sizes); err != nil {
			return err
		}
		values := rowParams(b.lowered.Program, b.job)
		upload(b.memory.buffers[bindRowParams], 0, values)
		b.controls.upload(b.memory.buffers[bindRowParams], len(values))
		upload(b.memory.buffers[bindGradients], 0, make([]float64, len(b.lowered.Sums)*rows))
		peaks := make([]uint32, 2*b.lowered.Layout.Peaks*rows)
		for i := len(peaks) / 2; i < len(peaks); i++ {
			peaks[i] = noFrame
		}
		upload(b.memory.buffers[bindPeaks], 0, peaks)
		return nil
	})
}

// noFrame is larger than the frame of any peak.
const noFrame = 0xffffffff

// loadKernels compiles the kernels that were not yet.
func (b *backward) loadKernels() error {
	a, x := b.lowered, b.executable
	list := []scheduler.Kernel{a.Reverse, a.Fold, a.Window}
	for _, m := range a.Moments {
		list = append(list, m.Kernel)
	}
	list = append(list, a.Peaks...)
	for _, k := range []*scheduler.Kernel{a.Tape, a.Scan} {
		if k != nil {
			list = append(list, *k)
		}
	}
	programs, err := x.load(list)
	if err != nil {
		return err
	}
	take := func() *program {
		p := programs[0]
		programs = programs[1:]
		return p
	}
	b.kernels = backKernels{reverse: take(), fold: take(), windows: take()}
	for range a.Moments {
		b.kernels.moments = append(b.kernels.moments, take())
	}
	for range a.Peaks {
		b.kernels.peaks = append(b.kernels.peaks, take())
	}
	if a.Tape != nil {
		b.kernels.tape = take()
	}
	if a.Scan != nil {
		b.kernels.scan = take()
	}
	return nil
}

// dispatch runs a kernel over so many frames of a segment. Call it on the
// device's thread.
func (b *backward) dispatch(p *program, s segment, frames int) error {
	lanes := b.plan.lanes(frames, b.job.Shape.Rows())
	b.setUniforms(p, s, frames, lanes)
	b.memory.bind()
	p.use()
	x, y := b.plan.groups(lanes)
	return b.executable.device.dispatch(x, y, 1)
}

func (b *backward) setUniforms(p *program, s segment, frames, lanes int) {
	p.setUint("rows", uint32(b.job.Shape.Rows()))
	p.setUint("channels", uint32(b.job.Shape.C))
	p.setUint("frames", uint32(b.job.Shape.F))
	p.setUint("segment_first", uint32(s.first))
	p.setUint("segment_frames", uint32(frames))
	p.setUint("chunk_frames", uint32(b.plan.chunkFrames))
	p.setUint("lanes", uint32(lanes))
	p.setUint("row_quads", uint32(s.window/4))
	p.setUint("store_quad", 0)
	p.setUint("tensor_first", uint32(b.tensors.first))
	p.setUint64("first_item", b.job.FirstItem)
	p.setUint64("seed", b.job.Seed)
	p.setDouble("rate", b.job.Rate)
	p.setDouble("inv_rate", 1/b.job.Rate)
	p.setUint3s("tensor_layout", b.tensors.layout)
	b.controls.setUniforms(p, len(b.lowered.Layout.RowParams))
	p.setUint("granules", uint32(b.plan.segmentFrames/scheduler.Granule))
	p.setUint("window_end", uint32(s.first+s.window))
	p.setUint("loop_frames", uint32(b.plan.frames))
}

// fold adds the granules of some sums to their totals. Call it on the device's
// thread.
func (b *backward) fold(s segment, first, sums int) error {
	if sums == 0 {
		return nil
	}
	p, lanes := b.kernels.fold, sums*b.job.Shape.Rows()
	b.setUniforms(p, s, s.frames, lanes)
	p.setUint("first_sum", uint32(first))
	p.setUint("segment_granules", uint32(s.frames/scheduler.Granule))
	b.memory.bind()
	p.use()
	x, y := b.plan.groups(lanes)
	return b.executable.device.dispatch(x, y, 1)
}
