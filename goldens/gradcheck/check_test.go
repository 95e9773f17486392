package gradcheck_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/goldens/gradcheck"
	"sawmill/kpn"
)

var shape = kpn.Shape{B: 3, C: 2, F: 400}

func check(reference, device kpn.Engine) (gradcheck.Report, error) {
	g, job := sum(shape)
	return gradcheck.Check(context.Background(), reference, device, g, job, gradcheck.Options{Case: "sum"})
}

func TestRightGradientsPass(t *testing.T) {
	device := newAnalytic()
	device.name = "another"
	r, err := check(newAnalytic(), device)
	require.NoError(t, err, r.String())
	assert.True(t, r.Pass())
	var names []string
	for i := range r.Lines {
		l := &r.Lines[i]
		names = append(names, l.Ref.String())
		if l.Ref.Param == "width" || l.Ref.Param == "saw" || l.Ref.Param == "harmonics" {
			assert.Zero(t, l.Adjoint)
			continue
		}
		assert.Positive(t, l.Adjoint, l.Ref)
		assert.Positive(t, l.Step, l.Ref)
		// The formulas are good to some 10⁻¹⁴; the rest is the differences'.
		assert.LessOrEqual(t, l.Relative(), 1e-7, l.Ref)
	}
	assert.Equal(t, []string{"a.", "gain.gain", "sine.freq", "sine.phase", "sine.width", "sine.pitch", "sine.saw", "sine.harmonics", "sum.level_0", "sum.level_1", "."}, names)
	assert.True(t, r.Lines[10].All)
	// One for each row and direction of a tensor, or each value.
	assert.Equal(t, 6*2*gradcheck.DefaultDirections, r.Lines[0].Derivatives)
	assert.Equal(t, 3*2*gradcheck.DefaultDirections, r.Lines[1].Derivatives)
	assert.Equal(t, 3, r.Lines[2].Derivatives)
	assert.Equal(t, 6, r.Lines[9].Derivatives)
	assert.Equal(t, []kpn.ParamRef{{Node: "sine", Param: "shape"}, {Node: "sine", Param: "band_limit"}, {Node: "sine", Param: "pitch_low"}, {Node: "sine", Param: "pitch_high"}, {Node: "sine", Param: "advance"}, {Node: "sine", Param: "precision"}}, r.Unsupported)
	require.NotNil(t, r.Device)
	assert.True(t, r.Device.Pass())
	assert.Contains(t, r.String(), "pass  sine.freq")
	assert.Contains(t, r.String(), "all together")
	assert.Contains(t, r.String(), "another against")
}

func gradient(all *kpn.Gradients, node, param string) *kpn.Gradient {
	g, _ := all.Find(kpn.ParamRef{Node: node, Param: param})
	return g
}

