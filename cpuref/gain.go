package cpuref

// forwardGain is the step of [kpn.KindGain].
func forwardGain(r *run) {
	in, gain := r.in[0], r.param("gain")
	for i := range r.out {
		r.out[i] = in[i] * gain[i]
	}
}

// adjointGain: the derivative of a product is the other factor.
func adjointGain(r *backRun) {
	in, gain := r.in[0], r.param("gain")
	byGain := r.derivative("gain")
	for i, c := range r.cotangent {
		r.inputs[0][i] = c * gain[i]
		byGain[i] = c * in[i]
	}
}
