package gpu

import (
	"fmt"
	"sync"
	"unsafe"
)

// eglCandidates lists the EGL devices: each device of the library, or the
// surfaceless platform's default where it cannot enumerate.
func eglCandidates() ([]candidate, []Problem) {
	if err := eglLoad(); err != nil {
		return nil, []Problem{{Backend: EGL, Reason: err.Error(), Packages: []string{"libegl1", "libgl1-mesa-dri"}}}
	}
	client := eglString(nil, eglExtensions)
	if !eglHas(client, "EGL_EXT_platform_base") {
		return nil, []Problem{{
			Backend: EGL, Reason: "the EGL library has no driver that works without a display (EGL_EXT_platform_base)",
			Packages: []string{"libegl-mesa0", "libgl1-mesa-dri"},
		}}
	}
	var found []candidate
	if eglHas(client, "EGL_EXT_platform_device") {
		for i, device := range eglDevices() {
			found = append(found, eglDeviceCandidate(i, device))
		}
	}
	if len(found) == 0 && eglHas(client, "EGL_MESA_platform_surfaceless") {
		found = append(found, eglSurfacelessCandidate())
	}
	if len(found) == 0 {
		return nil, []Problem{{
			Backend: EGL, Reason: "the EGL library knows no device",
			Packages: []string{"libegl-mesa0", "libgl1-mesa-dri"},
		}}
	}
	return found, nil
}

func eglDeviceCandidate(index int, device eglHandle) candidate {
	extensions := eglDeviceString(device, eglExtensions)
	class, about := HardwareClass, ""
	if eglHas(extensions, "EGL_MESA_device_software") {
		class, about = SoftwareClass, " (software)"
	} else if eglHas(extensions, "EGL_EXT_device_drm") {
		about = " (" + eglDeviceString(device, eglDRMDeviceFile) + ")"
	}
	c := candidate{backend: EGL, index: index, name: fmt.Sprintf("EGL device %d%s", index, about), class: class}
	c.create = func(options contextOptions) (glContext, error) {
		return newEGLContext(c.name, eglPlatformDevice, device, options)
	}
	return c
}

func eglSurfacelessCandidate() candidate {
	c := candidate{backend: EGL, name: "EGL surfaceless"}
	c.create = func(options contextOptions) (glContext, error) {
		return newEGLContext(c.name, eglPlatformSurfaceless, nil, options)
	}
	return c
}

// eglOpen counts the contexts of each display: EGL hands out one display for a
// device however often it is asked, and terminating it ends them all.
var eglOpen = struct {
	sync.Mutex
	contexts map[eglHandle]int
}{contexts: map[eglHandle]int{}}

func eglAcquire(platform uint32, device eglHandle) (eglHandle, error) {
	eglOpen.Lock()
	defer eglOpen.Unlock()
	display, err := eglDisplay(platform, device)
	if err != nil {
		return nil, err
	}
	eglOpen.contexts[display]++
	return display, nil
}

func eglRelease(display eglHandle) {
	eglOpen.Lock()
	defer eglOpen.Unlock()
	if eglOpen.contexts[display]--; eglOpen.contexts[display] > 0 {
		return
	}
	delete(eglOpen.contexts, display)
	eglTerminate(display)
}

// eglContext is an OpenGL context without surfaces.
type eglContext struct {
	label         string
	display, made eglHandle
}

// newEGLContext makes the newest core context that the display gives.
func newEGLContext(label string, platform uint32, device eglHandle, options contextOptions) (glContext, error) {
	display, err := eglAcquire(platform, device)
	if err != nil {
		return nil, err
	}
	made, err := eglNewestContext(display, options)
	if err != nil {
		eglRelease(display)
		return nil, err
	}
	return &eglContext{label: label, display: display, made: made}, nil
}

func eglNewestContext(display eglHandle, options contextOptions) (eglHandle, error) {
	extensions := eglString(display, eglExtensions)
	if !eglHas(extensions, "EGL_KHR_surfaceless_context") {
		return nil, fmt.Errorf("the driver cannot make a context without a surface (EGL_KHR_surfaceless_context): %s", eglString(display, eglVersion))
	}
	config, err := eglConfig(display)
	if err != nil {
		return nil, err
	}
	base := []int32{eglContextProfile, eglCoreProfileBit}
	if options.debug {
		base = append(base, eglContextDebug, 1)
	}
	// A context that reports a reset costs nothing, but not every driver
	// makes one: the second round asks without.
	var failure error
	for _, extra := range [][]int32{{eglContextReset, eglLoseContextOnReset}, nil} {
		for minor := int32(newestMinor); minor >= oldestMinor; minor-- {
			attributes := append([]int32{eglContextMajor, 4, eglContextMinor, minor}, base...)
			made, err := eglCreateContext(display, config, append(attributes, extra...))
			if err == nil {
				return made, nil
			}
			failure = err
		}
	}
	return nil, &VersionError{Needed: neededVersion, Cause: failure}
}

func (c *eglContext) name() string { return c.label }

func (c *eglContext) driver() string {
	return fmt.Sprintf("EGL %s, %s", eglString(c.display, eglVersion), eglString(c.display, eglVendor))
}

func (c *eglContext) makeCurrent() error { return eglMakeCurrent(c.display, c.made) }

func (c *eglContext) procAddr(name string) unsafe.Pointer { return eglProcAddr(name) }

func (c *eglContext) destroy() {
	eglDestroyContext(c.display, c.made)
	eglRelease(c.display)
}
