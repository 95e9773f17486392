package kpn

// KindWaveshaper bends its input: out = f(drive·in + bias).
//
// Of the shapes f, tanh is the hyperbolic tangent; hard limits to ±1; fold
// is u in [−1,1] and reflects what is beyond at ±1, as often as it takes: a
// triangle of period 4.
//
// With antialias adaa1, f is not taken at in[n] but on average over the straight
// line from in[n−1] (0 at first) to in[n], with the drive and bias of frame n:
// (F(u) − F(u₋))/(u − u₋), where F is f's integral and u and u₋ are
// drive·in + bias; f(u) where both are equal. It lowers what aliases, is half a
// frame late, which nothing aligns, and has a gain of cos(π·freq/rate) for
// faint signals. Engines compute the mean as such and not that quotient, so
// that it is not ill-conditioned where u and u₋ are close.
//
// Shapes: in [B,C,F]; drive [B,C,F] in [0,10000]; bias [B,C,F] in ±10000; out
// [B,C,F] in ±1.
// State: in[n−1]. Latency: 0 frames. Gradients: in, drive, bias; none for
// shape and antialias. The derivative of hard and fold at their corners is 1.
// Errors: *RangeError if a parameter is out of range.
// Source: Parker, Zavalishin, Le Bivic, "Reducing the aliasing of nonlinear
// waveshaping using continuous-time convolution", DAFx 2016.
const KindWaveshaper Kind = "waveshaper"

// The shapes of a waveshaper, as indices into its shape parameter's choices.
const (
	WaveshaperTanh = iota
	WaveshaperHard
	WaveshaperFold
)

// The antialiasings of a waveshaper, as indices into its antialias parameter's
// choices.
const (
	AntialiasNone = iota
	AntialiasADAA1
)

var waveshaperSpec = Spec{
	Kind:   KindWaveshaper,
	Doc:    "Bends its input: tanh, hard limiting or folding, with antialiasing by the mean over each frame.",
	Source: "Parker, Zavalishin, Le Bivic, DAFx 2016",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "shape", Doc: "how it bends", Choices: []string{"tanh", "hard", "fold"}, Max: 2},
		{Name: "antialias", Doc: "none, or the mean over the frame", Choices: []string{"none", "adaa1"}, Default: AntialiasADAA1, Max: 1, Structural: true},
		{Name: "drive", Doc: "factor of the input", Default: 1, Max: 1e4, Differentiable: true},
		{Name: "bias", Doc: "what is added to it", Min: -1e4, Max: 1e4, Differentiable: true},
	},
	MaxOversample: 1,
	Stateful:      true,
}
