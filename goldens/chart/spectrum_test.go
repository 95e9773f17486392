package chart

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestSpectrumOfASine is 0 dB where the sine is, whatever its length, and far
// below elsewhere.
func TestSpectrumOfASine(t *testing.T) {
	for _, n := range []int{256, 512, 2048} {
		signal := make([]float64, n)
		for i := range signal {
			signal[i] = math.Sin(2 * math.Pi * 0.125 * float64(i))
		}
		db, step := Spectrum(signal)
		at := int(math.Round(0.125 / step))
		assert.InDelta(t, 0, db[at], 0.01, "%d frames", n)
		assert.Less(t, db[2*at], -90.0, "%d frames", n)
		for _, y := range db {
			assert.LessOrEqual(t, y, db[at])
		}
	}
}

func TestSpectrumOfLittle(t *testing.T) {
	for _, signal := range [][]float64{{1}, {1, 2}, {math.NaN(), 1, math.Inf(1)}, make([]float64, 7)} {
		db, _ := Spectrum(signal)
		for _, y := range db {
			assert.False(t, math.IsNaN(y) || math.IsInf(y, 0))
			assert.GreaterOrEqual(t, y, float64(FloorDB))
		}
	}
}
