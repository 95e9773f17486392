package gpu

import "github.com/go-gl/gl/v4.3-core/gl"

// dispatch runs the program in use over workgroups, after everything written
// by earlier dispatches is visible.
func (d *Device) dispatch(x, y, z int) error {
	for i, n := range []int{x, y, z} {
		if most := d.description.Limits.GroupCount[i]; n < 1 || int64(n) > most {
			return &LimitError{Limit: "GL_MAX_COMPUTE_WORK_GROUP_COUNT along " + string("xyz"[i]), Got: int64(n), Max: most}
		}
	}
	gl.DispatchCompute(uint32(x), uint32(y), uint32(z))
	gl.MemoryBarrier(gl.SHADER_STORAGE_BARRIER_BIT | gl.TEXTURE_FETCH_BARRIER_BIT | gl.BUFFER_UPDATE_BARRIER_BIT | gl.CLIENT_MAPPED_BUFFER_BARRIER_BIT)
	return nil
}
