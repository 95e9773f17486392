package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKernelOnSoftwareEGL(t *testing.T) {
	d := openTest(t, Selector{Backend: EGL, Class: SoftwareClass})
	require.True(t, d.Describe().Software, "the renderer is %s", d.Describe().Renderer)
	require.Equal(t, EGL, d.Describe().Backend)
	require.NotNil(t, d.resetStatus, "the context reports resets")
	testKernel(t, d)
}
