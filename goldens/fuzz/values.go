package fuzz

import (
	"math"

	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// wide is from where on a range is too wide to draw from evenly.
const wide = 1e3

// tinies are small numbers: one that float32 holds without its full
// precision, its smallest normal one, and some that products stay normal with.
var tinies = []float64{0x1p-24, 1e-12, 1e-30, 0x1p-126, 1e-40}

// param gives a parameter a value, or leaves it at its default.
func (g *generator) param(n *cases.DraftNode, p *kpn.Parameter, name string) {
	t := g.tape
	form := t.pick(8)
	if _, high := g.limits(p); form < 2 && p.Default <= high {
		return
	}
	v := cases.Values{Low: g.value(p)}
	switch {
	case p.Structural || form < 4:
	case form == 4:
		v.Form = cases.List
		v.List = []float64{v.Low}
		for range 1 + t.pick(3) {
			v.List = append(v.List, g.value(p))
		}
		v.Low = 0
	default:
		v.Form = []cases.Form{cases.PerItem, cases.PerRow, cases.PerFrame}[form-5]
		if n.Control {
			v.Form = min(v.Form, cases.PerRow)
		}
		v.Low, v.High = g.span(p, v.Low)
		v.OneItem = v.Form == cases.PerFrame && t.chance(4)
		v.OneChannel = v.Form == cases.PerFrame && t.chance(4)
	}
	n.Params[name] = v
}

// span is a range to draw from that has x in it: all of it, x alone, or from x
// to another value. Its ends are held by float32, as draws are.
func (g *generator) span(p *kpn.Parameter, x float64) (low, high float64) {
	t := g.tape
	low, high = g.limits(p)
	switch t.pick(4) {
	case 0:
		if high-low > wide {
			low, high = max(low, -2), min(high, wide/2)
		}
	case 1:
		low, high = x, x
	default:
		y := g.value(p)
		low, high = min(x, y), max(x, y)
	}
	floor, ceiling := g.limits(p)
	low, high = within32(low, floor, ceiling), within32(high, floor, ceiling)
	return low, high
}

// limits is a parameter's range at its node's rate.
func (g *generator) limits(p *kpn.Parameter) (low, high float64) {
	return p.Min, p.Upper(g.rate)
}

// within32 is the float32 nearest to x that is within limits.
func within32(x, low, high float64) float64 {
	y := float32(x)
	if float64(y) > high {
		y = math.Nextafter32(y, float32(math.Inf(-1)))
	}
	if float64(y) < low {
		y = math.Nextafter32(y, float32(math.Inf(1)))
	}
	return float64(y)
}

// value draws one value of a parameter, anywhere in its range, but mostly
// where something could go wrong.
func (g *generator) value(p *kpn.Parameter) float64 {
	t := g.tape
	low, high := g.limits(p)
	if p.Choices != nil {
		return low + float64(t.pick(int(high-low)+1))
	}
	x := p.Default
	switch t.pick(12) {
	case 0:
	case 1:
		x = low
	case 2:
		x = high
	case 3:
		x = float64(math.Nextafter32(float32(low), float32(high)))
	case 4:
		x = float64(math.Nextafter32(float32(high), float32(low)))
	case 5:
		x = from(t, tinies)
		if t.chance(2) {
			x = -x
		}
	case 6:
		// Even parts of the top: steps of a waveform that fall on samples.
		x = high / from(t, []float64{2, 4, 8, 3, 5})
	case 7:
		x = from(t, []float64{1, 0, -1, 2, 0.5, 0.25, 3})
	case 8, 9:
		if x == 0 {
			x = 1
		}
		x *= math.Exp2(8*t.unit() - 4)
	default:
		if high-low > wide {
			low, high = max(low, -4), min(high, 4)
		}
		x = low + t.unit()*(high-low)
	}
	if p.Unit == "s" && t.chance(2) {
		x = g.seconds()
	}
	low, high = g.limits(p)
	return min(max(x, low), high)
}

// seconds is a time that matters within the job: anywhere, on a frame, or
// next to one.
func (g *generator) seconds() float64 {
	t, d := g.tape, &g.trial.Draft
	at := t.unit() * float64(d.Shape.F)
	switch t.pick(4) {
	case 0:
	case 1:
		at = math.Floor(at)
	case 2:
		at = math.Floor(at) + 1e-9
	default:
		at = math.Floor(at) - 1e-9
	}
	return max(0, at/d.Rate)
}

// signal is what an input plays.
func (g *generator) signal() cases.Values {
	t := g.tape
	v := cases.Values{Form: cases.PerFrame, Low: -1, High: 1}
	switch t.pick(6) {
	case 0, 1, 2:
	case 3:
		v.Low, v.High = 0, 0
	case 4:
		v.Low, v.High = -1e9, 1e9
	default:
		v.High = float64(float32(from(t, tinies)))
		v.Low = -v.High
	}
	v.OneItem, v.OneChannel = t.chance(4), t.chance(4)
	return v
}
