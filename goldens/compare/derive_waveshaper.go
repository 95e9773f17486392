package compare

import (
	"math"

	"sawmill/kpn"
)

// waveshaperBound: u = drive·in + bias is rounded twice. No shape has a slope
// above 1, nor have the derivatives of its mean by both ends together, so that
// what u is off the output is off at most. What a shape itself rounds, mean
// included:
//
//   - tanh is good to 10 roundings. Of close ends, the middle is rounded (where
//     the slope is, half of it counts), and the mean is the product of tanh,
//     two ratios of 2.4 each and what these and the middle's tanh make of the
//     second: 22 in all. Of others, two logarithms of 4.2 each over at least 1,
//     three sums, a difference and a reciprocal: 16.
//   - hard: the parts, which add up to 1, take a difference, that of the ends, a
//     reciprocal and a product, 5.5; then two sums, a product and a sum: 10.
//   - fold: the place in the period is rounded like u itself, 1 at each end, and
//     14 more for two integrals, their difference and its quotient; of close
//     ends as many for the corner's distances and their parts.
func waveshaperBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	shape, drive, bias := d.param(n, "shape"), d.param(n, "drive"), d.param(n, "bias")
	product := drive.max * in[0].magnitude
	u := product + bias.magnitude()
	b := in[0].scaled(drive.max)
	off := drive.rounding*in[0].magnitude + bias.rounding
	b.worst, b.bias = b.worst+off, b.bias+off
	var r roundings
	r.add(1, product)
	r.add(1, u)
	own := roundings{}
	for s := int(shape.min); s <= int(shape.max); s++ {
		var of roundings
		switch s {
		case kpn.WaveshaperTanh:
			of.add(22, 1)
		case kpn.WaveshaperHard:
			of.add(10, 1)
		default:
			of.add(2, u+1)
			of.add(14, 1)
		}
		own = roundings{max(own.worst, of.worst), max(own.variance, of.variance)}
	}
	r = r.plus(own)
	b = r.onto(b)
	b.magnitude = min(1, u) * (1 + 0x1p-18)
	if shape.max == kpn.WaveshaperFold {
		b.magnitude = 1 + 4*own.worst
	}
	b.worst = min(b.worst, 2*b.magnitude)
	b.bias = min(b.bias, b.worst)
	b.sigma = min(b.sigma, b.worst)
	return b, nil
}

// panBound: a product with a sine or a cosine, whose phase has 32 bits.
func panBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	pan := d.param(n, "pan")
	off := (sineError + 2*math.Pi*0x1p-32 + math.Pi/4*pan.rounding) * in[0].magnitude
	b := in[0]
	b.worst, b.bias = b.worst+off, b.bias+off
	return rounded(b, b.magnitude), nil
}
