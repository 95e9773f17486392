package kpn

// KindPartials is a sum of sines whose amplitudes are signals: the harmonics
// 1, 2, … of one phase.
//
// With φ the phase in cycles, that starts at parameter phase and advances by
// freq/rate a frame, the output is the sum over the sources k of
//
//	amplitude_k · sin 2π(k+1)φ
//
// added in their order. A harmonic at or above half the sample rate is silent:
// where k + 1 increments are at least half a cycle. A multiple of a fixed-point
// phase is exact, so that no harmonic drifts from the others. Nothing is
// scaled. [KindAdditive] is the same with amplitudes from a formula.
//
// A frequency below [OscLowest] (10⁻⁶ Hz) counts as 0.
//
// Shapes: amplitude_0, amplitude_1, … [B,C,F], at most 256 ([MaxHarmonics]); freq
// [B,C,F] Hz in [0, rate/2]; phase [B,C,F] cycles in [−1024, 1024]; out
// [B,C,F].
// State: φ (fixed point, 64 bits). Latency: 0 frames.
// Gradients: every amplitude, 0 while its harmonic is silent; phase; freq
// through the phases of all later frames, and none through a harmonic's
// silence.
// Errors: *RangeError if a parameter is out of range.
// Source: Engel et al., "DDSP: differentiable digital signal processing", ICLR
// 2020, section 3.2.
const KindPartials Kind = "partials"

var partialsSpec = Spec{
	Kind:   KindPartials,
	Doc:    "A sum of up to 256 harmonics of one phase, each with a signal as its amplitude, silent from half the sample rate on.",
	Source: "Engel et al., DDSP, ICLR 2020, section 3.2",
	Inputs: []Port{{Name: "amplitude", Doc: "the amplitude of the harmonic with this index and one", Variadic: true, Least: 1, Most: MaxHarmonics}},
	Params: []Parameter{
		{Name: "freq", Doc: "frequency of the first harmonic", Unit: "Hz", Default: 440, Max: infinity, Nyquist: true, Differentiable: true},
		{Name: "phase", Doc: "phase at frame 0; per frame, an offset", Unit: "cycles", Min: -maxPhase, Max: maxPhase, Differentiable: true},
	},
	MaxOversample: 1,
	SeekBrokenBy:  []string{"freq"},
}
