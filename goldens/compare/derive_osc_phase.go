package compare

import (
	"fmt"
	"math"

	"sawmill/kpn"
)

// meaningless is a part of a signal's size beyond which an error that it
// inherits through its phase leaves nothing to compare.
const meaningless = 0.25

// phaseError is how far a phase may be off, in cycles, that sums up frequency
// over the frames of the job and a few behind its end, plus an offset. A
// frequency's error may be the same in every frame, so that all of them add up,
// deviations too. Each increment is rounded to fixed point.
//
// It is 0 where neither has an error: both are read in float64, and sums of
// fixed-point numbers are exact.
func (d *derivation) phaseError(n *kpn.Node, freq, offset values) bound {
	stages, _ := kpn.Decimator(n.Ratio(), n.Quality)
	frames := float64(d.job.Shape.F) + float64(len(cascade(stages)))/float64(n.Ratio()) + 1
	e := freq.errors.scaled(frames / d.job.Rate).plus(offset.errors)
	if e.worst > 0 {
		off := (frames*float64(n.Ratio()) + 1) * 0x1p-64 / d.fine
		if freq.min < kpn.OscLowest {
			// One side may take a frequency for 0 that the other does not.
			off += frames / d.job.Rate * kpn.OscLowest / d.fine
		}
		e.worst, e.bias = e.worst+off, e.bias+off
	}
	e.magnitude = 0
	return e
}

// waveErrors is what an osc inherits from what modulates its phase.
type waveErrors struct {
	// phase and width are in cycles, pitch is that of the increment, relative
	// to it.
	phase, width, pitch bound
	// increments are from least to most, in cycles; edge is the largest number
	// of a square-saw's harmonics.
	least, most, edge float64
}

// waveErrorsOf are those of a node.
func (d *derivation) waveErrorsOf(n *kpn.Node) waveErrors {
	freq := d.shifted(n)
	steps := d.job.Rate * float64(n.Ratio())
	w := waveErrors{
		phase: d.phaseError(n, freq, d.param(n, "phase")),
		width: d.param(n, "width").errors,
		edge:  d.param(n, "harmonics").max,
		least: freq.min / steps,
		most:  freq.max / steps,
	}
	if freq.errors.worst > 0 {
		w.pitch = freq.errors.scaled(1 / max(freq.min, kpn.OscLowest))
	}
	w.width.magnitude, w.pitch.magnitude = 0, 0
	return w
}

// errorOf is what a waveform is off by because of its phase's errors.
//
// Away from its steps a waveform moves with its slope: 2π for a sine, 2 for a
// saw, 4 for a triangle, and 9/8·π²K + π for a square-saw's K harmonics. A step of a saw or a pulse is 2 high and as steep as
// its residual's kernel, which is at most 1 or ⅔ a sample: in cycles, by the
// smallest increment. Without residuals, or at frequency 0, a step may fall on
// another sample, and nothing can be said.
//
// The distance to a step is in samples, so that an error of the increment by a
// part ε moves the residual as a rounding of the distance does.
func (w *waveErrors) errorOf(shape, limit int) bound {
	edges, slope := 1.0, 2.0
	switch shape {
	case kpn.OscSine:
		return w.phase.scaled(2 * math.Pi)
	case kpn.OscSquareSaw:
		return timesSlope(w.phase, 9./8*math.Pi*math.Pi*w.edge+math.Pi)
	case kpn.OscPulse:
		edges, slope = 2, 0
	case kpn.OscTriangle:
		edges, slope = 0, 4
	}
	if limit == kpn.BandLimitKaiser && w.least > 0 {
		return w.kaiserErrorOf(edges, slope)
	}
	crowd := 1.0
	if w.most > 0.25 {
		// The next step is within reach as well, and corners are no longer
		// those of a smoothed waveform: each of up to 4 may move by ½ a
		// sample for one of phase, times 8 increments.
		crowd = 2
		if shape == kpn.OscTriangle {
			slope += 16
		}
	}
	steep := 0.0
	switch {
	case edges == 0:
	case limit == kpn.BandLimitNone || w.least <= 0:
		steep = math.Inf(1)
	case limit == kpn.BandLimitPolyBLEP2:
		steep = 2 * crowd / w.least
	default:
		steep = 2 * crowd * (2. / 3) / w.least
	}
	e := timesSlope(w.phase, slope+edges*steep)
	if shape == kpn.OscPulse {
		e = e.plus(timesSlope(w.width, steep))
	}
	if limit != kpn.BandLimitNone {
		e = e.plus(w.pitch.scaled(2 * edges * crowd / 4))
		if shape == kpn.OscTriangle {
			e = e.plus(w.pitch.scaled(8 * w.most * 0.5 * 2 * crowd))
		}
	}
	return e
}

// timesSlope is an error times a slope that may be infinite.
func timesSlope(e bound, slope float64) bound {
	switch {
	case e.worst == 0:
		return bound{}
	case math.IsInf(slope, 1):
		return bound{worst: slope, bias: slope}
	}
	return e.scaled(slope)
}

// inherit adds to the bound of a node's output an error that its phase or its
// stages inherit from what modulates them. It fails if that is so large that
// no tolerance would say anything.
func (d *derivation) inherit(n *kpn.Node, b, e bound) (bound, error) {
	if e.worst == 0 {
		return b, nil
	}
	relative := d.fine * e.sample() / b.magnitude
	d.drift = max(d.drift, relative)
	if relative <= meaningless {
		e.magnitude = 0
		return b.plus(e), nil
	}
	d.drift = meaningless
	if math.IsInf(relative, 1) {
		return bound{}, &ConfigError{Reason: fmt.Sprintf("node %q: engines know its pitch or what modulates it only nearly, and that decides where it jumps, or comes to where it is not continuous (a frequency, a time or all weights of 0): no tolerance makes sense; give it a band limit, or keep it away from there", n.ID)}
	}
	return bound{}, &ConfigError{Reason: fmt.Sprintf("node %q: its pitch, or what modulates its phase or its times, leaves it off by up to %.3g of its size: no tolerance makes sense; compare fewer frames, or modulate it less (a time that may come to 0 least of all)", n.ID, relative)}
}
