package kpn

// KindNormalize scales each row so that its largest magnitude becomes peak.
//
// With m the largest |in| over the F frames of the row that the job asks for
// (latency trimmed), out = in·peak/m in mode always. In mode limit rows
// with m ≤ peak pass unchanged. A row of zeros stays zero.
//
// Shapes: in, peak [B,C,F]; out [B,C,F]; in mode limit, m is compared with the
// peak of each frame.
// State: m, known only after the whole row: engines render the input twice or
// keep it. Latency: 0 frames. Gradients: in (through the frame of the largest
// magnitude too), peak.
// Errors: *RangeError if peak is out of range.
const KindNormalize Kind = "normalize"

// The modes of a normalize, as indices into its mode parameter's choices.
const (
	NormalizeAlways = iota
	NormalizeLimit
)

var normalizeSpec = Spec{
	Kind:   KindNormalize,
	Doc:    "Scales each row so that its largest magnitude becomes peak.",
	Inputs: []Port{{Name: "in", Doc: "the signal", Least: 1}},
	Params: []Parameter{
		{Name: "peak", Doc: "the magnitude to reach", Default: 1, Max: unbounded, Differentiable: true},
		{Name: "mode", Doc: "always, or only rows that exceed the peak", Choices: []string{"always", "limit"}, Max: 1},
	},
	MaxOversample: 1,
	WholeRow:      true,
}
