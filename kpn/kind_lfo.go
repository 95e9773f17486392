package kpn

import "math"

// KindLfo is a low-frequency oscillator: a weighted mix of five shapes between
// 0 and 1, from one phase.
//
// With φ the phase in cycles, that at frame n is parameter phase plus the sum
// of freq/rate over the frames 0 to n (frame n's own included), less whole
// cycles: sin is (1 − cos 2πφ)/2; saw is φ; rsaw is 1 − φ; tri is 2φ, or
// 2 − 2φ from φ = ½ on; sqr is 1 where ¼ ≤ φ < ¾ and 0 elsewhere. With
// weights w and exponent e, the output is Σ wᵢᵉ·shapeᵢ / Σ wᵢᵉ: the larger e,
// the more the largest weight decides. A weight below [LfoLeastWeight] (10⁻³⁰) counts
// as 0; with all of them 0 the output is 0.
//
// Parameter turn is what sin and sqr take for 2π: they see the phase φ, whole
// cycles and all, as turn·(φ + ½) − π radians. Systems that hold 2π in single
// precision, 6.2831854820251465, drift from others by 3·10⁻⁸ of a cycle each
// cycle; this is how to render what they do.
//
// Shapes: freq [B,C,F] Hz in [0, rate/2]; phase [B,C,F] cycles in [−1,1]; sin,
// tri, saw, rsaw, sqr [B,C,F] in [0,1]; exponent [B,C,F] in [0.05,20]; out
// [B,C,F] in [0,1].
// State: the sum, and that times turn/2π (fixed point, 64 bits). Latency: 0 frames.
// Gradients: all parameters but turn; freq through the phase of its own and all
// later frames. The jumps of saw, rsaw and sqr have none. A weight that counts
// as 0 has none where the exponent is below 1 (it would be infinite).
// Errors: *RangeError if a parameter is out of range.
// Source: Turian et al., "One billion audio sounds from GPU-enabled modular
// synthesis", DAFx 2021.
const KindLfo Kind = "lfo"

// LfoLeastWeight is the smallest weight of a shape that an lfo tells from 0.
const LfoLeastWeight = 1e-30

var lfoSpec = Spec{
	Kind:   KindLfo,
	Doc:    "A low-frequency oscillator: a weighted mix of sine, triangle, saw, falling saw and square, between 0 and 1.",
	Source: "Turian et al., DAFx 2021",
	Params: []Parameter{
		{Name: "freq", Doc: "frequency", Unit: "Hz", Default: 1, Max: infinity, Nyquist: true, Differentiable: true},
		{Name: "phase", Doc: "phase before frame 0; per frame, an offset", Unit: "cycles", Min: -1, Max: 1, Differentiable: true},
		{Name: "sin", Doc: "weight of the sine", Default: 1, Max: 1, Differentiable: true},
		{Name: "tri", Doc: "weight of the triangle", Max: 1, Differentiable: true},
		{Name: "saw", Doc: "weight of the saw", Max: 1, Differentiable: true},
		{Name: "rsaw", Doc: "weight of the falling saw", Max: 1, Differentiable: true},
		{Name: "sqr", Doc: "weight of the square", Max: 1, Differentiable: true},
		{Name: "exponent", Doc: "exponent of the weights", Default: 2.718281828, Min: 0.05, Max: 20, Differentiable: true},
		{Name: "turn", Doc: "what sine and square take for 2π", Unit: "rad", Default: 2 * math.Pi, Min: 6, Max: 6.5, Neutral: true},
	},
	MaxOversample: 1,
	SeekBrokenBy:  []string{"freq", "turn"},
	Control:       true,
}
