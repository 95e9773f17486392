package cpuref

import "sawmill/kpn"

// step is what the reference knows of a kind. The adjoint of a kind, when it
// has one, stands beside its forward, here and in the kind's file.
type step struct {
	// forward computes a run of frames.
	forward func(*run)
	// measure takes a run of a whole-row kind's input into its statistic,
	// in a pass before the one that calls forward. Other kinds have none.
	measure func(*run)
}

// steps has one line a kind.
var steps = map[kpn.Kind]step{
	kpn.KindConstant:  {forward: forwardConstant},
	kpn.KindInput:     {forward: forwardInput},
	kpn.KindOsc:       {forward: forwardOsc},
	kpn.KindNoise:     {forward: forwardNoise},
	kpn.KindAdsr:      {forward: forwardAdsr},
	kpn.KindGain:      {forward: forwardGain},
	kpn.KindMultiply:  {forward: forwardMultiply},
	kpn.KindMix:       {forward: forwardMix},
	kpn.KindNormalize: {forward: forwardNormalize, measure: measureNormalize},
}
