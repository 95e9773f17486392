package cpuref_test

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/dsp/fourier"

	"sawmill/kpn"
)

// TestKaiserSpectrum: with so many cycles in so many frames every harmonic has
// a bin of its own. Up to 0.385 of the sample rate the harmonics are at their
// level within the window's ripple, and bins that have none are silent to the
// window's attenuation.
func TestKaiserSpectrum(t *testing.T) {
	const n = 4096
	for name, s := range map[string]struct {
		shape, width float64
		partials
	}{
		"saw":      {kpn.OscSaw, 0.5, sawPartials},
		"pulse":    {kpn.OscPulse, 0.3, pulsePartials(0.3)},
		"triangle": {kpn.OscTriangle, 0.5, trianglePartials},
	} {
		for _, cycles := range []int{13, 41, 211, 787, 1499, 2039} {
			got := one(t, single(kpn.KindOsc, constants(map[string]float64{
				"shape": s.shape, "band_limit": kpn.BandLimitKaiser, "width": s.width, "freq": float64(rate*cycles) / n,
			})), n)
			spectrum := fourier.NewFFT(n).Coefficients(nil, got)
			worst, power := 0.0, 0.0
			for bin := 1; bin < n/2; bin++ {
				level := cmplx.Abs(spectrum[bin]) * 2 / n
				if bin%cycles != 0 {
					worst, power = max(worst, level), power+level*level
					continue
				}
				if k := bin / cycles; bin < n*385/1000 {
					sin, cos := s.partials(float64(k))
					assert.InDelta(t, math.Hypot(sin, cos), level, 2e-5*math.Hypot(sin, cos)+1e-9, "%s, %d cycles, harmonic %d", name, cycles, k)
				}
			}
			t.Logf("%s, %d cycles: worst alias %.1f dB, all %.1f dB", name, cycles, 20*math.Log10(worst), 10*math.Log10(power))
			assert.Less(t, worst, 1e-6, "%s, %d cycles", name, cycles)
		}
	}
}
