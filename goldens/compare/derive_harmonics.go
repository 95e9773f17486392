package compare

import (
	"fmt"
	"math"

	"sawmill/kpn"
)

// harmonicsBound: with s the semitones above 1 Hz, K = C·2^(−s/12)/s. It falls
// with s, and so do its errors.
//
// s is rounded twice. An error of s by a part ε changes K by a part
// (1 + ln 2·s/12)·ε. The exponent is rounded twice, its constant and the
// product, which changes K by a part ln 2·s/12 each; the reciprocal makes two
// roundings, the constant and its product two, the power two, the last product
// one.
func harmonicsBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	pitch, _ := d.span(d.graph.Inputs(n.ID)[0].From)
	pitch -= d.fine * in[0].sample()
	s := min(max(pitch, kpn.HarmonicsLowest), kpn.HarmonicsHighest) - 69 + 12*math.Log2(440)
	slope := math.Ln2 / 12 * s
	k := 12 * 12000 / math.Log10(2) * math.Exp2(-s/12) / s
	var r roundings
	r.add(2, k*(1+slope))
	r.add(2, k*slope)
	r.add(7, k)
	b := in[0].scaled(k * (1 + slope) / s)
	b.magnitude = k * (1 + 0x1p-20)
	return r.onto(b), nil
}

// span is a range that a node's signal is within, for kinds whose signal is not
// centred on 0; for others it is plus and minus the magnitude.
func (d *derivation) span(id string) (low, high float64) {
	n, _ := d.graph.Node(id)
	is := func(k kpn.Kind) bool { return n.Kind == k }
	if is(kpn.KindControl) {
		return d.control.span(id)
	}
	if is(kpn.KindConstant) {
		v := d.param(n, "value")
		return v.min - d.fine*v.rounding, v.max + d.fine*v.rounding
	}
	if is(kpn.KindClip) {
		bottom, top := d.param(n, "low"), d.param(n, "high")
		return min(bottom.min, top.min) - d.fine*bottom.rounding, max(bottom.max, top.max) + d.fine*top.rounding
	}
	if is(kpn.KindInput) {
		// An input is silent after its last frame.
		for _, x := range d.job.Inputs[id].Data {
			low, high = min(low, float64(x)), max(high, float64(x))
		}
		return low, high
	}
	if is(kpn.KindMix) {
		return d.spanOfMix(n)
	}
	m := d.known[id].magnitude
	return -m, m
}

// spanOfMix is that of a sum of products.
func (d *derivation) spanOfMix(n *kpn.Node) (low, high float64) {
	for k, e := range d.graph.Inputs(n.ID) {
		l, h := d.span(e.From)
		if e.DelayFrames > 0 {
			l, h = min(l, 0), max(h, 0)
		}
		v := d.param(n, fmt.Sprintf("level_%d", k))
		low += min(l*v.min, l*v.max, h*v.min, h*v.max)
		high += max(l*v.min, l*v.max, h*v.min, h*v.max)
	}
	off := d.fine * d.known[n.ID].sample()
	return low - off, high + off
}
