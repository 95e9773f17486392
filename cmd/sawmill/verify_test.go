package main

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/conformance"
	"sawmill/goldens/conformance/faulty"
	"sawmill/kpn"
)

// suiteOn runs part of the suite on an engine and returns its output, the
// files that it wrote and its error.
func suiteOn(t *testing.T, engine kpn.Engine, waivers ...conformance.Waiver) (out string, files map[string]string, err error) {
	t.Helper()
	var text bytes.Buffer
	c := &console{out: &text, err: &text, log: slog.New(slog.DiscardHandler)}
	dir := t.TempDir()
	flags := suiteFlags{all: true, html: filepath.Join(dir, "r.html"), junit: filepath.Join(dir, "r.xml"), json: filepath.Join(dir, "r.json")}
	err = flags.verify(t.Context(), c, engine, cpuref.New(), conformance.Options{
		Cases: []string{"gain/*", "mix/two"}, Waivers: append([]conformance.Waiver{}, waivers...),
	})
	files = map[string]string{}
	entries, e := os.ReadDir(dir)
	require.NoError(t, e)
	for _, entry := range entries {
		data, e := os.ReadFile(filepath.Join(dir, entry.Name()))
		require.NoError(t, e)
		files[entry.Name()] = string(data)
	}
	return text.String(), files, err
}

// TestSuiteOnAFaultyEngine sees an engine fail that scales its gains, or gives
// them a frame late, everywhere where one looks.
func TestSuiteOnAFaultyEngine(t *testing.T) {
	for name, engine := range map[string]*faulty.Engine{
		"scaled": {Engine: cpuref.New(), Kind: kpn.KindGain, Scale: 1.01},
		"late":   {Engine: cpuref.New(), Kind: kpn.KindGain, Delay: 1},
	} {
		t.Run(name, func(t *testing.T) {
			out, files, err := suiteOn(t, engine)
			assert.Equal(t, exitMismatch, exitCode(err))
			assert.Contains(t, out, "5 FAILED")
			assert.Contains(t, out, "FAILED gain/per_frame")
			assert.NotContains(t, out, "FAILED mix")
			assert.Len(t, files, 3)
			assert.Contains(t, files["r.html"], "<h2>Failing cases</h2>")
			assert.Contains(t, files["r.xml"], "<failure ")
			assert.Contains(t, files["r.json"], `"verdict": "failed"`)
		})
	}
}

func TestSuiteOnARightEngine(t *testing.T) {
	out, files, err := suiteOn(t, &faulty.Engine{Engine: cpuref.New(), Single: true})
	require.NoError(t, err)
	assert.NotContains(t, out, "FAILED")
	assert.Len(t, files, 3)
	assert.NotContains(t, files["r.xml"], "<failure ")
	assert.Contains(t, files["r.json"], `"verdict": "passed"`)
}

func TestWaivedSuiteIsNoFailure(t *testing.T) {
	waive := func(what conformance.What) conformance.Waiver {
		return conformance.Waiver{Renderer: "faulty", Case: "gain/*", What: what, Issue: "#7", Reason: "made up"}
	}
	engine := &faulty.Engine{Engine: cpuref.New(), Kind: kpn.KindGain, Scale: 1.01}
	out, files, err := suiteOn(t, engine, waive(conformance.Forward), waive(conformance.Gradient))
	require.NoError(t, err)
	assert.Contains(t, out, "5 waived")
	assert.Equal(t, 10, strings.Count(files["r.xml"], "<skipped message=\"waived: made up (#7)"))
	assert.NotContains(t, files["r.xml"], "<failure ")
}

// dumb is an engine that compiles nothing.
type dumb struct{ kpn.Engine }

var errDumb = errors.New("dumb")

func (dumb) Device() kpn.Device { return kpn.Device{Class: kpn.Hardware, Name: "dumb"} }

func (dumb) Compile(*kpn.Graph) (kpn.Executable, error) { return nil, errDumb }

// TestAnEnginesOwnErrorIsAMismatch gives the same exit code for it.
func TestAnEnginesOwnErrorIsAMismatch(t *testing.T) {
	out, _, err := suiteOn(t, dumb{cpuref.New()})
	require.ErrorIs(t, err, errDumb)
	assert.Equal(t, exitMismatch, exitCode(err))
	assert.Contains(t, out, "6 FAILED")
}
