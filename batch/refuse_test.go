package batch

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

func TestOtherArgumentsAreRefused(t *testing.T) {
	changes := map[string]func(o *Options, e *fakeEngine){
		"seed":               func(o *Options, _ *fakeEngine) { o.Seed++ },
		"count":              func(o *Options, _ *fakeEngine) { o.Count++ },
		"seconds":            func(o *Options, _ *fakeEngine) { o.Seconds *= 2 },
		"rate":               func(o *Options, _ *fakeEngine) { o.Rate, o.Seconds = 16000, 113.0/16000 },
		"channels":           func(o *Options, _ *fakeEngine) { o.Channels = 1 },
		"bits":               func(o *Options, _ *fakeEngine) { o.Encoding = Float32 },
		"version of sawmill": func(o *Options, _ *fakeEngine) { o.Version = "newer" },
		"device":             func(_ *Options, e *fakeEngine) { e.device.Name = "another" },
		"outputs":            func(o *Options, _ *fakeEngine) { o.Preset.Graph.Outputs = []string{"half"} },
		"preset":             func(o *Options, _ *fakeEngine) { o.Preset.Source = append([]byte("//\n"), o.Preset.Source...) },
	}
	for _, state := range []string{"begun", "finished"} {
		for argument, change := range changes {
			t.Run(state+"/"+argument, func(t *testing.T) {
				o := begin(t)
				if state == "finished" {
					finish(t, o)
				}
				before := contents(t, o.Dir)
				e := newFake(50)
				change(&o, e)
				_, err := Run(t.Context(), e, o)
				var other *ArgumentError
				require.ErrorAs(t, err, &other)
				if argument == "rate" {
					argument = "seconds" // the first that differs
				}
				require.Equal(t, argument, other.Argument)
				require.NotEqual(t, other.Begun, other.Asked)
				require.Equal(t, before, contents(t, o.Dir))
			})
		}
	}
}

func TestForeignDirectoriesAreRefused(t *testing.T) {
	for _, name := range []string{"000000.wav", "notes.txt", ".hidden", "labels.jsonl"} {
		o := options(t, t.TempDir())
		require.NoError(t, os.WriteFile(filepath.Join(o.Dir, name), []byte("mine"), 0o644))
		_, err := Run(t.Context(), newFake(50), o)
		var foreign *ForeignError
		require.ErrorAs(t, err, &foreign)
		require.Equal(t, name, foreign.Entry)
		require.Equal(t, map[string]string{name: "mine"}, contents(t, o.Dir))
	}
}

func TestForeignManifestAndJob(t *testing.T) {
	for _, name := range []string{manifestName, jobName} {
		for _, text := range []string{"", "hello", "{", "[]", "{}", `{"files":[]}`, `{"name":"someone's web app"}`} {
			if name == jobName && text[:min(1, len(text))] == "{" && text != "{" {
				continue // an object without our members differs in its arguments
			}
			o := options(t, t.TempDir())
			require.NoError(t, os.WriteFile(filepath.Join(o.Dir, name), []byte(text), 0o644))
			_, err := Run(t.Context(), newFake(50), o)
			var damaged *DamagedError
			var foreign *ForeignError
			if name == manifestName && strings.HasSuffix(text, "}") {
				require.ErrorAs(t, err, &foreign, text)
				require.Equal(t, manifestName, foreign.Entry)
			} else {
				require.ErrorAs(t, err, &damaged, "%s: %q", name, text)
			}
			require.Equal(t, map[string]string{name: text}, contents(t, o.Dir))
		}
	}
}

func TestTwoRunsAtOnce(t *testing.T) {
	o := options(t, filepath.Join(t.TempDir(), "d"))
	e := newFake(50)
	var second error
	e.before = func(item uint64, frame int) error {
		if item == 7 && frame == 0 {
			_, second = Run(t.Context(), newFake(50), o)
		}
		return nil
	}
	_, err := Run(t.Context(), e, o)
	require.NoError(t, err)
	var locked *LockedError
	require.ErrorAs(t, second, &locked)
	require.Equal(t, rendered(t, newFake(50), nil), contents(t, o.Dir))
}

