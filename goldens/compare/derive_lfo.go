package compare

import (
	"math"

	"sawmill/kpn"
)

// lfoShape is what is known of a shape of an lfo.
type lfoShape struct {
	weight string
	// slope is the steepest, a cycle, and jumps how many it has in a cycle.
	slope, jumps float64
	// bias and sizes are those of its own errors: the roundings of one value
	// of each size.
	bias  float64
	sizes []float64
}

// lfoShapes: the sine reads 32 bits of the phase, and is halved and taken off
// ½; the position in the cycle is rounded once, and where a triangle falls and
// a saw is turned, what is left of it once more.
var lfoShapes = []lfoShape{
	{weight: "sin", slope: math.Pi, bias: sineError/2 + math.Pi*0x1p-32, sizes: []float64{0.5, 1}},
	{weight: "tri", slope: 2, sizes: []float64{2, 1}},
	{weight: "saw", slope: 1, jumps: 1, sizes: []float64{1}},
	{weight: "rsaw", slope: 1, jumps: 1, sizes: []float64{1, 1}},
	{weight: "sqr", jumps: 2},
}

// lfoBound: the output is a mean of shapes from 0 to 1, so that an error of a
// shape counts with its share, and one of a power, over their sum, with what
// that shape is above the mean: at most 1.
//
// A power of a weight over the largest, u^e, makes its three relative
// roundings (the reciprocal's two, the product), each worth e of them, four of
// the exponent and two of its own as an adsr's. The sum of powers rounds four
// times, its reciprocal twice; then come the share, its product with the
// shape, and four sums.
func lfoBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	exponent := d.param(n, "exponent")
	var r, shape roundings
	b, inherited := bound{magnitude: 1 + 0x1p-20}, bound{}
	floor, slope, jumps := 0.0, 0.0, 0.0
	for _, s := range lfoShapes {
		floor = max(floor, d.param(n, s.weight).min)
	}
	for _, s := range lfoShapes {
		w := d.param(n, s.weight)
		if w.max+w.rounding < kpn.LfoLeastWeight {
			continue
		}
		r.add(3, exponent.max)
		r.add(4, 0.37)
		r.add(2, 1)
		var own roundings
		for _, size := range s.sizes {
			own.add(1, size)
		}
		if own.worst > shape.worst {
			shape = own
		}
		b.bias = max(b.bias, s.bias)
		slope = max(slope, s.slope)
		jumps += s.jumps
		// e·u^e·δ ≤ e·δ for a relative error of a weight, and u^e·ln u is at
		// most 1/(e·2.72) in size.
		inherited.bias += exponent.rounding / (math.E * exponent.min)
		if d.modulates(n, s.weight) {
			inherited.bias += d.weightError(w, exponent, floor)
		} else if w.rounding > 0 {
			inherited.bias += exponent.max * unit
		}
	}
	r.add(4+2+1+1, 1)
	r.add(4, 1)
	b.worst = b.bias
	r = r.plus(shape)
	b = r.onto(b)
	inherited.worst = inherited.bias
	return d.inherit(n, b, inherited.plus(d.lfoPhaseError(n, slope, jumps)))
}

// modulates says whether signals change a parameter.
func (d *derivation) modulates(n *kpn.Node, name string) bool {
	for _, p := range d.graph.Parameters(n) {
		if p.Name == name {
			return len(p.Modulators) > 0
		}
	}
	return false
}

// weightError is what an error of a weight that signals change does to its
// power, the largest weight being at least floor: u^e is steepest at 1 from
// e = 1 on, and at 0 below.
func (d *derivation) weightError(w, exponent values, floor float64) float64 {
	off := w.rounding*d.fine + kpn.LfoLeastWeight
	switch {
	case w.exact():
		return 0
	case floor < kpn.LfoLeastWeight:
		return math.Inf(1)
	case exponent.min >= 1:
		return exponent.max * off / floor / d.fine
	}
	return max(1, exponent.max) * math.Pow(min(1, off/floor), exponent.min) / d.fine
}

// rareJumps is how many frames of a job may be expected to stand so close to a
// jump that engines find it on other sides of them, for a tolerance not to
// allow for it: one job in ten thousand.
const rareJumps = 1e-4

// lfoPhaseError is what errors of the phase do to the mix. Where a frame stands
// between two phases that engines may have, they are on other sides of the
// jump, and nothing can be said, unless that is too rare to count.
func (d *derivation) lfoPhaseError(n *kpn.Node, slope, jumps float64) bound {
	freq, phase := d.param(n, "freq"), d.param(n, "phase")
	// No frequency counts as 0.
	freq.min = max(freq.min, kpn.OscLowest)
	e := d.phaseError(n, freq, phase)
	if e.worst == 0 {
		return bound{}
	}
	frames := float64(d.job.Shape.Rows()) * float64(d.job.Shape.F)
	if expected := frames * jumps * 2 * d.fine * e.sample(); expected > rareJumps {
		return bound{worst: math.Inf(1), bias: math.Inf(1)}
	}
	return e.scaled(slope)
}
