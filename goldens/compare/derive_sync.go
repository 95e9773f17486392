package compare

import (
	"math"

	"sawmill/kpn"
)

// syncBound takes the worst of the shapes and band limits that the parameters
// name. The place in the slave's cycle is the product of a fixed-point phase and
// a parameter, in float64 on every engine: all stand at the same place, to the
// bit, unless modulations differ or half the sample rate limits the cycles.
func syncBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	shape, limit := d.param(n, "shape"), d.param(n, "band_limit")
	w := d.syncErrorsOf(n)
	var worst bound
	for s := int(shape.min); s <= int(shape.max); s++ {
		for l := int(limit.min); l <= int(limit.max); l++ {
			b, err := d.inherit(n, w.step(s, l), w.errorOf(s, l))
			if err != nil {
				return bound{}, err
			}
			worst = worst.or(b)
		}
	}
	return decimated(worst, n.Ratio(), n.Quality), nil
}

// syncErrors is what a sync inherits from what modulates it.
type syncErrors struct {
	// phase and width are in cycles of the master and of the slave, and cycles
	// is that of the slave's; pitch is the master's, relative.
	phase, width, cycles, pitch bound
	// limit is that of the cycles where half the sample rate limits them: a
	// quotient, in float64, that engines round differently.
	limit bound
	// most are the slave's most cycles; steps are the least and the most that
	// it makes of one in a sample, and limited is that where it is limited.
	most, leastStep, mostStep, limited float64
	// crowd is how many edges of one sort are within reach of a sample.
	crowd float64
}

func (d *derivation) syncErrorsOf(n *kpn.Node) syncErrors {
	freq, cycles := d.param(n, "freq"), d.param(n, "cycles")
	rate := d.job.Rate * float64(n.Ratio())
	w := syncErrors{
		phase: d.phaseError(n, freq, d.param(n, "phase")), width: d.param(n, "width").errors, cycles: cycles.errors,
		most: cycles.max, leastStep: cycles.min * freq.min / rate,
		limited: 0.5 / float64(n.Ratio()), crowd: 2,
	}
	w.mostStep = min(cycles.max*freq.max/rate, w.limited)
	if n.Ratio() > 1 {
		w.crowd = 1
	}
	if freq.errors.worst > 0 {
		w.pitch = freq.errors.scaled(1 / max(freq.min, kpn.OscLowest))
	}
	if cycles.max*freq.max > d.job.Rate/2 {
		off := 4 * cycles.max * 0x1p-53
		w.limit = w.pitch.scaled(cycles.max).plus(bound{worst: off, bias: off})
	}
	w.width.magnitude, w.cycles.magnitude, w.pitch.magnitude = 0, 0, 0
	return w
}

// syncShape is what a shape's waveform has at most: its slope, a cycle; the
// height of its own steps and of the master's, their number, and its corners.
type syncShape struct {
	slope, height, own, end, corner float64
}

var syncShapes = [...]syncShape{
	kpn.OscSine:     {slope: 2 * math.Pi, height: 1, end: 1, corner: 4 * math.Pi},
	kpn.OscSaw:      {slope: 2, height: 2, own: 1, end: 1},
	kpn.OscPulse:    {height: 2, own: 2, end: 1},
	kpn.OscTriangle: {slope: 4, height: 2, own: 2, end: 1, corner: 8},
}

// step is the bound of one step. On each side of a sample one edge of each sort
// is within reach, since those of one sort are two samples apart at least.
func (w *syncErrors) step(shape, limit int) bound {
	is := syncShapes[shape]
	b := bound{magnitude: 1}
	var r roundings
	if shape == kpn.OscSine {
		b.worst = sineError + 2*math.Pi*0x1p-32
		b.bias = b.worst
	} else {
		r.add(1, 1)
	}
	if limit == kpn.BandLimitNone {
		return r.onto(b)
	}
	if shape == kpn.OscSine {
		// The end's height and corner are of sines too; neither they nor the
		// curvature that has no residual leave the wave within ±1.
		off := 2 * (b.worst + 2*math.Pi*is.corner*sineError*w.mostStep)
		b.worst, b.bias = b.worst+off, b.bias+off
		b.magnitude += 2 * (0.5*is.height + is.corner*w.mostStep*(7./30))
	}
	step := stepRoundings(limit, false)
	step.add(2, 0.5)
	corner := cornerRoundings(limit, false)
	corner.add(3, 7./30)
	for range int(2 * (is.own + is.end)) {
		r = r.plus(step.times(is.height)).plus(corner.times(is.corner * w.mostStep))
	}
	r.add(6, b.magnitude)
	return r.onto(b)
}

// errorOf is what a waveform is off by because its phase, cycles or width are.
// A distance in samples that is off by a part moves a residual as a rounding of
// the distance does.
func (w *syncErrors) errorOf(shape, limit int) bound {
	is := syncShapes[shape]
	e := w.moved(shape, limit, w.leastStep, w.phase.scaled(w.most), w.cycles)
	e = e.plus(w.moved(shape, limit, w.limited, bound{}, w.limit))
	part := w.pitch.plus(w.cycles).plus(w.limit)
	return e.plus(part.scaled(2 * (is.own + is.end) * (is.height/4 + is.corner*w.mostStep*(7./30+0.14))))
}

// moved is that of errors of the place and of the cycles, at a step. By the place
// a waveform has its slope, and by an edge that of the residual's kernel, 1 or ⅔
// a sample at most; edges of one sort are two steps of the frame apart at least, so
// that from ratio 2 on only one of them is within reach. At a fixed phase of the
// master, an edge moves with the cycles by its place in the master's cycle, a
// part of 1 and what is within reach of the end; and what the end adds grows by
// its slope. Without residuals an edge may fall on another sample, and nothing
// can be said.
func (w *syncErrors) moved(shape, limit int, step float64, place, cycles bound) bound {
	is := syncShapes[shape]
	steep := math.Inf(1)
	kernel := 1.0
	if limit == kpn.BandLimitPolyBLEP4 {
		kernel = 2. / 3
	}
	if limit != kpn.BandLimitNone && step > 0 {
		steep = is.slope + w.crowd*(is.own+is.end)*(is.height*kernel/step+is.corner/2)
	}
	grown := 2 * (is.slope/2 + math.Pi*is.corner*w.mostStep*(7./30))
	e := timesSlope(place, steep).plus(timesSlope(cycles, (1+2*w.mostStep)*steep+grown))
	if shape == kpn.OscPulse {
		e = e.plus(timesSlope(w.width, steep))
	}
	return e
}
