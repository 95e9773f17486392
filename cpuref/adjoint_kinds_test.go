package cpuref_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// sources is a graph of one node behind inputs, one for each of its ports.
func sources(kind kpn.Kind, ports int, params map[string]float64) *kpn.Graph {
	g := single(kind, constants(params))
	for i, name := range []string{"a", "b", "c"}[:ports] {
		g.Nodes = append(g.Nodes, kpn.Node{ID: name, Kind: kpn.KindInput})
		port := "in"
		if ports > 1 {
			port = []string{"in_0", "in_1", "in_2"}[i]
		}
		g.Edges = append(g.Edges, kpn.Edge{From: name, To: "node", Port: port})
	}
	return g
}

// kindCases has graphs in which all gradients of a kind's node exist and are
// not zero.
var kindCases = map[kpn.Kind]map[string]*kpn.Graph{
	kpn.KindConstant: {"": single(kpn.KindConstant, constants(map[string]float64{"value": 0.7}))},
	kpn.KindInput:    {"": single(kpn.KindInput, nil)},
	kpn.KindOsc: {"": single(kpn.KindOsc, constants(map[string]float64{
		"shape": kpn.OscPulse, "freq": 1234, "phase": 0.4, "width": 0.3,
	}))},
	kpn.KindNoise: {"": single(kpn.KindNoise, nil)},
	// At 48 kHz: the attack ends at frame 75, the decay at 150, the gate at
	// 200 and the release at 280.
	kpn.KindAdsr: {
		"every stage": single(kpn.KindAdsr, constants(map[string]float64{
			"attack": 0.00156, "decay": 0.00156, "sustain": 0.6, "release": 0.00167, "gate": 0.00417, "curve": 1.7,
		})),
		"hollow": single(kpn.KindAdsr, constants(map[string]float64{
			"attack": 0.00156, "decay": 0.00156, "sustain": 0.6, "release": 0.00167, "gate": 0.00417, "curve": 3,
		})),
	},
	kpn.KindGain:     {"": sources(kpn.KindGain, 1, map[string]float64{"gain": 0.8})},
	kpn.KindMultiply: {"": sources(kpn.KindMultiply, 3, nil), "a square": square()},
	kpn.KindMix:      {"": sources(kpn.KindMix, 3, map[string]float64{"level_0": 0.8, "level_1": -0.5, "level_2": 1.2})},
	kpn.KindNormalize: {
		"always": sources(kpn.KindNormalize, 1, map[string]float64{"peak": 0.8}),
		"limit":  sources(kpn.KindNormalize, 1, map[string]float64{"peak": 0.8, "mode": kpn.NormalizeLimit}),
	},
}

// square multiplies an input by itself.
func square() *kpn.Graph {
	g := sources(kpn.KindMultiply, 1, nil)
	g.Edges = []kpn.Edge{{From: "a", To: "node", Port: "in_0"}, {From: "a", To: "node", Port: "in_1"}}
	return g
}

// TestAdjointOfEveryKind compares every gradient of every kind's node, at
// every rate, with difference quotients. The job is longer than a chunk.
func TestAdjointOfEveryKind(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 300}
	for _, kind := range kpn.KindNames() {
		require.NotEmpty(t, kindCases[kpn.Kind(kind)], "%s has no case", kind)
		for variant, base := range kindCases[kpn.Kind(kind)] {
			for i, to := range bindings {
				name := describe(kind, " ", variant, ", ", to.name)
				g, job := bind(base, shape, to, uint64(20+i))
				norms := requireGradients(t, name, g, job, cotangents(1, shape), 7)
				for ref, norm := range norms {
					require.Positive(t, norm, "%s: nothing depends on %v", name, ref)
				}
				n, _ := g.Node("node")
				for _, p := range g.Parameters(n) {
					_, has := norms[kpn.ParamRef{Node: "node", Param: p.Name}]
					require.Equal(t, p.Spec.Differentiable, has, "%s: %s", name, p.Name)
				}
			}
		}
	}
}

// TestAdjointOfCutEnvelopes has gates that end in the attack and in the decay,
// whose lengths then follow the gate.
func TestAdjointOfCutEnvelopes(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 1, F: 300}
	cases := map[string]struct {
		params map[string]float64
		zero   []string
	}{
		"in the attack": {map[string]float64{
			"attack": 0.00417, "decay": 0.00156, "sustain": 0.6, "release": 0.00167, "gate": 0.00156, "curve": 1.7,
		}, []string{"attack", "decay"}},
		"in the decay": {map[string]float64{
			"attack": 0.00156, "decay": 0.00417, "sustain": 0.6, "release": 0.00167, "gate": 0.00313, "curve": 1.7,
		}, []string{"decay"}},
	}
	for name, c := range cases {
		for i, to := range bindings {
			g, job := bind(single(kpn.KindAdsr, constants(c.params)), shape, to, uint64(40+i))
			norms := requireGradients(t, describe(name, ", ", to.name), g, job, cotangents(1, shape), 3)
			for ref, norm := range norms {
				zero := false
				for _, p := range c.zero {
					zero = zero || p == ref.Param
				}
				require.Equal(t, zero, norm == 0, "%s, %s: %v", name, to.name, ref)
			}
		}
	}
}

// TestAdjointOfPassingNormalize has rows, and frames of rows, that mode limit
// lets pass.
func TestAdjointOfPassingNormalize(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 300}
	g := sources(kpn.KindNormalize, 1, map[string]float64{"peak": 4, "mode": kpn.NormalizeLimit})
	g, job := bind(g, shape, bindings[2], 1)
	job.Items[kpn.ParamRef{Node: "node", Param: "peak"}] = []float64{4, 0.5, 2, 8}
	w := cotangents(1, shape)
	requireGradients(t, "rows", g, job, w, 7)
	all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: w})
	peak, _ := all.Find(kpn.ParamRef{Node: "node", Param: "peak"})
	require.Equal(t, []bool{true, false, false, true}, []bool{peak.F64[0] == 0, peak.F64[1] == 0, peak.F64[2] == 0, peak.F64[3] == 0})
	in, _ := all.Find(kpn.ParamRef{Node: "a"})
	for f := range shape.F {
		require.Equal(t, float64(w[0].Data[f]), in.F64[f])
	}

	g, job = bind(sources(kpn.KindNormalize, 1, map[string]float64{"peak": 4, "mode": kpn.NormalizeLimit}), shape, bindings[3], 2)
	// Half of the frames are above the rows' 3.
	frames := job.Frames[kpn.ParamRef{Node: "node", Param: "peak"}]
	for i := range frames.Data {
		frames.Data[i] = float32(1 + 4*(i%2))
	}
	requireGradients(t, "frames", g, job, w, 7)
}
