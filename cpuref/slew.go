package cpuref

// forwardSlew is the step of [kpn.KindSlew].
func forwardSlew(r *run) {
	in, rise, fall := r.in[0], r.param("rise"), r.param("fall")
	last := r.memory[0]
	for i := range r.out {
		last = min(max(in[i], last-fall[i]/r.job.Rate), last+rise[i]/r.job.Rate)
		r.out[i] = last
	}
	r.memory[0] = last
}

// adjointSlew passes the cotangent to what the output follows: the input, or
// the output before and the rate.
func adjointSlew(r *backRun) {
	in, rise, fall := r.in[0], r.param("rise"), r.param("fall")
	byRise, byFall := r.derivative("rise"), r.derivative("fall")
	var before [chunkFrames]float64
	last := r.startMemory[0]
	for i := range r.cotangent {
		before[i] = last
		last = min(max(in[i], last-fall[i]/r.job.Rate), last+rise[i]/r.job.Rate)
	}
	b := r.memoryCotangent[0]
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		c := r.cotangent[i] + b
		r.inputs[0][i], b = 0, c
		switch {
		case in[i] > before[i]+rise[i]/r.job.Rate:
			byRise[i] = c / r.job.Rate
		case in[i] < before[i]-fall[i]/r.job.Rate:
			byFall[i] = -c / r.job.Rate
		default:
			r.inputs[0][i], b = c, 0
		}
	}
	r.memoryCotangent[0] = b
}
