package kpn

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// normal is a Gaussian whose tails are moved to lo and hi: values beyond the
// bounds become the bounds.
type normal struct{ mean, sd, lo, hi float64 }

// unitFloor is half the step of [UnitDraw]. Unit values are kept this far
// from 0 and 1, whose quantiles are infinite.
const unitFloor = 1.0 / (1 << 54)

func (d normal) Value(u float64) float64 {
	z := mathext.NormalQuantile(clamp(u, unitFloor, 1-2*unitFloor))
	return clamp(d.mean+float64(d.sd*z), d.lo, d.hi)
}

func (d normal) Unit(v float64) float64 {
	if d.sd == 0 {
		return 0
	}
	return math.Erfc(-(v-d.mean)/d.sd/math.Sqrt2) / 2
}

func (d normal) Support() (lo, hi float64) { return d.Value(0), d.Value(1) }

func (d normal) String() string {
	return fmt.Sprintf("normal(%s, %s) in [%s, %s]", number(d.mean), number(d.sd), number(d.lo), number(d.hi))
}
