package gpu_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"

	"sawmill/gpu"
	"sawmill/kpn"
)

// ramp is a tensor of values that all differ.
func ramp(s kpn.Shape) *kpn.Tensor {
	t := kpn.NewTensor(s)
	for i := range t.Data {
		t.Data[i] = float32((i*37)%101)/101 - 0.5
	}
	return t
}

// TestCustomKindsOnADevice holds the GLSL of a custom kind to its Go: in a
// graph with kinds of the catalogue, per frame, in a loop, in blocks.
func TestCustomKindsOnADevice(t *testing.T) {
	e := testedEngine(t)
	loop := kpn.Edge{From: "after", To: "out", Port: "amount", DelayFrames: 3, Modulation: &kpn.Modulation{Scale: 0.25, Channel: kpn.AllChannels}}
	for name, change := range map[string]func(*kpn.Graph){
		"alone":     func(*kpn.Graph) {},
		"per frame": func(g *kpn.Graph) { g.Nodes[1].Params = map[string]kpn.Param{"amount": {Rate: kpn.PerFrame}} },
		"per item":  func(g *kpn.Graph) { g.Nodes[1].Params = map[string]kpn.Param{"amount": {Rate: kpn.PerItem}} },
		"between": func(g *kpn.Graph) {
			// What is oversampled is late, and the kind is delayed to meet it.
			g.Nodes = append(g.Nodes, kpn.Node{ID: "after", Kind: kpn.KindMultiply}, kpn.Node{ID: "osc", Kind: kpn.KindOsc, Oversample: 2})
			g.Edges = append(g.Edges, kpn.Edge{From: "out", To: "after", Port: "in_0"}, kpn.Edge{From: "osc", To: "after", Port: "in_1"})
			g.Outputs = []string{"after", "out"}
		},
		"in a loop": func(g *kpn.Graph) {
			g.Nodes = append(g.Nodes, kpn.Node{ID: "after", Kind: kpn.KindGain})
			g.Edges = append(g.Edges, kpn.Edge{From: "out", To: "after", Port: "in"}, loop)
			g.Outputs = []string{"after"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := echoGraph()
			change(g)
			shape := kpn.Shape{B: 3, C: 2, F: 403}
			ref := kpn.ParamRef{Node: "out", Param: "amount"}
			job := &kpn.Job{Shape: shape, Rate: 48000, Inputs: map[string]*kpn.Tensor{"in": ramp(shape)}}
			switch g.Nodes[1].Params["amount"].Rate {
			case kpn.Constant:
			case kpn.PerFrame:
				amounts := ramp(shape)
				for i := range amounts.Data {
					amounts.Data[i] += 0.5
				}
				job.Frames = map[kpn.ParamRef]*kpn.Tensor{ref: amounts}
			case kpn.PerItem:
				job.Items = map[kpn.ParamRef][]float64{ref: {0, 0.5, 0.75}}
			}
			run := compare.Run{Case: t.Name(), Reference: cpuref.New(), Candidate: e}
			// Two products and two sums of numbers below 2 a frame, and a
			// loop that feeds a quarter of them back.
			tolerance := compare.Tolerance{MaxAbs: 8 * 0x1p-23, RMSdB: -126, Reason: "roundings of a sum and a product, fed back at less than half"}
			if name == "between" {
				tolerance = compare.Tolerance{MaxAbs: 1e-4, RMSdB: -96, Reason: "what the oscillator's own derived bound is, rounded up"}
			}
			_, err := run.Compare(context.Background(), g, job, repeated(tolerance, len(g.Outputs))...)
			require.NoError(t, err)
			blocked := *job
			blocked.BlockFrames = 7
			run.CandidateJob = &blocked
			_, err = run.Compare(context.Background(), g, job, repeated(tolerance, len(g.Outputs))...)
			require.NoError(t, err)

			back := &kpn.AdjointJob{Job: job}
			var cotangents kpn.TensorCotangents
			for range g.Outputs {
				cotangents = append(cotangents, ramp(shape))
			}
			back.Cotangents = cotangents
			if name == "in a loop" {
				// The reference takes no custom kind back in a loop: a mix of
				// the catalogue does the same there.
				agreeInLoop(t, e, g, back)
				return
			}
			both := [2]*kpn.Gradients{gradients(t, cpuref.New(), g, back), gradients(t, e, g, back)}
			for i, want := range both[0].List {
				near(t, want, both[1].List[i])
			}
			assert.Equal(t, both[0].NoAdjoint, both[1].NoAdjoint)
		})
	}
}

func repeated(tolerance compare.Tolerance, n int) []compare.Tolerance {
	list := make([]compare.Tolerance, n)
	for i := range list {
		list[i] = tolerance
	}
	return list
}

