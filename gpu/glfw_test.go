//go:build !headless

package gpu

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKernelOnGLFW(t *testing.T) {
	d := openTest(t, Selector{Backend: GLFW})
	require.Equal(t, GLFW, d.Describe().Backend)
	testKernel(t, d)
	testSegments(t, d, d.outputUse())
}

func TestDisplayThatDoesNotAnswer(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // elsewhere there is no such variable
	}
	for display, want := range map[string]string{
		"":          "there is no display (DISPLAY is not set): run it under xvfb-run -a",
		":no-such!": "the display does not answer",
	} {
		t.Setenv("DISPLAY", display)
		t.Setenv("WAYLAND_DISPLAY", "")
		_, err := Open(Selector{Backend: GLFW})
		require.ErrorIs(t, err, ErrNoDevice)
		require.ErrorContains(t, err, want)
	}
}

func TestEGLAndGLFWSideBySide(t *testing.T) {
	window := openTest(t, Selector{Backend: GLFW})
	for range 3 {
		headless := openTest(t, Selector{Backend: EGL, Class: SoftwareClass})
		testKernel(t, headless)
		testKernel(t, window)
		require.NoError(t, headless.Close())
		testKernel(t, window)
	}
}
