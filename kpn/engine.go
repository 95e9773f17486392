package kpn

import "context"

// DeviceClass is what kind of device an engine runs on.
type DeviceClass string

// The device classes.
const (
	// Hardware is a GPU.
	Hardware DeviceClass = "hardware"
	// Software is an OpenGL implementation that runs on the CPU.
	Software DeviceClass = "software"
	// Reference is the float64 CPU reference.
	Reference DeviceClass = "cpu"
)

// Device describes the device that an engine really runs on.
type Device struct {
	Class DeviceClass
	// Name is the renderer as the driver names it.
	Name string
	// Backend is how it was reached: "egl", "glfw" or "go".
	Backend string
	// Version is the driver's version string.
	Version string
}

// Engine compiles graphs for one device. Its methods may be called from any
// goroutine.
type Engine interface {
	Device() Device
	// Compile checks a graph and prepares it. It fails with the errors of
	// [Graph.Validate], or the engine's own.
	Compile(g *Graph) (Executable, error)
	Close() error
}

// Executable is a graph compiled for an engine's device.
type Executable interface {
	// Latency is the graph's total latency in frames, which Forward trims.
	Latency() int
	// Forward renders a job and hands it to sink in blocks: for each run of
	// frames, in order, one block for each of the graph's outputs. It stops
	// at the sink's first error, or when ctx is done, with that error.
	Forward(ctx context.Context, job *Job, sink Sink) error
	// Adjoint gives the gradients of a job, see [AdjointJob]. The same job
	// gives the same bits on the same device, however its frames are cut
	// into blocks and its items into batches.
	Adjoint(ctx context.Context, job *AdjointJob) (*Gradients, error)
	Close() error
}

// Sink receives blocks. The block's data is only valid during the call.
type Sink func(*Block) error

// Block is a run of frames of one output, for all rows.
type Block struct {
	// Output is the index of the output in Graph.Outputs.
	Output int
	// First is the index of the block's first frame.
	First int
	// Shape is [B, C, frames in the block].
	Shape Shape
	// Exactly one of F32 and F64 holds the samples: F64 on the reference.
	F32 []float32
	F64 []float64
}

// At returns sample i of the dense [B, C, F] block.
func (b *Block) At(i int) float64 {
	if b.F64 != nil {
		return b.F64[i]
	}
	return float64(b.F32[i])
}
