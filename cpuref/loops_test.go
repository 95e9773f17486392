package cpuref_test

import (
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

// echo adds an input to what comes back through a gain and a delay.
func echo(gain float64, delay int) *kpn.Graph {
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "a", Kind: kpn.KindInput},
			{ID: "sum", Kind: kpn.KindMix},
			{ID: "back", Kind: kpn.KindGain, Params: constants(map[string]float64{"gain": gain})},
		},
		Edges: []kpn.Edge{
			{From: "a", To: "sum", Port: "in_0"},
			{From: "back", To: "sum", Port: "in_1", DelayFrames: delay},
			{From: "sum", To: "back", Port: "in"},
		},
		Outputs: []string{"sum"},
	}
}

// TestEchoes has an impulse in a loop of gain g and delay d: frame n·d is gⁿ.
func TestEchoes(t *testing.T) {
	for _, delay := range []int{1, 2, 3, 7, 100, 255, 256, 257, 1000, kpn.MaxEdgeDelay} {
		shape := kpn.Shape{B: 1, C: 1, F: 1500}
		x := kpn.NewTensor(shape)
		x.Data[0] = 1
		for _, block := range []int{1, 7, 64, 0} {
			job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": x}, BlockFrames: block}
			want := 1.
			for i, y := range render(t, echo(-0.75, delay), job)[0] {
				if i%delay != 0 {
					require.Zero(t, y, "delay %d, frame %d", delay, i)
					continue
				}
				require.Equal(t, want, y, "delay %d, frame %d", delay, i)
				want *= -0.75
			}
		}
	}
}

// TestSelfModulation feeds a sine's output back to its phase: y[n] =
// sin 2π(φ + s·y[n−d]).
func TestSelfModulation(t *testing.T) {
	const scale, frames = 0.2, 600
	for _, delay := range []int{1, 2, 5} {
		g := single(kpn.KindOsc, constants(map[string]float64{"freq": 750}))
		e := by("node", "phase", kpn.ModulationAdd, scale)
		e.DelayFrames = delay
		g.Edges = []kpn.Edge{e}
		y := one(t, g, frames)
		for i, got := range y {
			shift := 0.
			if i >= delay {
				shift = scale * y[i-delay]
			}
			require.InDelta(t, math.Sin(2*math.Pi*(float64(i)/64+shift)), got, 1e-12, "delay %d, frame %d", delay, i)
		}
	}
}

// TestLatenessInLoops has an oversampled saw that stands still, at a phase that
// its own output moves: that is linear, and is compared with the sum over its
// decimator's response to one frame.
func TestLatenessInLoops(t *testing.T) {
	const place, scale, more = 0.6, 0.1, 10
	g := single(kpn.KindOsc, constants(map[string]float64{"freq": 0, "shape": kpn.OscSaw, "phase": place}))
	g.Nodes[0].Oversample = 4
	latency := g.Nodes[0].Latency()
	e := by("node", "phase", kpn.ModulationAdd, scale)
	e.DelayFrames = latency
	g.Edges = []kpn.Edge{e}
	_, err := compiled(g)
	var fault *kpn.GraphError
	require.ErrorAs(t, err, &fault)
	require.Contains(t, fault.Reason, fmt.Sprint(latency+1))
	g.Edges[0].DelayFrames = latency + more
	x, err := compiled(g)
	require.NoError(t, err)
	require.Equal(t, latency, x.Latency())
	shape := kpn.Shape{B: 1, C: 1, F: 600}
	got := forward(t, x, 1, &kpn.Job{Shape: shape, Rate: rate})[0]

	open := &kpn.Graph{Nodes: slices.Clone(g.Nodes), Outputs: g.Outputs}
	open.Nodes[0].Params = maps.Clone(g.Nodes[0].Params)
	open.Nodes[0].Params["phase"] = kpn.Param{Rate: kpn.PerFrame}
	phase := kpn.NewTensor(shape)
	phase.Data[200] = 0.25
	response := render(t, open, &kpn.Job{Shape: shape, Rate: rate, Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "node", Param: "phase"}: phase}})[0]
	for i := range response {
		response[i] = (response[i] + 1) * 2
	}
	// The loop's frame 0 is latency frames before that of the content.
	level, y := make([]float64, shape.F+latency), make([]float64, shape.F+latency)
	for n := range y {
		level[n] = 2*place - 1
		if n >= more {
			level[n] += 2 * scale * y[n-more]
		}
		for k := 0; k <= min(n, 2*latency); k++ {
			y[n] += response[200-latency+k] * level[n-k]
		}
	}
	for i, v := range got {
		require.InDelta(t, y[i+latency], v, 1e-12, "frame %d", i)
	}
}

