package cpuref

import (
	"math"

	"sawmill/kpn"
)

// divider is a flip-flop: its memory is 1 where it turns over, and 2 where it is
// armed, added up.
type divider struct{ turned, armed bool }

func dividerOf(memory float64) divider {
	return divider{turned: memory == 1 || memory == 3, armed: memory >= 2}
}

func (d divider) memory() float64 {
	m := 0.0
	if d.turned {
		m++
	}
	if d.armed {
		m += 2
	}
	return m
}

// next takes a sample in, and gives its sign.
func (d *divider) next(low float64) float64 {
	switch {
	case low < -kpn.SubharmonicQuiet:
		d.armed = true
	case d.armed && low > kpn.SubharmonicQuiet:
		d.armed, d.turned = false, !d.turned
	}
	if d.turned {
		return -1
	}
	return 1
}

// subharmonicStep is the part of the way that the lowpass makes in a frame, and
// its derivative by the cutoff.
func subharmonicStep(cutoff, rate float64) (step, slope float64) {
	cycles := cutoff * (1 / rate)
	if step = 2 * math.Pi * cycles; step < 1 {
		return step, 2 * math.Pi / rate
	}
	return 1, 0
}

// forwardSubharmonic is the step of [kpn.KindSubharmonic].
func forwardSubharmonic(r *run) {
	in, cutoff, level := r.in[0], r.param("cutoff"), r.param("level")
	low, flip := r.memory[0], dividerOf(r.memory[1])
	for i := range r.out {
		step, _ := subharmonicStep(cutoff[i], r.job.Rate)
		low += float64(step * (in[i] - low))
		r.out[i] = in[i] + float64(level[i]*flip.next(low)*low)
	}
	r.memory[0], r.memory[1] = low, flip.memory()
}

// adjointSubharmonic: with b the cotangent of low after a frame, that of the
// output comes on top, times what it counts with there.
func adjointSubharmonic(r *backRun) {
	in, cutoff, level := r.in[0], r.param("cutoff"), r.param("level")
	byCutoff, byLevel := r.derivative("cutoff"), r.derivative("level")
	var lows, signs [chunkFrames]float64
	low, flip := r.startMemory[0], dividerOf(r.startMemory[1])
	for i := range r.cotangent {
		step, _ := subharmonicStep(cutoff[i], r.job.Rate)
		lows[i] = low
		low += float64(step * (in[i] - low))
		signs[i] = flip.next(low)
	}
	b := r.memoryCotangent[0]
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		c := r.cotangent[i]
		step, slope := subharmonicStep(cutoff[i], r.job.Rate)
		moves := in[i] - lows[i]
		byLevel[i] = c * signs[i] * (lows[i] + float64(step*moves))
		b += float64(c * level[i] * signs[i])
		byCutoff[i] = b * moves * slope
		r.inputs[0][i] = c + float64(step*b)
		b -= float64(step * b)
	}
	r.memoryCotangent[0] = b
}
