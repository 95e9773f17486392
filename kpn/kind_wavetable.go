package kpn

// KindWavetable is an oscillator whose waveforms are its table: a row for each
// frame, a single cycle each, between which it morphs.
//
// A frame of N columns has the harmonics 0 to H = ⌊(N−1)/2⌋ of its discrete
// Fourier transform. Level m keeps those up to ⌊H/2ᵐ⌋, sampled at
// 16·⌊H/2ᵐ⌋ places of the cycle (4 where only harmonic 0 is left). The phase φ
// starts at parameter phase and advances by freq/rate a frame. What is read is
// the lowest level whose highest harmonic, times the increment, is below half
// a cycle: nothing aliases, but for what the spline leaves. It is read at φ by
// the Catmull-Rom spline, as a [KindSampler] does in a loop, from the two
// frames around position·(rows−1), and these are mixed linearly.
//
// A harmonic of s samples a cycle is off by at most 0.14·(π/s)³ of its size
// after the spline, images among that: −60 dB for a level's highest, which has
// 16, and −78 dB an octave below.
//
// Shapes: table [frames, columns]; freq [B,C,F] Hz in [0, rate/2]; phase
// [B,C,F] cycles; position [B,C,F] in [0,1]; out [B,C,F].
// State: φ (fixed point, 64 bits). Latency: 0 frames.
// Gradients: freq, phase, position (at a frame, towards the next); none through
// a change of level, and none for the table.
// Errors: *GraphError without a table; *RangeError if a parameter is out of
// range.
// Source: Bristow-Johnson, "Wavetable synthesis 101, a fundamental
// perspective", AES 101, 1996.
const KindWavetable Kind = "wavetable"

var wavetableSpec = Spec{
	Kind:   KindWavetable,
	Doc:    "An oscillator that morphs between single cycles, band-limited by octaves.",
	Source: "Bristow-Johnson, AES 101, 1996",
	Params: []Parameter{
		{Name: "freq", Doc: "frequency", Unit: "Hz", Default: 440, Max: infinity, Nyquist: true, Differentiable: true},
		{Name: "phase", Doc: "phase at frame 0; per frame, an offset", Unit: "cycles", Min: -maxPhase, Max: maxPhase, Differentiable: true},
		{Name: "position", Doc: "place between the first frame and the last", Unit: "of the table", Max: 1, Differentiable: true},
	},
	Table: &TableSpec{
		Doc:     "one row for each frame, a single cycle",
		MinRows: 1, MaxRows: 256, MinColumns: 4, MaxColumns: 1 << 12,
	},
	MaxOversample: 1,
	SeekBrokenBy:  []string{"freq"},
}
