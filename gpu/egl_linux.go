package gpu

/*
#cgo LDFLAGS: -ldl
#include <stdlib.h>
#include "egl_linux.h"
*/
import "C"

import (
	"fmt"
	"strings"
	"sync"
	"unsafe"
)

// eglLibrary is opened by name at run time, so that a program starts without
// it and can say what to install.
const eglLibrary = "libEGL.so.1"

// The values of EGL 1.5 and its extensions that the binding uses.
const (
	eglExtensions          = 0x3055
	eglVersion             = 0x3054
	eglVendor              = 0x3053
	eglNone                = 0x3038
	eglSurfaceType         = 0x3033
	eglRenderableType      = 0x3040
	eglOpenGLBit           = 0x0008
	eglPlatformDevice      = 0x313F
	eglPlatformSurfaceless = 0x31DD
	eglRendererName        = 0x335F
	eglDRMDeviceFile       = 0x3233
	eglContextMajor        = 0x3098
	eglContextMinor        = 0x30FB
	eglContextProfile      = 0x30FD
	eglCoreProfileBit      = 0x0001
	eglContextDebug        = 0x31B0
	eglContextReset        = 0x31BD
	eglLoseContextOnReset  = 0x31BF
	eglMaxDevices          = 64
)

// eglHandle is an EGL object: an address that belongs to the library.
type eglHandle = C.egl_handle

// eglLoad opens the library once for the process.
var eglLoad = sync.OnceValue(func() error {
	file := C.CString(eglLibrary)
	defer C.free(unsafe.Pointer(file))
	if reason := C.sawmill_egl_load(file); reason != nil {
		return fmt.Errorf("%s cannot be loaded: %s", eglLibrary, C.GoString(reason))
	}
	return nil
})

func eglString(display eglHandle, name int32) string {
	return C.GoString(C.sawmill_egl_string(display, C.int32_t(name)))
}

func eglDeviceString(device eglHandle, name int32) string {
	return C.GoString(C.sawmill_egl_device_string(device, C.int32_t(name)))
}

// eglHas tells whether a space-separated list of extensions has one.
func eglHas(extensions, name string) bool {
	for found := range strings.FieldsSeq(extensions) {
		if found == name {
			return true
		}
	}
	return false
}

// eglDevices lists the library's devices; none where it cannot enumerate.
func eglDevices() []eglHandle {
	devices := make([]eglHandle, eglMaxDevices)
	var count C.int32_t
	if C.sawmill_egl_devices(eglMaxDevices, &devices[0], &count) == 0 {
		return nil
	}
	return devices[:count]
}

// eglErrorNames are the errors that opening a device can meet.
var eglErrorNames = map[int32]string{
	0x3000: "EGL_SUCCESS", 0x3001: "EGL_NOT_INITIALIZED", 0x3002: "EGL_BAD_ACCESS", 0x3003: "EGL_BAD_ALLOC",
	0x3004: "EGL_BAD_ATTRIBUTE", 0x3005: "EGL_BAD_CONFIG", 0x3006: "EGL_BAD_CONTEXT", 0x3008: "EGL_BAD_DISPLAY",
	0x3009: "EGL_BAD_MATCH", 0x300C: "EGL_BAD_PARAMETER", 0x300E: "EGL_CONTEXT_LOST",
}

// eglError is what the last EGL call of this thread failed with.
func eglError(action string) error {
	code := int32(C.sawmill_egl_error())
	name, known := eglErrorNames[code]
	if !known {
		name = fmt.Sprintf("EGL error %#x", code)
	}
	return fmt.Errorf("%s: %s", action, name)
}

// eglDisplay finds and starts the display of a device, or of the platform's
// default device for a nil one.
func eglDisplay(platform uint32, device eglHandle) (eglHandle, error) {
	display := C.sawmill_egl_display(C.uint(platform), device)
	if display == nil {
		return nil, eglError("eglGetPlatformDisplay")
	}
	if C.sawmill_egl_initialize(display) == 0 {
		return nil, eglError("eglInitialize")
	}
	return display, nil
}

func eglTerminate(display eglHandle) { C.sawmill_egl_terminate(display) }

// eglConfig is a configuration for a context without surfaces: none at all
// where the display allows that.
func eglConfig(display eglHandle) (eglHandle, error) {
	if eglHas(eglString(display, eglExtensions), "EGL_KHR_no_config_context") {
		return nil, nil
	}
	attributes := []C.int32_t{eglSurfaceType, 0, eglRenderableType, eglOpenGLBit, eglNone}
	var config eglHandle
	if C.sawmill_egl_config(display, &attributes[0], &config) == 0 {
		return nil, eglError("eglChooseConfig")
	}
	return config, nil
}

// eglCreateContext makes a context of OpenGL; attributes are pairs.
func eglCreateContext(display, config eglHandle, attributes []int32) (eglHandle, error) {
	list := make([]C.int32_t, 0, len(attributes)+1)
	for _, a := range attributes {
		list = append(list, C.int32_t(a))
	}
	list = append(list, eglNone)
	made := C.sawmill_egl_context(display, config, &list[0])
	if made == nil {
		return nil, eglError("eglCreateContext")
	}
	return made, nil
}

func eglMakeCurrent(display, made eglHandle) error {
	if C.sawmill_egl_current(display, made) == 0 {
		return eglError("eglMakeCurrent")
	}
	return nil
}

func eglDestroyContext(display, made eglHandle) { C.sawmill_egl_destroy(display, made) }

func eglProcAddr(name string) unsafe.Pointer {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	return C.sawmill_egl_proc(text)
}
