package cpuref

// twoPole is a pair of trapezoidal integrators in a loop at one frame: with the
// states b and l, band = first·b + cross·(in − l) and low = l + cross·b +
// second·(in − l). [kpn.KindSVF] and [kpn.KindRLC] are made of it.
type twoPole struct {
	first, cross, second float64
}

// pair is two numbers of such a pair: of the band's and of the lowpass's
// integrator.
type pair struct {
	band, low float64
}

// twoWords is the memory of a pair.
func twoWords(*node, float64) int { return 2 }

// step gives the outputs of a frame and changes the state.
func (f twoPole) step(s *pair, in float64) pair {
	rest := in - s.low
	out := pair{
		band: float64(f.first*s.band) + float64(f.cross*rest),
		low:  s.low + float64(f.cross*s.band) + float64(f.second*rest),
	}
	s.band, s.low = 2*out.band-s.band, 2*out.low-s.low
	return out
}

// back takes the cotangents of a frame's outputs back, before which the state
// was s, and that of the state after it, which becomes that of s. It returns
// the derivatives by the coefficients and, but for what it has besides, by the
// input.
func (f twoPole) back(c *pair, s pair, in float64, out pair) (by twoPole, byIn float64) {
	rest := in - s.low
	band, low := out.band+2*c.band, out.low+2*c.low
	by = twoPole{
		first:  band * s.band,
		cross:  float64(band*rest) + float64(low*s.band),
		second: low * rest,
	}
	byIn = float64(f.cross*band) + float64(f.second*low)
	c.band = float64(f.first*band) + float64(f.cross*low) - c.band
	c.low = low - byIn - c.low
	return by, byIn
}

// along is the derivative along a direction of the coefficients.
func (f twoPole) along(d twoPole) float64 {
	return float64(f.first*d.first) + float64(f.cross*d.cross) + float64(f.second*d.second)
}

// times scales coefficients.
func (f twoPole) times(x float64) twoPole {
	return twoPole{f.first * x, f.cross * x, f.second * x}
}
