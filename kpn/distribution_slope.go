package kpn

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

func (d degenerate) Slope(float64) float64 { return 0 }

func (d uniform) Slope(float64) float64 { return d.hi - d.lo }

func (d logUniform) Slope(u float64) float64 { return d.Value(u) * math.Log(d.hi/d.lo) }

func (d choice) Slope(float64) float64 { return 0 }

func (d midi) Slope(float64) float64 { return 0 }

// Slope implements [Distribution]. It is infinite where a curve above 1 starts
// upright.
func (d unitMapping) Slope(u float64) float64 {
	if d.symmetric {
		// (hi−lo)/2 times the curve's slope by 2u−1, times 2.
		u = math.Abs(2*u - 1)
	}
	// 0⁰ is 1: a straight line has one slope everywhere.
	return (d.hi - d.lo) * math.Pow(u, 1/d.curve-1) / d.curve
}

// Slope implements [Distribution]: one over the density, and 0 in the tails
// that were moved to the bounds.
func (d normal) Slope(u float64) float64 {
	z := mathext.NormalQuantile(clamp(u, unitFloor, 1-2*unitFloor))
	if v := d.mean + float64(d.sd*z); v < d.lo || v > d.hi {
		return 0
	}
	return d.sd * math.Sqrt(2*math.Pi) * math.Exp(z*z/2)
}
