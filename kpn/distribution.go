package kpn

import (
	"fmt"
	"math"
	"strconv"
)

// Distribution maps a unit value to a physical value: it is the quantile
// function of a random parameter. Value never decreases, but for a choice,
// whose values come in the order of its list.
type Distribution interface {
	// Value is the physical value of a unit value in [0, 1).
	Value(unit float64) float64
	// Unit is the inverse of Value. Where many unit values share one physical
	// value, it gives one of them.
	Unit(value float64) float64
	// Slope is the derivative of Value by the unit value: 0 where Value has
	// steps or does not change.
	Slope(unit float64) float64
	// Support is the range that Value covers, inclusive and finite.
	Support() (lo, hi float64)
	// String writes the distribution on one line, for listings.
	String() string
}

// degenerate always gives the same value.
type degenerate float64

func (d degenerate) Value(float64) float64     { return float64(d) }
func (d degenerate) Unit(float64) float64      { return 0 }
func (d degenerate) Support() (lo, hi float64) { return float64(d), float64(d) }
func (d degenerate) String() string            { return "constant(" + number(float64(d)) + ")" }

// uniform spreads values evenly over [lo, hi].
type uniform struct{ lo, hi float64 }

func (d uniform) Value(u float64) float64 {
	return clamp(d.lo+float64((d.hi-d.lo)*u), d.lo, d.hi)
}
func (d uniform) Unit(v float64) float64    { return ratio(v-d.lo, d.hi-d.lo) }
func (d uniform) Support() (lo, hi float64) { return d.lo, d.hi }
func (d uniform) String() string            { return fmt.Sprintf("uniform(%s, %s)", number(d.lo), number(d.hi)) }

// logUniform spreads the logarithm of values evenly over [lo, hi], lo > 0.
type logUniform struct{ lo, hi float64 }

func (d logUniform) Value(u float64) float64 {
	return clamp(d.lo*math.Exp(u*math.Log(d.hi/d.lo)), d.lo, d.hi)
}

func (d logUniform) Unit(v float64) float64 {
	return ratio(math.Log(max(v, d.lo)/d.lo), math.Log(d.hi/d.lo))
}
func (d logUniform) Support() (lo, hi float64) { return d.lo, d.hi }
func (d logUniform) String() string {
	return fmt.Sprintf("log_uniform(%s, %s)", number(d.lo), number(d.hi))
}

// number writes a value as short as it reads back.
func number(v float64) string {
	const plain = 1e7
	if math.Abs(v) < plain && math.Abs(v) >= 1/plain {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// derived writes a value that was computed, without the digits that only
// rounding made.
func derived(v float64) string { return strconv.FormatFloat(v, 'g', 9, 64) }

func clamp(v, lo, hi float64) float64 { return min(max(v, lo), hi) }

// ratio is part/whole in [0, 1], and 0 where the whole is empty.
func ratio(part, whole float64) float64 {
	if !(whole > 0) {
		return 0
	}
	return clamp(part/whole, 0, 1)
}

// singlePrecision rounds a value to the nearest float32 in [lo, hi], and to
// the nearest of all where none lies inside.
func singlePrecision(v, lo, hi float64) float64 {
	r := float32(v)
	s := r
	if float64(r) > hi {
		s = math.Nextafter32(r, float32(math.Inf(-1)))
	} else if float64(r) < lo {
		s = math.Nextafter32(r, float32(math.Inf(1)))
	}
	if x := float64(s); x >= lo && x <= hi {
		return x
	}
	return float64(r)
}
