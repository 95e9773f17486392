package gradcheck_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/cases"
	"sawmill/goldens/gradcheck"
	"sawmill/kpn"
)

// fromPreset reads a preset and binds some items.
func fromPreset(t *testing.T, path string, items int, seconds float64) (*kpn.Graph, *kpn.Job) {
	t.Helper()
	p, err := kpn.ReadPreset(path)
	require.NoError(t, err)
	require.NoError(t, p.Check(p.Rate))
	if seconds == 0 {
		seconds = p.Seconds
	}
	job := &kpn.Job{Shape: kpn.Shape{B: items, C: p.Channels, F: int(seconds * p.Rate)}, Rate: p.Rate, Seed: 1}
	p.Bind(job)
	return p.Graph, job
}

// TestReferenceOnOnePresetOfEachKind holds the reference's adjoint to its own
// render, every differentiable parameter at constants and per item.
func TestReferenceOnOnePresetOfEachKind(t *testing.T) {
	const dir = "testdata/presets/"
	for _, kind := range kpn.KindNames() {
		g, job := fromPreset(t, dir+kind+".json", 3, 0)
		// Without a signal an input is its default; the cases have signals.
		found := kpn.Kind(kind) == kpn.KindInput
		for i := range g.Nodes {
			found = found || string(g.Nodes[i].Kind) == kind
		}
		assert.True(t, found, "%s.json has no such node", kind)
		r, err := gradcheck.Check(context.Background(), cpuref.New(), nil, g, job, gradcheck.Options{Case: kind})
		assert.NoError(t, err, r.String())
		assert.True(t, r.Pass())
		// What is scaled before a normalize changes nothing.
		assert.LessOrEqual(t, r.Undecided(), 2, r.String())
	}
	// No preset is left over.
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		_, ok := kpn.Lookup(kpn.Kind(strings.TrimSuffix(e.Name(), ".json")))
		assert.True(t, ok, "%s is of no kind", e.Name())
	}
}

func TestReferenceOnTheDemo(t *testing.T) {
	g, job := fromPreset(t, "../../presets/demo.json", 2, 0.1)
	r, err := gradcheck.Check(context.Background(), cpuref.New(), nil, g, job, gradcheck.Options{Case: "demo"})
	require.NoError(t, err, r.String())
	lines := map[kpn.ParamRef]bool{}
	for i := range r.Lines {
		lines[r.Lines[i].Ref] = true
	}
	for i := range g.Nodes {
		for _, p := range g.Parameters(&g.Nodes[i]) {
			assert.Equal(t, p.Spec.Differentiable, lines[kpn.ParamRef{Node: g.Nodes[i].ID, Param: p.Name}], "%s.%s", g.Nodes[i].ID, p.Name)
		}
	}
}

// TestReferenceOnEveryCase is every kind at every rate, with tensors, inputs,
// oversampling, qualities, delays and several outputs.
func TestReferenceOnEveryCase(t *testing.T) {
	all, err := cases.All()
	require.NoError(t, err)
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			r, err := gradcheck.Check(t.Context(), cpuref.New(), nil, c.Graph, c.GoldenJob(), gradcheck.Options{Case: c.Name})
			assert.NoError(t, err, r.String())
		})
	}
}

// spoilt is the reference with one fault.
type spoilt struct {
	kpn.Engine
	gradients  func(*kpn.Gradients)
	cotangents func(kpn.Cotangents) kpn.Cotangents
}

func (e spoilt) Compile(g *kpn.Graph) (kpn.Executable, error) {
	x, err := e.Engine.Compile(g)
	return spoiltExecutable{x, e}, err
}

type spoiltExecutable struct {
	kpn.Executable
	engine spoilt
}

func (x spoiltExecutable) Adjoint(ctx context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	changed := *job
	if x.engine.cotangents != nil {
		changed.Cotangents = x.engine.cotangents(job.Cotangents)
	}
	all, err := x.Executable.Adjoint(ctx, &changed)
	if err == nil && x.engine.gradients != nil {
		x.engine.gradients(all)
	}
	return all, err
}

