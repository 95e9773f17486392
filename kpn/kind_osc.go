package kpn

// KindOsc is a periodic oscillator: sine, saw, pulse, triangle or square-saw.
//
// With φ the phase in cycles, that starts at parameter phase and advances by
// f/(rate·R) a step: sine is sin 2πφ; saw is 2φ−1; pulse is +1 where
// φ < width and −1 elsewhere; triangle is 4φ−1 in its first half and 3−4φ in
// its second. Band limiting adds the polyBLEP residual at each step of
// the waveform and the polyBLAMP residual at each corner, of two points
// (linear B-spline) or four (cubic B-spline); or of 64 points, by a table of
// a windowed sinc's integrals ([KaiserTable]), for aliases below −120 dB and
// harmonics at their level up to 0.38 of the sample rate, without oversampling;
// they fade from there to half of it. All steps and corners within 32 samples
// are then reckoned at the frequency of the moment. With R > 1 the node steps R
// times a frame and a half-band cascade (see [Decimator]) brings it back.
//
// Square-saw is (1 − s/2)·tanh(½πK·sin 2πφ)·(1 + s·cos 2πφ), with s = saw and
// K = harmonics: a square whose edges hold about K harmonics, which turns into
// a saw. It has no residual.
//
// The frequency f is freq·2^(p/12), at most half the sample rate, with p =
// pitch, limited to [pitch_low, pitch_high]. With freq 8.1758 Hz, the pitch is
// a MIDI note number. All of it is float64 on every engine; with precision
// "single", devices reckon in float32 what changes from frame to frame: faster,
// and the phase runs away by up to some 10⁻⁷ of the cycles gone through
// (docs/tolerances.md). Linear frequency modulation is a modulation of freq, phase modulation one of phase, pulse
// width modulation one of width.
//
// The phase advances after a step is taken (advance "after"), so that frame 0
// is at parameter phase; or before, so that the phase at a frame is the sum of
// the increments up to and including its own.
//
// A frequency below [OscLowest] (10⁻⁶ Hz) counts as 0: what the waveform does next to a
// step would take longer than anyone renders.
//
// Shapes: freq [B,C,F] Hz in [0, rate/2]; phase [B,C,F] cycles in [−1024,
// 1024]; width [B,C,F] cycles in [0,1]; pitch [B,C,F] semitones; saw [B,C,F] in
// [0,1]; harmonics [B,C,F]; out [B,C,F], about ±1.
// State: φ (fixed point, 64 bits). Latency: the decimator's.
// Gradients: freq, phase, width, pitch, saw, harmonics; none for the choices
// and the pitch's limits.
// Errors: *RangeError if a parameter is out of range.
// Source: Välimäki, Pekonen, Nam, "Perceptually informed synthesis of
// bandlimited classical waveforms using integrated polynomial
// interpolation", JASA 131(1), 2012; Stilson, Smith, "Alias-free digital
// synthesis of classic analog waveforms", ICMC 1996; Esqueda, Välimäki, Bilbao, "Rounding
// corners with BLAMP", DAFx 2016; Lazzarini, Timoney, "New perspectives on
// distortion synthesis for virtual analog oscillators", CMJ 34(1), 2010.
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
	OscSquareSaw
)

// When the phase of an osc advances, as indices into its advance parameter's
// choices.
const (
	AdvanceAfter = iota
	AdvanceBefore
)

// What the frequency of an osc is reckoned in where it changes from frame to
// frame, as indices into its precision parameter's choices.
const (
	PrecisionDouble = iota
	PrecisionSingle
)

// The band limits of an osc, as indices into its band_limit parameter's
// choices.
const (
	BandLimitNone = iota
	BandLimitPolyBLEP2
	BandLimitPolyBLEP4
	BandLimitKaiser
)

var oscSpec = Spec{
	Kind:   KindOsc,
	Doc:    "A periodic oscillator: sine, saw, pulse or triangle, band-limited by polyBLEP and polyBLAMP residuals or a table of windowed sincs, or a square-saw shaped by tanh.",
	Source: "Välimäki, Pekonen, Nam, JASA 131(1), 2012; Esqueda, Välimäki, Bilbao, DAFx 2016; Lazzarini, Timoney, CMJ 34(1), 2010",
	Params: []Parameter{
		{Name: "shape", Doc: "the waveform", Choices: []string{"sine", "saw", "pulse", "triangle", "square_saw"}, Max: 4},
		{Name: "band_limit", Doc: "the residual added at steps and corners", Choices: []string{"none", "polyblep2", "polyblep4", "kaiser32"}, Default: BandLimitPolyBLEP4, Max: BandLimitKaiser},
		{Name: "freq", Doc: "frequency", Unit: "Hz", Default: 440, Max: infinity, Nyquist: true, Differentiable: true},
		{Name: "phase", Doc: "phase at frame 0; per frame, an offset", Unit: "cycles", Min: -maxPhase, Max: maxPhase, Differentiable: true},
		{Name: "width", Doc: "the part of the cycle that a pulse is high", Unit: "cycles", Default: 0.5, Max: 1, Differentiable: true},
		{Name: "pitch", Doc: "what the frequency is shifted by", Unit: "semitones", Min: -maxPitch, Max: maxPitch, Differentiable: true, Neutral: true},
		{Name: "pitch_low", Doc: "the least pitch", Unit: "semitones", Default: -maxPitch, Min: -maxPitch, Max: maxPitch, Neutral: true},
		{Name: "pitch_high", Doc: "the largest pitch; below pitch_low it counts as that", Unit: "semitones", Default: maxPitch, Min: -maxPitch, Max: maxPitch, Neutral: true},
		{Name: "saw", Doc: "of a square-saw: 0 square, 1 saw", Default: 0.5, Max: 1, Differentiable: true, Neutral: true},
		{Name: "harmonics", Doc: "of a square-saw: about how many it has", Default: 20, Max: 1e6, Differentiable: true, Neutral: true},
		{Name: "advance", Doc: "whether the phase advances after or before a step", Choices: []string{"after", "before"}, Max: 1, Structural: true},
		{Name: "precision", Doc: "of a frequency that changes from frame to frame, on devices", Choices: []string{"double", "single"}, Max: 1, Structural: true},
	},
	MaxOversample: MaxOversample,
	SeekBrokenBy:  []string{"freq", "pitch", "pitch_low", "pitch_high"},
}

// maxPhase bounds an offset of a phase, in cycles, and maxPitch that of a
// frequency, in semitones: more than audio spans.
const (
	maxPhase = 1024
	maxPitch = 256
)
