package cpuref

// forwardGain is the step of [kpn.KindGain].
func forwardGain(r *run) {
	in, gain := r.in[0], r.param("gain")
	for i := range r.out {
		r.out[i] = in[i] * gain[i]
	}
}
