package cpuref

import "math"

// forwardAdsr is the step of [kpn.KindAdsr].
func forwardAdsr(r *run) {
	attack, decay, release := r.param("attack"), r.param("decay"), r.param("release")
	gate, sustain, curve := r.param("gate"), r.param("sustain"), r.param("curve")
	rate := r.job.Rate
	for i := range r.out {
		e := envelope{
			gate:    gate[i] * rate,
			release: release[i] * rate,
			sustain: sustain[i],
			curve:   curve[i],
		}
		e.attack = min(attack[i]*rate, e.gate)
		e.decay = min(e.gate-e.attack, decay[i]*rate)
		r.out[i] = e.at(float64(r.first + i))
	}
}

// envelope is the shape of an adsr at one frame. Its times are in frames.
type envelope struct {
	attack, decay, release, gate, sustain, curve float64
}

// at is the envelope at frame n. A stage of length 0 has no frames, so
// nothing is divided by 0.
func (e envelope) at(n float64) float64 {
	switch {
	case n < e.attack:
		return math.Pow(n/e.attack, e.curve)
	case n < min(e.gate, e.attack+e.decay):
		falling := math.Pow(1-(n-e.attack)/e.decay, e.curve)
		return e.sustain + float64((1-e.sustain)*falling)
	case n < e.gate:
		return e.sustain
	case n < e.gate+e.release:
		return e.sustain * math.Pow(1-(n-e.gate)/e.release, e.curve)
	default:
		return 0
	}
}
