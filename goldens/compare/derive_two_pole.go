package compare

import (
	"math"

	"sawmill/kpn"
)

// twoPoles are the coefficients of an svf or an rlc, whose g is the tangent of
// an angle: see [kpn.KindSVF].
type twoPoles struct {
	angle, damping       float64
	first, cross, second float64
}

func newTwoPoles(angle, damping float64) twoPoles {
	s, c := math.Sincos(angle)
	per := 1 / (1 + damping*s*c)
	return twoPoles{angle, damping, c * c * per, s * c * per, s * s * per}
}

// output is the filter that gives one of the outputs of an svf.
func (p *twoPoles) output(output int) linear {
	f := linear{
		m: matrix{{2*p.first - 1, -2 * p.cross}, {2 * p.cross, 1 - 2*p.second}},
		b: [2]float64{2 * p.cross, 2 * p.second},
	}
	band, low := [2]float64{p.first, -p.cross}, [2]float64{p.cross, 1 - p.second}
	k := p.damping
	switch output {
	case kpn.SVFLow:
		f.c, f.d = low, p.second
	case kpn.SVFBand:
		f.c, f.d = band, p.cross
	case kpn.SVFHigh:
		f.c, f.d = [2]float64{-k*band[0] - low[0], -k*band[1] - low[1]}, 1-k*p.cross-p.second
	default:
		f.c, f.d = [2]float64{-k * band[0], -k * band[1]}, 1-k*p.cross
	}
	return f
}

// changingSums bounds the same for coefficients that change from frame to frame.
func (d *derivation) changingSums(least, most twoPoles, output int) sums {
	shrunk := shrink(least, most, d.frames())
	size := 1.0 // of C: band and low are the mean of two states.
	switch output {
	case kpn.SVFHigh:
		size = math.Hypot(1, most.damping)
	case kpn.SVFNotch:
		size = most.damping
	}
	// 1 − M is −2g(1 − gJ)⁻¹J, and the inverse of J no longer than 1 + k.
	still := size * ((1+most.damping)/math.Tan(least.angle) + 1) / 2
	last := size * shrunk.errors
	deviation := spread(last, size*size*shrunk.squares, still, math.Pi/most.angle)
	return sums{
		length:  math.Inf(1),
		lengths: [2]float64{math.Inf(1), math.Inf(1)},
		gain:    1 + size*shrunk.state,
		states:  [2]float64{shrunk.state, shrunk.state},
		carried: [2]float64{last, last},
		spread:  [2]float64{deviation, deviation},
	}
}

// carry adds the roundings of a state, each times what it adds up to in the
// output at worst, and their deviation times what that does.
func (r *roundings) carry(o roundings, worst, spread float64) {
	r.worst += o.worst * worst
	r.variance += o.variance * spread * spread
}

// twoPoleBound is the bound of a filter whose coefficients are at most those of
// most, with the sums of output, band and low. The parameters may be off by an
// angle, and by a damping that moves the coefficients by a part damped.
//
// The step rounds the coefficients, and in − l, the products and the sums:
// of band, 2 of first·b, 3 of cross·(in − l) and 1 of itself; of low, 2 of
// cross·b, 3 of second·(in − l), 1 of their sum and 1 of itself. Both are in
// the state twice, which is rounded once more. High and notch round damping,
// its product with band, and a difference or two.
//
// A change of the angle by e moves each coefficient by at most (1 + damping)·e.
// One of the damping by e moves it by cross·e times itself, which for a relative
// e is less than e.
func twoPoleBound(most twoPoles, s sums, band, low float64, output int, angle, damped float64, in fed) bound {
	x := in.magnitude
	b, l := size(s.states[0], s.lengths[0], x, in.energy), size(s.states[1], s.lengths[1], x, in.energy)
	rest := x + l
	var ofBand, ofLow roundings
	ofBand.add(2, most.first*b)
	ofBand.add(3, most.cross*rest)
	ofBand.add(1, band)
	ofLow.add(2, most.cross*b)
	ofLow.add(3, most.second*rest)
	ofLow.add(1, most.cross*b+most.second*rest)
	ofLow.add(1, low)
	bandState, lowState := ofBand.times(2), ofLow.times(2)
	bandState.add(1, b)
	lowState.add(1, l)
	r := recursive{gain: s.gain, carried: 1}
	r.state.carry(bandState, s.carried[0], s.spread[0])
	r.state.carry(lowState, s.carried[1], s.spread[1])
	off := (angle*(1+most.damping) + damped) * (b + rest)
	r.movedState = 2 * off * (s.carried[0] + s.carried[1])
	r.movedOutput = off
	switch output {
	case kpn.SVFLow:
		r.own = ofLow
	case kpn.SVFBand:
		r.own = ofBand
	default:
		r.own = ofBand.times(most.damping)
		r.own.add(2, most.damping*band)
		r.own.add(1, x+most.damping*band)
		r.movedOutput = most.damping * (off + damped*band)
		if output == kpn.SVFHigh {
			r.own = r.own.plus(ofLow)
			r.own.add(1, size(s.gain, s.length, x, in.energy))
			r.movedOutput += off
		}
	}
	return r.of(in.bound)
}

