package kpn

import (
	"math"
	"sync"
)

// The band limit "kaiser32" of an osc smooths a waveform by a windowed sinc:
//
//	h(x) = 2c·sinc(2c·x)·w(x/KaiserReach), w(u) = I₀(β√(1−u²))/I₀(β),
//
// x in samples, scaled to an integral of 1, with β = 11 and c below half the
// sample rate by half of the window's transition, so that what passes half the
// sample rate is down by 110 dB or more. Its integrals, the residuals of a step
// and of a corner, are a table of KaiserPoints a sample, and between two of
// them the cubic that has the table's values and slopes at both (Hermite's).
//
// Source: Stilson, Smith, "Alias-free digital synthesis of classic analog
// waveforms", ICMC 1996; Kaiser, "Nonrecursive digital filter design using the
// I₀-sinh window function", ISCAS 1974.
const (
	KaiserReach  = 32
	KaiserPoints = 64

	kaiserBeta   = 11
	kaiserCutoff = 0.4445
)

// KaiserPoint is one point of the table, at a distance of at least 0 from a
// step or a corner.
type KaiserPoint struct {
	// Corner is what smoothing adds to a corner that grows by 1 a sample, Step
	// what it adds to a unit step before it and takes away after it; Kernel is
	// h. Step is the integral of Kernel from the distance on, and Corner that
	// of Step.
	Corner, Step, Kernel float64
}

// KaiserTable is the table from distance 0 to KaiserReach, where all is 0.
var KaiserTable = sync.OnceValue(func() []KaiserPoint {
	// Simpson's rule over so many parts of the space between two points: what
	// is left is below 1e-15.
	const parts = 16
	h := 1.0 / (KaiserPoints * parts)
	n := KaiserReach * KaiserPoints * parts
	kernel := make([]float64, n+1)
	for i := range kernel {
		kernel[i] = kaiserKernel(float64(i) * h)
	}
	table := make([]KaiserPoint, KaiserReach*KaiserPoints+1)
	step, corner := 0.0, 0.0
	half := make([]float64, n/2+1) // step, at every other point
	for i := n - 2; i >= 0; i -= 2 {
		step += h / 3 * (kernel[i] + 4*kernel[i+1] + kernel[i+2])
		half[i/2] = step
	}
	scale := 0.5 / step
	for i := n/2 - 2; i >= 0; i -= 2 {
		corner += 2 * h / 3 * (half[i] + 4*half[i+1] + half[i+2])
		if 2*i%parts == 0 {
			table[2*i/parts] = KaiserPoint{corner * scale, half[i] * scale, kernel[2*i] * scale}
		}
	}
	return table
})

// kaiserKernel is h, not yet scaled.
func kaiserKernel(x float64) float64 {
	u := x / KaiserReach
	if u >= 1 {
		return 0
	}
	window := besselI0(kaiserBeta * math.Sqrt(1-u*u))
	if x == 0 {
		return window
	}
	angle := 2 * math.Pi * kaiserCutoff * x
	return window * math.Sin(angle) / angle
}

// besselI0 is the modified Bessel function of order 0, by its series.
func besselI0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*0x1p-54; k++ {
		term *= x / (2 * k) * x / (2 * k)
		sum += term
	}
	return sum
}