func TestOptionsOutOfRange(t *testing.T) {
	for option, changes := range map[string][]func(o *Options){
		"out":      {func(o *Options) { o.Dir = "" }},
		"count":    {func(o *Options) { o.Count = 0 }, func(o *Options) { o.Count = -1 }, func(o *Options) { o.Count = MaxCount + 1 }},
		"channels": {func(o *Options) { o.Channels = 0 }, func(o *Options) { o.Channels = kpn.MaxChannels + 1 }},
		"batch":    {func(o *Options) { o.Batch = -1 }, func(o *Options) { o.Batch = MaxBatch + 1 }},
		"bits":     {func(o *Options) { o.Encoding = 3 }, func(o *Options) { o.Encoding = -1 }},
		"rate": {
			func(o *Options) { o.Rate = 0 }, func(o *Options) { o.Rate = math.NaN() }, func(o *Options) { o.Rate = 44100.5 },
			func(o *Options) { o.Rate = math.Inf(1) }, func(o *Options) { o.Rate = kpn.MaxSampleRate + 1 },
		},
		"seconds": {
			func(o *Options) { o.Seconds = 0 }, func(o *Options) { o.Seconds = -1 }, func(o *Options) { o.Seconds = math.NaN() },
			func(o *Options) { o.Seconds = math.Inf(1) }, func(o *Options) { o.Seconds = 1e-9 }, func(o *Options) { o.Seconds = 1e12 },
		},
		"preset": {func(o *Options) { o.Preset = nil }},
	} {
		for i, change := range changes {
			o := options(t, filepath.Join(t.TempDir(), "d"))
			change(&o)
			_, err := Run(t.Context(), newFake(50), o)
			var errs OptionErrors
			require.ErrorAs(t, err, &errs, "%s %d", option, i)
			require.Len(t, errs, 1, "%s %d", option, i)
			require.Equal(t, option, errs[0].Option)
			require.NotEmpty(t, errs[0].Got)
			require.NotEmpty(t, errs[0].Allowed)
			require.NoDirExists(t, o.Dir)
		}
	}
	o := options(t, "")
	o.Count, o.Rate = -1, math.NaN()
	var errs OptionErrors
	require.ErrorAs(t, o.Validate(), &errs)
	require.Len(t, errs, 3, "all faults at once")
}

func TestPresetThatDoesNotFitTheRate(t *testing.T) {
	o := options(t, filepath.Join(t.TempDir(), "d"))
	o.Rate = 1000 // note 84 is 1047 Hz
	_, err := Run(t.Context(), newFake(50), o)
	var faults kpn.PresetErrors
	require.ErrorAs(t, err, &faults)
	require.NoDirExists(t, o.Dir)
}

func TestGraphThatNeedsAnInput(t *testing.T) {
	o := options(t, filepath.Join(t.TempDir(), "d"))
	p, err := kpn.ParsePreset("p", []byte(`{"sawmill":1,"nodes":{"in":{"kind":"input"}},"output":"in"}`))
	require.NoError(t, err)
	o.Preset = p
	_, err = Run(t.Context(), newFake(50), o)
	var faults kpn.PresetErrors
	require.ErrorAs(t, err, &faults)
	require.ErrorContains(t, err, "p:1:28: $.nodes.in.kind: the node is an input")
	require.NoDirExists(t, o.Dir)
}

func TestDirectoryThatCannotBe(t *testing.T) {
	parent := t.TempDir()
	file := filepath.Join(parent, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	for _, dir := range []string{file, filepath.Join(file, "below", "it")} {
		o := options(t, dir)
		_, err := Run(t.Context(), newFake(50), o)
		var fault *OptionError
		require.ErrorAs(t, err, &fault, dir)
		require.Equal(t, OptionError{"out", dir, "a directory or a new name: " + file + " is a file"}, *fault)
	}
	require.Equal(t, map[string]string{"file": ""}, contents(t, parent))
}

func TestDirectoryThatIsRefused(t *testing.T) {
	const dir = "/proc/sawmill"
	if runtime.GOOS != "linux" {
		return // elsewhere it is a name like any other
	}
	o := options(t, dir)
	_, err := Run(t.Context(), newFake(50), o)
	var fault *FileError
	require.ErrorAs(t, err, &fault)
	require.Contains(t, fault.Error(), dir)
}

func TestAdviceFitsTheCause(t *testing.T) {
	for cause, words := range map[syscall.Errno]string{
		syscall.ENOSPC: "free some space", syscall.EROFS: "make the directory writable",
		syscall.EACCES: "make the directory writable", syscall.ENOTDIR: "choose a directory", syscall.EIO: "run the same command again",
	} {
		err := &FileError{"write", "/a/b", &os.PathError{Op: "open", Path: "/a/b", Err: cause}}
		require.Contains(t, err.Error(), words)
		require.True(t, errors.Is(err, cause))
	}
}
