package kpn

// KindSubharmonic adds the octave below to its input, as the octave dividers
// of pedals make it: the input's lowpass, turned over in every other cycle.
//
// low[n] = low[n−1] + a·(in[n] − low[n−1]), with a = min(1, 2π·cutoff/rate) and
// low[−1] = 0: a lowpass of one pole, by Euler's rule, so that the cutoff is
// where it says only far below the sample rate. A flip-flop s, +1 at first, is
// armed by low < −2⁻³⁰ ([SubharmonicQuiet]); when it is armed and low > 2⁻³⁰
// it changes its sign and is no longer armed. out = in + level·s·low.
//
// It divides what goes through zero once a cycle. A cutoff of about the
// lowest note makes that so for tones with loud harmonics; of chords and noise
// it divides the crossings, whatever they are.
//
// Shapes: in [B,C,F]; cutoff [B,C,F] Hz in [0, rate/2]; level [B,C,F]; out
// [B,C,F].
// State: low, s, and whether s is armed. Latency: 0 frames. Gradients: in and
// cutoff, each through all later frames, and level. The flip-flop has none: in
// which frame it changes is a step, and low is about 0 there.
// Errors: *RangeError if cutoff or level is out of range.
// Source: the frequency divider of guitar pedals (Boss OC-2, 1982), as
// Wiltshire and Sowa describe it, synth-diy list, 8 October 2024.
const KindSubharmonic Kind = "subharmonic"

// SubharmonicQuiet is how far a signal must go to either side of 0 for a
// subharmonic to count a cycle: −180 dB. Below, arithmetic without subnormal
// numbers and with them would disagree on what has died away.
const SubharmonicQuiet = 0x1p-30

var subharmonicSpec = Spec{
	Kind:   KindSubharmonic,
	Doc:    "Adds the octave below to its input: its lowpass, turned over in every other cycle.",
	Source: "the flip-flop octave divider of guitar pedals (Boss OC-2, 1982)",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "cutoff", Doc: "where the lowpass starts whose cycles are counted", Unit: "Hz", Default: 120, Max: infinity, Nyquist: true, Differentiable: true},
		{Name: "level", Doc: "linear factor of the octave below", Default: 0.5, Min: -unbounded, Max: unbounded, Differentiable: true},
	},
	MaxOversample: 1,
	Stateful:      true,
}
