package kpn

import (
	"fmt"
	"math"
)

// unitMapping spreads values over [lo, hi] along a power curve. With u the
// unit value, v = lo + (hi−lo)·u^(1/curve). A symmetric one curves from its
// middle to both ends: with d = 2u−1 and e = sign(d)·|d|^(1/curve),
// v = lo + (hi−lo)/2·(e+1).
//
// Source: Turian et al., "One billion audio sounds from GPU-enabled modular
// synthesis", DAFx 2021.
type unitMapping struct {
	lo, hi, curve float64
	symmetric     bool
}

func (d unitMapping) Value(u float64) float64 {
	if d.symmetric {
		u = (signedPow(2*u-1, 1/d.curve) + 1) / 2
	} else {
		u = math.Pow(u, 1/d.curve)
	}
	return clamp(d.lo+float64((d.hi-d.lo)*u), d.lo, d.hi)
}

func (d unitMapping) Unit(v float64) float64 {
	u := ratio(v-d.lo, d.hi-d.lo)
	if d.symmetric {
		return (signedPow(2*u-1, d.curve) + 1) / 2
	}
	return math.Pow(u, d.curve)
}

func (d unitMapping) Support() (lo, hi float64) { return d.lo, d.hi }

func (d unitMapping) String() string {
	symmetric := ""
	if d.symmetric {
		symmetric = ", symmetric"
	}
	return fmt.Sprintf("unit(%s, %s, curve %s%s)", number(d.lo), number(d.hi), number(d.curve), symmetric)
}

// signedPow is |x|^exponent with the sign of x.
func signedPow(x, exponent float64) float64 {
	return math.Copysign(math.Pow(math.Abs(x), exponent), x)
}
