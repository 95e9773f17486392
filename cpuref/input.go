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

// adjointInput: the output is the signal, whose gradient stands in the place
// of a parameter's.
func adjointInput(r *backRun) { copy(r.derivatives[0], r.cotangent) }
