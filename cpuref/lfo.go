package cpuref

import (
	"math"

	"sawmill/kpn"
)

// lfoShapes are the parameters that weigh an lfo's shapes, in the order of its
// blends.
var lfoShapes = [...]string{"sin", "tri", "saw", "rsaw", "sqr"}

// forwardLfo is the step of [kpn.KindLfo].
func forwardLfo(r *run) {
	freq, offset := r.param("freq"), r.param("phase")
	turn := r.param("turn")
	phase := *r.phase
	for i := range r.out {
		phase += lfoIncrement(freq[i], r.job.Rate)
		r.memory[0] += lfoExcess(freq[i], r.job.Rate, turn[i])
		shapes, _ := lfoShapesAt(phase+fixed(offset[i]), lfoAhead(r.memory[0], offset[i], turn[i]))
		blend := r.blend(i)
		sum := 0.0
		for k, share := range blend.shares {
			sum += float64(share * shapes[k])
		}
		r.out[i] = sum
	}
	*r.phase = phase
}

// lfoIncrement is the fixed-point phase step of a frame at a frequency.
func lfoIncrement(freq, rate float64) uint64 {
	return uint64(math.RoundToEven(min(freq, rate/2) * (1 / rate) * cycle))
}

// lfoExcess is how much further than the phase a frame takes that of sine and
// square, in cycles.
func lfoExcess(freq, rate, turn float64) float64 {
	return (turn/(2*math.Pi) - 1) * min(freq, rate/2) / rate
}

// lfoAhead is how far that phase is ahead in all.
func lfoAhead(excess, offset, turn float64) uint64 {
	return fixed(excess + float64((turn/(2*math.Pi)-1)*(offset+0.5)))
}

// lfoShapesAt are the shapes at a phase and their derivatives by the phase in
// cycles. Sine and square are ahead of the others.
func lfoShapesAt(phase, ahead uint64) (values, slopes [5]float64) {
	x := cycles(phase)
	turned := phase + ahead
	sin, cos := math.Sincos(2 * math.Pi * (float64(int64(turned)) / cycle))
	values = [...]float64{(1 - cos) / 2, 2 * x, x, 1 - x, 0}
	slopes = [...]float64{math.Pi * sin, 2, 1, -1, 0}
	if phase >= cycle/2 {
		values[1], slopes[1] = 2-float64(2*x), -2
	}
	if turned-cycle/4 < cycle/2 {
		values[4] = 1
	}
	return values, slopes
}

// blend is how an lfo's shapes mix: each one's share, and the derivatives of
// its power by its weight and by the exponent, both over the sum of powers.
type blend struct {
	shares, byWeight, byExponent [5]float64
}

// blend is that of frame i of the run. Weights count from the largest, so that
// no power of all of them vanishes.
func (r *run) blend(i int) (b blend) {
	exponent := r.param("exponent")[i]
	var weights [5]float64
	largest := 0.0
	for k, name := range lfoShapes {
		if w := r.param(name)[i]; w >= kpn.LfoLeastWeight {
			weights[k] = w
			largest = max(largest, w)
		}
	}
	if largest == 0 {
		return blend{}
	}
	sum := 0.0
	for k, w := range weights {
		b.shares[k] = math.Pow(w/largest, exponent)
		sum += b.shares[k]
	}
	for k, w := range weights {
		b.shares[k] /= sum
		if w > 0 {
			b.byWeight[k] = exponent * b.shares[k] / w
			b.byExponent[k] = b.shares[k] * math.Log(w/largest)
		} else if exponent == 1 {
			b.byWeight[k] = 1 / (sum * largest)
		}
	}
	return b
}

// adjointLfo differentiates as if the fixed-point phase were a real number: a
// frame's increment has part in the phases of its own and all later frames.
// The derivative of a mean by one of its powers is that shape less the mean.
func adjointLfo(r *backRun) {
	freq, offset := r.param("freq"), r.param("phase")
	byFreq, byPhase, byExponent := r.derivative("freq"), r.derivative("phase"), r.derivative("exponent")
	var byWeight [5][]float64
	for k, name := range lfoShapes {
		byWeight[k] = r.derivative(name)
	}
	turn := r.param("turn")
	phase, excess := r.startPhase, r.startMemory[0]
	for i, f := range freq {
		phase += lfoIncrement(f, r.job.Rate)
		excess += lfoExcess(f, r.job.Rate, turn[i])
	}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		shapes, slopes := lfoShapesAt(phase+fixed(offset[i]), lfoAhead(excess, offset[i], turn[i]))
		phase -= lfoIncrement(freq[i], r.job.Rate)
		excess -= lfoExcess(freq[i], r.job.Rate, turn[i])
		blend := r.blend(i)
		c, mean, slope := r.cotangent[i], 0.0, 0.0
		for k, share := range blend.shares {
			mean += float64(share * shapes[k])
			slope += float64(share * slopes[k])
		}
		for k, shape := range shapes {
			byWeight[k][i] = c * blend.byWeight[k] * (shape - mean)
			byExponent[i] += c * blend.byExponent[k] * (shape - mean)
		}
		// Only the sine's slope is that of the excess.
		ahead := (turn[i] - 2*math.Pi) / (2 * math.Pi)
		*r.later += c * slope
		r.memoryCotangent[0] += c * blend.shares[0] * slopes[0]
		byPhase[i] = c * (slope + float64(blend.shares[0]*slopes[0]*ahead))
		byFreq[i] = (*r.later + float64(r.memoryCotangent[0]*ahead)) / r.job.Rate
	}
}
