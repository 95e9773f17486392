//go:build !headless

package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDisplayThatDoesNotAnswer(t *testing.T) {
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