// twoPole bounds a filter for each of its rows, or for the ranges that its
// parameters are in. They may be off as in twoPoleBound.
func (d *derivation) twoPole(rows []twoPoles, changing bool, output int, angle, damped float64, in fed) bound {
	if !changing {
		var b bound
		for i := range rows {
			p := &rows[i]
			of := func(output int) sums {
				f := p.output(output)
				return f.sums(d.frames(), math.Pi/p.angle)
			}
			band, low := of(kpn.SVFBand), of(kpn.SVFLow)
			b = b.or(twoPoleBound(*p, of(output), band.of(in), low.of(in), output, angle, damped, in))
		}
		return b
	}
	least, most := rows[0], rows[1]
	s := d.changingSums(least, most, output)
	of := d.changingSums(least, most, kpn.SVFLow)
	inner := of.of(in)
	// Of all coefficients in the ranges, the largest.
	cosine, sine := math.Cos(least.angle), math.Sin(most.angle)
	most.first, most.second, most.cross = cosine*cosine, sine*sine, sine*cosine
	if least.angle <= math.Pi/4 && most.angle >= math.Pi/4 {
		most.cross = 0.5
	}
	return twoPoleBound(most, s, inner, inner, output, angle, damped, in)
}

// svfBound: the cutoff is warped to an angle of π·cutoff/rate.
func svfBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	cutoff, resonance := d.param(n, "cutoff"), d.param(n, "resonance")
	output := int(d.param(n, "output").min)
	of := func(hz, resonance float64) twoPoles { return newTwoPoles(math.Pi*hz/d.job.Rate, 1/resonance) }
	angle := math.Pi / d.job.Rate * cutoff.rounding * d.fine
	damped := resonance.rounding * d.fine / resonance.min
	settings, ok := d.settings(n, "cutoff", "resonance")
	if !ok {
		ends := []twoPoles{of(cutoff.min, resonance.max), of(cutoff.max, resonance.min)}
		return d.twoPole(ends, true, output, angle, damped, d.fedTo(n, in[0])), nil
	}
	var rows []twoPoles
	for _, v := range settings {
		rows = append(rows, of(v[0], v[1]))
	}
	return d.twoPole(rows, false, output, angle, damped, d.fedTo(n, in[0])), nil
}

// rlcBound: an rlc is the low output of an svf whose angle has the tangent
// 1/(2·rate·√(LC)) and whose damping is R·√(C/L).
func rlcBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	of := func(r, l, c float64) twoPoles {
		return newTwoPoles(math.Atan(1/(2*d.job.Rate*math.Sqrt(l*c*1e-12))), r*math.Sqrt(c*1e-6/l))
	}
	settings, ok := d.settings(n, "resistance", "inductance", "capacitance")
	if ok {
		var rows []twoPoles
		for _, v := range settings {
			rows = append(rows, of(v[0], v[1], v[2]))
		}
		return d.twoPole(rows, false, kpn.SVFLow, 0, 0, d.fedTo(n, in[0])), nil
	}
	r, l, c := d.param(n, "resistance"), d.param(n, "inductance"), d.param(n, "capacitance")
	least, most := of(r.min, l.max, c.max), of(r.max, l.min, c.min)
	least.damping = r.min * math.Sqrt(c.min*1e-6/l.max)
	most.damping = r.max * math.Sqrt(c.max*1e-6/l.min)
	part := (l.rounding/l.min + c.rounding/c.min) / 2 * d.fine
	damped := part + r.rounding*d.fine*math.Sqrt(c.max*1e-6/l.min)/2
	return d.twoPole([]twoPoles{least, most}, true, kpn.SVFLow, part/2, damped, d.fedTo(n, in[0])), nil
}
