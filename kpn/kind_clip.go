package kpn

// KindClip limits its input to a range.
//
// Shapes: in, low, high [B,C,F]; out [B,C,F] = min(max(in, low), high), which
// is high where low is above high.
// State: none. Latency: 0 frames.
// Gradients: in from low to high, both included; below, low; above, or where
// low is above high, high.
// Errors: *RangeError if low or high is out of range.
const KindClip Kind = "clip"

var clipSpec = Spec{
	Kind:   KindClip,
	Doc:    "Limits its input to a range.",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "low", Doc: "the smallest value let through", Default: -1, Min: -unbounded, Max: unbounded, Differentiable: true},
		{Name: "high", Doc: "the largest value let through", Default: 1, Min: -unbounded, Max: unbounded, Differentiable: true},
	},
	MaxOversample: 1,
	Control:       true,
}
