package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/goldens/conformance"
)

func TestOpenAndCloseManyTimes(t *testing.T) {
	for range 20 {
		d := openTest(t, Selector{Class: SoftwareClass})
		testKernel(t, d)
		require.NoError(t, d.Close())
		require.NoError(t, d.Close(), "closing again")
		err := d.do(func() error { return nil })
		require.ErrorIs(t, err, ErrClosed)
		var closed *ClosedError
		require.ErrorAs(t, err, &closed)
		require.Equal(t, d.Describe().Renderer, closed.Device)
	}
}

func TestListFindsTheSoftwareDevice(t *testing.T) {
	d := openTest(t, Selector{Class: SoftwareClass})
	found, _ := List()
	require.Contains(t, found, d.Describe())
	// The listing closed its own contexts on the same display, not this one.
	testKernel(t, d)
}

// A class that was asked for is what opens, or nothing does.
func TestClassIsNeverReplaced(t *testing.T) {
	for _, backend := range []Backend{EGL, GLFW} {
		for _, class := range []Class{HardwareClass, SoftwareClass} {
			d, err := Open(Selector{Backend: backend, Class: class}, NoProgramCache())
			if err != nil {
				require.ErrorIs(t, err, ErrNoDevice, "%s %s", backend, class)
				continue
			}
			got := d.Describe()
			require.NoError(t, d.Close())
			require.Equal(t, class, got.Class(), "%s gave %s", backend, got.Renderer)
			require.Equal(t, backend, got.Backend)
		}
	}
}

func TestAnyDeviceIsHardwareFirst(t *testing.T) {
	d, err := Open(Selector{}, NoProgramCache())
	conformance.RequireGPU(t, err)
	defer func() { require.NoError(t, d.Close()) }()
	hardware, err := Open(Selector{Class: HardwareClass}, NoProgramCache())
	if err != nil {
		require.ErrorIs(t, err, ErrNoDevice)
		require.True(t, d.Describe().Software)
		return
	}
	defer func() { require.NoError(t, hardware.Close()) }()
	require.Equal(t, hardware.Describe(), d.Describe())
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name     string
		selector Selector
		want     string
	}{
		{"backend", Selector{Backend: "vulkan"}, `there is no backend "vulkan": the backends are egl and glfw`},
		{"index", Selector{Backend: EGL, Index: eglIndexTooLarge}, "no OpenGL device number 1000 through egl can be opened"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(tt.selector)
			require.ErrorIs(t, err, ErrNoDevice)
			var refusal *NoDeviceError
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, tt.selector, refusal.Selector)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

// eglIndexTooLarge is past every device that EGL can list.
const eglIndexTooLarge = 1000

func TestClassOfRenderers(t *testing.T) {
	for renderer, want := range map[string]Class{
		"llvmpipe (LLVM 15.0.6, 256 bits)":          SoftwareClass,
		"softpipe":                                  SoftwareClass,
		"Google SwiftShader":                        SoftwareClass,
		"GDI Generic":                               SoftwareClass,
		"NVIDIA H200/PCIe/SSE2":                     HardwareClass,
		"AMD Radeon RX 6800 (navi21, LLVM 15.0.6)":  HardwareClass,
		"Mesa Intel(R) UHD Graphics 630 (CFL GT2)":  HardwareClass,
		"zink Vulkan 1.3(llvmpipe (LLVM 15.0.6))":   SoftwareClass,
		"D3D12 (Microsoft Basic Render Driver)":     SoftwareClass,
		"Software Rasterizer":                       SoftwareClass,
		"Mesa DRI Intel(R) HD Graphics 4000 (IVB)":  HardwareClass,
		"AMD Radeon Graphics (radeonsi, renoir, 1)": HardwareClass,
	} {
		require.Equal(t, want, classOf(renderer), renderer)
	}
}

func TestFeaturesThatSuffice(t *testing.T) {
	fp64 := map[string]bool{"GL_ARB_gpu_shader_fp64": true}
	for _, tt := range []struct {
		name     string
		features driverFeatures
		compiles bool
		want     string
	}{
		{"enough", driverFeatures{major: 4, minor: 3, extensions: fp64}, false, ""},
		{"newer", driverFeatures{major: 5, minor: 0, extensions: fp64}, false, ""},
		{"doubles by trial", driverFeatures{major: 4, minor: 6}, true, ""},
		{"too old", driverFeatures{major: 4, minor: 2, extensions: fp64}, true, "found OpenGL V, needed"},
		{"much too old", driverFeatures{major: 3, minor: 3, extensions: fp64}, true, "found OpenGL V, needed"},
		{"no doubles", driverFeatures{major: 4, minor: 6}, false, "found OpenGL V without double precision, needed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.features.suffice("V", func() bool { return tt.compiles })
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			var version *VersionError
			require.ErrorAs(t, err, &version)
			require.ErrorContains(t, err, tt.want)
		})
	}
}
