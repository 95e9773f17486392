package compare

import "sawmill/kpn"

// delayBound: a weighted mean of two frames of the input. The weights are
// rounded, and the products and the sum. What the delay is off by moves it by
// that part of the difference of two frames.
func delayBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	frames := d.param(n, "frames")
	b := in[0]
	if frames.exact() && frames.min == frames.max && frames.min == float64(int(frames.min)) {
		return b, nil // Whole frames pass unchanged.
	}
	off := frames.rounding * d.fine * 2 * b.magnitude
	b.worst, b.bias = b.worst+off, b.bias+off
	var r roundings
	r.add(5, b.magnitude)
	return r.onto(b), nil
}
