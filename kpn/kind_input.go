package kpn

// KindInput is a signal that the job brings: Job.Inputs, by node.
//
// Shapes: the tensor is [B,C,F] with B or C of 1 repeated; out [B,C,F].
// State: none. Latency: 0 frames. After its last frame an input is silent.
// Gradients: the tensor itself.
// Errors: *ShapeError if the tensor does not fit the job.
const KindInput Kind = "input"

var inputSpec = Spec{
	Kind:          KindInput,
	Doc:           "A signal that the job brings.",
	MaxOversample: 1,
}
