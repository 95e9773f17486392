package cpuref

import "sawmill/kpn"

// step is what the reference knows of a kind.
type step struct {
	// forward computes a run of frames.
	forward func(*run)
	// adjoint takes the cotangents of a run of frames back, from its last to
	// its first. Cotangents end at kinds that have none.
	adjoint func(*backRun)
	// measure takes a run of a whole-row kind's input into its statistic,
	// in a pass before the one that calls forward. Other kinds have none.
	measure func(*run)
}

// steps has one line a kind.
var steps = map[kpn.Kind]step{
	kpn.KindConstant:  {forward: forwardConstant, adjoint: adjointConstant},
	kpn.KindInput:     {forward: forwardInput, adjoint: adjointInput},
	kpn.KindOsc:       {forward: forwardOsc, adjoint: adjointOsc},
	kpn.KindNoise:     {forward: forwardNoise},
	kpn.KindAdsr:      {forward: forwardAdsr, adjoint: adjointAdsr},
	kpn.KindGain:      {forward: forwardGain, adjoint: adjointGain},
	kpn.KindMultiply:  {forward: forwardMultiply, adjoint: adjointMultiply},
	kpn.KindMix:       {forward: forwardMix, adjoint: adjointMix},
	kpn.KindNormalize: {forward: forwardNormalize, adjoint: adjointNormalize, measure: measureNormalize},
}
