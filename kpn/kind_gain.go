package kpn

// KindGain multiplies its input by a parameter.
//
// Shapes: in, gain [B,C,F]; out [B,C,F] = in·gain.
// State: none. Latency: 0 frames. Gradients: in, gain.
// Errors: *RangeError if gain is out of range.
const KindGain Kind = "gain"

var gainSpec = Spec{
	Kind:   KindGain,
	Doc:    "Multiplies its input by a parameter.",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "gain", Doc: "linear factor", Default: 1, Min: -unbounded, Max: unbounded, Differentiable: true},
	},
	MaxOversample: 1,
	Control:       true,
}
