package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

// product is the envelope as its definition reads, at a rate of 100 Hz.
func product(n float64, p map[string]float64) float64 {
	up := func(length, start float64) float64 {
		if length == 0 {
			return 1
		}
		return min(1, (max(0, n-start*100)+1e-6)/(length*100)+1e-6)
	}
	down := func(length, start float64) float64 {
		if length == 0 {
			return 1
		}
		return 1 - up(length, start)
	}
	a := min(p["attack"], p["gate"])
	d := min(max(p["gate"]-p["attack"], 0), p["decay"])
	power := func(x float64) float64 { return math.Pow(x, p["alpha"]) }
	return power(up(a, 0)) * (float64((1-p["sustain"])*power(down(d, a))) + p["sustain"]) * power(down(p["release"], p["gate"]))
}

func envelopeJob(frames int) *kpn.Job {
	return &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: frames}, Rate: 100}
}

// drawEnvelope draws parameters, lengths of 0 and ends on whole frames among
// them.
func drawEnvelope(r *rapid.T) map[string]float64 {
	p := map[string]float64{}
	for _, name := range []string{"attack", "decay", "release", "gate"} {
		p[name] = rapid.OneOf(
			rapid.SampledFrom([]float64{0, 0.01, 0.04, 0.25, 1e-300, 1e-8, 1e5}), rapid.Float64Range(0, 0.5), rapid.Float64Range(0, 1e5),
		).Draw(r, name)
	}
	p["sustain"] = rapid.Float64Range(0, 1).Draw(r, "sustain")
	p["alpha"] = rapid.OneOf(rapid.Just(1.), rapid.Float64Range(0.05, 20)).Draw(r, "alpha")
	return p
}

func TestEnvelopeIsTheProduct(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := drawEnvelope(r)
		got := render(t, single(kpn.KindEnvelope, constants(p)), envelopeJob(120))[0]
		for i, y := range got {
			if !(y >= 0 && y <= 1) {
				r.Fatalf("frame %d: %v", i, y)
			}
			// A ramp is off by the rounding of the frame over its length, at
			// most 2⁻⁴⁵; an exponent below 1 makes the most of it at 0.
			off := math.Pow(0x1p-44, min(1, p["alpha"])) * max(1, p["alpha"])
			if want := product(float64(i), p); !(math.Abs(y-want) <= off) {
				r.Fatalf("frame %d: got %v, want %v", i, y, want)
			}
		}
	})
}

func TestEnvelopeCorners(t *testing.T) {
	cases := []struct {
		name                                         string
		attack, decay, sustain, release, gate, alpha float64
		want                                         []float64
	}{
		{"all stages", .04, .02, .5, .02, .08, 1, []float64{0, .25, .5, .75, 1, .75, .5, .5, .5, .25, 0, 0}},
		{"no attack", 0, .02, .5, .02, .04, 1, []float64{1, .75, .5, .5, .5, .25, 0}},
		{"no decay", .02, 0, .5, .02, .04, 1, []float64{0, .5, 1, 1, 1, .5, 0}},
		{"no release", .02, .02, .5, 0, .05, 1, []float64{0, .5, 1, .75, .5, .5, .5}},
		{"no gate", .02, .02, .5, .02, 0, 1, []float64{1, .5, 0, 0}},
		{"nothing", 0, 0, 0, 0, 0, 1, []float64{1, 1}},
		{"gate within attack", .04, .02, .5, .02, .02, 1, []float64{0, .5, 1, .5, 0}},
		{"gate within decay", .02, .04, .5, .02, .04, 1, []float64{0, .5, 1, .75, .5, .25, 0}},
	}
	for _, c := range cases {
		got := render(t, single(kpn.KindEnvelope, constants(map[string]float64{
			"attack": c.attack, "decay": c.decay, "sustain": c.sustain, "release": c.release, "gate": c.gate, "alpha": c.alpha,
		})), envelopeJob(len(c.want)))[0]
		// Each of three ramps is off by ε and ε over its 2 or 4 frames.
		assert.InDeltaSlice(t, c.want, got, 5e-6, c.name)
	}
}

// TestEnvelopeGradientsAreFinite at every corner, where automatic
// differentiation of the product is not.
func TestEnvelopeGradientsAreFinite(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := drawEnvelope(r)
		shape := kpn.Shape{B: 1, C: 1, F: 60}
		all := adjoint(t, single(kpn.KindEnvelope, constants(p)), &kpn.AdjointJob{Job: envelopeJob(60), Cotangents: cotangents(1, shape)})
		for _, v := range all.List {
			if x := v.F64[0]; math.IsNaN(x) || math.IsInf(x, 0) {
				r.Fatalf("%v is %v", v.Ref, x)
			}
		}
	})
}

// TestAdjointOfGatedEnvelopes has gates that end in the attack, and leave less
// than the decay: what is cut follows the gate.
func TestAdjointOfGatedEnvelopes(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 1, F: 300}
	cases := map[string]struct {
		params map[string]float64
		zero   []string
	}{
		"in the attack": {map[string]float64{
			"attack": 0.00417, "decay": 0.00156, "sustain": 0.6, "release": 0.00167, "gate": 0.00156, "alpha": 1.7,
		}, []string{"attack", "decay", "sustain"}},
		"in the decay": {map[string]float64{
			"attack": 0.00156, "decay": 0.00417, "sustain": 0.6, "release": 0.00167, "gate": 0.00313, "alpha": 1.7,
		}, []string{"decay"}},
	}
	for name, c := range cases {
		for i, to := range bindings {
			g, job := bind(single(kpn.KindEnvelope, constants(c.params)), shape, to, uint64(40+i))
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
