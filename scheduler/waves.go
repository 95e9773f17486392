package scheduler

import (
	"gonum.org/v1/gonum/dsp/fourier"

	"sawmill/kpn"
)

// waveLevels are a wavetable's levels, see [kpn.KindWavetable]: from the one
// with all harmonics to the one with none, all frames of each.
func waveLevels(t *kpn.Table) [][]float64 {
	var spectra [][]complex128
	transform := fourier.NewFFT(t.Columns)
	for i := range t.Rows {
		spectra = append(spectra, transform.Coefficients(nil, t.Row(i)))
	}
	var waves [][]float64
	for highest := (t.Columns - 1) / 2; ; highest /= 2 {
		length := max(4, 16*highest)
		inverse := fourier.NewFFT(length)
		kept := make([]complex128, length/2+1)
		for _, spectrum := range spectra {
			clear(kept)
			copy(kept, spectrum[:highest+1])
			wave := inverse.Sequence(nil, kept)
			for i := range wave {
				wave[i] /= float64(t.Columns)
			}
			waves = append(waves, wave)
		}
		if highest == 0 {
			return waves
		}
	}
}
