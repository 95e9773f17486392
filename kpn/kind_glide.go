package kpn

// KindGlide follows its input as a portamento follows notes: what is left of
// the way falls exponentially.
//
// out[n] = out[n−1] + g·(in[n] − out[n−1]), g = 1 − e^(−1/(time·rate)), 1 where
// time is 0, with out[−1] = in[0]: the first note is there at once.
//
// Shapes: in [B,C,F]; time [B,C,F] seconds, in which 63 % of the way are done;
// out [B,C,F].
// State: out[n−1]. Latency: 0 frames. Gradients: in and, above 0, time; both
// through all later frames.
// Errors: *RangeError if time is out of range.
const KindGlide Kind = "glide"

var glideSpec = Spec{
	Kind:   KindGlide,
	Doc:    "Follows its input like a portamento, from its first value on.",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "time", Doc: "time in which 63 % of the way are done", Unit: "s", Default: 0.1, Max: maxStage, Differentiable: true},
	},
	MaxOversample: 1,
	Stateful:      true,
	Control:       true,
}
