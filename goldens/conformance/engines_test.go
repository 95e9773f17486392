package conformance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/conformance"
	"sawmill/gpu"
)

// TestReference holds the reference to itself; the goldens hold it to what it
// was.
func TestReference(t *testing.T) {
	conformance.Invariances(t, cpuref.New())
}

func TestSoftwareEGL(t *testing.T) {
	onDevice(t, gpu.Selector{Class: gpu.SoftwareClass, Backend: gpu.EGL})
}

func TestHardwareEGL(t *testing.T) {
	engine, err := gpu.NewEngine(gpu.Selector{Class: gpu.HardwareClass, Backend: gpu.EGL}, gpu.Debug(), gpu.NoProgramCache())
	if err != nil {
		// Continuous integration has no hardware, and need not have.
		t.Logf("no hardware to test on: %v", err)
		return
	}
	defer func() { require.NoError(t, engine.Close()) }()
	conformance.Run(t, engine, cpuref.New())
}

func TestGLFW(t *testing.T) {
	onDevice(t, gpu.Selector{Backend: gpu.GLFW})
}

func onDevice(t *testing.T, s gpu.Selector) {
	t.Helper()
	engine, err := gpu.NewEngine(s, gpu.Debug(), gpu.NoProgramCache())
	conformance.RequireGPU(t, err)
	defer func() { require.NoError(t, engine.Close()) }()
	conformance.Run(t, engine, cpuref.New())
}
