package cpuref

import (
	"math"
	"math/bits"

	"sawmill/kpn"
)

// forwardWavetable is the step of [kpn.KindWavetable].
func forwardWavetable(r *run) {
	freq, offset, position := r.param("freq"), r.param("phase"), r.param("position")
	perHertz := 1 / r.job.Rate
	phase := *r.phase
	for i := range r.out {
		step := increment(freq[i], r.job.Rate, perHertz)
		m := r.node.cycles.mix(step, position[i])
		r.out[i] = m.at(phase + fixed(offset[i]))
		phase += step
	}
	*r.phase = phase
}

// mix is the two waves that are read during a frame.
type mix struct {
	first, second []float64
	// part is the second's.
	part float64
}

// mix chooses the level whose highest harmonic is below half the sample rate,
// and the frames around a position.
func (w *octaves) mix(step uint64, position float64) mix {
	level := 0
	for w.highest(level) > 0 && step > 0 && uint64(w.highest(level)) > (cycle/2-1)/step {
		level++
	}
	frames := w.levels[level]
	at := position * float64(len(frames)-1)
	first := min(int(at), max(0, len(frames)-2))
	return mix{frames[first], frames[min(first+1, len(frames)-1)], at - float64(first)}
}

func (m *mix) at(phase uint64) float64 {
	first := waveAt(m.first, phase, catmullRom)
	return first + float64(m.part*(waveAt(m.second, phase, catmullRom)-first))
}

// slope is the derivative by the phase in cycles.
func (m *mix) slope(phase uint64) float64 {
	n := float64(len(m.first))
	first := waveAt(m.first, phase, catmullRomSlope)
	return n * (first + float64(m.part*(waveAt(m.second, phase, catmullRomSlope)-first)))
}

// waveAt takes the four samples of a cycle around a phase.
func waveAt(wave []float64, phase uint64, spline func(x0, x1, x2, x3, f float64) float64) float64 {
	n := len(wave)
	whole, part := bits.Mul64(phase, uint64(n))
	i := int(whole)
	return spline(wave[(i+n-1)%n], wave[i], wave[(i+1)%n], wave[(i+2)%n], cycles(part))
}

// adjointWavetable goes back like an oscillator.
func adjointWavetable(r *backRun) {
	freq, offset, position := r.param("freq"), r.param("phase"), r.param("position")
	byFreq, byPhase, byPosition := r.derivative("freq"), r.derivative("phase"), r.derivative("position")
	perHertz := 1 / r.job.Rate
	phase := r.startPhase
	for _, f := range freq {
		phase += increment(f, r.job.Rate, perHertz)
	}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		step := increment(freq[i], r.job.Rate, perHertz)
		phase -= step
		m := r.node.cycles.mix(step, position[i])
		at := phase + fixed(offset[i])
		c := r.cotangent[i]
		byFreq[i] = *r.later * perHertz
		byPhase[i] = c * m.slope(at)
		frames := float64(len(r.node.cycles.levels[0]) - 1)
		byPosition[i] = c * frames * (waveAt(m.second, at, catmullRom) - waveAt(m.first, at, catmullRom))
		*r.later += byPhase[i]
	}
}

// octaves is a wavetable's levels: at each, the frames with fewer harmonics.
type octaves struct {
	harmonics int
	levels    [][][]float64
}

// highest is the highest harmonic of a level.
func (w *octaves) highest(level int) int { return w.harmonics >> level }

// newOctaves takes a table of single cycles apart into harmonics and samples
// those of each level.
func newOctaves(t *kpn.Table) *octaves {
	rows := make([][]float64, t.Rows)
	for i := range rows {
		rows[i] = t.Row(i)
	}
	n := t.Columns
	w := &octaves{harmonics: (n - 1) / 2}
	cosines := make([][]float64, len(rows))
	sines := make([][]float64, len(rows))
	for i, row := range rows {
		cosines[i], sines[i] = harmonicsOf(row, w.harmonics)
	}
	for level := 0; ; level++ {
		frames := make([][]float64, len(rows))
		for i := range rows {
			frames[i] = sumHarmonics(cosines[i], sines[i], w.highest(level))
		}
		w.levels = append(w.levels, frames)
		if w.highest(level) == 0 {
			return w
		}
	}
}

// harmonicsOf is the amplitudes of a cycle's cosines and sines, by the
// definition of the discrete Fourier transform.
func harmonicsOf(row []float64, highest int) (cosines, sines []float64) {
	n := len(row)
	circle := newCircle(n)
	cosines, sines = make([]float64, highest+1), make([]float64, highest+1)
	for k := range cosines {
		for i, x := range row {
			sin, cos := circle.at(k * i)
			cosines[k] += float64(2 * x * cos / float64(n))
			sines[k] += float64(2 * x * sin / float64(n))
		}
	}
	cosines[0] /= 2
	return cosines, sines
}

// sumHarmonics samples a sum of harmonics over a cycle.
func sumHarmonics(cosines, sines []float64, highest int) []float64 {
	n := max(4, 16*highest)
	circle := newCircle(n)
	wave := make([]float64, n)
	for i := range wave {
		for k := range highest + 1 {
			sin, cos := circle.at(k * i)
			wave[i] += float64(cosines[k]*cos) + float64(sines[k]*sin)
		}
	}
	return wave
}

// circle is the points of a circle, so many apart.
type circle struct{ sines, cosines []float64 }

func newCircle(n int) circle {
	c := circle{make([]float64, n), make([]float64, n)}
	for i := range n {
		c.sines[i], c.cosines[i] = math.Sincos(2 * math.Pi * float64(i) / float64(n))
	}
	return c
}

func (c circle) at(i int) (sin, cos float64) {
	i %= len(c.sines)
	return c.sines[i], c.cosines[i]
}
