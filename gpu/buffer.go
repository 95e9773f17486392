package gpu

import (
	"unsafe"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// scalar is a type that buffers hold.
type scalar interface {
	~uint8 | ~int32 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// buffer is a storage buffer on the device. It is used on the device's thread
// only.
type buffer struct {
	id   uint32
	size int
	// mapped is the host's view, of a buffer that has one.
	mapped []byte
}

// bufferUse is what a buffer is for.
type bufferUse int

const (
	// deviceUse is for kernels: written by upload, clear and kernels.
	deviceUse bufferUse = iota
	// hostUse is for kernels too, and stays mapped, so that the host reads
	// what they wrote without a copy.
	hostUse
)

// newBuffer makes a buffer of a size in bytes; its contents are undefined. A
// hostUse buffer is not mapped where the driver lacks ARB_buffer_storage.
func (d *Device) newBuffer(size int, use bufferUse) (*buffer, error) {
	if size < 1 || int64(size) > d.description.Limits.StorageBytes {
		return nil, &LimitError{Limit: "GL_MAX_SHADER_STORAGE_BLOCK_SIZE (bytes)", Got: int64(size), Max: d.description.Limits.StorageBytes}
	}
	b := &buffer{size: size}
	gl.GenBuffers(1, &b.id)
	gl.BindBuffer(gl.SHADER_STORAGE_BUFFER, b.id)
	switch {
	case !d.features.bufferStorage():
		gl.BufferData(gl.SHADER_STORAGE_BUFFER, size, nil, gl.DYNAMIC_COPY)
	case use == hostUse:
		const access = gl.MAP_READ_BIT | gl.MAP_PERSISTENT_BIT | gl.MAP_COHERENT_BIT
		gl.BufferStorage(gl.SHADER_STORAGE_BUFFER, size, nil, access|gl.DYNAMIC_STORAGE_BIT|gl.CLIENT_STORAGE_BIT)
		if at := gl.MapBufferRange(gl.SHADER_STORAGE_BUFFER, 0, size, access); at != nil {
			b.mapped = unsafe.Slice((*byte)(at), size)
		}
	default:
		gl.BufferStorage(gl.SHADER_STORAGE_BUFFER, size, nil, gl.DYNAMIC_STORAGE_BIT)
	}
	if code := gl.GetError(); code != gl.NO_ERROR {
		d.deleteBuffer(b)
		if code == gl.OUT_OF_MEMORY {
			return nil, &LimitError{Limit: "device memory (bytes)", Got: int64(size)}
		}
		return nil, &CallError{Device: d.description.Renderer, Reason: errorName(code) + " for a new buffer"}
	}
	return b, nil
}

// deleteBuffer frees a buffer; its view is gone with it.
func (d *Device) deleteBuffer(b *buffer) {
	if b.id != 0 {
		gl.DeleteBuffers(1, &b.id)
	}
	*b = buffer{}
}

// bind gives kernels the whole buffer at a binding.
func (b *buffer) bind(binding uint32) {
	gl.BindBufferBase(gl.SHADER_STORAGE_BUFFER, binding, b.id)
}

// bindRange gives kernels a part; offset is a multiple of
// Limits.StorageAlignment.
func (b *buffer) bindRange(binding uint32, offset, size int) {
	b.check(offset, size)
	gl.BindBufferRange(gl.SHADER_STORAGE_BUFFER, binding, b.id, offset, size)
}

// check panics on a part that is not in the buffer: OpenGL would only raise an
// error flag, or read past the end.
func (b *buffer) check(offset, size int) {
	if offset < 0 || size < 0 || offset > b.size-size {
		panic("gpu: a range outside of its buffer")
	}
}

// clear sets every byte to zero.
func (b *buffer) clear() { b.clearPart(0, b.size) }

// clearPart sets the bytes of a part to zero.
func (b *buffer) clearPart(offset, size int) {
	b.check(offset, size)
	gl.BindBuffer(gl.SHADER_STORAGE_BUFFER, b.id)
	var zero uint8
	gl.ClearBufferSubData(gl.SHADER_STORAGE_BUFFER, gl.R8UI, offset, size, gl.RED_INTEGER, gl.UNSIGNED_BYTE, unsafe.Pointer(&zero))
}

// upload writes data at an offset in bytes.
func upload[T scalar](b *buffer, offset int, data []T) {
	if len(data) == 0 {
		return
	}
	size := len(data) * int(unsafe.Sizeof(data[0]))
	b.check(offset, size)
	gl.BindBuffer(gl.SHADER_STORAGE_BUFFER, b.id)
	gl.BufferSubData(gl.SHADER_STORAGE_BUFFER, offset, size, unsafe.Pointer(&data[0]))
}

// read waits for the kernels before it and copies a part of the buffer out.
func read[T scalar](b *buffer, offset int, out []T) {
	if len(out) == 0 {
		return
	}
	size := len(out) * int(unsafe.Sizeof(out[0]))
	b.check(offset, size)
	gl.MemoryBarrier(gl.BUFFER_UPDATE_BARRIER_BIT)
	gl.BindBuffer(gl.SHADER_STORAGE_BUFFER, b.id)
	gl.GetBufferSubData(gl.SHADER_STORAGE_BUFFER, offset, size, unsafe.Pointer(&out[0]))
}
