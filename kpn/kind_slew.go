package kpn

// KindSlew follows its input no faster than at given rates.
//
// out[n] = min(max(in[n], out[n−1] − fall/rate), out[n−1] + rise/rate), with
// out[−1] = 0.
//
// Shapes: in [B,C,F]; rise, fall [B,C,F] units a second, at least 0; out
// [B,C,F].
// State: out[n−1]. Latency: 0 frames. Gradients: in where out = in; elsewhere
// rise or fall, and out[n−1] and so what it followed.
// Errors: *RangeError if rise or fall is out of range.
const KindSlew Kind = "slew"

var slewSpec = Spec{
	Kind:   KindSlew,
	Doc:    "Follows its input no faster than at given rates.",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "rise", Doc: "the fastest rise, a second", Unit: "1/s", Default: 100, Max: unbounded, Differentiable: true},
		{Name: "fall", Doc: "the fastest fall, a second", Unit: "1/s", Default: 100, Max: unbounded, Differentiable: true},
	},
	MaxOversample: 1,
	Stateful:      true,
	Control:       true,
}
