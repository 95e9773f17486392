package kpn

// KindControl stands, in the audio part of a graph that [Graph.Split] took
// apart, for a control signal, interpolated linearly to audio frames in
// float64. Presets and graphs that users build do not have it: they mark nodes
// as control instead.
//
// Shapes: out [B,C,F]. State: none. Latency: 0 frames.
// Gradients: the signal's.
const KindControl Kind = "control"

var controlSpec = Spec{
	Kind:          KindControl,
	Doc:           "A control signal, interpolated to audio frames.",
	MaxOversample: 1,
}
