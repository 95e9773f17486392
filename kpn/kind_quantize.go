package kpn

// KindQuantize moves a pitch to the nearest note of a scale.
//
// With x = in − root, limited to ±1200 ([QuantizeReach]), the output is root + n for
// the whole number n that is nearest to x among those of which the scale has
// n mod 12; of two that are as near, the higher, and also where x is less than
// [QuantizeTie] (0.0007) below the middle of them. A pitch made of round numbers
// often stands in the middle, and on every engine a rounding beside it. Scale
// none passes the input. Scale mask has the degrees whose bits are set in mask, bit 0 the root.
//
// A root that is no whole number shifts all notes by as much.
//
// Shapes: in [B,C,F] semitones; root [B,C,F] semitones; mask [B,C,F], a whole
// number from 1 to 4095 (a fraction is cut off); out [B,C,F] semitones.
// State: none. Latency: 0 frames.
// Gradients: in has 0, but 1 with scale none: a note stands still, and where it
// jumps there is no derivative. Root has 1, as all notes move with it, but 0
// with scale none.
// Errors: *RangeError if root or mask is out of range.
const KindQuantize Kind = "quantize"

// QuantizeReach is how far from its root a quantize finds notes, in semitones.
const QuantizeReach = 1200

// QuantizeTie is how far below the middle of two notes a quantize already takes
// the higher, in semitones.
const QuantizeTie = 0.0007

// The scales of a quantize, as indices into its scale parameter's choices.
const (
	ScaleNone = iota
	ScaleChromatic
	ScaleMajor
	ScaleMinor
	ScaleHarmonicMinor
	ScalePentatonic
	ScaleMask
)

// ScaleDegrees are the degrees of the scales that have a name, as masks: bit k
// is k semitones above the root.
var ScaleDegrees = [ScaleMask]int{
	ScaleChromatic:     0b111111111111,
	ScaleMajor:         0b101010110101,
	ScaleMinor:         0b010110101101,
	ScaleHarmonicMinor: 0b100110101101,
	ScalePentatonic:    0b001010010101,
}

var quantizeSpec = Spec{
	Kind:   KindQuantize,
	Doc:    "Moves a pitch to the nearest note of a scale.",
	Inputs: []Port{{Name: "in", Doc: "the pitch in semitones", Least: 1}},
	Params: []Parameter{
		{Name: "scale", Doc: "the notes that there are", Choices: []string{"none", "chromatic", "major", "minor", "harmonic_minor", "pentatonic", "mask"}, Default: ScaleChromatic, Max: ScaleMask},
		{Name: "root", Doc: "the scale's first note", Unit: "semitones", Min: -12, Max: 12, Differentiable: true},
		{Name: "mask", Doc: "of scale mask: the sum of 2 to the power of each degree, 0 to 11", Unit: "degrees", Default: 4095, Min: 1, Max: 4095},
	},
	MaxOversample: 1,
	Control:       true,
}
