package compare

import (
	"math"
	"slices"

	"sawmill/kpn"
)

// fastRatio is the oversample ratio from which on a frame's steps may be
// reckoned from one distance: that of the frame's middle to the nearest whole
// cycle.
const fastRatio = 4

// fastWave says whether the bound below is the one to use.
func fastWave(shape, limit, ratio int) bool {
	return ratio >= fastRatio && limit != kpn.BandLimitNone && limit != kpn.BandLimitKaiser && shape != kpn.OscSine && shape != kpn.OscSquareSaw
}

// fastBound is the bound of a step whose distance comes from the middle of its
// frame. The distance is rounded relative to the middle's, which is R/2 + 2 at
// most where a residual is within reach, then by the subtraction of R/2 and
// the addition of the step's place, which brings it within reach: 2 at most.
// Where in a frame a whole cycle falls is equally likely everywhere.
//
// The residual's share of the error only stands on the few steps around a
// whole cycle, and those are at least 2R steps apart; what the decimator
// makes of them is less than of an error on all steps, by share.
func fastBound(shape, limit int, increment float64, ratio int, share edgeShare) bound {
	r := float64(ratio)
	distance := func(sensitivity float64) roundings {
		var e roundings
		e.addSpread(distanceRoundings, sensitivity*(r/2+2))
		e.addSpread(1, sensitivity*r)
		e.add(1, sensitivity*2)
		return e
	}
	// The ramp is at most 1 at the middle of a frame and 1.5 within it: its
	// distance is rounded there, then moved twice and multiplied; the sum with
	// the step is at most 1.
	var ramp roundings
	ramp.addSpread(distanceRoundings, 1)
	ramp.addSpread(3, 1.5)
	ramp.add(1, 1)
	one := ramp.onto(bound{magnitude: 1})
	if shape == kpn.OscTriangle {
		// 1 − 2|1 − ramp| doubles it; the residuals are two corners' times
		// 8 increments.
		corner := distance(0.5).plus(cornerRoundings(limit, false)).times(8 * increment)
		edges := corner.plus(corner)
		edges.add(3, 8*increment)
		one = one.plus(one)
		one.magnitude = 1
		edges = share.of(edges)
		return edges.onto(one)
	}
	// What is left of a step, twice its residual: the kernel is at most ⅔ for
	// the cubic and 1 for the linear, and the factored polynomial makes at
	// most 16 roundings of 1.
	kernel := 1.0
	if limit == kpn.BandLimitPolyBLEP4 {
		kernel = 2. / 3
	}
	left := distance(2 * kernel)
	left.addSpread(16, 1)
	left = share.of(left)
	one = left.onto(one)
	one.magnitude = 1
	if shape == kpn.OscPulse {
		one = one.plus(one)
		one.magnitude = 1
		var mean roundings
		mean.add(2, 1)
		return mean.onto(one)
	}
	return one
}

// edgeShare is how much of a cascade's absolute sum stands on the steps within
// reach of whole cycles.
type edgeShare struct {
	// sum is their share of it; deviation is the share that independent errors
	// of one whole cycle each have in it.
	sum, deviation float64
}

// newEdgeShare takes whole cycles two frames apart, as near as they can be: of
// each run of 2R taps the reach largest.
func newEdgeShare(limit, ratio int, q kpn.Quality) edgeShare {
	reach := 2
	if limit == kpn.BandLimitPolyBLEP4 {
		reach = 4
	}
	stages, _ := kpn.Decimator(ratio, q)
	response := cascade(stages)
	sum, squares := 0.0, 0.0
	for run := range slices.Chunk(response, 2*ratio) {
		magnitudes := slices.Clone(run)
		for i, x := range magnitudes {
			magnitudes[i] = max(x, -x)
		}
		slices.Sort(magnitudes)
		one := absoluteSum(magnitudes[max(0, len(magnitudes)-reach):])
		sum += one
		squares += one * one
	}
	whole := absoluteSum(response)
	return edgeShare{sum / whole, math.Sqrt(squares) / whole}
}

// of is the errors as far as they stand on those steps. A distance is rounded
// once a frame, so that errors of different whole cycles are independent.
func (s edgeShare) of(r roundings) roundings {
	return roundings{r.worst * s.sum, r.variance * s.deviation * s.deviation}
}
