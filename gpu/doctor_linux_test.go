package gpu

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/goldens/conformance"
)

// outcomeVariable makes the test binary try to open a device and print what
// came of it: a driver reads its variables once in the life of a process.
const outcomeVariable = "SAWMILL_TEST_OUTCOME"

func TestMain(m *testing.M) {
	if os.Getenv(outcomeVariable) == "" {
		os.Exit(m.Run())
	}
	d, err := Open(Selector{Backend: EGL, Class: SoftwareClass}, NoProgramCache())
	if err != nil {
		_, _ = os.Stdout.WriteString("refused: " + err.Error())
		os.Exit(0)
	}
	_, _ = os.Stdout.WriteString("opened: " + d.Describe().Renderer + "\n" + vectorWidth + "=" + os.Getenv(vectorWidth))
	os.Exit(0)
}

// outcome runs this test binary with variables set.
func outcome(t *testing.T, variables ...string) string {
	t.Helper()
	d, err := Open(Selector{Backend: EGL, Class: SoftwareClass}, NoProgramCache())
	conformance.RequireGPU(t, err)
	require.NoError(t, d.Close())
	program, err := os.Executable()
	require.NoError(t, err)
	run := exec.CommandContext(t.Context(), program)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, vectorWidth+"=") {
			run.Env = append(run.Env, v)
		}
	}
	run.Env = append(append(run.Env, outcomeVariable+"=1"), variables...)
	out, err := run.Output()
	require.NoError(t, err, "%s", out)
	return string(out)
}

func TestMissingDriverIsNamed(t *testing.T) {
	// libglvnd's own switch for the list of drivers.
	got := outcome(t, "__EGL_VENDOR_LIBRARY_FILENAMES=/nonexistent.json")
	require.Contains(t, got, "refused: no software OpenGL device through egl can be opened")
	require.Contains(t, got, "libgl1-mesa-dri")
}

func TestOldOpenGLIsRefused(t *testing.T) {
	got := outcome(t, "MESA_GL_VERSION_OVERRIDE=4.2")
	require.Contains(t, got, "refused: ")
	require.Contains(t, got, "needed is "+neededVersion)
}

func TestDoublesAreTriedWithoutTheExtension(t *testing.T) {
	got := outcome(t, "MESA_EXTENSION_OVERRIDE=-GL_ARB_gpu_shader_fp64", "MESA_GL_VERSION_OVERRIDE=4.5")
	require.Contains(t, got, "opened: ")
}

func TestVectorWidth(t *testing.T) {
	want := ""
	if wideVectors() {
		want = "512"
	}
	require.True(t, strings.HasSuffix(outcome(t), vectorWidth+"="+want), "set where the CPU has it")
	got := outcome(t, vectorWidth+"=128")
	require.True(t, strings.HasSuffix(got, vectorWidth+"=128"), "what the user has set stays: %s", got)
	require.Contains(t, got, "128 bits", "and the renderer obeys it")
}
