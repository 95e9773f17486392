package gpu

import "github.com/go-gl/gl/v4.3-core/gl"

// The bindings that adjoints add, of shaders/kernel/adjoint_head.glsl.
const (
	bindCotangents = bindings + iota
	bindGradients
	backBindings
)

var bindingNames = [backBindings]string{
	"samples", "row parameters", "tensors", "state", "peaks", "queues", "cotangents", "gradients",
}

// backMemory is the buffers of one adjoint on its way through a device.
type backMemory struct {
	device  *Device
	buffers [backBindings]*buffer
	// tape and cotangents are the textures of the two buffers.
	tape, cotangents uint32
	// checkpoints are copies of the state and the queues at the start of the
	// segments, by segment.
	checkpoints []*buffer
	// window and part are the host's memory for cotangents on their way.
	window, part []float32
}

// reserve makes the buffers at least as large as asked for. Call it on the
// device's thread.
func (m *backMemory) reserve(sizes [backBindings]int) error {
	for binding, size := range sizes {
		// Every binding gets a buffer: kernels declare them all.
		size = max(size, 16)
		if enough(m.buffers[binding], size) {
			continue
		}
		if m.buffers[binding] != nil {
			m.device.deleteBuffer(m.buffers[binding])
			m.buffers[binding] = nil
		}
		made, err := m.device.newBuffer(size, deviceUse)
		if err != nil {
			return err
		}
		m.buffers[binding] = made
	}
	m.texture(&m.tape, m.buffers[bindSamples])
	m.texture(&m.cotangents, m.buffers[bindCotangents])
	return nil
}

// texture makes texels of a buffer.
func (m *backMemory) texture(id *uint32, b *buffer) {
	if *id == 0 {
		gl.GenTextures(1, id)
	}
	gl.BindTexture(gl.TEXTURE_BUFFER, *id)
	gl.TexBuffer(gl.TEXTURE_BUFFER, gl.RGBA32UI, b.id)
}

func (m *backMemory) bind() {
	for binding, b := range m.buffers {
		b.bind(uint32(binding))
	}
	for unit, id := range []uint32{m.tape, m.cotangents} {
		gl.ActiveTexture(gl.TEXTURE0 + uint32(unit))
		gl.BindTexture(gl.TEXTURE_BUFFER, id)
	}
}

// checkpoint keeps the first bytes of the state and of the queues for a
// segment. Call it on the device's thread.
func (m *backMemory) checkpoint(index, state, queues int) error {
	for len(m.checkpoints) <= index {
		m.checkpoints = append(m.checkpoints, nil)
	}
	if size := max(state+queues, 16); !enough(m.checkpoints[index], size) {
		made, err := m.device.newBuffer(size, deviceUse)
		if err != nil {
			return err
		}
		if m.checkpoints[index] != nil {
			m.device.deleteBuffer(m.checkpoints[index])
		}
		m.checkpoints[index] = made
	}
	copyBytes(m.buffers[bindState], m.checkpoints[index], 0, 0, state)
	copyBytes(m.buffers[bindFifo], m.checkpoints[index], 0, state, queues)
	return nil
}

// restore brings a checkpoint back.
func (m *backMemory) restore(index, state, queues int) {
	copyBytes(m.checkpoints[index], m.buffers[bindState], 0, 0, state)
	copyBytes(m.checkpoints[index], m.buffers[bindFifo], state, 0, queues)
}

// copyBytes copies a part of a buffer to another on the device.
func copyBytes(from, to *buffer, at, target, size int) {
	if size == 0 {
		return
	}
	from.check(at, size)
	to.check(target, size)
	gl.BindBuffer(gl.COPY_READ_BUFFER, from.id)
	gl.BindBuffer(gl.COPY_WRITE_BUFFER, to.id)
	gl.CopyBufferSubData(gl.COPY_READ_BUFFER, gl.COPY_WRITE_BUFFER, at, target, size)
}

// free deletes the buffers. A closed or lost device has none left to delete.
func (m *backMemory) free() {
	_ = m.device.do(func() error {
		for _, b := range m.buffers {
			if b != nil {
				m.device.deleteBuffer(b)
			}
		}
		for _, b := range m.checkpoints {
			if b != nil {
				m.device.deleteBuffer(b)
			}
		}
		gl.DeleteTextures(2, &[]uint32{m.tape, m.cotangents}[0])
		return nil
	})
	*m = backMemory{device: m.device}
}
