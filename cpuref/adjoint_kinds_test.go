package cpuref_test

import (
	"fmt"
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
		if spec, _ := kpn.Lookup(kind); ports > 1 {
			variadic, _ := spec.Variadic()
			port = fmt.Sprintf("%s_%d", variadic.Name, i)
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
	kpn.KindOsc: {
		"pulse": single(kpn.KindOsc, constants(map[string]float64{
			"shape": kpn.OscPulse, "freq": 1234, "phase": 0.4, "width": 0.3,
		})),
		"kaiser": single(kpn.KindOsc, constants(map[string]float64{
			"shape": kpn.OscPulse, "band_limit": kpn.BandLimitKaiser, "freq": 3456, "phase": 0.4, "width": 0.3,
		})),
		"square_saw": single(kpn.KindOsc, constants(map[string]float64{
			"shape": kpn.OscSquareSaw, "freq": 1234, "phase": 0.4, "pitch": 3, "saw": 0.3, "harmonics": 7, "advance": kpn.AdvanceBefore,
		})),
	},
	kpn.KindNoise: {"": single(kpn.KindNoise, nil)},
	// A whole count would have no difference quotient.
	kpn.KindAdditive: {"": single(kpn.KindAdditive, constants(map[string]float64{
		"freq": 1234, "phase": 0.4, "count": 9.4, "tilt": 1.2, "balance": 0.3,
	}))},
	kpn.KindPartials: {"": sources(kpn.KindPartials, 3, map[string]float64{"freq": 6543, "phase": 0.4})},
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
	// Of every shape there is some, and none has all.
	kpn.KindLfo: {
		"fast": single(kpn.KindLfo, constants(map[string]float64{
			"freq": 1234, "phase": 0.4, "sin": 0.8, "tri": 0.5, "saw": 0.6, "rsaw": 0.3, "sqr": 0.7, "exponent": 2.7,
		})),
		"slow": single(kpn.KindLfo, constants(map[string]float64{
			"freq": 150, "phase": -0.4, "sin": 0.8, "tri": 0.9, "saw": 0.3, "rsaw": 0.4, "sqr": 0.2, "exponent": 0.7,
		})),
	},
	kpn.KindEnvelope: {
		"every stage": single(kpn.KindEnvelope, constants(map[string]float64{
			"attack": 0.00156, "decay": 0.00156, "sustain": 0.6, "release": 0.00167, "gate": 0.00417, "alpha": 1.7,
		})),
		"hollow": single(kpn.KindEnvelope, constants(map[string]float64{
			"attack": 0.00156, "decay": 0.00156, "sustain": 0.6, "release": 0.00167, "gate": 0.00417, "alpha": 3,
		})),
	},
	kpn.KindClip:      {"": sources(kpn.KindClip, 1, map[string]float64{"low": -0.4, "high": 0.6})},
	kpn.KindHarmonics: {"": sources(kpn.KindHarmonics, 1, nil)},
	kpn.KindOnePole: {
		"low":  sources(kpn.KindOnePole, 1, map[string]float64{"cutoff": 3000}),
		"high": sources(kpn.KindOnePole, 1, map[string]float64{"cutoff": 3000, "output": kpn.OnePoleHigh}),
	},
	kpn.KindSVF: {
		"low":   sources(kpn.KindSVF, 1, map[string]float64{"cutoff": 3000, "resonance": 2}),
		"band":  sources(kpn.KindSVF, 1, map[string]float64{"cutoff": 2000, "resonance": 2, "output": kpn.SVFBand}),
		"high":  sources(kpn.KindSVF, 1, map[string]float64{"cutoff": 3000, "resonance": 0.8, "output": kpn.SVFHigh}),
		"notch": sources(kpn.KindSVF, 1, map[string]float64{"cutoff": 3000, "resonance": 8, "output": kpn.SVFNotch}),
	},
	kpn.KindDCBlocker: {"": sources(kpn.KindDCBlocker, 1, map[string]float64{"pole": 0.88})},
	kpn.KindRLC: {
		"resonant": sources(kpn.KindRLC, 1, map[string]float64{"resistance": 100, "inductance": 30, "capacitance": 40}),
		"damped":   sources(kpn.KindRLC, 1, map[string]float64{"resistance": 100, "inductance": 0.2, "capacitance": 90}),
	},
	kpn.KindSlew:        {"": sources(kpn.KindSlew, 1, map[string]float64{"rise": 20000, "fall": 30000})},
	kpn.KindSubharmonic: {"": sources(kpn.KindSubharmonic, 1, map[string]float64{"cutoff": 2000, "level": 0.7})},
	kpn.KindSync: {
		"sine":     single(kpn.KindSync, constants(map[string]float64{"shape": kpn.OscSine, "freq": 1710, "phase": 0.3, "cycles": 2.3})),
		"saw":      single(kpn.KindSync, constants(map[string]float64{"freq": 1710, "phase": 0.3, "cycles": 2.3})),
		"pulse":    single(kpn.KindSync, constants(map[string]float64{"shape": kpn.OscPulse, "freq": 1710, "cycles": 2.3, "width": 0.41})),
		"triangle": single(kpn.KindSync, constants(map[string]float64{"shape": kpn.OscTriangle, "freq": 1710, "phase": -0.3, "cycles": 3.2})),
	},
	kpn.KindWaveshaper: {
		"tanh":       sources(kpn.KindWaveshaper, 1, map[string]float64{"antialias": kpn.AntialiasNone, "drive": 1.4, "bias": 0.2}),
		"tanh adaa1": sources(kpn.KindWaveshaper, 1, map[string]float64{"drive": 1.4, "bias": 0.2}),
		"hard":       sources(kpn.KindWaveshaper, 1, map[string]float64{"shape": kpn.WaveshaperHard, "antialias": kpn.AntialiasNone, "drive": 1.4, "bias": 0.2}),
		"hard adaa1": sources(kpn.KindWaveshaper, 1, map[string]float64{"shape": kpn.WaveshaperHard, "drive": 1.4, "bias": 0.2}),
		"fold":       sources(kpn.KindWaveshaper, 1, map[string]float64{"shape": kpn.WaveshaperFold, "antialias": kpn.AntialiasNone, "drive": 4, "bias": 0.2}),
		"fold adaa1": sources(kpn.KindWaveshaper, 1, map[string]float64{"shape": kpn.WaveshaperFold, "drive": 4, "bias": 0.2}),
	},
	kpn.KindPan:   {"": sources(kpn.KindPan, 1, map[string]float64{"pan": 0.4})},
	kpn.KindPitch: {"": single(kpn.KindPitch, constants(map[string]float64{"note": 3.3, "reference": 431}))},
	kpn.KindQuantize: {"": sources(kpn.KindQuantize, 1, map[string]float64{
		"scale": kpn.ScaleMajor, "root": 2.3,
	})},
	kpn.KindController: {"": tabled(kpn.KindController, map[string]float64{"start": 0.0001, "speed": 0.9},
		[]float64{0.0011, 3}, []float64{0.0021, -2}, []float64{0.0035, 1}, []float64{0.0041, 4})},
	kpn.KindSampler: {
		"once": tabled(kpn.KindSampler, map[string]float64{"ratio": 0.4, "start": 0.3}, wave(7, 90, 3), wave(8, 90, 4)),
		"loop": tabled(kpn.KindSampler, map[string]float64{"mode": kpn.SamplerLoop, "ratio": 0.6, "start": 0.3}, wave(7, 90, 3)),
	},
	kpn.KindWavetable: {"": tabled(kpn.KindWavetable, map[string]float64{"freq": 900, "phase": 0.3, "position": 0.4},
		wave(7, 64, 20), wave(8, 64, 20), wave(9, 64, 2))},
	kpn.KindDelay: {"": sources(kpn.KindDelay, 1, map[string]float64{"most": 40, "frames": 7.4}), "long": sources(kpn.KindDelay, 1, map[string]float64{"most": 290, "frames": 230.7})},
	kpn.KindGlide: {"": sources(kpn.KindGlide, 1, map[string]float64{"time": 0.0007})},
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

// idle are the parameters that an oscillator's shape has no use for, by kind and
// variant.
var idle = map[string]map[string]bool{
	"osc pulse":      {"saw": true, "harmonics": true},
	"osc kaiser":     {"saw": true, "harmonics": true},
	"osc square_saw": {"width": true},
	"sync sine":      {"width": true},
	"sync saw":       {"width": true},
	"sync triangle":  {"width": true},
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
					if kind == string(kpn.KindQuantize) && ref.Node == "a" {
						require.Zero(t, norm, "notes stand still")
						continue
					}
					if idle[kind+" "+variant][ref.Param] {
						require.Zero(t, norm, "%s: something depends on %v", name, ref)
						continue
					}
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
