package kpn

// KindOnePole is a filter of one pole: a lowpass or a highpass of 6 dB an
// octave.
//
// It is the analogue filter of that cutoff with its integrator replaced by the
// trapezoidal rule, warped so that the cutoff stays where it is. With w =
// π·cutoff/rate, G = sin w/(sin w + cos w) and s the state, v = G·(in − s);
// low is s + v, high is in − low, and s then becomes low + v. G is 0 at a
// cutoff of 0, where the state stays as it is, and 1 at half the sample rate,
// where low is the input.
//
// Shapes: in [B,C,F]; cutoff [B,C,F] Hz in [0, rate/2]; out [B,C,F].
// State: s, 0 at first. Latency: 0 frames. Gradients: in, cutoff, each through
// all later frames; none for output.
// Errors: *RangeError if cutoff is out of range.
// Source: Zavalishin, "The art of VA filter design", 2.1.2, 2018, 3.10. G is
// g/(1 + g) of its g = tan w, which has no value at half the sample rate.
const KindOnePole Kind = "one_pole"

// The outputs of a one_pole, as indices into its output parameter's choices.
const (
	OnePoleLow = iota
	OnePoleHigh
)

var onePoleSpec = Spec{
	Kind:   KindOnePole,
	Doc:    "A lowpass or highpass filter of one pole.",
	Source: "Zavalishin, The art of VA filter design, 2018",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "output", Doc: "what is let through", Choices: []string{"low", "high"}, Max: 1, Structural: true},
		{Name: "cutoff", Doc: "the frequency at which the output has half the input's power", Unit: "Hz", Default: 1000, Max: infinity, Nyquist: true, Differentiable: true},
	},
	MaxOversample: 1,
	Stateful:      true,
}
