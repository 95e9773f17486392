package gpu

import (
	"fmt"
	"sync"
	"unsafe"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// entryPoints guards go-gl's function pointers, which are package variables:
// see the package comment.
var entryPoints struct {
	sync.Mutex
	loaded bool
	probes []unsafe.Pointer
}

// probeNames are functions old and new whose addresses stand for all.
var probeNames = []string{"glGetString", "glDispatchCompute", "glMapBufferRange", "glFenceSync", "glProgramUniform1ui"}

// loadEntryPoints loads go-gl's function pointers, once for the process. The
// context must be current.
func loadEntryPoints(c glContext) error {
	entryPoints.Lock()
	defer entryPoints.Unlock()
	probes := make([]unsafe.Pointer, len(probeNames))
	for i, name := range probeNames {
		if probes[i] = c.procAddr(name); probes[i] == nil {
			return &VersionError{Needed: neededVersion, Cause: fmt.Errorf("%s: the driver has no %s", c.name(), name)}
		}
	}
	if entryPoints.loaded {
		for i, known := range entryPoints.probes {
			if probes[i] != known {
				return fmt.Errorf("%s: its OpenGL library is another than that of the devices already opened in this process (%s differs): use one backend a process", c.name(), probeNames[i])
			}
		}
		return nil
	}
	if err := gl.InitWithProcAddrFunc(c.procAddr); err != nil {
		return &VersionError{Needed: neededVersion, Cause: fmt.Errorf("%s: the driver has no %w", c.name(), err)}
	}
	entryPoints.loaded, entryPoints.probes = true, probes
	return nil
}

// driverFeatures are the optional parts of OpenGL that a device has.
type driverFeatures struct {
	extensions map[string]bool
	major      int32
	minor      int32
	flags      int32
}

func readFeatures() driverFeatures {
	f := driverFeatures{extensions: map[string]bool{}}
	gl.GetIntegerv(gl.MAJOR_VERSION, &f.major)
	gl.GetIntegerv(gl.MINOR_VERSION, &f.minor)
	gl.GetIntegerv(gl.CONTEXT_FLAGS, &f.flags)
	var count int32
	gl.GetIntegerv(gl.NUM_EXTENSIONS, &count)
	for i := range uint32(max(count, 0)) {
		f.extensions[gl.GoStr(gl.GetStringi(gl.EXTENSIONS, i))] = true
	}
	return f
}

func (f driverFeatures) atLeast(major, minor int32) bool {
	return f.major > major || f.major == major && f.minor >= minor
}

// bufferStorage tells whether buffers can stay mapped while they are in use.
func (f driverFeatures) bufferStorage() bool {
	return f.atLeast(4, 4) || f.extensions["GL_ARB_buffer_storage"]
}

// suffice tells what is missing to run the kernels, or nil. compiles tries
// doubles where the extension is not listed: they are in the core since 4.0,
// but a version can be overridden.
func (f driverFeatures) suffice(version string, compiles func() bool) error {
	switch {
	case !f.atLeast(4, oldestMinor):
		return &VersionError{Found: "OpenGL " + version, Needed: neededVersion}
	case !f.extensions["GL_ARB_gpu_shader_fp64"] && !compiles():
		return &VersionError{Found: "OpenGL " + version + " without double precision", Needed: neededVersion}
	}
	return nil
}

// doubles tells whether the driver compiles a kernel that uses doubles.
func doubles() bool {
	shader := gl.CreateShader(gl.COMPUTE_SHADER)
	defer gl.DeleteShader(shader)
	source, free := gl.Strs("#version 430\nlayout(local_size_x=1) in;\nlayout(std430) buffer B { double x; };\nvoid main() { x *= x; }\n\x00")
	defer free()
	gl.ShaderSource(shader, 1, source, nil)
	gl.CompileShader(shader)
	var compiled int32
	gl.GetShaderiv(shader, gl.COMPILE_STATUS, &compiled)
	return compiled == gl.TRUE
}

// resetStatus returns the query for a lost context, or nil without one.
func (f driverFeatures) resetStatus() func() uint32 {
	var strategy int32
	switch {
	case f.atLeast(4, 5), f.extensions["GL_KHR_robustness"], f.extensions["GL_ARB_robustness"]:
		gl.GetIntegerv(gl.RESET_NOTIFICATION_STRATEGY_ARB, &strategy)
	}
	switch {
	case strategy != gl.LOSE_CONTEXT_ON_RESET_ARB:
		return nil
	case f.atLeast(4, 5):
		return gl.GetGraphicsResetStatus
	case f.extensions["GL_KHR_robustness"]:
		return gl.GetGraphicsResetStatusKHR
	}
	return gl.GetGraphicsResetStatusARB
}
