package cpuref

import (
	"math"

	"sawmill/kpn"
)

// adjointOsc differentiates as if the fixed-point phase were a real number. At
// step s of frame t the phase is offset + Σ increments of all steps before, so
// that a frame's increment has part in its own later steps and in all later
// frames.
//
// Source: as the waveforms, differentiated by hand.
func adjointOsc(r *backRun) {
	offset := r.param("phase")
	waves := newWaves(&r.run)
	byFreq, byPhase, byWidth := r.derivative("freq"), r.derivative("phase"), r.derivative("width")
	byPitch, bySaw, byHarmonics := r.derivative("pitch"), r.derivative("saw"), r.derivative("harmonics")
	ratio := r.node.ratio
	samples := r.cotangent
	if ratio > 1 {
		samples = r.spread[:ratio*len(r.cotangent)]
		r.node.decimator.adjoint(samples, r.cotangent, r.historyCotangent, r.work)
	}
	phase := r.startPhase
	for i := range offset {
		phase += uint64(ratio) * waves.increment(i)
	}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		wave := waves.at(i)
		shift := fixed(offset[i]) + wave.ahead
		var frame slope
		for s := ratio - 1; s >= 0; s-- {
			phase -= wave.increment
			c, at := samples[i*ratio+s], wave.slope(phase+shift)
			frame.phase += c * at.phase
			place := float64(s)
			if wave.ahead != 0 {
				place++
			}
			frame.increment += c * (at.increment + float64(place*at.phase))
			frame.width += c * at.width
			frame.saw += c * at.saw
			frame.harmonics += c * at.harmonics
		}
		hertz := (frame.increment + float64(float64(ratio)**r.later)) * waves.perHertz
		toFreq, toPitch := waves.shift.slopes(i)
		byFreq[i], byPitch[i] = hertz*toFreq, hertz*toPitch
		bySaw[i], byHarmonics[i] = frame.saw, frame.harmonics
		byPhase[i] = frame.phase
		byWidth[i] = frame.width
		*r.later += frame.phase
	}
}

// slope is the derivative of a waveform by its phase and width in cycles and
// by its increment in cycles, each with the others fixed.
type slope struct {
	phase, increment, width float64
	// saw and harmonics are a square-saw's.
	saw, harmonics float64
}

// slope is the waveform's at a phase. Where the waveform itself steps, only
// its residual has a derivative.
func (w *waveform) slope(phase uint64) slope {
	switch int(w.shape) {
	case kpn.OscSine:
		return slope{phase: 2 * math.Pi * math.Cos(2*math.Pi*(float64(int64(phase))/cycle))}
	case kpn.OscSaw:
		step := w.stepSlope(phase)
		return slope{phase: 2 - float64(2*step.phase), increment: -2 * step.increment}
	case kpn.OscPulse:
		rise, fall := w.stepSlope(phase), w.stepSlope(phase-w.edge)
		return slope{
			phase:     2 * (rise.phase - fall.phase),
			increment: 2 * (rise.increment - fall.increment),
			width:     2 * fall.phase,
		}
	case kpn.OscSquareSaw:
		return w.squareSawSlope(phase)
	default:
		return w.triangleSlope(phase)
	}
}

// stepSlope differentiates stepAt: the step's smoothed slope is the kernel.
func (w *waveform) stepSlope(phase uint64) slope {
	if w.increment == 0 || w.smoothing.kernel == nil {
		return slope{}
	}
	since, until := w.distances(phase)
	var s slope
	add := func(since, until float64) {
		before, after := w.smoothing.kernel(until), w.smoothing.kernel(since)
		s.phase += before + after
		s.increment += float64(before*until) - float64(after*since)
	}
	add(since, until)
	w.further(since, until, add)
	perCycle := cycle / float64(w.increment)
	s.phase *= perCycle
	s.increment *= perCycle
	return s
}

// triangleSlope differentiates the triangle: a corner's slope is nearly the
// residual of a step.
func (w *waveform) triangleSlope(phase uint64) slope {
	s := slope{phase: -4}
	if phase < cycle/2 {
		s.phase = 4
	}
	if w.increment == 0 || w.smoothing.step == nil {
		return s
	}
	other := phase - cycle/2
	s.phase += 8 * (w.difference(phase, w.smoothing.bend) - w.difference(other, w.smoothing.bend))
	s.increment = 8 * (w.cornerAt(phase) - w.cornerAt(other) + w.cornerStretch(phase) - w.cornerStretch(other))
	return s
}

// cornerStretch is how a corner's residual grows, times the increment, when
// the increment does: its distances shrink.
func (w *waveform) cornerStretch(phase uint64) float64 {
	since, until := w.distances(phase)
	sum := 0.0
	add := func(since, until float64) {
		sum += float64(w.smoothing.bend(until)*until) + float64(w.smoothing.bend(since)*since)
	}
	add(since, until)
	w.further(since, until, add)
	return sum
}
