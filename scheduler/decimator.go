package scheduler

import (
	"math"

	"sawmill/kpn"
)

// oddTaps designs a half-band filter: its taps at offsets 1, 3, 5, … from the
// centre (the tap at 0 is ½, the others at even offsets are 0).
func oddTaps(h kpn.HalfBand) []float32 {
	taps := make([]float64, h.M)
	sum := 0.0
	reach := float64(2*h.M - 1)
	for i := range taps {
		k := float64(2*i + 1)
		sign := 1.0
		if i%2 == 1 {
			sign = -1
		}
		x := k / reach
		taps[i] = sign / (math.Pi * k) * besselI0(h.Beta*math.Sqrt(1-x*x)) / besselI0(h.Beta)
		sum += 2 * taps[i]
	}
	rounded := make([]float32, h.M)
	for i, t := range taps {
		rounded[i] = float32(t * 0.5 / sum)
	}
	return rounded
}

// besselI0 is the modified Bessel function of the first kind, order 0, by its
// power series in (x/2)², whose terms are all positive.
func besselI0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-18; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}
