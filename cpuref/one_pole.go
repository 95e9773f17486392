package cpuref

import (
	"math"

	"sawmill/kpn"
)

// oneWord is the memory of the kinds that keep one number.
func oneWord(*node, float64) int { return 1 }

// halfTurn is the sine and the cosine of π·freq/rate.
func halfTurn(freq, rate float64) (sine, cosine float64) {
	return math.Sincos(math.Pi * freq / rate)
}

// onePole is [kpn.KindOnePole] at one frame.
type onePole struct {
	gain float64 // G
	// slope is the derivative of G by the cutoff.
	slope float64
}

// newOnePole: with w = π·cutoff/rate, sin w/(sin w + cos w) has the derivative
// 1/(sin w + cos w)².
func newOnePole(cutoff, rate float64) onePole {
	s, c := halfTurn(cutoff, rate)
	sum := s + c
	return onePole{gain: s / sum, slope: math.Pi / rate / (sum * sum)}
}

// forwardOnePole is the step of [kpn.KindOnePole].
func forwardOnePole(r *run) {
	in, cutoff := r.in[0], r.param("cutoff")
	high := r.param("output")[0] == kpn.OnePoleHigh
	s := r.memory[0]
	for i := range r.out {
		v := (in[i] - s) * newOnePole(cutoff[i], r.job.Rate).gain
		low := s + v
		s = low + v
		r.out[i] = low
		if high {
			r.out[i] = in[i] - low
		}
	}
	r.memory[0] = s
}

// adjointOnePole: with b the cotangent of the state after a frame and a that of
// low, v gets a + 2b.
func adjointOnePole(r *backRun) {
	in, cutoff := r.in[0], r.param("cutoff")
	high := r.param("output")[0] == kpn.OnePoleHigh
	byCutoff := r.derivative("cutoff")
	var states [chunkFrames]float64
	s := r.startMemory[0]
	for i := range r.cotangent {
		states[i] = s
		s += 2 * float64((in[i]-s)*newOnePole(cutoff[i], r.job.Rate).gain)
	}
	b := r.memoryCotangent[0]
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		f := newOnePole(cutoff[i], r.job.Rate)
		low, direct := r.cotangent[i], 0.0
		if high {
			low, direct = -low, low
		}
		byGain := low + 2*b
		reaches := byGain * f.gain
		r.inputs[0][i] = direct + reaches
		byCutoff[i] = byGain * (in[i] - states[i]) * f.slope
		b += low - reaches
	}
	r.memoryCotangent[0] = b
}
