package kpn

// KindMix is the sum of its inputs, each times its level, added in the order
// of their indices.
//
// Shapes: in_0, in_1, … [B,C,F]; level_0, level_1, … [B,C,F]; out [B,C,F].
// State: none. Latency: 0 frames. Gradients: every input and level.
// Errors: *RangeError if a level is out of range.
const KindMix Kind = "mix"

var mixSpec = Spec{
	Kind:   KindMix,
	Doc:    "The sum of its inputs, each times its level.",
	Inputs: []Port{{Name: "in", Doc: "the signals", Variadic: true, Least: 1}},
	Params: []Parameter{
		{Name: "level", Doc: "linear factor of the input with this index", Default: 1, Min: -unbounded, Max: unbounded, Differentiable: true, PerInput: true},
	},
	MaxOversample: 1,
	Control:       true,
}
