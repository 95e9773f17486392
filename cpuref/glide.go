package cpuref

import "math"

// forwardGlide is the step of [kpn.KindGlide]. Its memory is the output before
// and whether there was one.
func forwardGlide(r *run) {
	in, time := r.in[0], r.param("time")
	last, started := r.memory[0], r.memory[1]
	for i := range r.out {
		if started == 0 {
			last, started = in[i], 1
		}
		last += float64(glideStep(time[i], r.job.Rate) * (in[i] - last))
		r.out[i] = last
	}
	r.memory[0], r.memory[1] = last, started
}

// glideStep is the part of the way that a frame makes.
func glideStep(time, rate float64) float64 {
	if time <= 0 {
		return 1
	}
	return -math.Expm1(-1 / (time * rate))
}

// adjointGlide goes from the last frame to the first with the outputs before
// each, computed again.
func adjointGlide(r *backRun) {
	in, time, byTime := r.in[0], r.param("time"), r.derivative("time")
	var before [chunkFrames]float64
	last := r.startMemory[0]
	first := r.startMemory[1] == 0
	for i := range r.cotangent {
		if first && i == 0 {
			last = in[i]
		}
		before[i] = last
		last += float64(glideStep(time[i], r.job.Rate) * (in[i] - last))
	}
	back := r.memoryCotangent[0]
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		c := r.cotangent[i] + back
		step := glideStep(time[i], r.job.Rate)
		r.inputs[0][i] = c * step
		back = c * (1 - step)
		if frames := time[i] * r.job.Rate; frames > 0 {
			// e^(−1/frames)/frames² a frame, 0 where that is 0 for doubles.
			left := 1 - step
			if left > 0 {
				byTime[i] = -c * (in[i] - before[i]) * left / frames / time[i]
			}
		}
		if first && i == 0 {
			r.inputs[0][i], back = c, 0
		}
	}
	r.memoryCotangent[0] = back
}