// TestEachGradientCounts flips the sign of one gradient after the other: the
// check must name it.
func TestEachGradientCounts(t *testing.T) {
	all, err := cases.All()
	require.NoError(t, err)
	flipped := 0
	for _, c := range all {
		if c.Name != "patches/voice" && c.Name != "mix/two" && c.Name != "normalize/osc" {
			continue
		}
		for _, g := range gradientsOf(t, c) {
			if g.Code != kpn.Done || zero(&g) {
				continue
			}
			flipped++
			engine := spoilt{Engine: cpuref.New(), gradients: func(all *kpn.Gradients) {
				found, _ := all.Find(g.Ref)
				for i := range found.F64 {
					found.F64[i] = -found.F64[i]
				}
			}}
			_, err := gradcheck.Check(context.Background(), engine, nil, c.Graph, c.GoldenJob(), gradcheck.Options{Nudge: -1})
			var mismatch *gradcheck.MismatchError
			require.ErrorAs(t, err, &mismatch, "%s: %v", c.Name, g.Ref)
			assert.Equal(t, g.Ref, mismatch.Line.Ref, c.Name)
		}
	}
	assert.Greater(t, flipped, 10)
}

func gradientsOf(t *testing.T, c *cases.Case) []kpn.Gradient {
	t.Helper()
	x, err := cpuref.New().Compile(c.Graph)
	require.NoError(t, err)
	defer func() { require.NoError(t, x.Close()) }()
	var cotangents kpn.TensorCotangents
	for range c.Graph.Outputs {
		cotangents = append(cotangents, noise("w", c.Shape))
	}
	all, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: c.GoldenJob(), Cotangents: cotangents})
	require.NoError(t, err)
	return all.List
}

func zero(g *kpn.Gradient) bool {
	largest := 0.0
	for i := range g.F64 {
		largest = max(largest, g.F64[i], -g.F64[i])
	}
	// What cancels to rounding is no gradient either.
	return largest < 1e-9
}

// late delays cotangents by one frame.
type late struct{ kpn.Cotangents }

func (l late) Read(output int, w kpn.Window, dst []float32) error {
	if w.First > 0 {
		w.First--
		return l.Cotangents.Read(output, w, dst)
	}
	rows := len(dst) / w.Frames
	if err := l.Cotangents.Read(output, w, dst); err != nil {
		return err
	}
	for row := range rows {
		part := dst[row*w.Frames : (row+1)*w.Frames]
		copy(part[1:], part[:len(part)-1])
		part[0] = 0
	}
	return nil
}

func TestACotangentThatIsLateCounts(t *testing.T) {
	g, job := fromPreset(t, "../../presets/demo.json", 2, 0.02)
	engine := spoilt{Engine: cpuref.New(), cotangents: func(c kpn.Cotangents) kpn.Cotangents { return late{c} }}
	_, err := gradcheck.Check(context.Background(), engine, nil, g, job, gradcheck.Options{})
	var mismatch *gradcheck.MismatchError
	assert.ErrorAs(t, err, &mismatch)
}

// TestPeaksThatAreNotTheRendersCount: an adjoint that divides by another
// frame's magnitude.
func TestPeaksThatAreNotTheRendersCount(t *testing.T) {
	g, job := fromPreset(t, "testdata/presets/normalize.json", 2, 0.01)
	engine := spoilt{Engine: cpuref.New(), gradients: func(all *kpn.Gradients) { all.PeakFrames["first"][1]++ }}
	_, err := gradcheck.Check(context.Background(), engine, nil, g, job, gradcheck.Options{})
	var mismatch *gradcheck.MismatchError
	require.ErrorAs(t, err, &mismatch)
	assert.Equal(t, "first", mismatch.Line.Ref.Node)
}
