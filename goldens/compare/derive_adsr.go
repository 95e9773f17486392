package compare

import (
	"math"
	"slices"

	"sawmill/kpn"
)

// adsrBound: a stage at x of its length (0 to 1) is x^k, scaled. Which stage
// a frame is in is decided in float64, alike on every engine; x has a
// relative error of 6 roundings and an absolute one, from the fraction of a
// frame at which the stage ends.
func adsrBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	d.atLeast(n, 0)
	sustain, curve := d.param(n, "sustain"), d.param(n, "curve")
	var r roundings
	// x's relative error: x^k changes by k times it.
	r.add(6, curve.max)
	// The power, 2^(k·log₂x): four relative roundings of the exponent y
	// change it by ln 2·|y|·2^y ≤ 0.37 each, and its own two by one each.
	r.add(4, 0.37)
	r.add(2, 1)
	// s + (1−s)·y: difference, product, sum.
	r.add(3, 1)
	b := bound{magnitude: 1}
	// A curve that float32 does not hold moves x^k by at most 1/(e·k).
	b.bias = sustain.rounding + curve.rounding/(math.E*curve.min)
	if !timesModulated(d.graph, n) {
		b.bias += d.stageEnds(n)
	}
	b.worst = b.bias
	b = r.onto(b)
	if timesModulated(d.graph, n) {
		off := d.modulatedEnds(n)
		return d.inherit(n, b, bound{worst: off, bias: off})
	}
	return b, nil
}

// stageEnds bounds what the absolute error of x does: little, except where a
// curve below 1 is steep, at the last frame before a stage ends.
func (d *derivation) stageEnds(n *kpn.Node) float64 {
	worst := 0.0
	s := d.job.Shape
	read := map[string]func(b, c, f int) float64{}
	perFrame, modulated := false, false
	curve := d.param(n, "curve")
	for _, p := range d.graph.Parameters(n) {
		modulated = modulated || p.Name == "curve" && len(p.Modulators) > 0
		ref := kpn.ParamRef{Node: n.ID, Param: p.Name}
		switch p.Rate {
		case kpn.Constant:
			read[p.Name] = func(int, int, int) float64 { return p.Value }
		case kpn.PerItem:
			read[p.Name] = func(b, c, _ int) float64 { return d.job.ItemValue(ref, b, c) }
		case kpn.PerFrame:
			perFrame = true
			read[p.Name] = func(b, c, f int) float64 { return float64(d.job.Frames[ref].Row(b, c)[f]) }
		}
	}
	for b := range s.B {
		for c := range s.C {
			at := func(f int) envelope {
				frames := func(name string) float64 { return read[name](b, c, f) * d.job.Rate }
				e := newEnvelope(frames("attack"), frames("decay"), frames("release"), frames("gate"), read["curve"](b, c, f))
				if modulated {
					e.curve, e.steepest = curve.min, curve.max
				}
				return e
			}
			if !perFrame {
				worst = max(worst, at(0).endError())
				continue
			}
			for f := range s.F {
				worst = max(worst, at(f).errorAt(f))
			}
		}
	}
	return worst
}

// timesModulated says whether signals change the length of a stage.
func timesModulated(g *kpn.Graph, n *kpn.Node) bool {
	return slices.ContainsFunc(g.Parameters(n), func(p kpn.NodeParam) bool {
		return p.Spec.Unit == "s" && len(p.Modulators) > 0
	})
}

// modulatedEnds bounds the same where signals change the stages' lengths: at any
// place in the shortest stage that their ranges allow, with what the signals'
// errors move the ends of all stages by. An envelope of stages that are not
// that short is continuous, so that a frame on the other side of an end is off
// by no more than one at the end.
func (d *derivation) modulatedEnds(n *kpn.Node) float64 {
	frames := func(name string) (least, most, off float64) {
		v := d.param(n, name)
		return v.min * d.job.Rate, v.max * d.job.Rate, v.rounding * d.job.Rate
	}
	attack, longestAttack, offAttack := frames("attack")
	decay, longestDecay, offDecay := frames("decay")
	release, longestRelease, offRelease := frames("release")
	gate, lastGate, offGate := frames("gate")
	// The gate ends an attack, or a decay, that is still under way.
	shortest := min(attack, gate)
	if cut := gate - longestAttack; cut < longestDecay {
		shortest = min(shortest, cut)
	}
	shortest = min(shortest, decay, release)
	off := offAttack + offDecay + offRelease + offGate
	curve := d.param(n, "curve")
	relative := min(1, (off+unit+0x1p-52*(lastGate+longestRelease))/max(shortest, 0))
	if curve.min >= 1 {
		return min(1, curve.max*relative)
	}
	return min(1, max(curve.max, 1)*math.Pow(3*relative, curve.min))
}

// envelope is the falling stages of an adsr, in frames.
type envelope struct {
	decay, decayEnd, release, gate, releaseEnd float64
	// curve is the exponent, or if it changes, from that to steepest.
	curve, steepest float64
}

func newEnvelope(attack, decay, release, gate, curve float64) envelope {
	a := min(attack, gate)
	e := envelope{gate: gate, release: release, releaseEnd: gate + release, curve: curve, steepest: curve}
	e.decay = min(gate-a, decay)
	e.decayEnd = min(gate, a+e.decay)
	return e
}

// endError is the largest error of the last frame of each falling stage.
func (e envelope) endError() float64 {
	last := func(end float64) int { return int(math.Ceil(end)) - 1 }
	return max(e.errorAt(last(e.decayEnd)), e.errorAt(last(e.releaseEnd)))
}

// errorAt is the change of x^k by x's absolute error at a frame of a falling
// stage: half a rounding of the fraction of a frame and half a rounding of
// what adding it gives, and the reference's own 2⁻⁵² of the frame number,
// each over the stage's length.
func (e envelope) errorAt(frame int) float64 {
	n := float64(frame)
	end, length := e.decayEnd, e.decay
	switch {
	case n >= e.releaseEnd:
		return 0
	case n >= e.gate:
		end, length = e.releaseEnd, e.release
	case n >= e.decayEnd:
		return 0
	}
	if length <= 0 {
		return 0
	}
	x := min(1, (end-n)/length)
	off := min(1, (unit+0x1p-52*end)/length)
	if e.curve >= 1 {
		return e.steepest * off
	}
	if x <= 2*off {
		return math.Pow(3*off, e.curve)
	}
	return e.steepest * math.Pow(x-off, e.curve-1) * off
}
