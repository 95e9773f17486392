package compare

import (
	"math"

	"sawmill/kpn"
)

// decimated is the bound of a signal behind a decimator. Errors at its input
// grow by at most the sum of the magnitudes of the whole cascade's taps, and
// the roundings of a stage by that of the stages behind it.
func decimated(in bound, ratio int, q kpn.Quality) bound {
	stages, _ := kpn.Decimator(ratio, q)
	out := in.scaled(absoluteSum(cascade(stages)))
	for i, s := range stages {
		size := in.magnitude * absoluteSum(cascade(stages[:i]))
		r := halfBandRoundings(oddTaps(s), size).times(absoluteSum(cascade(stages[i+1:])))
		out = r.onto(out)
	}
	return out
}

// halfBandRoundings are those of one output of a stage whose input is at most
// size: for each pair of taps the pair's sum, the tap itself and the product,
// and the sum so far, from the smallest tap to the largest; the centre comes
// last.
func halfBandRoundings(odd []float64, size float64) roundings {
	var r roundings
	sum := 0.0
	for i := len(odd) - 1; i >= 0; i-- {
		term := 2 * size * math.Abs(odd[i])
		sum += term
		r.add(3, term)
		r.add(1, sum)
	}
	r.add(1, sum+size/2)
	return r
}

// cascade is the impulse response of stages one after the other, at the rate
// of the first one's input: 1 for no stages.
func cascade(stages []kpn.HalfBand) []float64 {
	response := []float64{1}
	for i := len(stages) - 1; i >= 0; i-- {
		taps := halfBandTaps(stages[i])
		// What comes behind acts on every second of the stage's outputs.
		next := make([]float64, 2*len(response)-1+len(taps)-1)
		for j, x := range response {
			for k, tap := range taps {
				next[2*j+k] += float64(x * tap)
			}
		}
		response = next
	}
	return response
}

// halfBandTaps are all 4M−1 taps of a stage, see [kpn.HalfBand].
func halfBandTaps(h kpn.HalfBand) []float64 {
	odd := oddTaps(h)
	centre := 2*h.M - 1
	taps := make([]float64, 2*centre+1)
	taps[centre] = 0.5
	for i, tap := range odd {
		taps[centre-2*i-1], taps[centre+2*i+1] = tap, tap
	}
	return taps
}

// oddTaps are a stage's taps at offsets 1, 3, 5, … from its centre.
func oddTaps(h kpn.HalfBand) []float64 {
	odd := make([]float64, h.M)
	sum := 0.0
	for i := range odd {
		k := float64(2*i + 1)
		x := k / float64(2*h.M-1)
		odd[i] = math.Sin(math.Pi*k/2) / (math.Pi * k) * besselI0(h.Beta*math.Sqrt(1-float64(x*x)))
		sum += 2 * odd[i]
	}
	for i := range odd {
		odd[i] *= 0.5 / sum
	}
	return odd
}

// besselI0 is the modified Bessel function of order 0, by its power series.
func besselI0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 0x1p-60*sum; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}

func absoluteSum(taps []float64) float64 {
	sum := 0.0
	for _, tap := range taps {
		sum += math.Abs(tap)
	}
	return sum
}
