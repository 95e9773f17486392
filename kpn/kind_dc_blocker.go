package kpn

// KindDCBlocker takes away what a signal's mean is.
//
// Its state m is the mean of the input so far, which it forgets at the rate of
// pole: out = in − m, and then m grows by (1 − pole)·out. Where pole is
// constant, that is out[n] = in[n] − in[n−1] + pole·out[n−1].
//
// Shapes: in [B,C,F]; pole [B,C,F] in [0,1]; out [B,C,F].
// State: m, 0 at first. Latency: 0 frames. Gradients: in, pole, each through
// all later frames.
// Errors: *RangeError if pole is out of range.
// Source: Smith, "Introduction to digital filters with audio applications",
// 2007, "DC blocker".
const KindDCBlocker Kind = "dc_blocker"

var dcBlockerSpec = Spec{
	Kind:   KindDCBlocker,
	Doc:    "Takes away a signal's mean, and what is slow.",
	Source: "Smith, Introduction to digital filters, 2007",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "pole", Doc: "how slowly the mean is forgotten; the nearer to 1, the lower the frequencies that pass", Default: 0.995, Max: 1, Differentiable: true},
	},
	MaxOversample: 1,
	Stateful:      true,
}
