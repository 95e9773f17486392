package compare

import "sawmill/kpn"

// clipBound: minimum and maximum move by no more than what they choose from,
// and round nothing.
func clipBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	low, high := d.param(n, "low"), d.param(n, "high")
	b := in[0].or(low.signal()).or(high.signal())
	b.magnitude = max(low.signal().magnitude, high.signal().magnitude)
	if low.max <= 0 && high.min >= 0 {
		// Nothing is brought further from 0.
		b.magnitude = min(in[0].magnitude, b.magnitude)
	}
	return b, nil
}
