package gpu_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// TestSweptLfo is half of a voice, at the audio rate and at the control rate,
// where its kinds compute in doubles: an envelope moves the frequency of an
// lfo, which is limited, multiplied by another envelope, and moves a pitch
// whose harmonics are counted.
func TestSweptLfo(t *testing.T) {
	engine := testedEngine(t)
	for _, control := range []bool{false, true} {
		g := swept(control)
		job := &kpn.Job{Shape: kpn.Shape{B: 2, C: 1, F: 6000}, Rate: 44100, Seed: 3, BlockFrames: 2048}
		_, err := compare.Engines(context.Background(), cpuref.New(), engine, g, job)
		require.NoError(t, err, "control %t", control)
		asked := &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(1, len(g.Outputs), job.Shape)}
		_, err = compare.Run{Case: "swept", Reference: cpuref.New(), Candidate: engine}.Adjoints(context.Background(), g, asked)
		require.NoError(t, err, "control %t", control)
	}
}

func swept(control bool) *kpn.Graph {
	constants := func(pairs map[string]float64) map[string]kpn.Param {
		params := map[string]kpn.Param{}
		for name, v := range pairs {
			params[name] = kpn.Const(v)
		}
		return params
	}
	modulation := func(from, to, param string, scale float64) kpn.Edge {
		return kpn.Edge{From: from, To: to, Port: param, Modulation: &kpn.Modulation{Scale: scale, Channel: kpn.AllChannels}}
	}
	weights := map[string]float64{"freq": 73, "phase": -0.3, "sin": 0.8, "tri": 0.3}
	if control {
		// A second that is off by 10⁻⁶ of a cycle may have a jump on another frame.
		weights["saw"], weights["rsaw"], weights["sqr"] = 0.4, 0.2, 0.6
	}
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "rate", Kind: kpn.KindEnvelope, Params: constants(map[string]float64{
				"attack": 0.03, "decay": 0.02, "sustain": 0.4, "release": 0.05, "gate": 0.062, "alpha": 0.7,
			})},
			{ID: "amp", Kind: kpn.KindEnvelope, Params: constants(map[string]float64{
				"attack": 0.01, "decay": 0.04, "sustain": 0.6, "release": 0.12, "gate": 0.062, "alpha": 2.7,
			})},
			{ID: "lfo", Kind: kpn.KindLfo, Params: constants(weights)},
			{ID: "limited", Kind: kpn.KindClip, Params: constants(map[string]float64{"low": 0.1, "high": 0.5})},
			{ID: "shaped", Kind: kpn.KindMultiply},
			{ID: "note", Kind: kpn.KindConstant, Params: constants(map[string]float64{"value": 50.3})},
			{ID: "count", Kind: kpn.KindHarmonics},
		},
		Edges: []kpn.Edge{
			modulation("rate", "lfo", "freq", 150),
			{From: "lfo", To: "limited", Port: "in"},
			{From: "limited", To: "shaped", Port: "in_0"},
			{From: "amp", To: "shaped", Port: "in_1"},
			modulation("lfo", "note", "value", 10),
			{From: "note", To: "count", Port: "in"},
			{From: "shaped", To: "a", Port: "in"},
			{From: "count", To: "b", Port: "in"},
		},
		Outputs: []string{"a", "b"},
	}
	for i := range g.Nodes {
		g.Nodes[i].Control = control
	}
	g.Nodes = append(g.Nodes, kpn.Node{ID: "a", Kind: kpn.KindGain}, kpn.Node{ID: "b", Kind: kpn.KindGain})
	if control {
		g.Control = kpn.Control{Rate: 4410, AlignEnds: true}
	}
	return g
}
