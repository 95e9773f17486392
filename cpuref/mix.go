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
