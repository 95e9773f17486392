package gpu

import "github.com/go-gl/gl/v4.3-core/gl"

// Limits are what a device says it can do.
type Limits struct {
	// StorageBytes bounds a storage buffer (SSBO).
	StorageBytes int64
	// StorageBindings is how many storage buffers a compute kernel can use.
	StorageBindings int
	// StorageAlignment is what the offset of a bound range is a multiple of.
	StorageAlignment int
	// GroupCount bounds the workgroups of a dispatch, GroupSize the lanes of
	// a workgroup, along each axis.
	GroupCount [3]int64
	GroupSize  [3]int
	// GroupLanes bounds the lanes of a workgroup over all axes.
	GroupLanes int
	// SharedBytes bounds a workgroup's shared memory.
	SharedBytes int
	// UniformBytes bounds a uniform block.
	UniformBytes int64
	// TexelBuffer bounds a buffer texture, in texels.
	TexelBuffer int64
}

func readLimits() Limits {
	wide := func(name uint32) int64 {
		var v int64
		gl.GetInteger64v(name, &v)
		return v
	}
	axis := func(name, i uint32) int64 {
		var v int32
		gl.GetIntegeri_v(name, i, &v)
		if v < 0 {
			// 2³²−1 and the like: some drivers report counts as unsigned.
			return int64(uint32(v))
		}
		return int64(v)
	}
	l := Limits{
		StorageBytes:     wide(gl.MAX_SHADER_STORAGE_BLOCK_SIZE),
		StorageBindings:  int(min(wide(gl.MAX_COMPUTE_SHADER_STORAGE_BLOCKS), wide(gl.MAX_SHADER_STORAGE_BUFFER_BINDINGS))),
		StorageAlignment: int(wide(gl.SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT)),
		GroupLanes:       int(wide(gl.MAX_COMPUTE_WORK_GROUP_INVOCATIONS)),
		SharedBytes:      int(wide(gl.MAX_COMPUTE_SHARED_MEMORY_SIZE)),
		UniformBytes:     wide(gl.MAX_UNIFORM_BLOCK_SIZE),
		TexelBuffer:      wide(gl.MAX_TEXTURE_BUFFER_SIZE),
	}
	for i := range uint32(3) {
		l.GroupCount[i] = axis(gl.MAX_COMPUTE_WORK_GROUP_COUNT, i)
		l.GroupSize[i] = int(axis(gl.MAX_COMPUTE_WORK_GROUP_SIZE, i))
	}
	return l
}
