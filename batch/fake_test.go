package batch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// fakeEngine renders samples that depend on seed, item, output, channel,
// frame and the first sampled parameter, in blocks of the given length.
type fakeEngine struct {
	device kpn.Device
	block  int
	// sample replaces what would be rendered, if not nil.
	sample func(item uint64, out, c, f int, x float32) float32
	// before is called before each block, if not nil.
	before func(item uint64, frame int) error
	// asked is told of each job, if not nil.
	asked func(*kpn.Job)
	// wide renders float64.
	wide bool
}

func newFake(block int) *fakeEngine {
	return &fakeEngine{block: block, device: kpn.Device{Class: kpn.Software, Name: "fake", Backend: "go", Version: "1"}}
}

func (e *fakeEngine) Device() kpn.Device { return e.device }
func (e *fakeEngine) Close() error       { return nil }
func (e *fakeEngine) Compile(g *kpn.Graph) (kpn.Executable, error) {
	return &fakeExecutable{e, g}, g.Validate()
}

type fakeExecutable struct {
	engine *fakeEngine
	graph  *kpn.Graph
}

func (x *fakeExecutable) Latency() int { return 0 }
func (x *fakeExecutable) Close() error { return nil }

func (x *fakeExecutable) Adjoint(context.Context, *kpn.AdjointJob) (*kpn.Gradients, error) {
	return nil, errors.ErrUnsupported
}

func (x *fakeExecutable) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	if err := job.Validate(x.graph); err != nil {
		return err
	}
	if x.engine.asked != nil {
		x.engine.asked(job)
	}
	for first := 0; first < job.Shape.F; first += x.engine.block {
		if x.engine.before != nil {
			if err := x.engine.before(job.FirstItem, first); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		s := job.Shape
		s.F = min(x.engine.block, s.F-first)
		for out := range x.graph.Outputs {
			b := &kpn.Block{Output: out, First: first, Shape: s, F32: make([]float32, s.Len())}
			for i := range b.F32 {
				b.F32[i] = x.at(job, out, first, s, i)
			}
			if x.engine.wide {
				b.F64 = make([]float64, s.Len())
				for i, v := range b.F32 {
					b.F64[i] = float64(v)
				}
				b.F32 = nil
			}
			if err := sink(b); err != nil {
				return err
			}
			// The data is only valid during the call.
			clear(b.F32)
			clear(b.F64)
		}
	}
	return nil
}

func (x *fakeExecutable) at(job *kpn.Job, out, first int, s kpn.Shape, i int) float32 {
	b, c, f := s.Coordinates(i)
	item := job.FirstItem + uint64(b)
	f += first
	w := kpn.Philox4x32([4]uint32{uint32(item), uint32(out), uint32(c), uint32(f)}, kpn.SeedKey(job.Seed))
	v := float32(int32(w[0])) / (1 << 31) * float32(job.ItemValue(kpn.ParamRef{Node: "osc", Param: "freq"}, b, c)/2000)
	if x.engine.sample != nil {
		v = x.engine.sample(item, out, c, f, v)
	}
	return v
}

const testPreset = `{
  // A comment, which the manifest keeps.
  "sawmill": 1,
  "parameters": {"note": {"midi": [36, 84]}},
  "nodes": {
    "osc": {"kind": "osc", "params": {"freq": {"ref": "note"}, "phase": {"uniform": [0, 1]}}},
    "half": {"kind": "gain", "inputs": ["osc"], "params": {"gain": 0.5}}
  },
  "output": "osc"
}`

func preset(t *testing.T) *kpn.Preset {
	t.Helper()
	p, err := kpn.ParsePreset("test.json", []byte(testPreset))
	require.NoError(t, err)
	return p
}

// options asks for 20 stereo sounds of 113 frames in dir.
func options(t *testing.T, dir string) Options {
	t.Helper()
	return Options{
		Sound: Sound{Preset: preset(t), Seed: 1<<63 + 5, Seconds: 113.0 / 8000, Rate: 8000, Channels: 2},
		Dir:   dir, Count: 20, Batch: 7, Version: "test",
		Progress: func(Progress) {},
	}
}

// contents reads every file of a directory, hidden ones included.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		files[e.Name()] = string(data)
	}
	return files
}

// rendered renders a dataset in a new directory and returns its files.
func rendered(t *testing.T, e kpn.Engine, change func(*Options)) map[string]string {
	t.Helper()
	o := options(t, filepath.Join(t.TempDir(), "new", "sounds"))
	if change != nil {
		change(&o)
	}
	_, err := start(t.Context(), e, &o, unsynced(o.Dir))
	require.NoError(t, err)
	return contents(t, o.Dir)
}

// unsynced is a directory that does not wait for the disk.
func unsynced(root string) *directory {
	d := newDirectory(root)
	d.flush = func(string) error { return nil }
	return d
}
