package gpu

import (
	"context"
	"slices"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// The bindings of shaders/kernel/head.glsl.
const (
	bindSamples = iota
	bindRowParams
	bindTensors
	bindState
	bindPeaks
	bindFifo
	bindings
)

// render is one job on its way through a device.
type render struct {
	device  *Device
	program *scheduler.Program
	kernels []*program
	job     *kpn.Job
	plan    plan

	// samples are two, so that one is read while the other is written.
	samples [2]*buffer
	// shared are the buffers of the other bindings, by binding.
	shared  [bindings]*buffer
	tensors tensorWindow
	// transfers bring the samples to the host, one for each sample buffer.
	transfers [2]*transfer
}

// allocate makes the buffers and uploads what does not change.
func (r *render) allocate() error {
	rows := r.plan.shape.Rows()
	l := r.program.Layout
	r.tensors = newTensorWindow(r.program, r.job)
	samples := 4 * rows * r.plan.segmentFrames * len(r.program.Outputs)
	sizes := [bindings]int{
		bindRowParams: 8 * len(l.RowParams) * rows,
		bindTensors:   4 * r.tensors.len(r.plan.segmentFrames),
		bindState:     4 * l.StateWords * rows,
		bindPeaks:     4 * l.Peaks * rows,
		bindFifo:      4 * l.QueueFrames * r.plan.lanes(r.plan.segmentFrames),
	}
	return r.device.do(func() (err error) {
		for i := range r.samples {
			if i > 0 && r.plan.segmentFrames >= r.plan.shape.F {
				break
			}
			if r.samples[i], err = r.device.newBuffer(samples, r.device.outputUse()); err != nil {
				return err
			}
			r.transfers[i] = r.device.newTransfer(samples)
		}
		for binding, size := range sizes {
			if binding == bindSamples {
				continue
			}
			// Every binding gets a buffer: kernels declare them all.
			if r.shared[binding], err = r.device.newBuffer(max(size, 16), deviceUse); err != nil {
				return err
			}
		}
		r.shared[bindPeaks].clear()
		upload(r.shared[bindRowParams], 0, rowParams(r.program, r.job))
		return nil
	})
}

// free deletes the buffers. A closed or lost device has none left to delete.
func (r *render) free() {
	_ = r.device.do(func() error {
		for _, t := range r.transfers {
			if t != nil {
				r.device.deleteTransfer(t)
			}
		}
		for _, b := range slices.Concat(r.samples[:], r.shared[:]) {
			if b != nil {
				r.device.deleteBuffer(b)
			}
		}
		return nil
	})
}

// dispatch renders the segment that starts at a frame with one of the kernels
// into one of the sample buffers.
func (r *render) dispatch(kernel, first, target int) error {
	frames := r.frames(first)
	window := r.tensors.fill(first, frames)
	return r.device.do(func() error {
		upload(r.shared[bindTensors], 0, window)
		p := r.kernels[kernel]
		r.setUniforms(p, first, frames)
		r.samples[target].bind(bindSamples)
		for binding, b := range r.shared {
			if b != nil {
				b.bind(uint32(binding))
			}
		}
		p.use()
		x, y := r.plan.groups(frames)
		return r.device.dispatch(x, y, 1)
	})
}

func (r *render) setUniforms(p *program, first, frames int) {
	p.setUint("rows", uint32(r.plan.shape.Rows()))
	p.setUint("channels", uint32(r.plan.shape.C))
	p.setUint("frames", uint32(r.plan.shape.F))
	p.setUint("segment_first", uint32(first))
	p.setUint("segment_frames", uint32(frames))
	p.setUint("chunk_frames", uint32(r.plan.chunkFrames))
	p.setUint("lanes", uint32(r.plan.lanes(frames)))
	p.setUint("row_quads", uint32(roundUp4(frames)/4))
	p.setUint("tensor_first", uint32(r.tensors.first))
	p.setUint64("first_item", r.job.FirstItem)
	p.setUint64("seed", r.job.Seed)
	p.setDouble("rate", r.job.Rate)
	p.setDouble("inv_rate", 1/r.job.Rate)
	p.setUint3s("tensor_layout", r.tensors.layout)
}

// renderAll renders all segments. While segment k renders, k−1 comes back and
// goes to sink; without a sink the samples stay on the device.
func (r *render) renderAll(ctx context.Context, sink kpn.Sink) error {
	kernel := len(r.kernels) - 1
	for k, first := 0, 0; first < r.plan.shape.F; k, first = k+1, first+r.plan.segmentFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.dispatch(kernel, first, k%2); err != nil {
			return err
		}
		if sink == nil {
			continue
		}
		if err := r.device.do(func() error { return r.fetch(k%2, first) }); err != nil {
			return err
		}
		if k > 0 {
			if err := r.deliver((k-1)%2, first-r.plan.segmentFrames, sink); err != nil {
				return err
			}
		}
	}
	if sink == nil {
		return r.device.do(func() error { return r.device.wait(r.device.newFence()) })
	}
	last := (r.plan.shape.F - 1) / r.plan.segmentFrames
	return r.deliver(last%2, last*r.plan.segmentFrames, sink)
}

// frames is the length of the segment that starts at a frame.
func (r *render) frames(first int) int { return min(r.plan.segmentFrames, r.plan.shape.F-first) }

// fetch starts the transfer of a segment behind its dispatch.
func (r *render) fetch(source, first int) error {
	size := 4 * len(r.program.Outputs) * r.plan.shape.Rows() * roundUp4(r.frames(first))
	return r.device.start(r.transfers[source], r.samples[source], 0, size)
}

// deliver waits for a segment's transfer and hands its blocks to sink.
func (r *render) deliver(source, first int, sink kpn.Sink) error {
	t := r.transfers[source]
	if err := r.device.do(func() error { return r.device.finish(t) }); err != nil {
		return err
	}
	frames, rows := r.frames(first), r.plan.shape.Rows()
	stride := roundUp4(frames)
	shape := kpn.Shape{B: r.plan.shape.B, C: r.plan.shape.C, F: frames}
	for o := range r.program.Outputs {
		data := t.floats()[o*rows*stride : (o+1)*rows*stride]
		if stride != frames {
			data = dense(data, rows, frames, stride)
		}
		if err := sink(&kpn.Block{Output: o, First: first, Shape: shape, F32: data}); err != nil {
			return err
		}
	}
	return nil
}

// dense copies rows without the padding that rounds them to whole vectors.
func dense(data []float32, rows, frames, stride int) []float32 {
	packed := make([]float32, 0, rows*frames)
	for row := range rows {
		packed = append(packed, data[row*stride:row*stride+frames]...)
	}
	return packed
}

// rowParams lays the row parameters out as kernels read them: slot by slot,
// one value a row.
func rowParams(p *scheduler.Program, job *kpn.Job) []float64 {
	rows := job.Shape.Rows()
	values := make([]float64, 0, rows*len(p.Layout.RowParams))
	for _, param := range p.Layout.RowParams {
		for row := range rows {
			v := param.Value
			if param.Rate == kpn.PerItem {
				v = job.ItemValue(param.Ref, row/job.Shape.C, row%job.Shape.C)
			}
			values = append(values, v)
		}
	}
	return values
}
