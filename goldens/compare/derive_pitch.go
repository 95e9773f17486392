package compare

import (
	"math"

	"sawmill/kpn"
)

// pitchBound: both engines compute in float64, whose errors are far below the
// rounding of the output. A semitone changes the frequency by a part of ln 2/12.
func pitchBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	note, reference := d.param(n, "note"), d.param(n, "reference")
	ratio := math.Exp2((note.max - 69) / 12)
	b := note.errors.scaled(math.Ln2 / 12 * reference.max * ratio).plus(reference.errors.scaled(ratio))
	b.magnitude = reference.max * ratio
	var r roundings
	r.add(1, b.magnitude)
	return r.onto(b), nil
}

// quantizeBound: engines decide alike in float64, and the note is rounded once
// if its root is no whole number. Where the input or the root is off by e, one
// engine may choose another note, as far away as the scale has gaps; but only
// within e of a place next to the middle of a gap. Of a signal that moves, gaps being a
// semitone at least, a part of 2e is there.
func quantizeBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	scale, root := d.param(n, "scale"), d.param(n, "root")
	var b bound
	if scale.min == kpn.ScaleNone {
		b = in[0]
	}
	if scale.max == kpn.ScaleNone {
		return b, nil
	}
	moved := bound{
		magnitude: min(in[0].magnitude+12, kpn.QuantizeReach) + root.magnitude(),
		worst:     root.errors.worst, bias: root.errors.bias, sigma: root.errors.sigma,
	}
	if e := in[0].sample() + root.errors.sample(); e > 0 {
		const octave = 12
		moved.worst += octave
		moved.sigma += octave * math.Sqrt(min(1, 2*e*d.fine)) / d.fine
	}
	if root.min != root.max || root.min != math.Trunc(root.min) {
		var r roundings
		r.add(1, moved.magnitude)
		moved = r.onto(moved)
	}
	return b.or(moved), nil
}

// glideBound: a mean of inputs is off by no more than they are. Engines
// remember in float64, and round the output. The roundings of float64 add up
// over as many frames as are remembered. A time that is off by e moves the
// output by at most e/(e·time) of the way, and by 0.55·rate·e.
func glideBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	time := d.param(n, "time")
	b := in[0]
	var r roundings
	r.add(1, b.magnitude)
	b = r.onto(b)
	remembered := min(float64(d.job.Shape.F), 1+time.max*d.job.Rate)
	off := 4 * 0x1p-53 * b.magnitude * remembered / d.fine
	steep := min(1/(math.E*max(time.min, 1e-300)), 0.55*d.job.Rate)
	b = b.plus(bound{worst: off, bias: off}).plus(time.errors.scaled(2 * in[0].magnitude * steep))
	b.magnitude = in[0].magnitude
	return b, nil
}
