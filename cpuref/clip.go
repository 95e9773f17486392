package cpuref

// forwardClip is the step of [kpn.KindClip].
func forwardClip(r *run) {
	in, low, high := r.in[0], r.param("low"), r.param("high")
	for i := range r.out {
		r.out[i] = min(max(in[i], low[i]), high[i])
	}
}

// adjointClip passes the cotangent to what the output follows.
func adjointClip(r *backRun) {
	in, low, high := r.in[0], r.param("low"), r.param("high")
	byLow, byHigh := r.derivative("low"), r.derivative("high")
	for i, c := range r.cotangent {
		r.inputs[0][i] = 0
		switch {
		case max(in[i], low[i]) > high[i]:
			byHigh[i] = c
		case in[i] < low[i]:
			byLow[i] = c
		default:
			r.inputs[0][i] = c
		}
	}
}
