package cpuref

// forwardInput is the step of [kpn.KindInput].
func forwardInput(r *run) {
	row := r.job.Inputs[r.node.id].Row(r.b, r.c)
	for i := range r.out {
		r.out[i] = 0
		if t := r.first + i; t < len(row) {
			r.out[i] = float64(row[t])
		}
	}
}
