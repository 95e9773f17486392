package gpu

import (
	"unsafe"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// transfer brings a part of a buffer to the host while the device works on:
// start it behind the dispatch that writes the part, hand over the next
// dispatch, then wait. It is used on the device's thread, but for floats.
type transfer struct {
	size    int
	staging *buffer
	source  *buffer
	offset  int
	// landed is what has come over; host backs it where the driver cannot
	// keep buffers mapped.
	landed, host []byte
	fence        *fence
}

// outputUse is what a buffer that kernels write for the host should be for. A
// software renderer shares the host's memory, so its view needs no copy; on
// hardware kernels write to the device's memory and a transfer copies.
func (d *Device) outputUse() bufferUse {
	if d.description.Software {
		return hostUse
	}
	return deviceUse
}

// newTransfer prepares transfers of up to size bytes each.
func (d *Device) newTransfer(size int) *transfer { return &transfer{size: size} }

// start sends a part of a buffer on its way. What an earlier start brought is
// gone. The source stays as it is until wait has returned and, if it is a
// hostUse buffer, for as long as the result is in use.
func (d *Device) start(t *transfer, source *buffer, offset, size int) error {
	source.check(offset, size)
	if size < 1 || size > t.size {
		return &LimitError{Limit: "the transfer's size (bytes)", Got: int64(size), Max: int64(t.size)}
	}
	d.drop(t)
	t.source, t.offset, t.landed = source, offset, nil
	switch {
	case source.mapped != nil:
		t.landed = source.mapped[offset : offset+size]
	case d.features.bufferStorage():
		if err := d.stage(t); err != nil {
			return err
		}
	}
	switch {
	case t.landed != nil:
	case t.staging != nil && t.staging.mapped != nil:
		gl.BindBuffer(gl.COPY_READ_BUFFER, source.id)
		gl.BindBuffer(gl.COPY_WRITE_BUFFER, t.staging.id)
		gl.CopyBufferSubData(gl.COPY_READ_BUFFER, gl.COPY_WRITE_BUFFER, offset, 0, size)
		t.landed = t.staging.mapped[:size]
	default:
		if t.host == nil {
			t.host = make([]byte, t.size)
		}
		t.landed = t.host[:size]
	}
	t.fence = d.newFence()
	return nil
}

// stage makes the buffer that a part is copied to, once.
func (d *Device) stage(t *transfer) error {
	if t.staging != nil {
		return nil
	}
	made, err := d.newBuffer(t.size, hostUse)
	t.staging = made
	return err
}

// finish returns when the part has come over.
func (d *Device) finish(t *transfer) error {
	if t.fence == nil {
		return nil
	}
	err := d.wait(t.fence)
	t.fence = nil
	if err != nil {
		return err
	}
	if t.host != nil && len(t.landed) > 0 && &t.landed[0] == &t.host[0] {
		read(t.source, t.offset, t.landed)
	}
	return nil
}

// floats is what came over, without a copy. It may be called and read on any
// goroutine after finish, until the next start or the end of the device.
func (t *transfer) floats() []float32 {
	if len(t.landed) < 4 {
		return nil
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&t.landed[0])), len(t.landed)/4)
}

// drop forgets a fence that nobody waits for.
func (d *Device) drop(t *transfer) {
	if t.fence != nil {
		t.fence.forget()
		t.fence = nil
	}
}

// deleteTransfer frees what the transfer holds.
func (d *Device) deleteTransfer(t *transfer) {
	d.drop(t)
	if t.staging != nil {
		d.deleteBuffer(t.staging)
	}
	*t = transfer{}
}
