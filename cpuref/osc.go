package cpuref

import (
	"math"

	"sawmill/kpn"
)

// cycle is one cycle of a fixed-point phase, as a number.
const cycle = 1 << 64

// forwardOsc is the step of [kpn.KindOsc].
func forwardOsc(r *run) {
	offset := r.param("phase")
	waves := newWaves(r)
	ratio := r.node.ratio
	samples := r.out
	if ratio > 1 {
		samples = r.oversampled[:ratio*len(r.out)]
	}
	phase := *r.phase
	for i := range r.out {
		wave := waves.at(i)
		shift := fixed(offset[i]) + wave.ahead
		for s := range ratio {
			samples[i*ratio+s] = wave.at(phase + shift)
			phase += wave.increment
		}
	}
	*r.phase = phase
	r.node.decimator.run(r.out, samples, r.history, r.work)
}

// increment is the fixed-point phase step of a sample at a frequency.
func increment(freq, rate, perHertz float64) uint64 {
	if freq < kpn.OscLowest {
		return 0
	}
	return uint64(math.RoundToEven(min(freq, rate/2) * perHertz * cycle))
}

// fixed is the fixed-point phase nearest to a number of cycles, less whole
// cycles.
func fixed(cycles float64) uint64 {
	whole := math.RoundToEven((cycles - math.Floor(cycles)) * cycle)
	if whole >= cycle {
		// Just below a whole number: no uint64 holds a whole cycle.
		return 0
	}
	return uint64(whole)
}

// cycles is a fixed-point phase as a number in [0, 1].
func cycles(phase uint64) float64 { return float64(phase) / cycle }

// waveform is what an oscillator plays during one frame.
type waveform struct {
	shape     float64
	smoothing smoothing
	increment uint64
	// width is a pulse's width in cycles, and edge the same in fixed point.
	width float64
	edge  uint64
	// ahead is how far the phase is ahead of the sum of the increments of the
	// steps before: 0, or an increment.
	ahead uint64
	// saw and harmonics are a square-saw's.
	saw, harmonics float64
}

// at is the waveform's value at a phase.
func (w *waveform) at(phase uint64) float64 {
	switch int(w.shape) {
	case kpn.OscSine:
		// As a signed number the phase is in [−½, ½), where it is finest.
		return math.Sin(2 * math.Pi * (float64(int64(phase)) / cycle))
	case kpn.OscSaw:
		return float64(2*cycles(phase)) - 1 - float64(2*w.stepAt(phase))
	case kpn.OscPulse:
		return w.pulse(phase)
	case kpn.OscSquareSaw:
		return w.squareSaw(phase)
	default:
		return w.triangle(phase)
	}
}

// pulse rises at phase 0 and falls at its width. One that is as wide as the
// cycle, or has no width, never changes.
func (w *waveform) pulse(phase uint64) float64 {
	switch {
	case w.width >= 1:
		return 1
	case w.width <= 0:
		return -1
	}
	level := -1.0
	if phase < w.edge {
		level = 1
	}
	return level + float64(2*w.stepAt(phase)) - float64(2*w.stepAt(phase-w.edge))
}

// triangle has slope 4 a cycle up to ½ and −4 from there, so that its corners
// change the slope by 8 and −8 increments a sample.
func (w *waveform) triangle(phase uint64) float64 {
	x := cycles(phase)
	level := 3 - float64(4*x)
	if phase < cycle/2 {
		level = float64(4*x) - 1
	}
	corners := w.cornerAt(phase) - w.cornerAt(phase-cycle/2)
	return level + float64(8*cycles(w.increment)*corners)
}

// stepAt is the residual of a unit step at phase 0: that of the last one,
// which is phase/increment samples ago, that of the next, and of those before
// and after them that are within reach.
func (w *waveform) stepAt(phase uint64) float64 {
	if w.increment == 0 || w.smoothing.step == nil {
		return 0
	}
	return w.difference(phase, w.smoothing.step)
}

// difference is a function of the distances that are ahead, less that of those
// that are behind.
func (w *waveform) difference(phase uint64, of func(distance float64) float64) float64 {
	since, until := w.distances(phase)
	sum := of(until) - of(since)
	w.further(since, until, func(since, until float64) { sum += of(until) - of(since) })
	return sum
}

// cornerAt is the residual of a corner at phase 0 that adds 1 a sample to the
// slope.
func (w *waveform) cornerAt(phase uint64) float64 {
	if w.increment == 0 || w.smoothing.corner == nil {
		return 0
	}
	since, until := w.distances(phase)
	sum := w.smoothing.corner(until) + w.smoothing.corner(since)
	w.further(since, until, func(since, until float64) { sum += w.smoothing.corner(until) + w.smoothing.corner(since) })
	return sum
}

// further calls each with the distances of the steps before the last and after
// the next, pair by pair, as long as one of the two is within reach. The reach
// of a B-spline is no more than a period.
func (w *waveform) further(since, until float64, each func(since, until float64)) {
	if w.smoothing.reach <= 2 {
		return
	}
	period := cycle / float64(w.increment)
	for k := 1.0; min(since, until)+float64(k*period) < w.smoothing.reach; k++ {
		each(since+float64(k*period), until+float64(k*period))
	}
}

// distances are the samples since phase was last 0 and until it is next.
func (w *waveform) distances(phase uint64) (since, until float64) {
	step := float64(w.increment)
	if phase == 0 {
		return 0, cycle / step
	}
	return float64(phase) / step, float64(-phase) / step
}