// agreeInLoop holds the gradients of a kind in a loop to those of a mix of its
// input and its input a frame late.
func agreeInLoop(t *testing.T, e kpn.Engine, g *kpn.Graph, job *kpn.AdjointJob) {
	t.Helper()
	same := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "in", Kind: kpn.KindInput},
			{ID: "out", Kind: kpn.KindMix},
			{ID: "late", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(0.25)}},
			{ID: "after", Kind: kpn.KindGain},
		},
		Edges: []kpn.Edge{
			{From: "in", To: "out", Port: "in_0"},
			{From: "late", To: "out", Port: "in_1"},
			{From: "in", To: "late", Port: "in", DelayFrames: 1},
			{From: "out", To: "after", Port: "in"},
			{From: "after", To: "late", Port: "gain", DelayFrames: 3, Modulation: g.Edges[2].Modulation},
		},
		Outputs: g.Outputs,
	}
	want, got := gradients(t, cpuref.New(), same, job), gradients(t, e, g, job)
	for of, ref := range map[kpn.ParamRef]kpn.ParamRef{
		{Node: "in"}:                   {Node: "in"},
		{Node: "out", Param: "amount"}: {Node: "late", Param: "gain"},
		{Node: "after", Param: "gain"}: {Node: "after", Param: "gain"},
	} {
		a, ok := want.Find(ref)
		require.True(t, ok, "%v", ref)
		b, ok := got.Find(of)
		require.True(t, ok, "%v", of)
		near(t, *a, *b)
	}
}

// gradients runs an adjoint on an engine.
func gradients(t *testing.T, e kpn.Engine, g *kpn.Graph, job *kpn.AdjointJob) *kpn.Gradients {
	t.Helper()
	x, err := e.Compile(g)
	require.NoError(t, err)
	defer func() { require.NoError(t, x.Close()) }()
	all, err := x.Adjoint(context.Background(), job)
	require.NoError(t, err)
	return all
}

// near holds a gradient to another: sums of 403 frames of numbers below 1, in
// floats.
func near(t *testing.T, want, got kpn.Gradient) {
	t.Helper()
	assert.Equal(t, want.Code, got.Code)
	for k := range want.Shape.Len() {
		require.InDelta(t, want.At(k), got.At(k), 403*0x1p-22, "%v: %d", want.Ref, k)
	}
}

// TestCustomKindsWithoutAnAdjoint: zeros are passed on, and the node is named.
func TestCustomKindsWithoutAnAdjoint(t *testing.T) {
	g := echoGraph()
	g.Custom["echo"].GLSL, _, _ = strings.Cut(echoGLSL, "//! adjoint")
	x, err := testedEngine(t).Compile(g)
	require.NoError(t, err)
	defer func() { require.NoError(t, x.Close()) }()
	shape := kpn.Shape{B: 1, C: 1, F: 70}
	job := &kpn.Job{Shape: shape, Rate: 48000, Inputs: map[string]*kpn.Tensor{"in": ramp(shape)}}
	all, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{ramp(shape)}})
	require.NoError(t, err)
	assert.Equal(t, []string{"out"}, all.NoAdjoint)
	amount, ok := all.Find(kpn.ParamRef{Node: "out", Param: "amount"})
	require.True(t, ok)
	assert.Equal(t, kpn.Unsupported, amount.Code)
	in, ok := all.Find(kpn.ParamRef{Node: "in"})
	require.True(t, ok)
	for i := range shape.F {
		assert.Zero(t, in.At(i))
	}
}

// TestCustomKindsRefused: what is missing or wrong is named before a device
// sees it, and what only its compiler sees comes with the line.
func TestCustomKindsRefused(t *testing.T) {
	e := testedEngine(t)
	compile := func(change func(*kpn.CustomKind)) error {
		g := echoGraph()
		change(g.Custom["echo"])
		x, err := e.Compile(g)
		if err == nil {
			require.NoError(t, x.Close())
		}
		return err
	}
	text := func(old, replacement string) func(*kpn.CustomKind) {
		return func(c *kpn.CustomKind) {
			c.GLSL = strings.Replace(c.GLSL, old, replacement, 1)
			require.NotEqual(t, echoGLSL, c.GLSL)
		}
	}
	var unsupported *kpn.UnsupportedError
	require.ErrorAs(t, compile(func(c *kpn.CustomKind) { c.GLSL = "" }), &unsupported)
	assert.Equal(t, "out", unsupported.Node)
	g := echoGraph()
	g.Custom["echo"].New = nil
	_, err := cpuref.New().Compile(g)
	require.ErrorAs(t, err, &unsupported)

	for want, change := range map[string]func(*kpn.CustomKind){
		`"signal" is none of state, params`:      text("state params inputs", "state params signal"),
		`"sinus" is none of phase`:               text("//! cost", "//! uses: sinus\n//! cost"),
		`unknown head line "color: 2"`:           text("cost: 2", "color: 2"),
		`it has no line "//! step`:               text("//! step: state params inputs\n", ""),
		"its words of state and of tape":         text("state: 1", "state: 100000"),
		`words of a state that its function`:     text("step: state params", "step: params"),
		`add "before"`:                           text("inputs before", "inputs"),
		"allowed are 262144":                     func(c *kpn.CustomKind) { c.GLSL = strings.Repeat(" ", kpn.MaxGLSL+1) },
		"its seek function takes its parameters": func(c *kpn.CustomKind) { c.Spec.Params = nil },
	} {
		err := compile(change)
		var graph *kpn.GraphError
		require.ErrorAs(t, err, &graph, want)
		assert.Contains(t, err.Error(), want)
	}
	var failed *gpu.CompileError
	require.ErrorAs(t, compile(text("s.last = x;", "s.lost = x;")), &failed)
	assert.Contains(t, failed.Error(), "lost")
	assert.Contains(t, failed.Error(), "look at the GLSL of kind "+string(failed.Kind))
	assert.NotEmpty(t, failed.Kind)
}
