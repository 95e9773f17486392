package kpn

// KindMultiply multiplies its inputs with each other, frame by frame, in the
// order of their indices.
//
// Shapes: in_0, in_1, … [B,C,F]; out [B,C,F].
// State: none. Latency: 0 frames. Gradients: every input.
const KindMultiply Kind = "multiply"

var multiplySpec = Spec{
	Kind:          KindMultiply,
	Doc:           "Multiplies its inputs with each other.",
	Inputs:        []Port{{Name: "in", Doc: "the factors", Variadic: true, Least: 2}},
	MaxOversample: 1,
	Control:       true,
}
