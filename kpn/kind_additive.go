package kpn

// KindAdditive is a sum of sines: the harmonics 1, 2, … of one phase.
//
// With φ the phase in cycles, that starts at parameter phase and advances by
// freq/rate a frame, harmonic k is
//
//	k^(−tilt) · (1 − balance for odd k, 1 + balance for even k) · w · sin 2πkφ
//
// with w = min(max(count − k + 1, 0), 1): a count that is no whole number has a
// part of one harmonic more. A harmonic at or above half the sample rate is
// silent: where k increments are at least half a cycle. A multiple of a
// fixed-point phase is exact, so that no harmonic drifts from the others.
// Nothing is scaled: tilt 0 gives an impulse train with peaks of about
// 0.7·count.
//
// A frequency below [OscLowest] (10⁻⁶ Hz) counts as 0.
//
// Shapes: freq [B,C,F] Hz in [0, rate/2]; phase [B,C,F] cycles in [−1024,
// 1024]; count [B,C,F] in [1,256]; tilt [B,C,F] in [0,8]; balance [B,C,F] in [−1,1]; out
// [B,C,F].
// State: φ (fixed point, 64 bits). Latency: 0 frames.
// Gradients: all parameters; freq through the phases of all later frames, and
// none through a harmonic's silence; at a whole count, that of the last
// harmonic.
// Errors: *RangeError if a parameter is out of range.
// Source: Moorer, "Signal processing aspects of computer music: a survey",
// Proc. IEEE 65(8), 1977.
const KindAdditive Kind = "additive"

// MaxHarmonics is how many harmonics an additive has at most.
const MaxHarmonics = 256

var additiveSpec = Spec{
	Kind:   KindAdditive,
	Doc:    "A sum of up to 256 harmonics of one phase, silent from half the sample rate on.",
	Source: "Moorer, Proc. IEEE 65(8), 1977",
	Params: []Parameter{
		{Name: "freq", Doc: "frequency of the first harmonic", Unit: "Hz", Default: 440, Max: infinity, Nyquist: true, Differentiable: true},
		{Name: "phase", Doc: "phase at frame 0; per frame, an offset", Unit: "cycles", Min: -maxPhase, Max: maxPhase, Differentiable: true},
		{Name: "count", Doc: "how many harmonics there are; a fraction is part of one more", Unit: "harmonics", Default: 32, Min: 1, Max: MaxHarmonics, Differentiable: true},
		{Name: "tilt", Doc: "how amplitudes fall: harmonic k has k to the power of minus this", Default: 1, Max: 8, Differentiable: true},
		{Name: "balance", Doc: "-1 only odd harmonics, 1 only even ones, 0 both", Min: -1, Max: 1, Differentiable: true},
	},
	MaxOversample: 1,
	SeekBrokenBy:  []string{"freq"},
}
