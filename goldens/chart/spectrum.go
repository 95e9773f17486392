package chart

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"
	"gonum.org/v1/gonum/dsp/window"
)

// FloorDB is where spectra end: below what float64 resolves.
const FloorDB = -200

// minimumFFT is the length that short signals are padded to.
const minimumFFT = 512

// Spectrum is a signal's in dB, 0 for a sine of full scale, under a Hann
// window; with what is no number taken for 0. step is its resolution in cycles
// a sample.
func Spectrum(signal []float64) (db []float64, step float64) {
	n := max(minimumFFT, len(signal)+len(signal)%2)
	windowed := make([]float64, len(signal), n)
	for i, x := range signal {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			windowed[i] = x
		}
	}
	// A window of one sample is a window of nothing.
	sum := 1.0
	if len(signal) > 2 {
		weights := make([]float64, len(signal))
		for i := range weights {
			weights[i] = 1
		}
		sum = 0
		for i, w := range window.Hann(weights) {
			windowed[i] *= w
			sum += w
		}
	}
	windowed = windowed[:n]
	for i := len(signal); i < n; i++ {
		windowed[i] = 0
	}
	for _, c := range fourier.NewFFT(n).Coefficients(nil, windowed) {
		db = append(db, max(FloorDB, 20*math.Log10(2*cmplx.Abs(c)/sum)))
	}
	return db, 1 / float64(n)
}
