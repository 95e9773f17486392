package cpuref_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// tangled has paths of three latencies that meet, delays on edges, a source
// with several readers, outputs that arrive at different times and three
// whole-row nodes, of which two are in a chain and one is beside it.
func tangled() *kpn.Graph {
	c := func(pairs map[string]float64) map[string]kpn.Param { return constants(pairs) }
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "saw", Kind: kpn.KindOsc, Oversample: 8, Params: c(map[string]float64{"shape": kpn.OscSaw, "freq": 700, "phase": 0.3})},
			{ID: "pulse", Kind: kpn.KindOsc, Oversample: 2, Quality: kpn.High, Params: c(map[string]float64{"shape": kpn.OscPulse, "freq": 7000, "phase": 0.2, "width": 0.3})},
			{ID: "tri", Kind: kpn.KindOsc, Params: c(map[string]float64{"shape": kpn.OscTriangle, "freq": 300, "phase": 0.6})},
			{ID: "hiss", Kind: kpn.KindNoise},
			{ID: "shape", Kind: kpn.KindAdsr, Params: c(map[string]float64{
				"attack": 0.00156, "decay": 0.00156, "sustain": 0.6, "release": 0.00167, "gate": 0.00417, "curve": 1.7,
			})},
			{ID: "outside", Kind: kpn.KindInput},
			{ID: "level", Kind: kpn.KindConstant, Params: c(map[string]float64{"value": 0.7})},
			{ID: "shaped", Kind: kpn.KindMultiply},
			{ID: "soft", Kind: kpn.KindGain, Params: c(map[string]float64{"gain": 0.4})},
			{ID: "even", Kind: kpn.KindNormalize, Params: c(map[string]float64{"peak": 0.8})},
			{ID: "beside", Kind: kpn.KindNormalize, Params: c(map[string]float64{"peak": 0.9})},
			{ID: "sum", Kind: kpn.KindMix, Params: c(map[string]float64{"level_0": 1.1, "level_1": -0.6, "level_2": 0.5, "level_3": 0.7, "level_4": 0.3})},
			{ID: "out", Kind: kpn.KindNormalize, Params: c(map[string]float64{"mode": kpn.NormalizeLimit, "peak": 0.5})},
			{ID: "after", Kind: kpn.KindGain, Params: c(map[string]float64{"gain": 1.3})},
		},
		Edges: []kpn.Edge{
			{From: "saw", To: "shaped", Port: "in_0"},
			{From: "shape", To: "shaped", Port: "in_1", DelayFrames: 5},
			{From: "level", To: "shaped", Port: "in_2"},
			{From: "tri", To: "shaped", Port: "in_3"},
			{From: "hiss", To: "soft", Port: "in", DelayFrames: 29},
			{From: "pulse", To: "even", Port: "in", DelayFrames: 2},
			{From: "outside", To: "beside", Port: "in"},
			{From: "shaped", To: "sum", Port: "in_0"},
			{From: "soft", To: "sum", Port: "in_1"},
			{From: "even", To: "sum", Port: "in_2"},
			{From: "tri", To: "sum", Port: "in_3", DelayFrames: 11},
			{From: "outside", To: "sum", Port: "in_4", DelayFrames: 37},
			{From: "sum", To: "out", Port: "in", DelayFrames: 1},
			{From: "out", To: "after", Port: "in", DelayFrames: 3},
		},
		Outputs: []string{"after", "even", "tri", "beside", "out", "soft"},
	}
}

// TestAdjointOfATangledGraph compares the gradients of all parameters of a
// whole graph with difference quotients.
func TestAdjointOfATangledGraph(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 300}
	for i, to := range bindings {
		g, job := bind(tangled(), shape, to, uint64(80+i))
		norms := requireGradients(t, to.name, g, job, cotangents(len(g.Outputs), shape), 67)
		// No width but the pulse's counts, and there is no square-saw.
		for ref, norm := range norms {
			zero := ref.Param == "width" && ref.Node != "pulse" || ref.Param == "saw" || ref.Param == "harmonics"
			require.Equal(t, zero, norm == 0, "%s: %v", to.name, ref)
		}
	}
}

// TestAdjointOfALongRow goes back through several checkpoints, with statistics
// measured in the pass that keeps them and, in the tangled graph, before it.
// Its pulse is slow: of many periods two may have peaks so close that a step
// of the quotient changes which is the largest.
func TestAdjointOfALongRow(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 14000}
	long, simple, apart := tangled(), tangled(), tangled()
	for _, g := range []*kpn.Graph{long, simple, apart} {
		g.Nodes[1].Params["freq"] = kpn.Const(500)
	}
	simple.Outputs = []string{"out"}
	// Nothing that is measured needs the oscillator.
	apart.Outputs = []string{"beside", "tri"}
	for name, base := range map[string]*kpn.Graph{"tangled": long, "simple": simple, "apart": apart} {
		g, job := bind(base, shape, bindings[2], 90)
		// Envelopes and steps are long, so that they reach over checkpoints.
		for ref, v := range job.Items {
			if p := ref.Param; p == "attack" || p == "decay" || p == "release" || p == "gate" {
				job.Items[ref] = []float64{v[0] * 41}
			}
		}
		w := cotangents(len(g.Outputs), shape)
		// The step of a pitch suits pulses of 9 kHz: in as many frames it is lost in
		// rounding.
		requireGradientsBut(t, name, g, job, w, 1+shape.F/9, "pitch")
	}
	g, job := bind(oscAt(kpn.OscPulse, kpn.BandLimitPolyBLEP4, 4, kpn.Standard, 200), shape, bindings[3], 91)
	requireGradients(t, "per frame", g, job, cotangents(1, shape), 1+shape.F/9)
}

// TestAdjointOfWhatIsNotHeard has a node that no output depends on: its
// gradients exist and are zero.
func TestAdjointOfWhatIsNotHeard(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 1, F: 30}
	base := tangled()
	base.Outputs = []string{"tri"}
	for _, to := range bindings {
		g, job := bind(base, shape, to, 1)
		all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: cotangents(1, shape)})
		for i := range all.List {
			v := &all.List[i]
			if v.Ref.Node != "tri" {
				require.Equal(t, make([]float64, v.Shape.Len()), v.F64, v.Ref)
			}
		}
		require.Empty(t, all.PeakFrames)
	}
}
