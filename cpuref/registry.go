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
	// memory is how many numbers a kind keeps for each row from frame to frame
	// in run.memory, at a rate. Other kinds have none.
	memory func(v *node, rate float64) int
}

// steps has one line a kind.
var steps = map[kpn.Kind]step{
	kpn.KindControl:    {forward: forwardControl, adjoint: adjointControl},
	kpn.KindConstant:   {forward: forwardConstant, adjoint: adjointConstant},
	kpn.KindInput:      {forward: forwardInput, adjoint: adjointInput},
	kpn.KindOsc:        {forward: forwardOsc, adjoint: adjointOsc},
	kpn.KindNoise:      {forward: forwardNoise},
	kpn.KindAdditive:   {forward: forwardAdditive, adjoint: adjointAdditive},
	kpn.KindPartials:   {forward: forwardPartials, adjoint: adjointPartials},
	kpn.KindAdsr:       {forward: forwardAdsr, adjoint: adjointAdsr},
	kpn.KindGain:       {forward: forwardGain, adjoint: adjointGain},
	kpn.KindMultiply:   {forward: forwardMultiply, adjoint: adjointMultiply},
	kpn.KindMix:        {forward: forwardMix, adjoint: adjointMix},
	kpn.KindNormalize:  {forward: forwardNormalize, adjoint: adjointNormalize, measure: measureNormalize},
	kpn.KindLfo:        {forward: forwardLfo, adjoint: adjointLfo, memory: oneWord},
	kpn.KindEnvelope:   {forward: forwardEnvelope, adjoint: adjointEnvelope},
	kpn.KindClip:       {forward: forwardClip, adjoint: adjointClip},
	kpn.KindHarmonics:  {forward: forwardHarmonics, adjoint: adjointHarmonics},
	kpn.KindPitch:      {forward: forwardPitch, adjoint: adjointPitch},
	kpn.KindQuantize:   {forward: forwardQuantize, adjoint: adjointQuantize},
	kpn.KindGlide:      {forward: forwardGlide, adjoint: adjointGlide, memory: twoWords},
	kpn.KindController: {forward: forwardController, adjoint: adjointController},
	kpn.KindSampler:    {forward: forwardSampler, adjoint: adjointSampler, memory: oneWord},
	kpn.KindWavetable:  {forward: forwardWavetable, adjoint: adjointWavetable},
	kpn.KindOnePole:    {forward: forwardOnePole, adjoint: adjointOnePole, memory: oneWord},
	kpn.KindSVF:        {forward: forwardSVF, adjoint: adjointSVF, memory: twoWords},
	kpn.KindDCBlocker:  {forward: forwardDCBlocker, adjoint: adjointDCBlocker, memory: oneWord},
	kpn.KindRLC:        {forward: forwardRLC, adjoint: adjointRLC, memory: twoWords},
	kpn.KindSlew:       {forward: forwardSlew, adjoint: adjointSlew, memory: oneWord},
	kpn.KindWaveshaper: {forward: forwardWaveshaper, adjoint: adjointWaveshaper, memory: oneWord},
	kpn.KindPan:        {forward: forwardPan, adjoint: adjointPan},

	kpn.KindSubharmonic: {forward: forwardSubharmonic, adjoint: adjointSubharmonic, memory: twoWords},
	kpn.KindDelay:       {forward: forwardDelay, adjoint: adjointDelay, memory: delayMemory},
	kpn.KindSync:        {forward: forwardSync, adjoint: adjointSync},
}
