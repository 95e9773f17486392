package kpn

// KindPan places a signal between the first two channels, at equal power.
//
// Channel 0 is in·cos((1 + pan)·π/4) and channel 1 in·sin((1 + pan)·π/4):
// squares that add up to 1 wherever it is. Other channels pass unchanged.
//
// Shapes: in, pan [B,C,F], pan in [−1,1]: −1 is channel 0 alone, 1 channel 1
// alone; out [B,C,F].
// State: none. Latency: 0 frames. Gradients: in, pan.
// Errors: *RangeError if pan is out of range.
// Source: Blumlein, British patent 394,325, 1931, for the law of constant
// power; Moore, "Elements of computer music", 1990, for its sines.
const KindPan Kind = "pan"

var panSpec = Spec{
	Kind:   KindPan,
	Doc:    "Places a signal between the first two channels, at equal power.",
	Source: "Moore, Elements of computer music, 1990",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "pan", Doc: "-1 is channel 0 alone, 1 channel 1 alone", Min: -1, Max: 1, Differentiable: true},
	},
	MaxOversample: 1,
}
