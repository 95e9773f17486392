package gpu

import (
	"context"

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
	job     *kpn.Job
	// controls are the job's control signals, nil where there are none.
	controls *signals
	plan     plan

	memory  *memory
	tensors tensorWindow
}

// sizes are the bytes that the job needs of each buffer.
func (r *render) sizes() [bindings]int {
	rows := r.plan.shape.Rows()
	l := r.program.Layout
	return [bindings]int{
		bindSamples:   4 * rows * r.plan.segmentFrames * r.program.Stored(),
		bindRowParams: 8 * (len(l.RowParams)*rows + r.controls.words()),
		bindTensors:   4 * r.tensors.len(r.plan.segmentFrames),
		bindState:     4 * l.StateWords * rows,
		bindPeaks:     4 * l.Peaks * rows,
		bindFifo:      4 * l.QueueFrames * r.plan.lanes(r.plan.segmentFrames),
	}
}

// prepare makes the buffers large enough and uploads what does not change.
func (r *render) prepare() error {
	r.tensors = newTensorWindow(r.program, r.job)
	segments := (r.plan.shape.F + r.plan.segmentFrames - 1) / r.plan.segmentFrames
	return r.device.do(func() error {
		if err := r.memory.reserve(r.sizes(), min(2, segments)); err != nil {
			return err
		}
		r.memory.shared[bindPeaks].clear()
		values := rowParams(r.program, r.job)
		upload(r.memory.shared[bindRowParams], 0, values)
		r.controls.upload(r.memory.shared[bindRowParams], len(values))
		return nil
	})
}

// dispatch renders the segment that starts at a frame with a kernel into
// one of the sample buffers.
func (r *render) dispatch(p *program, first, target int) error {
	frames, pl := r.frames(first), r.plan
	if p.alone {
		pl = pl.sliced()
	}
	window := r.tensors.fill(first, frames)
	return r.device.do(func() error {
		upload(r.memory.shared[bindTensors], 0, window)
		r.memory.samples[target].bind(bindSamples)
		for binding, b := range r.memory.shared {
			if b != nil {
				b.bind(uint32(binding))
			}
		}
		p.use()
		for at := 0; at < frames; at += pl.dispatchFrames {
			part := min(pl.dispatchFrames, frames-at)
			r.setUniforms(p, pl, first+at, part)
			p.setUint("row_quads", uint32(roundUp4(frames)/4))
			p.setUint("store_quad", uint32(at/4))
			x, y := pl.groups(part)
			if err := r.device.dispatch(x, y, 1); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *render) setUniforms(p *program, pl plan, first, frames int) {
	p.setUint("rows", uint32(pl.shape.Rows()))
	p.setUint("channels", uint32(pl.shape.C))
	p.setUint("frames", uint32(pl.shape.F))
	p.setUint("segment_first", uint32(first))
	p.setUint("segment_frames", uint32(frames))
	p.setUint("chunk_frames", uint32(pl.chunkFrames))
	p.setUint("lanes", uint32(pl.lanes(frames)))
	p.setUint("tensor_first", uint32(r.tensors.first))
	p.setUint64("first_item", r.job.FirstItem)
	p.setUint64("seed", r.job.Seed)
	p.setDouble("rate", r.job.Rate)
	p.setDouble("inv_rate", 1/r.job.Rate)
	p.setUint3s("tensor_layout", r.tensors.layout)
	r.controls.setUniforms(p, len(r.program.Layout.RowParams))
}

// renderAll renders all segments. While segment k renders, k−1 comes back and
// goes to sink; without a sink the samples stay on the device. Each segment is
// shown to take first, if there is one.
func (r *render) renderAll(ctx context.Context, kernel *program, take segmentTaker, sink kpn.Sink) error {
	for k, first := 0, 0; first < r.plan.shape.F; k, first = k+1, first+r.plan.segmentFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.dispatch(kernel, first, k%2); err != nil {
			return err
		}
		if take != nil {
			err := r.device.do(func() error {
				take(r.memory.samples[k%2], first, r.frames(first))
				return nil
			})
			if err != nil {
				return err
			}
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
	size := 4 * r.program.Stored() * r.plan.shape.Rows() * roundUp4(r.frames(first))
	return r.device.start(r.memory.transfers[source], r.memory.samples[source], 0, size)
}

// deliver waits for a segment's transfer and hands its blocks to sink.
func (r *render) deliver(source, first int, sink kpn.Sink) error {
	t := r.memory.transfers[source]
	if err := r.device.do(func() error { return r.device.finish(t) }); err != nil {
		return err
	}
	frames, rows := r.frames(first), r.plan.shape.Rows()
	stride := roundUp4(frames)
	shape := kpn.Shape{B: r.plan.shape.B, C: r.plan.shape.C, F: frames}
	for o := range r.program.Stored() {
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
