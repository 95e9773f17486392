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

// adjointAdsr differentiates the stage that is active at each frame. A step
// has no derivative through its instant, nor has a stage that is shorter than
// shortestStage.
func adjointAdsr(r *backRun) {
	attack, decay, release := r.param("attack"), r.param("decay"), r.param("release")
	gate, sustain, curve := r.param("gate"), r.param("sustain"), r.param("curve")
	rate := r.job.Rate
	by := [...][]float64{
		r.derivative("attack"), r.derivative("decay"), r.derivative("sustain"),
		r.derivative("release"), r.derivative("gate"), r.derivative("curve"),
	}
	for i, c := range r.cotangent {
		e := envelope{
			gate:    gate[i] * rate,
			release: release[i] * rate,
			sustain: sustain[i],
			curve:   curve[i],
		}
		e.attack = min(attack[i]*rate, e.gate)
		e.decay = min(e.gate-e.attack, decay[i]*rate)
		s := e.slope(float64(r.first + i))
		// A length that the gate cuts short follows the gate.
		if e.gate-e.attack <= decay[i]*rate {
			s.gate += s.decay
			s.attack -= s.decay
			s.decay = 0
		}
		if attack[i]*rate > e.gate {
			s.gate += s.attack
			s.attack = 0
		}
		by[0][i] = c * s.attack * rate
		by[1][i] = c * s.decay * rate
		by[2][i] = c * s.sustain
		by[3][i] = c * s.release * rate
		by[4][i] = c * s.gate * rate
		by[5][i] = c * s.curve
	}
}

// shortestStage is the length in frames below which a stage is a step.
const shortestStage = 1e-9

// slope has the derivatives of an envelope at frame n by its fields. With x
// the place in a stage and h its height, the stage is h·x^k; x^(k−1) is taken
// as x^k/x, and everything is 0 at x = 0.
func (e envelope) slope(n float64) (s envelope) {
	switch {
	case n < e.attack:
		x := n / e.attack
		y := math.Pow(x, e.curve)
		if e.attack >= shortestStage {
			s.attack = -e.curve * y / e.attack
		}
		s.curve = timesLog(y, x)
	case n < min(e.gate, e.attack+e.decay):
		x := 1 - (n-e.attack)/e.decay
		y := math.Pow(x, e.curve)
		s.sustain = 1 - y
		s.curve = (1 - e.sustain) * timesLog(y, x)
		if e.decay >= shortestStage && x > 0 {
			by := (1 - e.sustain) * e.curve * y / x / e.decay
			s.attack, s.decay = by, by*(1-x)
		}
	case n < e.gate:
		s.sustain = 1
	case n < e.gate+e.release:
		x := 1 - (n-e.gate)/e.release
		y := math.Pow(x, e.curve)
		s.sustain = y
		s.curve = e.sustain * timesLog(y, x)
		if e.release >= shortestStage && x > 0 {
			by := e.sustain * e.curve * y / x / e.release
			s.gate, s.release = by, by*(1-x)
		}
	}
	return s
}

// timesLog is y·ln x, 0 at x = 0.
func timesLog(y, x float64) float64 {
	if x <= 0 {
		return 0
	}
	return y * math.Log(x)
}
