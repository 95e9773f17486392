package compare

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"

	"sawmill/kpn"
)

// controllerBound: engines decide and compute alike in float64, and the value
// is rounded once. What modulates the place in the curve moves the output by the
// steepest line's slope; one that holds jumps, by one of its steps, where an
// engine is past a point and the other is not.
func controllerBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	interpolation := d.param(n, "interpolation")
	peak, slope, jump := 0.0, 0.0, 0.0
	for i := range n.Table.Rows {
		p := n.Table.Row(i)
		peak = max(peak, math.Abs(p[1]))
		if i > 0 {
			before := n.Table.Row(i - 1)
			jump = max(jump, math.Abs(p[1]-before[1]))
			slope = max(slope, math.Abs(p[1]-before[1])/(p[0]-before[0]))
		}
	}
	seconds := float64(d.job.Shape.F) / d.job.Rate
	place := d.param(n, "start").errors.plus(d.param(n, "speed").errors.scaled(seconds))
	b := bound{magnitude: peak}
	if place.worst > 0 {
		line := place.scaled(slope)
		if interpolation.min == kpn.ControllerHold {
			// The points that a frame may be next to, of all that is played.
			share := 2 * place.sample() * d.fine * float64(n.Table.Rows) / seconds
			line = line.or(bound{worst: jump, sigma: jump * math.Sqrt(min(1, share)) / d.fine})
		}
		line.magnitude = 0
		b = b.plus(line)
	}
	var r roundings
	r.add(1, peak)
	return r.onto(b), nil
}

// splineRoundings are those of a Catmull-Rom spline through numbers up to a
// peak, and what its place in between is off by: half a unit, and its slope is
// at most 4 peaks. The coefficients of f, f² and f³ count a half: their
// operations round values of 2, then of 5, 7, 11 and 12, then of 2, 6, 7 and 8
// peaks, and Horner's steps values of 8, 20, 20, 22 and 22 halves.
func splineRoundings(peak float64) roundings {
	var r roundings
	for _, size := range []float64{2, 5, 7, 11, 12, 2, 6, 7, 8, 8, 20, 20, 22, 22} {
		r.add(1, size/2*peak)
	}
	r.add(1, 4*peak/2)
	r.add(1, splineReach*peak)
	return r
}

// splineReach is how far a spline goes beyond the largest of its numbers: at
// half way it is 9/8 of two less 1/8 of the others.
const splineReach = 1.25

// samplerBound: the place is exact; a recording's numbers are rounded once,
// and the spline adds its roundings.
func samplerBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	peak := 0.0
	for _, x := range n.Table.Data {
		peak = max(peak, math.Abs(x))
	}
	rate := n.Table.Rate
	if rate == 0 {
		rate = d.job.Rate
	}
	columns := float64(n.Table.Columns)
	b := bound{magnitude: splineReach * peak}
	r := splineRoundings(peak)
	r.add(splineReach, peak)
	// In recordings, as a phase.
	place := d.phaseError(n, scaledValues(d.param(n, "ratio"), rate/columns), d.param(n, "start"))
	inherited := place.scaled(4 * peak * columns)
	if place.worst > 0 && d.param(n, "mode").min == kpn.SamplerOnce {
		// One side may be past the end where the other is not.
		inherited.worst += splineReach * peak
		inherited.sigma += splineReach * peak * math.Sqrt(min(1, 2*place.sample()*columns/float64(d.job.Shape.F)))
	}
	return d.inherit(n, r.onto(b), inherited)
}

// scaledValues are values times a positive number.
func scaledValues(v values, by float64) values {
	v.min, v.max, v.rounding = v.min*by, v.max*by, v.rounding*by
	v.errors = v.errors.scaled(by)
	return v
}

// wavetableBound: a wave of harmonics up to H moves by no more than 2πH of its
// peak a cycle. Levels hold no more than the sum of a cycle's harmonics.
func wavetableBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	freq, position := d.param(n, "freq"), d.param(n, "position")
	peak := 0.0
	for i := range n.Table.Rows {
		peak = max(peak, wavePeak(n.Table.Row(i)))
	}
	b := bound{magnitude: splineReach * peak}
	r := splineRoundings(peak)
	r.add(splineReach, peak)
	// The mix of two waves: the difference, its product with a rounded part
	// and the sum; both waves' errors have parts that make a whole.
	r.add(3, 2*splineReach*peak)
	r.add(1, splineReach*peak)
	highest := math.Floor(float64(n.Table.Columns-1) / 2)
	if freq.min > 0 {
		highest = min(highest, d.job.Rate/2/freq.min)
	}
	phase := d.phaseError(n, freq, d.param(n, "phase"))
	// The spline's slope is off by less than a quarter of the wave's.
	inherited := phase.scaled(1.25 * 2 * math.Pi * highest * peak)
	inherited = inherited.plus(position.errors.scaled(float64(n.Table.Rows-1) * 2 * splineReach * peak))
	if e := freq.errors; e.worst > 0 {
		// One side may be a level on where the other is not.
		const levels = 12
		inherited.worst += 2 * peak
		inherited.sigma += 2 * peak * math.Sqrt(min(1, levels*e.sample()/max(freq.min, kpn.OscLowest)))
	}
	return d.inherit(n, r.onto(b), inherited)
}

// wavePeak bounds a cycle with any number of its harmonics left out from above:
// by the sum of their amplitudes.
func wavePeak(row []float64) float64 {
	peak := 0.0
	for k, c := range fourier.NewFFT(len(row)).Coefficients(nil, row) {
		amplitude := 2 * cmplx.Abs(c) / float64(len(row))
		if k == 0 {
			amplitude /= 2
		}
		peak += amplitude
	}
	return peak
}
