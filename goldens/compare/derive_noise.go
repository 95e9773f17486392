package compare

import (
	"math"

	"sawmill/kpn"
)

// noiseBound: the uniform draw is a whole number of 2⁻²³, exact in float32.
//
// The Gaussian one is r·cos θ with r = √(−2 ln u) at most 6.77. The
// logarithm's relative error is at most 4 roundings, halved by the root,
// whose Newton steps add 2; sine and cosine have their own bound, and the
// product is rounded. The RMS of r is √2.
func noiseBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	normal := d.param(n, "distribution").max != kpn.NoiseUniform
	switch {
	case d.param(n, "color").max == kpn.NoisePink:
		return pinkBound(normal), nil
	case d.param(n, "color").max == kpn.NoiseBrown:
		return brownBound(normal), nil
	case !normal:
		return bound{magnitude: 1}, nil
	}
	const (
		radius    = 6.77
		relative  = (4./2 + 2 + 1) * unit
		radiusRMS = math.Sqrt2
	)
	return bound{
		magnitude: radius,
		worst:     radius * (relative + sineError),
		sigma:     radiusRMS * (relative + sineError),
	}, nil
}

// pinkBound: the sum is a whole number of 29 bits; its conversion rounds once,
// the scale once and the product once.
func pinkBound(normal bool) bound {
	b := bound{magnitude: 1}
	if normal {
		b.magnitude = 138 / math.Sqrt(374)
	}
	var r roundings
	r.add(3, b.magnitude)
	return r.onto(b)
}

// brownBound: every halving of an interval, l and r its ends, is the sum l + r,
// its product with a constant that is rounded too and half at most, that of
// the draw with another, and the sum of both. The ends' errors have half a part
// each at most in the middle's.
func brownBound(normal bool) bound {
	b := bound{magnitude: 1}
	for half := float64(kpn.BrownSpacing / 2); half >= 1; half /= 2 {
		rho := math.Pow(1-kpn.BrownLeak, half)
		ends, rest := rho/(1+rho*rho), math.Sqrt((1-rho*rho)/(1+rho*rho))
		middle := 2*ends*b.magnitude + rest
		var r roundings
		r.add(3, 2*ends*b.magnitude)
		r.add(2, rest)
		r.add(1, middle)
		between := r.onto(b.scaled(2 * ends))
		b = bound{max(b.magnitude, middle), max(b.worst, between.worst), 0, max(b.sigma, between.sigma)}
	}
	if !normal {
		return b.scaled(0.25)
	}
	b = b.scaled(math.Sqrt(3))
	var r roundings
	r.add(2, b.magnitude)
	return r.onto(b)
}