func TestWrongGradientsAreNamed(t *testing.T) {
	for name, p := range map[string]struct {
		ref   string
		late  int
		spoil func(*kpn.Gradients)
	}{
		"a sign flipped": {"sine.freq", 0, func(all *kpn.Gradients) {
			for i := range gradient(all, "sine", "freq").F64 {
				gradient(all, "sine", "freq").F64[i] *= -1
			}
		}},
		"five millionths":  {"sine.phase", 0, func(all *kpn.Gradients) { gradient(all, "sine", "phase").F64[0] *= 1 + 5e-6 }},
		"one item's value": {"sum.level_1", 0, func(all *kpn.Gradients) { gradient(all, "sum", "level_1").F64[5] *= 1.001 }},
		"items swapped": {"sine.freq", 0, func(all *kpn.Gradients) {
			x := gradient(all, "sine", "freq").F64
			x[0], x[2] = x[2], x[0]
		}},
		"the first frame": {"gain.gain", 0, func(all *kpn.Gradients) { gradient(all, "gain", "gain").F64[0] += 0.01 }},
		"the last frame":  {"a", 0, func(all *kpn.Gradients) { gradient(all, "a", "").F64[6*400-1] *= 2 }},
		"any frame, by random directions": {"a", 0, func(all *kpn.Gradients) {
			gradient(all, "a", "").F64[3*400+123] += 0.001
		}},
		"one frame late":        {"a", 1, nil},
		"not a number":          {"sum.level_0", 0, func(all *kpn.Gradients) { gradient(all, "sum", "level_0").F64[0] = math.NaN() }},
		"infinite":              {"sum.level_0", 0, func(all *kpn.Gradients) { gradient(all, "sum", "level_0").F64[0] = math.Inf(1) }},
		"of what has no effect": {"sine.width", 0, func(all *kpn.Gradients) { gradient(all, "sine", "width").F64[0] = 1e-3 }},
		"none":                  {"sum.level_1", 0, func(all *kpn.Gradients) { all.List = all.List[:len(all.List)-1] }},
		"twice":                 {"a", 0, func(all *kpn.Gradients) { all.List = append(all.List, all.List[0]) }},
		"unsupported":           {"sine.freq", 0, func(all *kpn.Gradients) { gradient(all, "sine", "freq").Code = kpn.Unsupported }},
		"of a choice":           {"sine.shape", 0, func(all *kpn.Gradients) { gradient(all, "sine", "shape").Code = kpn.Done }},
		"too few values":        {"a", 0, func(all *kpn.Gradients) { gradient(all, "a", "").F64 = nil }},
		"of another shape": {"sine.freq", 0, func(all *kpn.Gradients) {
			*gradient(all, "sine", "freq") = kpn.Gradient{Ref: kpn.ParamRef{Node: "sine", Param: "freq"}, Shape: kpn.Shape{B: 1, C: 1, F: 1}, F64: []float64{1}}
		}},
		"zeros for all that moves": {"a", 0, func(all *kpn.Gradients) {
			for i := range all.List {
				clear(all.List[i].F64)
			}
		}},
	} {
		engine := newAnalytic()
		engine.spoil, engine.late = p.spoil, p.late
		r, err := check(engine, nil)
		var mismatch *gradcheck.MismatchError
		require.ErrorAs(t, err, &mismatch, name)
		got := mismatch.Line.Ref.String()
		if mismatch.Line.Ref.Param == "" {
			got = mismatch.Line.Ref.Node
		}
		assert.Equal(t, p.ref, got, name)
		assert.NotEmpty(t, mismatch.Line.Fault, name)
		assert.Contains(t, err.Error(), p.ref, name)
		assert.False(t, r.Pass(), name)
		assert.Contains(t, r.String(), "FAIL  "+p.ref, name)
	}
}

// A line that would pass with a gradient of zero too is not said to pass.
func TestUndecidedLinesSaySo(t *testing.T) {
	r := gradcheck.Report{Lines: []gradcheck.Line{
		{Ref: kpn.ParamRef{Node: "a", Param: "b"}, Adjoint: 1, Difference: 1.5, Error: 0.5, Allowed: 2},
		{Ref: kpn.ParamRef{Node: "c", Param: "d"}, Adjoint: 1, Difference: 1, Allowed: 0.5},
		{Ref: kpn.ParamRef{Node: "e", Param: "f"}, Allowed: 1},
		{Ref: kpn.ParamRef{Node: "g", Param: "h"}, Adjoint: 1, Allowed: 2, Fault: "another sign"},
	}}
	assert.Equal(t, 1, r.Undecided())
	assert.Contains(t, r.String(), "undecided  a.b")
	assert.Contains(t, r.String(), "1 of 4 are undecided")
	assert.Contains(t, r.String(), "FAIL       g.h")
}