// snarl has two loops that share nodes, a loop behind them, poles, a loop
// through an oversampled oscillator's frequency and late paths into and out of
// loops.
func snarl() *kpn.Graph {
	c := func(pairs map[string]float64) map[string]kpn.Param { return constants(pairs) }
	mod := func(from, to, param string, scale float64, delay int) kpn.Edge {
		return kpn.Edge{From: from, To: to, Port: param, DelayFrames: delay, Modulation: &kpn.Modulation{Scale: scale, Channel: kpn.AllChannels}}
	}
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "a", Kind: kpn.KindInput},
			{ID: "late", Kind: kpn.KindOsc, Oversample: 8, Params: c(map[string]float64{"freq": 700, "phase": 0.2})},
			{ID: "first", Kind: kpn.KindMix, Params: c(map[string]float64{"level_0": 0.6, "level_1": 0.4, "level_2": -0.3, "level_3": 0.5})},
			{ID: "pole", Kind: kpn.KindGain, Params: c(map[string]float64{"gain": 0.4})},
			{ID: "second", Kind: kpn.KindGain, Params: c(map[string]float64{"gain": -0.6})},
			{ID: "tone", Kind: kpn.KindOsc, Oversample: 2, Params: c(map[string]float64{"freq": 900, "phase": 0.4})},
			{ID: "third", Kind: kpn.KindMultiply},
			{ID: "pole_2", Kind: kpn.KindGain, Params: c(map[string]float64{"gain": 0.3})},
			{ID: "even", Kind: kpn.KindNormalize, Params: c(map[string]float64{"peak": 0.8})},
		},
		Edges: []kpn.Edge{
			{From: "a", To: "first", Port: "in_0"},
			{From: "late", To: "first", Port: "in_1", DelayFrames: 2},
			{From: "pole", To: "first", Port: "in_2", DelayFrames: 1},
			{From: "second", To: "first", Port: "in_3", DelayFrames: 3},
			{From: "first", To: "pole", Port: "in"},
			{From: "pole", To: "second", Port: "in"},
			mod("second", "pole", "gain", 0.2, 2),
			mod("tone", "tone", "freq", 20, 150),
			mod("pole", "tone", "phase", 0.01, 0),
			{From: "tone", To: "third", Port: "in_0"},
			{From: "second", To: "third", Port: "in_1"},
			{From: "third", To: "pole_2", Port: "in", DelayFrames: 4},
			{From: "pole_2", To: "even", Port: "in"},
		},
		Outputs: []string{"even", "second", "pole_2", "tone"},
	}
}

// TestLoopsChangeNoBit renders with other blocks and processors, and goes back
// with others.
func TestLoopsChangeNoBit(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 5000}
	g, job := bind(snarl(), shape, bindings[3], 200)
	w := cotangents(len(g.Outputs), shape)
	a := &kpn.AdjointJob{Job: job, Cotangents: w}
	want, back := render(t, g, job), adjoint(t, g, a)
	for _, n := range []int{1, 7, 64, shape.F} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			before := runtime.GOMAXPROCS(1 + n%3)
			t.Cleanup(func() { runtime.GOMAXPROCS(before) })
			other := *job
			other.BlockFrames = n
			require.Equal(t, want, render(t, g, &other))
			require.Equal(t, back, adjoint(t, g, &kpn.AdjointJob{Job: &other, Cotangents: w}))
		})
	}
	requireSameItems(t, "items", g, job, w, back, 1, 1)
}

// TestAdjointOfLoops compares the gradients of loops with difference quotients,
// in rows of several spans too.
func TestAdjointOfLoops(t *testing.T) {
	for i, to := range bindings {
		shape := kpn.Shape{B: 2, C: 2, F: 300}
		g, job := bind(snarl(), shape, to, uint64(210+i))
		norms := requireGradientsBut(t, to.name, g, job, cotangents(len(g.Outputs), shape), 67, "pitch")
		for ref, norm := range norms {
			unused := ref.Param == "width" || ref.Param == "saw" || ref.Param == "harmonics"
			require.Equal(t, unused, norm == 0, "%s: %v", to.name, ref)
		}
	}
	shape := kpn.Shape{B: 1, C: 1, F: 9000}
	g, job := bind(snarl(), shape, bindings[2], 220)
	requireGradientsBut(t, "long", g, job, cotangents(len(g.Outputs), shape), 3001, "pitch")
}

// TestAdjointOfEchoesIsATranspose draws linear loops and holds them to
// ⟨Jv, w⟩ = ⟨v, Jᵀw⟩, within 1e-12 of ‖v‖·‖w‖ times a gain of at most 1/(1 − 0.9).
func TestAdjointOfEchoesIsATranspose(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		delay := rapid.OneOf(rapid.IntRange(1, 8), rapid.IntRange(1, 400), rapid.Just(kpn.MaxEdgeDelay))
		g := echo(0.5, delay.Draw(r, "back"))
		g.Nodes = append(g.Nodes, kpn.Node{ID: "other", Kind: kpn.KindGain, Params: constants(map[string]float64{"gain": -0.4})},
			kpn.Node{ID: "late", Kind: kpn.KindOsc, Oversample: 1 << rapid.IntRange(0, 6).Draw(r, "ratio")},
			kpn.Node{ID: "nothing", Kind: kpn.KindGain, Params: constants(map[string]float64{"gain": 0})})
		g.Edges = append(g.Edges,
			kpn.Edge{From: "sum", To: "other", Port: "in", DelayFrames: rapid.IntRange(0, 9).Draw(r, "to other")},
			kpn.Edge{From: "other", To: "sum", Port: "in_2", DelayFrames: delay.Draw(r, "other")},
			kpn.Edge{From: "late", To: "nothing", Port: "in"},
			kpn.Edge{From: "nothing", To: "sum", Port: "in_3"},
		)
		g.Outputs = []string{"sum", "other"}
		shape := kpn.Shape{B: 1, C: 1, F: rapid.IntRange(1, 900).Draw(r, "frames")}
		x := tensor(shape, rapid.Uint64().Draw(r, "seed"), -1, 1)
		job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": x}}
		w := cotangents(2, shape)
		left, norm, right, size := 0., 0., 0., 0.
		for o, samples := range render(t, g, job) {
			for i, y := range samples {
				left += y * float64(w[o].Data[i])
				norm = math.Hypot(norm, float64(w[o].Data[i]))
			}
		}
		gradient, _ := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: w}).Find(kpn.ParamRef{Node: "a"})
		for i, v := range x.Data {
			right += float64(v) * gradient.F64[i]
			size = math.Hypot(size, float64(v))
		}
		if math.Abs(left-right) > 1e-11*norm*size {
			r.Fatalf("⟨Jv, w⟩ = %v, ⟨v, Jᵀw⟩ = %v", left, right)
		}
	})
}
