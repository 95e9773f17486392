package compare

import (
	"math"

	"sawmill/kpn"
)

// envelopeBound: three powers of ramps, each as an adsr's power. A ramp has 7
// relative roundings (its frames 2, its length, the reciprocal of that 2, the
// product, and ε), which v^k multiplies by k; one that falls has an absolute
// error too, from the fraction of a frame at which it ends. Between them are a
// difference, a sum and three products.
func envelopeBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	sustain, alpha := d.param(n, "sustain"), d.param(n, "alpha")
	var r roundings
	r.add(3*7, alpha.max)
	r.add(3*4, 0.37)
	r.add(3*2, 1)
	r.add(5, 1)
	b := bound{magnitude: 1 + 0x1p-20}
	// An exponent that is off moves each power by at most 1/(e·k) of that.
	b.bias = sustain.rounding + 3*alpha.rounding/(math.E*alpha.min)
	if !timesModulated(d.graph, n) {
		b.bias += d.fallEnds(n, alpha)
		b.worst = b.bias
		return r.onto(b), nil
	}
	b.worst = b.bias
	off := d.movingEnds(n, alpha)
	return d.inherit(n, r.onto(b), bound{worst: off, bias: off})
}

// fallEnds bounds what the absolute error of the falling ramps does, over all
// rows and, where a parameter is per frame, frames.
func (d *derivation) fallEnds(n *kpn.Node, alpha values) float64 {
	worst := 0.0
	d.eachRow(n, func(value func(name string) float64, frame int) {
		frames := func(name string) float64 { return value(name) * d.job.Rate }
		gate := frames("gate")
		a := min(frames("attack"), gate)
		falls := [...]fall{
			{start: a, length: min(max(gate-frames("attack"), 0), frames("decay"))},
			{start: gate, length: frames("release")},
		}
		sum := 0.0
		for _, f := range falls {
			f.least, f.most = value("alpha"), value("alpha")
			if d.modulates(n, "alpha") {
				f.least, f.most = alpha.min, alpha.max
			}
			if frame >= 0 {
				sum += f.errorAt(float64(frame), d.fine)
				continue
			}
			// The frames on both sides of its end, or the job's last.
			last := min(math.Ceil(f.end()), float64(d.job.Shape.F-1))
			sum += max(f.errorAt(last, d.fine), f.errorAt(max(last-1, 0), d.fine))
		}
		worst = max(worst, sum)
	})
	return worst / d.fine
}

// eachRow calls visit with the values that a node's parameters are bound to,
// for each row. Where one of them is per frame it does so for each frame, and
// else with frame −1.
func (d *derivation) eachRow(n *kpn.Node, visit func(value func(name string) float64, frame int)) {
	params := map[string]kpn.NodeParam{}
	frames := 1
	for _, p := range d.graph.Parameters(n) {
		params[p.Name] = p
		if p.Rate == kpn.PerFrame {
			frames = d.job.Shape.F
		}
	}
	for row := range d.job.Shape.Rows() {
		b, c := row/d.job.Shape.C, row%d.job.Shape.C
		for f := range frames {
			value := func(name string) float64 {
				p, ref := params[name], kpn.ParamRef{Node: n.ID, Param: name}
				switch p.Rate {
				case kpn.PerItem:
					return d.job.ItemValue(ref, b, c)
				case kpn.PerFrame:
					return float64(d.job.Frames[ref].Row(b, c)[f])
				case kpn.Constant:
				}
				return p.Value
			}
			if frames == 1 {
				visit(value, -1)
			} else {
				visit(value, f)
			}
		}
	}
}

// fall is a falling ramp of an envelope, in frames, with the least and the
// largest exponent that it may have.
type fall struct {
	start, length, least, most float64
}

func (f fall) end() float64 {
	return f.start + f.length - kpn.EnvelopeEpsilon*(1+f.length)
}

// errorAt is the change of v^k at a frame by v's absolute error: the rounding
// of a fraction of a frame, and what float64 makes of starts and ends, each
// over the length. fine is what roundings count as.
func (f fall) errorAt(frame, fine float64) float64 {
	if f.length <= 0 || f.end() <= f.start || frame <= f.start {
		// Up to its start a ramp is what it is there, without a fraction.
		return 0
	}
	v := (f.end() - frame) / f.length
	off := min(1, (unit*fine+0x1p-50*(1+f.start+f.length))/f.length)
	switch {
	case v < -off:
		return 0
	case f.least >= 1:
		return min(1, f.most*off)
	case v <= 2*off:
		return min(1, max(1, f.most)*math.Pow(3*off, f.least))
	}
	return min(1, max(1, f.most)*math.Pow(min(1, v)-off, f.least-1)*off)
}

// movingEnds bounds the same, for all three ramps, where signals change their
// starts and lengths: at any place in the shortest ramp that their ranges
// allow. A ramp of length 0 is 1 and one of nearly 0 is not, so that nothing
// can be said where signals reach it.
func (d *derivation) movingEnds(n *kpn.Node, alpha values) float64 {
	times := map[string]values{}
	off, last := 0.0, 0.0
	for _, name := range []string{"attack", "decay", "release", "gate"} {
		v := d.param(n, name)
		times[name] = v
		off += v.rounding * d.fine * d.job.Rate
		last += v.max * d.job.Rate
	}
	shortest := min(times["attack"].min, times["gate"].min, times["decay"].min, times["release"].min)
	shortest = min(shortest, times["gate"].min-times["attack"].max) * d.job.Rate
	relative := 1.0
	if shortest > 0 {
		relative = min(1, (off+unit*d.fine+0x1p-50*(1+last))/shortest)
	}
	steep := 3 * max(1, alpha.max) * math.Pow(min(1, 3*relative), min(1, alpha.min))
	return min(1, steep) / d.fine
}
