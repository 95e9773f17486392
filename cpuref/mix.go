package cpuref

// forwardMix is the step of [kpn.KindMix]. Its only parameters are the
// levels, one for each input.
func forwardMix(r *run) {
	clear(r.out)
	for k, in := range r.in {
		level := r.params[k]
		for i := range r.out {
			r.out[i] += float64(in[i] * level[i])
		}
	}
}

// adjointMix: the derivative of each product is its other factor.
func adjointMix(r *backRun) {
	for k, in := range r.in {
		level := r.params[k]
		for i, c := range r.cotangent {
			r.inputs[k][i] = c * level[i]
			r.derivatives[k][i] = c * in[i]
		}
	}
}
