package kpn

// KindSampler plays a recording, its table: a row for each channel, which
// repeat if the job has more.
//
// With N columns and the table's sample rate r (the job's if it has none), the
// place φ is in parts of the recording. It starts at parameter start and
// advances by ratio·r/(N·rate) a frame, at most ½, in 64-bit fixed point like
// a phase. The output is the Catmull-Rom spline through the four columns
// around φ·N:
//
//	x₁ + f/2·(x₂−x₀ + f·(2x₀−5x₁+4x₂−x₃ + f·(3(x₁−x₂)+x₃−x₀))),
//
// with x₁ the column ⌊φN⌋ and f the rest. With mode loop φ goes round and the
// columns too; with mode once there are zeros before the first column and
// after the last, and silence once φ has reached 1. A place below [OscLowest] (10⁻⁶ Hz)
// recordings a second stands still.
//
// Shapes: table [channels, columns]; ratio [B,C,F] in [0,1000]; start [B,C,F]
// in [0,1]; out [B,C,F].
// State: φ (fixed point, 64 bits), and whether it has reached 1.
// Latency: 0 frames. Gradients: ratio, through all later frames, and start,
// both by the spline's slope; none for the table.
// Errors: *GraphError without a table; *RangeError if a parameter is out of
// range.
// Source: Catmull, Rom, "A class of local interpolating splines", 1974.
const KindSampler Kind = "sampler"

// The modes of a sampler, as indices into its mode parameter's choices.
const (
	SamplerOnce = iota
	SamplerLoop
)

var samplerSpec = Spec{
	Kind:   KindSampler,
	Doc:    "Plays a recording once or in a loop, at any rate.",
	Source: "Catmull, Rom, 1974",
	Params: []Parameter{
		{Name: "mode", Doc: "once, or over and over", Choices: []string{"once", "loop"}, Max: SamplerLoop},
		{Name: "ratio", Doc: "how fast it plays", Unit: "×", Default: 1, Max: 1000, Differentiable: true},
		{Name: "start", Doc: "the part of the recording at which it starts; per frame, an offset", Unit: "cycles", Max: 1, Differentiable: true},
	},
	Table: &TableSpec{
		Doc:     "one row for each channel of the recording",
		MinRows: 1, MaxRows: 64, MinColumns: 4, MaxColumns: MaxTableValues,
	},
	MaxOversample: 1,
	SeekBrokenBy:  []string{"ratio"},
}
