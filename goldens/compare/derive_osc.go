package compare

import (
	"math"

	"sawmill/kpn"
)

// sineError bounds the error of the sine and cosine polynomials over all
// phases; the shader library's tests hold it.
const sineError = 1.01e-7

// oscBound takes the worst of the shapes and band limits that the parameters
// name. Frequency, phase and width are read in float64 and rounded to fixed
// point alike on every engine, so that both sides stand at the same phase and
// no step can fall on another sample, unless modulations differ.
func oscBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	shape, limit := d.param(n, "shape"), d.param(n, "band_limit")
	errors := d.waveErrorsOf(n)
	increment := errors.most
	var worst bound
	for s := int(shape.min); s <= int(shape.max); s++ {
		for l := int(limit.min); l <= int(limit.max); l++ {
			b := waveBound(s, l, increment)
			switch {
			case s == kpn.OscSquareSaw:
				b = d.squareSawBound(n)
			case l == kpn.BandLimitKaiser && s != kpn.OscSine:
				b = kaiserBound(s, increment)
			case fastWave(s, l, n.Ratio()):
				b = fastBound(s, l, increment, n.Ratio(), newEdgeShare(l, n.Ratio(), n.Quality))
			}
			b, err := d.inherit(n, b, errors.errorOf(s, l))
			if err != nil {
				return bound{}, err
			}
			worst = worst.or(b)
		}
	}
	return decimated(worst, n.Ratio(), n.Quality), nil
}

// waveBound is the bound of one step of an oscillator.
func waveBound(shape, limit int, increment float64) bound {
	// Two steps of one sign are within reach of a sample only from a quarter
	// of a cycle a sample on. Below, the result is the waveform smoothed by a
	// positive kernel, and stays within ±1.
	crowded := increment > 0.25 && limit == kpn.BandLimitPolyBLEP4
	switch shape {
	case kpn.OscSine:
		// Only the upper 32 bits of the phase are read.
		e := sineError + 2*math.Pi*0x1p-32
		return bound{magnitude: 1 + e, worst: e, bias: e}
	case kpn.OscSaw:
		b := floored(1)
		if limit != kpn.BandLimitNone {
			r := stepRoundings(limit, crowded).times(2)
			b.magnitude = crowding(crowded, 2)
			r.add(1, b.magnitude)
			b = r.onto(b)
		}
		return b
	case kpn.OscPulse:
		b := bound{magnitude: 1}
		if limit != kpn.BandLimitNone {
			r := stepRoundings(limit, crowded).plus(stepRoundings(limit, crowded)).times(2)
			b.magnitude = crowding(crowded, 3)
			r.add(1, 2) // the two residuals' sum
			r.add(1, b.magnitude)
			b = r.onto(b)
		}
		return b
	default:
		b := floored(2)
		if limit != kpn.BandLimitNone {
			r := cornerRoundings(limit, crowded).plus(cornerRoundings(limit, crowded))
			r.add(1, 0.5) // the two residuals' sum
			r.add(2, 0.5) // the increment, and the product with it
			r = r.times(8 * increment)
			b.magnitude = crowding(crowded, 3)
			r.add(1, b.magnitude)
			b = r.onto(b)
		}
		return b
	}
}

// floored is a waveform of ±1 times a number of roundings of a phase that is
// cut to 24 bits and a sign: each takes off between 0 and one unit.
func floored(units float64) bound {
	e := units * unit
	return bound{magnitude: 1, worst: e, bias: e / 2, sigma: e / math.Sqrt(12)}
}

// crowding is the magnitude of a waveform whose residuals may overlap.
func crowding(crowded bool, magnitude float64) float64 {
	if crowded {
		return magnitude
	}
	return 1
}

// distanceRoundings is how often the distance to a step is rounded: phase,
// increment, its reciprocal (2) and their product.
const distanceRoundings = 5

// stepRoundings are those of the residual of a unit step. A rounding of the
// distance d moves the residual by d times the kernel, which is at most ¼.
func stepRoundings(limit int, crowded bool) roundings {
	var r roundings
	r.add(distanceRoundings, 0.25)
	if limit == kpn.BandLimitPolyBLEP2 {
		// v²/2 with v = 1−d, of which half is rounded at most.
		r.add(2, 0.5)
		return r
	}
	// u⁴/24 − v⁴/6 with u = 2−d, v = 1−d: the difference u is rounded in
	// [1, 2) only and v in [0, ½] only; a square's rounding counts twice
	// after the next square; then come that square's, the constant's and the
	// product's. At d = 0 the terms are ⅔ and ⅙.
	r.add(2, 4./3)
	r.add(3, 2./3)
	r.add(2, 1./3)
	r.add(3, 1./6)
	r.add(1, 0.5)
	if crowded {
		// The next step on the other side: its own polynomial, its distance
		// d − 1/increment, which is at most twice as sensitive to the
		// reciprocal's 3 roundings, and the sum.
		other := stepRoundings(limit, false)
		other.add(3, 0.5)
		other.add(1, 0.25)
		other.add(1, 1)
		r = r.plus(other)
	}
	return r
}

// cornerRoundings are those of the residual of a unit corner. A rounding of
// the distance d moves it by d times the residual of a step: at most 0.08 and
// 0.14.
func cornerRoundings(limit int, crowded bool) roundings {
	var r roundings
	if limit == kpn.BandLimitPolyBLEP2 {
		// v³/6 with v = 1−d.
		r.add(distanceRoundings, 0.08)
		r.add(1, 0.25)
		r.add(4, 1./6)
		return r
	}
	// u⁵/120 − v⁵/30: at d = 0 the terms are 4/15 and 1/30.
	r.add(distanceRoundings, 0.14)
	r.add(1, 2./3)
	r.add(1, 8./15)
	r.add(4, 4./15)
	r.add(2, 1./12)
	r.add(4, 1./30)
	r.add(1, 0.25)
	if crowded {
		other := cornerRoundings(limit, false)
		other.add(4, 0.28)
		other.add(1, 0.5)
		r = r.plus(other)
	}
	return r
}
