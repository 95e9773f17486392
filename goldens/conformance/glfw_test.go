//go:build !headless

package conformance_test

import (
	"testing"

	"sawmill/gpu"
)

// TestGLFW runs on whatever the display's server offers.
func TestGLFW(t *testing.T) {
	onDevice(t, gpu.Selector{Backend: gpu.GLFW})
}
