package gpu

import (
	"context"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// findPeaks finds the peaks of the whole-row steps, but for the last one if
// that is found on the tape.
func (b *backward) findPeaks(ctx context.Context, scans bool) error {
	kernels := b.kernels.peaks
	if scans {
		kernels = kernels[:len(kernels)-1]
	}
	if len(kernels) == 0 {
		return nil
	}
	x := b.executable
	plan, err := newPlan(b.lowered.Program, b.job, b.controls, x.device.Describe(), x.workgroup)
	if err != nil {
		return err
	}
	r := &render{device: x.device, program: b.lowered.Program, job: b.job, controls: b.controls, plan: plan, memory: x.takeMemory()}
	defer func() { x.keepMemory(r.memory) }()
	if err := r.prepare(); err != nil {
		return err
	}
	for _, kernel := range kernels {
		for first := 0; first < b.job.Shape.F; first += plan.segmentFrames {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := r.dispatch(kernel, first, 0); err != nil {
				return err
			}
		}
	}
	return x.device.do(func() error {
		copyBytes(r.memory.shared[bindPeaks], b.memory.buffers[bindPeaks], 0, 0, 4*b.lowered.Layout.Peaks*b.job.Shape.Rows())
		return nil
	})
}

// keepCheckpoints walks all segments once and keeps the state and the queues
// at the start of each.
func (b *backward) keepCheckpoints(ctx context.Context, segments []segment) error {
	state, queues := b.carried()
	for _, s := range segments {
		if err := ctx.Err(); err != nil {
			return err
		}
		window := b.tensors.fill(s.first, s.window)
		err := b.executable.device.do(func() error {
			if s.index > 0 {
				if err := b.memory.checkpoint(s.index, state, queues); err != nil {
					return err
				}
			}
			upload(b.memory.buffers[bindTensors], 0, window)
			return b.dispatch(b.kernels.tape, s, s.window)
		})
		if err != nil {
			return err
		}
	}
	b.taped = len(segments) - 1
	return nil
}

// carried are the bytes of state and queues that the tape carries from segment
// to segment.
func (b *backward) carried() (state, queues int) {
	rows := b.job.Shape.Rows()
	return 4 * b.lowered.Layout.StateWords * rows, 4 * b.lowered.TapeQueueFrames * rows
}

// tape renders the signals of a segment, if the tape does not hold them yet.
func (b *backward) tape(s segment) error {
	if b.taped == s.index {
		return nil
	}
	b.taped = s.index
	window := b.tensors.fill(s.first, s.window)
	return b.executable.device.do(func() error {
		upload(b.memory.buffers[bindTensors], 0, window)
		if b.kernels.tape == nil {
			return nil
		}
		if !b.lowered.Strategy.Chunked && s.index > 0 {
			state, queues := b.carried()
			b.memory.restore(s.index, state, queues)
		}
		return b.dispatch(b.kernels.tape, s, s.window)
	})
}

// scan finds the peak of the last whole-row step on the tape of the whole
// group.
func (b *backward) scan(s segment) error {
	if err := b.tape(s); err != nil {
		return err
	}
	return b.executable.device.do(func() error { return b.dispatch(b.kernels.scan, s, s.frames) })
}

// forcePeaks puts the frames of a step's peaks where the job says they are.
func (b *backward) forcePeaks(step *scheduler.Step) error {
	frames, ok := b.whole.PeakFrames[step.Node.ID]
	if !ok {
		return nil
	}
	rows := b.job.Shape.Rows()
	from := b.first * b.job.Shape.C
	own := make([]uint32, rows)
	for i, f := range frames[from : from+rows] {
		own[i] = uint32(f + step.Arrival)
	}
	return b.executable.device.do(func() error {
		upload(b.memory.buffers[bindPeaks], 4*(b.lowered.Layout.Peaks+step.PeakSlot)*rows, own)
		return nil
	})
}

// show brings the cotangents of a segment's window into place.
func (b *backward) show(s segment) error {
	if b.shown == s.index {
		return nil
	}
	b.shown = s.index
	if own, ok := b.whole.Cotangents.(Cotangents); ok && own.on(b.executable.device) {
		return b.executable.device.do(func() error { return b.showResident(own, s) })
	}
	size := b.job.Shape.Rows() * s.window
	for o := range b.lowered.Outputs {
		data, err := b.cotangents(o, s)
		if err != nil {
			return err
		}
		err = b.executable.device.do(func() error {
			upload(b.memory.buffers[bindCotangents], 4*o*size, data)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// cotangents are those of a segment's window: dense rows of loop frames, zeros
// where the loop is before or after what the job asks for. They are valid until
// the next call.
func (b *backward) cotangents(output int, s segment) ([]float32, error) {
	rows, latency := b.job.Shape.Rows(), b.lowered.Latency
	first := max(0, s.first-latency)
	frames := max(0, min(b.job.Shape.F, s.first+s.window-latency)-first)
	data := grown(&b.memory.window, rows*s.window)
	part := grown(&b.memory.part, rows*frames)
	if frames > 0 {
		w := kpn.Window{Item: b.first, Items: b.job.Shape.B, First: first, Frames: frames}
		if err := b.whole.Cotangents.Read(output, w, part); err != nil {
			return nil, err
		}
	}
	for row := range rows {
		own := data[row*s.window : (row+1)*s.window]
		at := min(len(own), first+latency-s.first)
		clear(own[:at])
		n := copy(own[at:], part[row*frames:(row+1)*frames])
		clear(own[at+n:])
	}
	return data, nil
}

// grown returns a slice of the wanted length from memory that is kept.
func grown(kept *[]float32, length int) []float32 {
	if cap(*kept) < length {
		*kept = make([]float32, length)
	}
	return (*kept)[:length]
}
