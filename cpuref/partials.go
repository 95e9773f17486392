package cpuref

import "math"

// forwardPartials is the step of [kpn.KindPartials].
func forwardPartials(r *run) {
	freq, offset := r.param("freq"), r.param("phase")
	perHertz := 1 / r.job.Rate
	phase := *r.phase
	for i := range r.out {
		step := increment(freq[i], r.job.Rate, perHertz)
		at := phase + fixed(offset[i])
		sum := 0.0
		for k := range partialsHeard(len(r.in), step) {
			sum += float64(r.in[k][i] * math.Sin(angle(uint64(k+1)*at)))
		}
		r.out[i] = sum
		phase += step
	}
	*r.phase = phase
}

// partialsHeard is how many of the harmonics are below half the sample rate.
func partialsHeard(n int, increment uint64) int {
	if increment == 0 {
		return n
	}
	return int(min(uint64(n), (cycle/2-1)/increment))
}

// adjointPartials differentiates as if the fixed-point phase were a real
// number, which is offset + Σ increments of all earlier frames.
func adjointPartials(r *backRun) {
	freq, offset := r.param("freq"), r.param("phase")
	byFreq, byPhase := r.derivative("freq"), r.derivative("phase")
	perHertz := 1 / r.job.Rate
	phase := r.startPhase
	for _, f := range freq {
		phase += increment(f, r.job.Rate, perHertz)
	}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		step := increment(freq[i], r.job.Rate, perHertz)
		phase -= step
		at := phase + fixed(offset[i])
		for k := range r.in {
			r.inputs[k][i] = 0
		}
		slope := 0.0
		for k := range partialsHeard(len(r.in), step) {
			n := float64(k + 1)
			sin, cos := math.Sincos(angle(uint64(k+1) * at))
			slope += 2 * math.Pi * n * r.in[k][i] * cos
			r.inputs[k][i] = r.cotangent[i] * sin
		}
		byFreq[i] = *r.later * perHertz
		byPhase[i] = r.cotangent[i] * slope
		*r.later += byPhase[i]
	}
}
