package cpuref

import (
	"math"

	"sawmill/kpn"
)

// forwardEnvelope is the step of [kpn.KindEnvelope].
func forwardEnvelope(r *run) {
	for i := range r.out {
		e := r.ramps(i)
		r.out[i] = e.rise.power * (float64((1-e.sustain)*e.fall.power) + e.sustain) * e.end.power
	}
}

// ramps are the factors of an envelope at one frame.
type ramps struct {
	rise, fall, end ramp
	sustain         float64
	// The gate ends the attack; it leaves less than the decay.
	attackCut, decayCut bool
}

// ramps are those of frame i of the run. Times are in frames.
func (r *run) ramps(i int) ramps {
	n, rate, k := float64(r.first+i), r.job.Rate, r.param("alpha")[i]
	attack, gate, decay := r.param("attack")[i]*rate, r.param("gate")[i]*rate, r.param("decay")[i]*rate
	a, rest := min(attack, gate), max(gate-attack, 0)
	return ramps{
		rise:      rampUp(n, a, k),
		fall:      rampDown(n, a, min(rest, decay), k),
		end:       rampDown(n, gate, r.param("release")[i]*rate, k),
		sustain:   r.param("sustain")[i],
		attackCut: attack > gate,
		decayCut:  rest < decay,
	}
}

// ramp is a ramp's power at one frame, with its derivatives by the ramp's
// length, start and exponent.
type ramp struct {
	power                   float64
	length, start, exponent float64
}

// rampUp goes from 0 to 1 from frame 0 on.
func rampUp(n, length, k float64) ramp {
	v := (n+kpn.EnvelopeEpsilon)/length + kpn.EnvelopeEpsilon
	if length <= 0 || v >= 1 {
		return ramp{power: 1}
	}
	y := math.Pow(v, k)
	return ramp{
		power:    y,
		length:   -k * y / v * (v - kpn.EnvelopeEpsilon) / length,
		exponent: y * math.Log(v),
	}
}

// rampDown goes from 1 to 0 from frame start on. What is left of it is counted
// from its end, where 1 less the ramp would cancel.
func rampDown(n, start, length, k float64) ramp {
	if length <= 0 {
		return ramp{power: 1}
	}
	x := max(0, n-start)
	v := (length - x - float64(kpn.EnvelopeEpsilon*(1+length))) / length
	if v <= 0 {
		return ramp{}
	}
	y := math.Pow(v, k)
	byLength := k * y / v / length
	down := ramp{power: y, length: byLength * (x + kpn.EnvelopeEpsilon) / length, exponent: y * math.Log(v)}
	if x > 0 {
		down.start = byLength
	}
	return down
}

// adjointEnvelope is the product rule. A length or a start that the gate cuts
// short follows the gate.
func adjointEnvelope(r *backRun) {
	rate := r.job.Rate
	byAttack, byDecay, bySustain := r.derivative("attack"), r.derivative("decay"), r.derivative("sustain")
	byRelease, byGate, byAlpha := r.derivative("release"), r.derivative("gate"), r.derivative("alpha")
	for i, c := range r.cotangent {
		e := r.ramps(i)
		level := float64((1-e.sustain)*e.fall.power) + e.sustain
		rise, fall, end := c*level*e.end.power, c*e.rise.power*(1-e.sustain)*e.end.power, c*e.rise.power*level
		bySustain[i] = c * e.rise.power * (1 - e.fall.power) * e.end.power
		byAlpha[i] = float64(rise*e.rise.exponent) + float64(fall*e.fall.exponent) + float64(end*e.end.exponent)
		byRelease[i] = end * e.end.length * rate
		attack := float64(rise*e.rise.length) + float64(fall*e.fall.start)
		decay, gate := fall*e.fall.length, end*e.end.start
		switch {
		case e.attackCut:
			// Nothing is left for the decay.
			gate += attack
			attack, decay = 0, 0
		case e.decayCut:
			gate += decay
			attack -= decay
			decay = 0
		}
		byAttack[i], byDecay[i], byGate[i] = attack*rate, decay*rate, gate*rate
	}
}
