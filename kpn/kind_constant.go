package kpn

// KindConstant is a signal that holds its parameter's value.
//
// Shapes: value [B,C,F]; out [B,C,F].
// State: none. Latency: 0 frames.
// Gradients: value.
// Errors: *RangeError if value is out of range.
const KindConstant Kind = "constant"

var constantSpec = Spec{
	Kind: KindConstant,
	Doc:  "A signal that holds its parameter's value.",
	Params: []Parameter{{
		Name: "value", Doc: "the value", Default: 0, Min: -unbounded, Max: unbounded, Differentiable: true,
	}},
	MaxOversample: 1,
	Control:       true,
}