func TestAWrongDeviceIsNamed(t *testing.T) {
	device := newAnalytic()
	device.name = "another"
	device.spoil = func(all *kpn.Gradients) { gradient(all, "sine", "phase").F64[0] *= 1.01 }
	r, err := check(newAnalytic(), device)
	var mismatch *compare.GradientMismatchError
	require.ErrorAs(t, err, &mismatch)
	assert.Equal(t, kpn.ParamRef{Node: "sine", Param: "phase"}, mismatch.Ref)
	assert.False(t, r.Pass())
	for i := range r.Lines {
		assert.True(t, r.Lines[i].Pass())
	}
	// A device that is the reference could not fail.
	_, err = check(newAnalytic(), newAnalytic())
	var same *compare.SameDeviceError
	assert.ErrorAs(t, err, &same)
}

func TestBothWrongsAreReported(t *testing.T) {
	spoil := func(all *kpn.Gradients) { gradient(all, "sum", "level_0").F64[0] *= 2 }
	reference, device := newAnalytic(), newAnalytic()
	reference.spoil, device.name = spoil, "another"
	_, err := check(reference, device)
	var first *gradcheck.MismatchError
	var second *compare.GradientMismatchError
	assert.ErrorAs(t, err, &first)
	assert.ErrorAs(t, err, &second)
}

func TestACheckEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g, job := sum(shape)
	_, err := gradcheck.Check(ctx, newAnalytic(), nil, g, job, gradcheck.Options{})
	assert.ErrorIs(t, err, context.Canceled)
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	g, job := sum(shape)
	run := func(g *kpn.Graph, job *kpn.Job, o gradcheck.Options) error {
		engine := newAnalytic()
		_, err := gradcheck.Check(context.Background(), engine, nil, g, job, o)
		assert.Zero(t, *engine.adjoints)
		return err
	}
	var option *gradcheck.OptionError
	for name, o := range map[string]gradcheck.Options{
		"anything passes":   {Relative: 1},
		"not a number":      {Relative: math.NaN()},
		"nothing passes":    {Relative: -1},
		"too far":           {Nudge: 1},
		"no direction":      {Directions: -1},
		"one direction":     {Directions: 1},
		"endless direction": {Directions: 1 << 30},
	} {
		assert.ErrorAs(t, run(g, job, o), &option, name)
	}
	var fault *kpn.GraphError
	require.ErrorAs(t, run(&kpn.Graph{}, job, gradcheck.Options{}), &fault)
	var bad *kpn.JobError
	require.ErrorAs(t, run(g, &kpn.Job{}, gradcheck.Options{}), &bad)
	long := &kpn.Job{Shape: kpn.Shape{B: 64, C: 64, F: 1 << 20}, Rate: 48000}
	one := &kpn.Graph{Nodes: []kpn.Node{{ID: "a", Kind: kpn.KindConstant}}, Outputs: []string{"a"}}
	require.ErrorAs(t, run(one, long, gradcheck.Options{}), &bad)
	assert.Contains(t, bad.Error(), "fewer items")
}

func TestGraphsWithoutGradientsPass(t *testing.T) {
	g := &kpn.Graph{Nodes: []kpn.Node{{ID: "hiss", Kind: kpn.KindNoise}}, Outputs: []string{"hiss"}}
	r, err := gradcheck.Check(context.Background(), noGradients{cpuref.New()}, nil, g, &kpn.Job{Shape: shape, Rate: 48000}, gradcheck.Options{})
	require.NoError(t, err)
	assert.Empty(t, r.Lines)
	for _, p := range g.Parameters(&g.Nodes[0]) {
		assert.Contains(t, r.Unsupported, kpn.ParamRef{Node: "hiss", Param: p.Name})
	}
}

// noGradients is the reference for graphs that have none.
type noGradients struct{ kpn.Engine }

func (e noGradients) Compile(g *kpn.Graph) (kpn.Executable, error) {
	x, err := e.Engine.Compile(g)
	return noGradientsExecutable{x, g}, err
}

type noGradientsExecutable struct {
	kpn.Executable
	graph *kpn.Graph
}

func (x noGradientsExecutable) Adjoint(_ context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	return kpn.NewGradients(x.graph, job.Job), nil
}
