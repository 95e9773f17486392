package compare_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// swept is an lfo of some shapes, whose frequency follows an envelope. At the
// control rate that is off by 10⁻¹⁴, at the audio rate by 10⁻⁶.
func swept(control bool, weights map[string]float64) (*kpn.Graph, *kpn.Job) {
	lfo := kpn.Node{ID: "lfo", Kind: kpn.KindLfo, Control: control, Params: map[string]kpn.Param{"freq": kpn.Const(5), "sin": kpn.Const(0)}}
	for name, w := range weights {
		lfo.Params[name] = kpn.Const(w)
	}
	g := only(kpn.Node{ID: "rate", Kind: kpn.KindEnvelope, Control: control}, lfo, kpn.Node{ID: "out", Kind: kpn.KindGain})
	g.Outputs = []string{"out"}
	g.Edges = []kpn.Edge{
		modulation("rate", "lfo", "freq", kpn.ModulationAdd, 10),
		{From: "lfo", To: "out", Port: "in"},
	}
	if control {
		g.Control = kpn.Control{Rate: 441, AlignEnds: true}
	}
	return g, &kpn.Job{Shape: kpn.Shape{B: 4, C: 1, F: 44100}, Rate: 44100}
}

// TestJumpsOfSweptLfos: where a frame falls next to a jump is decided by the
// phase, and so by whoever is right about it.
func TestJumpsOfSweptLfos(t *testing.T) {
	jumps := map[string]float64{"sin": 0.5, "sqr": 0.5, "saw": 0.1}
	smooth := map[string]float64{"sin": 0.5, "tri": 0.5}
	g, job := swept(true, jumps)
	// Control signals are good to float32: interpolating them, and the gain, is
	// what is left.
	at := derive(t, g, job, nil)
	assert.Less(t, at.MaxAbs, 11*0x1p-24)
	g, job = swept(false, smooth)
	at = derive(t, g, job, nil)
	// A second at up to 10 Hz more, off by 1.6e-6 of that, at a slope of π.
	assert.InDelta(t, 5e-5, at.MaxAbs, 4e-5)
	g, job = swept(false, jumps)
	_, err := compare.Derive(g, job, nil)
	var refused *compare.ConfigError
	require.ErrorAs(t, err, &refused)
}

// TestMovingEnvelopes have a tolerance if no ramp may vanish.
func TestMovingEnvelopes(t *testing.T) {
	node := func(alpha float64) kpn.Node {
		return kpn.Node{ID: "a", Kind: kpn.KindEnvelope, Params: map[string]kpn.Param{
			"attack": kpn.Const(0.1), "decay": kpn.Const(0.2), "release": kpn.Const(0.3), "gate": kpn.Const(0.5), "alpha": kpn.Const(alpha),
		}}
	}
	still := derive(t, only(node(2)), &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 1000}, Rate: 48000}, nil)
	g, job := fed(node(2), "decay", kpn.ModulationAdd, 0.1, 1000)
	moving := derive(t, g, job, nil)
	assert.GreaterOrEqual(t, moving.MaxAbs, still.MaxAbs)
	assert.Less(t, moving.MaxAbs, 1.01*still.MaxAbs)
	g, job = fed(node(2), "decay", kpn.ModulationAdd, 0.2, 1000)
	_, err := compare.Derive(g, job, nil)
	var refused *compare.ConfigError
	require.ErrorAs(t, err, &refused)
}

// TestPitchesAreKnown: what a harmonics may give depends on the lowest pitch.
func TestPitchesAreKnown(t *testing.T) {
	nodes := []kpn.Node{
		{ID: "note", Kind: kpn.KindConstant, Params: map[string]kpn.Param{"value": kpn.Const(60)}},
		{ID: "in", Kind: kpn.KindInput},
		{ID: "sum", Kind: kpn.KindMix},
		{ID: "a", Kind: kpn.KindHarmonics},
	}
	edges := []kpn.Edge{{From: "note", To: "sum", Port: "in_0"}, {From: "in", To: "sum", Port: "in_1"}}
	g := &kpn.Graph{Nodes: nodes, Outputs: []string{"a"}, Edges: append(edges, kpn.Edge{From: "sum", To: "a", Port: "in"})}
	// At 59, the lowest, K is 20: what is left is some roundings of that, and of
	// the pitch over 12.
	at := derive(t, g, inputJob(100), nil)
	assert.Greater(t, at.MaxAbs, 20*7*0x1p-24)
	assert.Less(t, at.MaxAbs, 20*(2*61./12+30)*0x1p-24)
	g = &kpn.Graph{
		Nodes:   append(nodes, kpn.Node{ID: "clip", Kind: kpn.KindClip, Params: map[string]kpn.Param{"low": kpn.Const(50), "high": kpn.Const(80)}}),
		Outputs: []string{"a"},
		Edges:   append(edges, kpn.Edge{From: "sum", To: "clip", Port: "in"}, kpn.Edge{From: "clip", To: "a", Port: "in"}),
	}
	clipped := derive(t, g, inputJob(100), nil)
	assert.Greater(t, clipped.MaxAbs, at.MaxAbs, "of a clip only the ends count")
}
