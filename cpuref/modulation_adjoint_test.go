package cpuref_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// vibrant has an oscillator, a gain and a mix whose parameters are modulated by
// signals that are late, delayed, shared and modulated themselves.
func vibrant() *kpn.Graph {
	c := func(pairs map[string]float64) map[string]kpn.Param { return constants(pairs) }
	edge := func(from, to, param string, mode kpn.ModulationMode, scale float64, delay int) kpn.Edge {
		return kpn.Edge{From: from, To: to, Port: param, DelayFrames: delay, Modulation: &kpn.Modulation{Mode: mode, Scale: scale, Channel: kpn.AllChannels}}
	}
	const add, multiply = kpn.ModulationAdd, kpn.ModulationMultiply
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "outside", Kind: kpn.KindInput},
			{ID: "slow", Kind: kpn.KindOsc, Oversample: 4, Params: c(map[string]float64{"freq": 200, "phase": 0.1})},
			{ID: "tone", Kind: kpn.KindOsc, Oversample: 2, Params: c(map[string]float64{"freq": 900, "phase": 0.4})},
			{ID: "tri", Kind: kpn.KindOsc, Params: c(map[string]float64{"shape": kpn.OscTriangle, "freq": 500, "phase": 0.3})},
			{ID: "shape", Kind: kpn.KindAdsr, Params: c(map[string]float64{
				"attack": 0.00156, "decay": 0.00156, "sustain": 0.6, "release": 0.00167, "gate": 0.00417, "curve": 1.7,
			})},
			{ID: "level", Kind: kpn.KindGain, Params: c(map[string]float64{"gain": 0.8})},
			{ID: "sum", Kind: kpn.KindMix, Params: c(map[string]float64{"level_0": 0.7, "level_1": -0.6})},
			{ID: "peak", Kind: kpn.KindNormalize, Params: c(map[string]float64{"peak": 0.9})},
		},
		Edges: []kpn.Edge{
			edge("slow", "tone", "freq", add, 30, 0),
			edge("outside", "tone", "freq", multiply, 0.5, 20),
			edge("shape", "tone", "phase", add, 0.01, 0),
			edge("slow", "shape", "sustain", add, 0.1, 3),
			{From: "tone", To: "level", Port: "in"},
			edge("shape", "level", "gain", multiply, 1.5, 0),
			edge("outside", "level", "gain", add, 0.2, 0),
			edge("tri", "level", "gain", multiply, 0.9, 5),
			{From: "level", To: "sum", Port: "in_0"},
			{From: "tri", To: "sum", Port: "in_1", DelayFrames: 2},
			edge("level", "sum", "level_1", add, 0.3, 0),
			{From: "sum", To: "peak", Port: "in"},
			edge("shape", "peak", "peak", add, 0.1, 0),
		},
		Outputs: []string{"peak", "level", "tone"},
	}
	return g
}

// TestAdjointOfModulation compares the gradients of a graph of modulations with
// difference quotients.
func TestAdjointOfModulation(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 300}
	for i, to := range bindings {
		g, job := bind(vibrant(), shape, to, uint64(120+i))
		// The step of a pitch suits pulses of 9 kHz: here it is lost in rounding.
		norms := requireGradientsBut(t, to.name, g, job, cotangents(len(g.Outputs), shape), 67, "pitch")
		for ref, norm := range norms {
			// Sines and triangles have no use for these.
			unused := ref.Param == "width" || ref.Param == "saw" || ref.Param == "harmonics"
			require.Equal(t, unused, norm == 0, "%s: %v", to.name, ref)
		}
	}
}

// TestAdjointOfModulationOnOneChannel and beyond the ends of a range: a signal
// has no part in the other channel, nor has anything where a width is beyond 0
// and 1.
func TestAdjointOfModulationOnOneChannel(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 300}
	only := by("b", "level_0", kpn.ModulationMultiply, 2)
	only.Modulation.Channel = 1
	base := modulated(kpn.KindMix, 1, map[string]float64{"level_0": 0.7}, kpn.Edge{From: "a", To: "node", Port: "in_0"}, only)
	g, job := bind(base, shape, bindings[3], 140)
	requireGradients(t, "channel", g, job, cotangents(1, shape), 7)
	all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: cotangents(1, shape)})
	b, _ := all.Find(kpn.ParamRef{Node: "b"})
	for i, d := range b.F64 {
		_, c, _ := shape.Coordinates(i)
		require.Equal(t, c == 0, d == 0)
	}

	base = modulated(kpn.KindAdsr, 1, map[string]float64{"gate": 1, "sustain": 0.5, "attack": 1e-5, "decay": 1e-5, "release": 0.1, "curve": 1}, by("a", "sustain", kpn.ModulationAdd, 1))
	g, job = bind(base, shape, bindings[3], 141)
	// All of it but frame 0 is the sustain.
	for _, name := range []string{"gate", "attack", "decay", "release"} {
		delete(job.Frames, kpn.ParamRef{Node: "node", Param: name})
		n, _ := g.Node("node")
		n.Params[name] = base.Nodes[0].Params[name]
	}
	requireGradients(t, "range", g, job, cotangents(1, shape), 7)
	all = adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: cotangents(1, shape)})
	a, _ := all.Find(kpn.ParamRef{Node: "a"})
	sustain, _ := all.Find(kpn.ParamRef{Node: "node", Param: "sustain"})
	require.Equal(t, sustain.F64, a.F64)
	inside := 0
	for i, d := range a.F64 {
		v := float64(job.Frames[sustain.Ref].Data[i]) + float64(job.Inputs["a"].Data[i])
		require.Equal(t, v >= 0 && v <= 1 && i%shape.F > 0, d != 0, "frame %d", i)
		if d != 0 {
			inside++
		}
	}
	require.Greater(t, inside, 300)
	require.Less(t, inside, 900)
}
