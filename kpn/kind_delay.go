package kpn

// KindDelay gives its input late, by a number of frames that may be a fraction
// and may change.
//
// With d = min(frames, most), k its whole part and w the rest, out[n] = (1 −
// w)·in[n−k] + w·in[n−k−1]; in is 0 before its first frame. The straight line
// between two frames is a lowpass: at half a frame its gain is cos(π·freq/rate).
//
// Shapes: in [B,C,F]; frames [B,C,F] in [0,MaxDelay]; out [B,C,F].
// State: the last most + 2 frames of the input. Latency: 0 frames: nothing is
// aligned, the delay is what is wanted.
// Gradients: in, frames below most; at a whole number of frames that of a
// longer delay. None for most.
// Errors: *RangeError if frames or most is out of range.
// Source: Laakso, Välimäki, Karjalainen, Laine, "Splitting the unit delay",
// IEEE Signal Processing Magazine 13(1), 1996.
const KindDelay Kind = "delay"

// MaxDelay is the longest that a delay may be told to be, in frames.
const MaxDelay = 1 << 18

var delaySpec = Spec{
	Kind:   KindDelay,
	Doc:    "Gives its input late, by a number of frames that may be a fraction and may change.",
	Source: "Laakso, Välimäki, Karjalainen, Laine, IEEE Signal Processing Magazine 13(1), 1996",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "most", Doc: "the longest delay; memory is taken for it", Unit: "frames", Default: 4800, Min: 1, Max: MaxDelay, Structural: true},
		{Name: "frames", Doc: "the delay", Unit: "frames", Default: 480, Max: MaxDelay, Differentiable: true},
	},
	MaxOversample: 1,
	Stateful:      true,
}
