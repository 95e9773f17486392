package kpn

// KindSVF is a state-variable filter of two poles: lowpass, bandpass, highpass
// or notch, whose cutoff and resonance may change from frame to frame.
//
// It is the analogue filter of two integrators, whose lowpass is
// ω²/(p² + p·ω/resonance + ω²) for a complex frequency p, with the trapezoidal
// rule in their place, warped so that the cutoff stays where it is. With w = π·cutoff/rate, s = sin w, c = cos w, k =
// 1/resonance, D = 1 + k·s·c and the states b and l:
//
//	band = (c²·b + s·c·(in − l))/D, low = l + (s·c·b + s²·(in − l))/D
//	high = in − k·band − low, notch = in − k·band
//
// and then b becomes 2·band − b, and l 2·low − l. A resonance of Q gives band
// and low a gain of Q at the cutoff. With whatever changes of cutoff and
// resonance, b² + l² never grows without an input.
//
// Shapes: in [B,C,F]; cutoff [B,C,F] Hz in [0, rate/2]; resonance [B,C,F] in
// [0.025,1000]; out [B,C,F].
// State: b and l, 0 at first. Latency: 0 frames. Gradients: in, cutoff,
// resonance, each through all later frames; none for output.
// Errors: *RangeError if cutoff or resonance is out of range.
// Source: Zavalishin, "The art of VA filter design", 2.1.2, 2018, 4.4; its
// coefficients times cos² w, since tan w has no value at half the sample rate.
const KindSVF Kind = "svf"

// The outputs of an svf, as indices into its output parameter's choices.
const (
	SVFLow = iota
	SVFBand
	SVFHigh
	SVFNotch
)

var svfSpec = Spec{
	Kind:   KindSVF,
	Doc:    "A state-variable filter of two poles whose cutoff and resonance may change from frame to frame.",
	Source: "Zavalishin, The art of VA filter design, 2018",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "output", Doc: "what is let through", Choices: []string{"low", "band", "high", "notch"}, Max: 3, Structural: true},
		{Name: "cutoff", Doc: "the frequency of the poles", Unit: "Hz", Default: 1000, Max: infinity, Nyquist: true, Differentiable: true},
		{Name: "resonance", Doc: "quality of the poles: the gain at the cutoff; 0.7 is flat", Default: 0.7071067811865476, Min: 0.025, Max: 1000, Differentiable: true},
	},
	MaxOversample: 1,
	Stateful:      true,
}
