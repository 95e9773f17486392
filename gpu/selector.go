package gpu

import (
	"strconv"
	"strings"
)

// Backend is a way to an OpenGL context.
type Backend string

// The backends.
const (
	// AnyBackend tries EGL first, then GLFW.
	AnyBackend Backend = ""
	// EGL needs no display.
	EGL Backend = "egl"
	// GLFW makes a hidden window on a display.
	GLFW Backend = "glfw"
)

// Class is what kind of device renders.
type Class string

// The classes.
const (
	// AnyClass is hardware where there is some, else software.
	AnyClass Class = ""
	// HardwareClass is a GPU.
	HardwareClass Class = "hardware"
	// SoftwareClass is an OpenGL implementation that runs on the CPU.
	SoftwareClass Class = "software"
)

// Selector says which device to open. The zero value is any device.
type Selector struct {
	Backend Backend
	Class   Class
	// Index picks one of the backend's devices, counted from 1 in the order
	// of [List] (Description.Index + 1); 0 is the first that opens.
	Index int
}

// String describes the selection for messages.
func (s Selector) String() string {
	words := make([]string, 0, 4)
	if s.Class != AnyClass {
		words = append(words, string(s.Class))
	}
	words = append(words, "OpenGL device")
	if s.Index > 0 {
		words = append(words, "number", strconv.Itoa(s.Index))
	}
	if s.Backend != AnyBackend {
		words = append(words, "through", string(s.Backend))
	}
	return strings.Join(words, " ")
}

// softwareRenderers are parts of the names that software renderers go by.
var softwareRenderers = []string{"llvmpipe", "softpipe", "swrast", "swiftshader", "software rasterizer", "gdi generic", "basic render"}

// classOf tells the class of a device from its renderer's name.
func classOf(renderer string) Class {
	lower := strings.ToLower(renderer)
	for _, name := range softwareRenderers {
		if strings.Contains(lower, name) {
			return SoftwareClass
		}
	}
	return HardwareClass
}
