package cpuref

// forwardMultiply is the step of [kpn.KindMultiply].
func forwardMultiply(r *run) {
	copy(r.out, r.in[0])
	for _, in := range r.in[1:] {
		for i := range r.out {
			r.out[i] *= in[i]
		}
	}
}
