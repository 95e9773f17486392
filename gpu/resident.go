package gpu

import (
	"context"

	"sawmill/kpn"
)

// Tensor is a [B,C,F] tensor that lies on a device.
type Tensor struct {
	kpn.Shape
	device *Device
	buffer *buffer
	// stride is how many samples a row takes, whole quads.
	stride int
}

// NewTensor makes a tensor of zeros on the engine's device.
func (e *Engine) NewTensor(shape kpn.Shape) (*Tensor, error) { return newTensor(e.device, shape) }

func newTensor(d *Device, shape kpn.Shape) (*Tensor, error) {
	limit := d.Describe().Limits.StorageBytes
	if shape.B < 1 || shape.C < 1 || shape.F < 1 || int64(shape.F) > limit/4/int64(shape.B)/int64(shape.C) {
		return nil, &LimitError{Limit: "GL_MAX_SHADER_STORAGE_BLOCK_SIZE (bytes) for a tensor", Got: 4 * int64(shape.Len()), Max: limit}
	}
	t := &Tensor{Shape: shape, device: d, stride: roundUp4(shape.F)}
	return t, d.do(func() (err error) {
		if t.buffer, err = d.newBuffer(4*t.Rows()*t.stride, deviceUse); err != nil {
			return err
		}
		t.buffer.clear()
		return nil
	})
}

// Write sets the tensor from a dense one of its shape.
func (t *Tensor) Write(from *kpn.Tensor) error {
	if from.Shape != t.Shape {
		return &kpn.ShapeError{Node: "tensor on the device", Port: "data", Got: from.Shape, Want: t.Shape}
	}
	return t.device.do(func() error {
		for row := range t.Rows() {
			upload(t.buffer, 4*row*t.stride, from.Data[row*t.F:(row+1)*t.F])
		}
		return nil
	})
}

// Read returns a dense copy.
func (t *Tensor) Read() (*kpn.Tensor, error) {
	to := kpn.NewTensor(t.Shape)
	return to, t.device.do(func() error {
		for row := range t.Rows() {
			read(t.buffer, 4*row*t.stride, to.Data[row*t.F:(row+1)*t.F])
		}
		return nil
	})
}

// Close frees the tensor.
func (t *Tensor) Close() error {
	return t.device.do(func() error {
		if t.buffer != nil {
			t.device.deleteBuffer(t.buffer)
			t.buffer = nil
		}
		return nil
	})
}

// ForwardOnDevice renders a job and leaves the outputs on the device: what a
// loss can be worked out from there, and [Cotangents] for an adjoint. The
// caller closes them.
func (x *Executable) ForwardOnDevice(ctx context.Context, job *kpn.Job) (outputs []*Tensor, err error) {
	if err = job.Validate(x.graph); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			for _, t := range outputs {
				_ = t.Close() // the first error is the one to report
			}
			outputs = nil
		}
	}()
	for range x.program.Outputs {
		t, err := newTensor(x.device, job.Shape)
		if err != nil {
			return outputs, err
		}
		outputs = append(outputs, t)
	}
	return outputs, x.run(ctx, job, segmentTaker(func(samples *buffer, first, frames int) {
		stride, rows := roundUp4(frames), job.Shape.Rows()
		for o, t := range outputs {
			for row := range rows {
				copyBytes(samples, t.buffer, 4*(o*rows+row)*stride, 4*(row*t.stride+first), 4*stride)
			}
		}
	}), nil)
}

// segmentTaker is handed each rendered segment on the device's thread.
type segmentTaker func(samples *buffer, first, frames int)

// Cotangents are cotangents that lie on a device: one tensor for each output,
// of the job's own shape. An adjoint on the same device reads them there;
// another engine copies them.
type Cotangents []*Tensor

// Validate implements [kpn.Cotangents].
func (c Cotangents) Validate(outputs int, shape kpn.Shape) error {
	if len(c) != outputs {
		return &kpn.JobError{Field: "cotangents", Reason: "there must be one tensor for each output"}
	}
	for _, t := range c {
		if t.Shape != shape {
			return &kpn.ShapeError{Node: "tensor on the device", Port: "cotangent", Got: t.Shape, Want: shape}
		}
	}
	return nil
}

// Read implements [kpn.Cotangents].
func (c Cotangents) Read(output int, w kpn.Window, dst []float32) error {
	t := c[output]
	return t.device.do(func() error {
		for row := range w.Items * t.C {
			read(t.buffer, 4*((w.Item*t.C+row)*t.stride+w.First), dst[row*w.Frames:(row+1)*w.Frames])
		}
		return nil
	})
}

// on says whether all tensors lie on a device.
func (c Cotangents) on(d *Device) bool {
	for _, t := range c {
		if t.device != d {
			return false
		}
	}
	return true
}

// showResident brings a segment's window of cotangents into place on the
// device. Call it on the device's thread.
func (b *backward) showResident(own Cotangents, s segment) error {
	p := b.kernels.windows
	lanes := b.job.Shape.Rows() * s.window / 4
	for o, t := range own {
		b.setUniforms(p, s, s.window, lanes)
		p.setUint("output_index", uint32(o))
		p.setUint("source_first", uint32(b.first*t.C*t.stride))
		p.setUint2("source_stride", uint32(t.C*t.stride), uint32(t.stride))
		b.memory.bind()
		t.buffer.bind(bindTensors)
		p.use()
		x, y := b.plan.groups(lanes)
		if err := b.executable.device.dispatch(x, y, 1); err != nil {
			return err
		}
	}
	return nil
}
