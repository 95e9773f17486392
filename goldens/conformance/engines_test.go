package conformance_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/conformance"
	"sawmill/gpu"
)

// TestReference holds the reference to the goldens and to itself.
func TestReference(t *testing.T) {
	conformance.Run(t, cpuref.New(), nil, conformance.Options{})
}

func TestSoftwareEGL(t *testing.T) {
	onDevice(t, gpu.Selector{Class: gpu.SoftwareClass})
}

// TestHardwareEGL runs where there is a GPU. SAWMILL_REQUIRE_GPU asks for a
// device, not for one of hardware, so that its lack is only noted.
func TestHardwareEGL(t *testing.T) {
	s := gpu.Selector{Class: gpu.HardwareClass, Backend: gpu.EGL}
	engine, err := gpu.NewEngine(s, gpu.NoProgramCache())
	if err != nil {
		require.ErrorIs(t, err, gpu.ErrNoDevice)
		t.Logf("no hardware to test on: %v", err)
		return
	}
	require.NoError(t, engine.Close())
	onDevice(t, s)
}

// onDevice runs the suite on a device, which is opened with the driver's
// debug output on and keeps nothing on disk.
func onDevice(t *testing.T, s gpu.Selector) {
	t.Helper()
	engine, err := gpu.NewEngine(s, gpu.Debug(), gpu.NoProgramCache())
	conformance.RequireGPU(t, err)
	defer func() { require.NoError(t, engine.Close()) }()
	conformance.Run(t, engine, cpuref.New(), conformance.Options{
		RequireBits: strings.Contains(engine.Device().Name, "llvmpipe"),
	})
}
