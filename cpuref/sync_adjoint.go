package cpuref

import "math"

// adjointSync goes back like an oscillator.
func adjointSync(r *backRun) {
	offset := r.param("phase")
	slaves := newSlaves(&r.run)
	byFreq, byPhase := r.derivative("freq"), r.derivative("phase")
	byCycles, byWidth := r.derivative("cycles"), r.derivative("width")
	ratio := r.node.ratio
	samples := r.cotangent
	if ratio > 1 {
		samples = r.spread[:ratio*len(r.cotangent)]
		r.node.decimator.adjoint(samples, r.cotangent, r.historyCotangent, r.work)
	}
	phase := r.startPhase
	for _, f := range slaves.freq {
		phase += uint64(ratio) * increment(f, slaves.rate, slaves.perHertz)
	}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		w := slaves.at(i)
		shift := fixed(offset[i])
		var frame slaveSlope
		for s := ratio - 1; s >= 0; s-- {
			phase -= w.increment
			c, at := samples[i*ratio+s], w.slope(phase+shift)
			frame.phase += c * at.phase
			frame.increment += c * (at.increment + float64(float64(s)*at.phase))
			frame.cycles += c * at.cycles
			frame.width += c * at.width
		}
		byFreq[i] = (frame.increment + float64(float64(ratio)**r.later)) * slaves.perHertz
		byPhase[i], byCycles[i], byWidth[i] = frame.phase, frame.cycles, frame.width
		*r.later += frame.phase
	}
}

// slaveSlope is the derivative of a synced waveform by the master's phase and
// increment in cycles, by the slave's cycles and by the width, each with the
// others fixed.
type slaveSlope struct {
	phase, increment, cycles, width float64
}

// slope is the waveform's at a phase of the master.
//
// With p the slave's place, s its cycles and q its step, every edge is ξ cycles
// before p, ξ/q = d samples ago. It adds h·B(d) + σ·q·C(d), with B the residual
// of a step and K the kernel, B's slope, and C that of a corner, whose slope is
// B. By ξ that is h·K/q + σ·B, by q it is −h·K·d/q + σ·(C − d·B). The height h
// and the corner σ of the master's end follow s.
func (w *slave) slope(phase uint64) slaveSlope {
	at := master(phase)
	p := w.cycles * at
	byPlace, byStep, byCycles, byWidth := w.tilt(p), 0.0, 0.0, 0.0
	w.around(p, func(e *edgeOf, from, moved float64) {
		d := from / w.step
		kernel, step, corner := w.smoothing.kernel(math.Abs(d)), w.stepped(d), w.cornered(d)
		byFrom := float64(e.height*kernel)/w.step + float64(e.corner*step)
		byPlace += byFrom
		byStep += float64(e.corner*(corner-float64(d*step))) - float64(e.height*kernel*d)/w.step
		byCycles += moved * byFrom
		if e == &w.end {
			byCycles += float64(w.height*step) + float64(w.corner*w.step*corner)
		}
		if e.moves {
			byWidth -= byFrom
		}
	})
	i := cycles(w.increment)
	s := slaveSlope{
		phase:     w.cycles * byPlace,
		increment: w.cycles * byStep,
		cycles:    float64(at*byPlace) + byCycles + float64(i*byStep),
		width:     byWidth,
	}
	if w.limited {
		// The slave's frequency stays: its cycles fall as the master's rises.
		s.increment -= float64(s.cycles * w.cycles / i)
		s.cycles = 0
	}
	return s
}
