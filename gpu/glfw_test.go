//go:build !headless

package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKernelOnGLFW(t *testing.T) {
	d := openTest(t, Selector{Backend: GLFW})
	require.Equal(t, GLFW, d.Describe().Backend)
	testKernel(t, d)
	testSegments(t, d, d.outputUse())
}
