package kpn

// KindSync is a hard-synced oscillator: a slave whose phase a master takes
// back to 0 at the start of each of its own cycles.
//
// The master's phase φ is an [KindOsc]'s: it starts at parameter phase, in
// fixed point, and advances by freq/(rate·R) a step. The slave makes s = cycles
// of its own in one of the master: its phase is p = s·φ, in float64, and what
// is heard is the shape at p less its whole cycles. An osc with the same
// frequency and phase is the master: both stand at the same phase for all time.
// The slave's frequency s·freq is at most half the sample rate, and s counts as
// less above that.
//
// The waveform steps where the slave's cycle ends within the master's, by the
// shape's own step, and where the master's ends, by what the slave had left;
// there its slope changes too. Each step gets the polyBLEP residual of an osc,
// each corner the polyBLAMP, at its exact place between the samples, so that
// saw, pulse and triangle are the waveforms smoothed by a B-spline. A sine's
// higher derivatives jump at the master's end; these are left, 12 dB an octave
// below a corner. With R > 1 the node steps R times a frame and a half-band
// cascade brings it back, see [Decimator].
//
// Shapes: freq [B,C,F] Hz in [0, rate/2]; phase [B,C,F] cycles in [−1024,
// 1024]; cycles [B,C,F] in [1, 64]; width [B,C,F] cycles in [0,1]; out [B,C,F],
// about ±1.
// State: φ (fixed point, 64 bits). Latency: the decimator's.
// Gradients: freq, phase, cycles, width; none for the choices. Where cycles is
// a whole number (for a pulse, one plus width; for a triangle, one and a half)
// a step of the slave meets the master's, and the gradient by cycles is that
// towards larger values. Without residuals the steps have none.
// Errors: *RangeError if a parameter is out of range.
// Source: Brandt, "Hard sync without aliasing", ICMC 2001; Esqueda, Välimäki,
// Bilbao, "Rounding corners with BLAMP", DAFx 2016.
const KindSync Kind = "sync"

// MaxSyncCycles is the most cycles of a slave in one of its master.
const MaxSyncCycles = 64

var syncSpec = Spec{
	Kind:   KindSync,
	Doc:    "A hard-synced oscillator: a sine, saw, pulse or triangle that starts anew with each cycle of its master, band-limited by polyBLEP and polyBLAMP residuals.",
	Source: "Brandt, ICMC 2001; Esqueda, Välimäki, Bilbao, DAFx 2016",
	Params: []Parameter{
		{Name: "shape", Doc: "the slave's waveform", Choices: []string{"sine", "saw", "pulse", "triangle"}, Default: OscSaw, Max: 3},
		{Name: "band_limit", Doc: "the residual added at steps and corners", Choices: []string{"none", "polyblep2", "polyblep4"}, Default: BandLimitPolyBLEP4, Max: 2},
		{Name: "freq", Doc: "the master's frequency", Unit: "Hz", Default: 440, Max: infinity, Nyquist: true, Differentiable: true},
		{Name: "phase", Doc: "the master's phase at frame 0; per frame, an offset", Unit: "cycles", Min: -maxPhase, Max: maxPhase, Differentiable: true},
		{Name: "cycles", Doc: "cycles of the slave in one of the master", Unit: "cycles", Default: 1.5, Min: 1, Max: MaxSyncCycles, Differentiable: true},
		{Name: "width", Doc: "the part of the slave's cycle that a pulse is high", Unit: "cycles", Default: 0.5, Max: 1, Differentiable: true},
	},
	MaxOversample: MaxOversample,
	SeekBrokenBy:  []string{"freq"},
}
