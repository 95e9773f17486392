package kpn

// KindEnvelope is the attack, decay, sustain, release envelope of a modular
// voice: a product of ramps, each raised to a power. Unlike an [KindAdsr] its
// release falls from wherever the envelope is.
//
// With n the frame, L the length and b the start of a ramp in frames (seconds
// times the node's own rate), and ε = [EnvelopeEpsilon] (10⁻⁶), a ramp up is
//
//	up(L, b) = min(1, (max(0, n−b) + ε)/L + ε), 1 where L = 0;
//	down(L, b) = 1 − up(L, b), but 1 where L = 0.
//
// With a = min(attack, gate), d = min(max(gate−attack, 0), decay), s = sustain
// and k = alpha, the envelope is
//
//	up(a, 0)^k · ((1−s)·down(d, a)^k + s) · down(release, gate)^k.
//
// A decay or a release of length 0 therefore never falls, and an attack that
// the gate cuts short leaves no decay.
//
// Shapes: attack, decay, release, gate [B,C,F] seconds; sustain [B,C,F] in
// [0,1]; alpha [B,C,F] in [0.05,20]; out [B,C,F] in [0,1].
// State: none. Latency: 0 frames.
// Gradients: all parameters. A ramp has one by its length and its start while
// it is below 1, and by its start only past it: 0 at the corners themselves.
// It is 0 for lengths of 0 too, and where a ramp down has reached 0; automatic
// differentiation of the formulas gives NaN there. At attack = gate, a
// follows the attack, and at decay = gate−attack, d follows the decay.
// Errors: *RangeError if a parameter is out of range.
// Source: Turian et al., "One billion audio sounds from GPU-enabled modular
// synthesis", DAFx 2021.
const KindEnvelope Kind = "envelope"

// EnvelopeEpsilon keeps the ramps of an envelope away from 0: (n+ε)/L + ε.
const EnvelopeEpsilon = 1e-6

var envelopeSpec = Spec{
	Kind:   KindEnvelope,
	Doc:    "The envelope of a modular voice: attack, decay, sustain and release as a product of ramps.",
	Source: "Turian et al., DAFx 2021",
	Params: []Parameter{
		{Name: "attack", Doc: "time from 0 to 1", Unit: "s", Default: 0.01, Max: maxStage, Differentiable: true},
		{Name: "decay", Doc: "time from 1 to the sustain level", Unit: "s", Default: 0.1, Max: maxStage, Differentiable: true},
		{Name: "sustain", Doc: "level held until the gate ends", Default: 0.7, Max: 1, Differentiable: true},
		{Name: "release", Doc: "time in which it falls to 0 after the gate", Unit: "s", Default: 0.2, Max: maxStage, Differentiable: true},
		{Name: "gate", Doc: "when the release starts", Unit: "s", Default: 1, Max: maxStage, Differentiable: true},
		{Name: "alpha", Doc: "exponent of every ramp: 1 linear, above 1 hollow, below 1 bulging", Default: 1, Min: 0.05, Max: 20, Differentiable: true},
	},
	MaxOversample: 1,
	Control:       true,
}
