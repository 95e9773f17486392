package kpn

// KindHarmonics is the number of harmonics that a tanh square or saw
// oscillator may have at a pitch.
//
// With m the pitch in semitones (MIDI note numbers, 69 is 440 Hz) and
// F = 440·2^((m−69)/12), the output is 12000/(F·log₁₀F). At F = 1 Hz, a pitch of
// −36.4, that is infinite, and negative below: a pitch below
// [HarmonicsLowest] (−36) counts as that one, and so does one above
// [HarmonicsHighest] (300).
//
// Shapes: in [B,C,F] semitones; out [B,C,F], positive.
// State: none. Latency: 0 frames. Gradients: in, from the lowest to the highest
// pitch, both included; none outside.
// Source: Lazzarini, Timoney, "New perspectives on distortion synthesis for
// virtual analog oscillators", Computer Music Journal 34(1), 2010.
const KindHarmonics Kind = "harmonics"

// The pitches that a harmonics tells apart, in semitones: 1.02 Hz and 275 MHz.
const (
	HarmonicsLowest  = -36
	HarmonicsHighest = 300
)

var harmonicsSpec = Spec{
	Kind:          KindHarmonics,
	Doc:           "The number of harmonics that a tanh square or saw oscillator may have at a pitch.",
	Source:        "Lazzarini, Timoney, Computer Music Journal 34(1), 2010",
	Inputs:        []Port{{Name: "in", Doc: "pitch in semitones, 69 is 440 Hz", Least: 1}},
	MaxOversample: 1,
	Control:       true,
}
