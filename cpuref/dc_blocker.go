package cpuref

// forwardDCBlocker is the step of [kpn.KindDCBlocker].
func forwardDCBlocker(r *run) {
	in, pole := r.in[0], r.param("pole")
	mean := r.memory[0]
	for i := range r.out {
		r.out[i] = in[i] - mean
		mean += float64((1 - pole[i]) * r.out[i])
	}
	r.memory[0] = mean
}

// adjointDCBlocker: with b the cotangent of the mean after a frame, the output
// has (1 − pole)·b besides its own, and the mean before it b less all of that.
func adjointDCBlocker(r *backRun) {
	in, pole, byPole := r.in[0], r.param("pole"), r.derivative("pole")
	var outs [chunkFrames]float64
	mean := r.startMemory[0]
	for i := range r.cotangent {
		outs[i] = in[i] - mean
		mean += float64((1 - pole[i]) * outs[i])
	}
	b := r.memoryCotangent[0]
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		byPole[i] = -b * outs[i]
		r.inputs[0][i] = r.cotangent[i] + float64((1-pole[i])*b)
		b -= r.inputs[0][i]
	}
	r.memoryCotangent[0] = b
}
