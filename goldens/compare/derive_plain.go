package compare

import (
	"fmt"
	"math"

	"sawmill/kpn"
)

// constantBound: the value is rounded once.
func constantBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	v := d.param(n, "value")
	d.atLeast(n, v.min)
	return v.signal(), nil
}

// inputBound: a job's tensors hold float32 samples, which pass unchanged.
func inputBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	// Behind its last frame it is silent.
	peak, low := 0.0, 0.0
	for _, x := range d.job.Inputs[n.ID].Data {
		peak, low = max(peak, math.Abs(float64(x))), min(low, float64(x))
	}
	d.atLeast(n, low)
	return bound{magnitude: peak}, nil
}

// gainBound is a product.
func gainBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	gain := d.param(n, "gain")
	d.productFloor(n, gain.min, gain.max)
	return product(in[0], gain.signal()), nil
}

// multiplyBound is a product after the other.
func multiplyBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	d.productFloor(n, 1, 1)
	b := in[0]
	for _, factor := range in[1:] {
		b = product(b, factor)
	}
	return b, nil
}

// mixBound sums products: each partial sum is rounded.
func mixBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	d.mixFloor(n)
	var sum bound
	for k, source := range in {
		sum = sum.plus(product(source, d.param(n, fmt.Sprintf("level_%d", k)).signal()))
		if k > 0 {
			var r roundings
			r.add(1, sum.magnitude)
			sum = r.onto(sum)
		}
	}
	return sum, nil
}

// product is the bound of x·y, rounded: with errors e and f it is
// (x+e)(y+f) − xy = x·f + y·e + e·f, and x's magnitude covers e.
func product(x, y bound) bound {
	m := x.magnitude * y.magnitude
	b := x.scaled(y.magnitude).plus(y.scaled(x.magnitude))
	b.magnitude = m
	var r roundings
	r.add(1, m)
	return r.onto(b)
}

// normalizeBound: out = in·(peak/m). The reciprocal's relative error is at
// most 2 roundings, and both products round. The row's own largest magnitude
// m is off by the input's error too: once more the same on a signal of at
// most m.
func normalizeBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	peak, mode := d.param(n, "peak"), d.param(n, "mode")
	gain := 1.0
	if mode.min == kpn.NormalizeAlways {
		m, ok := d.peaks[n.ID]
		if !ok {
			return bound{}, &ConfigError{Reason: fmt.Sprintf("node %q: the peak of its input is not known; measure it first", n.ID)}
		}
		if m == 0 {
			// Every row is silent: there is nothing to scale.
			return in[0], nil
		}
		if in[0].sample() > m/4 {
			return bound{}, &ConfigError{Reason: fmt.Sprintf("node %q: it brings a row with a peak of %.3g up to %.3g, but that row may be off by %.3g: no tolerance makes sense; use mode limit, or leave such rows out", n.ID, m, peak.max, in[0].sample())}
		}
		gain = max(gain, peak.max/m)
	}
	b := in[0].scaled(2 * gain)
	b.magnitude = max(in[0].magnitude, peak.magnitude())
	if mode.min == kpn.NormalizeAlways && mode.max == kpn.NormalizeAlways {
		b.magnitude = peak.magnitude()
	}
	b.bias += peak.rounding
	b.worst += peak.rounding
	var r roundings
	r.add(4, peak.magnitude())
	return r.onto(b), nil
}
