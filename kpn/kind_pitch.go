package kpn

// KindPitch is the frequency of a pitch in semitones:
//
//	reference·2^((note−69)/12).
//
// Note is a MIDI note number, 69 the reference's own. What plays notes (a
// controller, an lfo, a quantize, a glide) modulates it; what the pitch then
// modulates, say the freq of an osc, adds it to 0.
//
// At the sample rate the result is float32 on devices, as every signal there:
// off by some 10⁻⁷ of itself, so that a phase that sums it up runs away by as
// much of the cycles gone through. At a control rate it is float64. What has to
// move at the sample rate loses less as an osc's own pitch parameter, in a few
// semitones about its freq.
//
// Shapes: note [B,C,F] semitones in [−128,192]; reference [B,C,F] Hz; out
// [B,C,F] Hz.
// State: none. Latency: 0 frames. Gradients: note, reference.
// Errors: *RangeError if note or reference is out of range.
// Source: MIDI 1.0 tuning standard, equal temperament.
const KindPitch Kind = "pitch"

// The notes that a pitch plays, in semitones: 5 mHz and 0.5 MHz.
const (
	PitchLowest  = -128
	PitchHighest = 192
)

var pitchSpec = Spec{
	Kind:   KindPitch,
	Doc:    "The frequency of a note, in equal temperament.",
	Source: "MIDI 1.0 tuning standard",
	Params: []Parameter{
		{Name: "note", Doc: "the note, 69 is the reference", Unit: "semitones", Default: 69, Min: PitchLowest, Max: PitchHighest, Differentiable: true},
		{Name: "reference", Doc: "frequency of note 69", Unit: "Hz", Default: 440, Min: 1, Max: 1e5, Differentiable: true},
	},
	MaxOversample: 1,
	Control:       true,
}
