package kpn

// KindOsc is a periodic oscillator: sine, saw, pulse or triangle.
//
// With φ the phase in cycles, that starts at parameter phase and advances by
// freq/(rate·R) a step: sine is sin 2πφ; saw is 2φ−1; pulse is +1 where
// φ < width and −1 elsewhere; triangle is 4φ−1 in its first half and 3−4φ in
// its second. Band limiting adds the polyBLEP residual at each step of
// the waveform and the polyBLAMP residual at each corner, of two points
// (linear B-spline) or four (cubic B-spline). With R > 1 the node steps R
// times a frame and a half-band cascade (see [Decimator]) brings it back.
//
// A frequency below [OscLowest] counts as 0: what the waveform does next to a
// step would take longer than anyone renders.
//
// Shapes: freq [B,C,F] Hz in [0, rate/2]; phase [B,C,F] cycles in [0,1];
// width [B,C,F] cycles in [0,1]; out [B,C,F], about ±1.
// State: φ (fixed point, 64 bits). Latency: the decimator's.
// Gradients: freq, phase, width; none for shape and band_limit.
// Errors: *RangeError if a parameter is out of range.
// Source: Välimäki, Pekonen, Nam, "Perceptually informed synthesis of
// bandlimited classical waveforms using integrated polynomial
// interpolation", JASA 131(1), 2012; Esqueda, Välimäki, Bilbao, "Rounding
// corners with BLAMP", DAFx 2016.
const KindOsc Kind = "osc"

// OscLowest is the lowest frequency that an osc tells from 0, in Hz: a cycle in
// eleven days.
const OscLowest = 1e-6

// The shapes of an osc, as indices into its shape parameter's choices.
const (
	OscSine = iota
	OscSaw
	OscPulse
	OscTriangle
)

// The band limits of an osc, as indices into its band_limit parameter's
// choices.
const (
	BandLimitNone = iota
	BandLimitPolyBLEP2
	BandLimitPolyBLEP4
)

var oscSpec = Spec{
	Kind:   KindOsc,
	Doc:    "A periodic oscillator: sine, saw, pulse or triangle, band-limited by polyBLEP and polyBLAMP residuals.",
	Source: "Välimäki, Pekonen, Nam, JASA 131(1), 2012; Esqueda, Välimäki, Bilbao, DAFx 2016",
	Params: []Parameter{
		{Name: "shape", Doc: "the waveform", Choices: []string{"sine", "saw", "pulse", "triangle"}, Max: 3},
		{Name: "band_limit", Doc: "the residual added at steps and corners", Choices: []string{"none", "polyblep2", "polyblep4"}, Default: BandLimitPolyBLEP4, Max: 2},
		{Name: "freq", Doc: "frequency", Unit: "Hz", Default: 440, Max: infinity, Nyquist: true, Differentiable: true},
		{Name: "phase", Doc: "phase at frame 0; per frame, an offset", Unit: "cycles", Max: 1, Differentiable: true},
		{Name: "width", Doc: "the part of the cycle that a pulse is high", Unit: "cycles", Default: 0.5, Max: 1, Differentiable: true},
	},
	MaxOversample: MaxOversample,
	SeekBrokenBy:  []string{"freq"},
}
