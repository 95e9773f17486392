package kpn

// KindAdsr is an envelope: attack, decay, sustain, release, in closed form.
//
// With every time t in frames (seconds × rate), g = gate, a = min(attack, g),
// d = min(g − a, decay), s = sustain and k = curve, the envelope at frame n is
//
//	(n/a)^k                          for n < a
//	s + (1−s)·(1 − (n−a)/d)^k        for a ≤ n < min(g, a+d)
//	s                                for a+d ≤ n < g
//	s·(1 − (n−g)/r)^k                for g ≤ n < g+r
//	0                                from g+r on.
//
// A stage of length 0 is a step. With gate 0 the envelope is silent but for
// the release, which starts at s.
//
// Shapes: attack, decay, release, gate [B,C,F] seconds; sustain [B,C,F] in
// [0,1]; curve [B,C,F] in [0.05,20]; out [B,C,F] in [0,1].
// State: none. Latency: 0 frames.
// Gradients: all parameters; a step has none through its instant.
// Errors: *RangeError if a parameter is out of range.
// Source: Turian et al., "One billion audio sounds from GPU-enabled modular
// synthesis", DAFx 2021.
const KindAdsr Kind = "adsr"

// maxStage bounds a stage's length, so that frame counts stay exact.
const maxStage = 1e5

var adsrSpec = Spec{
	Kind:   KindAdsr,
	Doc:    "An envelope: attack, decay, sustain, release, in closed form with a curve exponent.",
	Source: "Turian et al., DAFx 2021",
	Params: []Parameter{
		{Name: "attack", Doc: "time from 0 to 1", Unit: "s", Default: 0.01, Max: maxStage, Differentiable: true},
		{Name: "decay", Doc: "time from 1 to the sustain level", Unit: "s", Default: 0.1, Max: maxStage, Differentiable: true},
		{Name: "sustain", Doc: "level held until the gate ends", Default: 0.7, Max: 1, Differentiable: true},
		{Name: "release", Doc: "time from the sustain level to 0", Unit: "s", Default: 0.2, Max: maxStage, Differentiable: true},
		{Name: "gate", Doc: "when the release starts", Unit: "s", Default: 1, Max: maxStage, Differentiable: true},
		{Name: "curve", Doc: "exponent of every stage: 1 linear, above 1 hollow, below 1 bulging", Default: 1, Min: 0.05, Max: 20, Differentiable: true},
	},
	MaxOversample: 1,
}
