package cpuref

import (
	"fmt"
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/dsp/fourier"

	"sawmill/kpn"
)

// impulseResponse is a decimator's response at the rate of its input: an
// impulse on each of the ratio sub-steps of a frame yields every ratio-th
// sample of it.
func impulseResponse(ratio int, q kpn.Quality, frames int) []float64 {
	d := newDecimator(ratio, q)
	response := make([]float64, ratio*frames)
	for p := range ratio {
		x := make([]float64, ratio*frames)
		x[p] = 1
		y := make([]float64, frames)
		d.run(y, x, make([]float64, d.memory()), make([]float64, d.work(frames)))
		for n, v := range y {
			if n*ratio-p >= 0 {
				response[n*ratio-p] = v
			}
		}
	}
	return response
}

// TestDecimators measures every tier at every ratio: the pass band's ripple,
// the attenuation of all that folds into it, and the group delay.
func TestDecimators(t *testing.T) {
	for _, q := range []kpn.Quality{kpn.Draft, kpn.Standard, kpn.High} {
		for ratio := 2; ratio <= kpn.MaxOversample; ratio *= 2 {
			t.Run(fmt.Sprintf("%v/%d", q, ratio), func(t *testing.T) {
				_, latency := kpn.Decimator(ratio, q)
				h := impulseResponse(ratio, q, 2*latency+3)
				centre := latency * ratio
				for k := range h[:centre] {
					// Taps below ½, and as many roundings as stages.
					require.InDelta(t, h[centre-1-k], h[centre+1+k], 1e-15, "symmetry at %d", k)
				}
				padded := make([]float64, 1<<17)
				copy(padded, h)
				ripple, leak := 0.0, 0.0
				for i, c := range fourier.NewFFT(len(padded)).Coefficients(nil, padded) {
					// The frequency as a multiple of the output's rate, and
					// where it folds to.
					f := float64(i) * float64(ratio) / float64(len(padded))
					if math.Abs(f-math.Round(f)) > kpn.Passband/2 {
						continue
					}
					if f < 0.5 {
						ripple = max(ripple, math.Abs(cmplx.Abs(c)-1))
					} else {
						leak = max(leak, cmplx.Abs(c))
					}
				}
				decibels := func(x float64) float64 { return 20 * math.Log10(x) }
				t.Logf("latency %d frames, stop band %.1f dB, ripple %.1f dB", latency, decibels(leak), decibels(ripple))
				assert.Less(t, decibels(leak), -q.StopbandDB())
				// A half-band filter's ripple equals its leak; those of the
				// stages add up.
				assert.Less(t, decibels(ripple), -q.StopbandDB())
			})
		}
	}
}

// bessel is I₀ by its integral (1/π)·∫ exp(x·cos θ) dθ over [0, π]. The
// trapezoid rule is exact to rounding for a periodic function this smooth.
func bessel(x float64) float64 {
	const steps = 200
	sum := 0.0
	for i := range steps {
		sum += math.Exp(x * math.Cos(2*math.Pi*float64(i)/steps))
	}
	return sum / steps
}

func TestBesselI0(t *testing.T) {
	assert.InDelta(t, 1.2660658777520084, besselI0(1), 1e-15)
	for x := 0.0; x <= 20; x += 0.125 {
		assert.InEpsilon(t, bessel(x), besselI0(x), 1e-13, "x = %v", x)
	}
}

// TestHalfBandTaps checks the taps of a stage against its definition.
func TestHalfBandTaps(t *testing.T) {
	taps := oddTaps(kpn.HalfBand{InputRatio: 2, M: 3, Beta: 5})
	raw := []float64{
		bessel(math.Sqrt(24)) / math.Pi,
		-bessel(4) / (3 * math.Pi),
		bessel(0) / (5 * math.Pi),
	}
	sum := 2 * (raw[0] + raw[1] + raw[2])
	for i := range raw {
		assert.InDelta(t, raw[i]/sum/2, taps[i], 1e-14)
	}
}

func TestSmoothingsAreIntegralsOfBSplines(t *testing.T) {
	linear := func(x float64) float64 { return max(1-math.Abs(x), 0) }
	cubic := func(x float64) float64 {
		x = math.Abs(x)
		a, b := max(2-x, 0), max(1-x, 0)
		return (a*a*a - 4*b*b*b) / 6
	}
	kernels := map[int]func(float64) float64{kpn.BandLimitPolyBLEP2: linear, kpn.BandLimitPolyBLEP4: cubic}
	// Midpoint sums down from 2 in steps of 2⁻¹²: the error is below h²/24
	// times the change of slope, 2.5e-9 each.
	const steps, h = 2 << 12, 1. / (1 << 12)
	for limit, kernel := range kernels {
		step, corner := 0.0, 0.0
		for i := steps - 1; i >= 0; i-- {
			next := step + kernel((float64(i)+0.5)*h)*h
			corner += (step + next) / 2 * h
			step = next
			require.InDelta(t, step, smoothings[limit].step(float64(i)*h), 1e-8)
			require.InDelta(t, corner, smoothings[limit].corner(float64(i)*h), 2e-8)
		}
		require.Zero(t, smoothings[limit].step(2))
		require.Zero(t, smoothings[limit].corner(2))
	}
}

func TestDelayAcrossRuns(t *testing.T) {
	src := make([]float64, 50)
	for i := range src {
		src[i] = float64(i + 1)
	}
	for _, length := range []int{0, 1, 3, 7, 49, 50} {
		for _, run := range []int{1, 2, 5, 50} {
			ring, dst := make([]float64, length), make([]float64, len(src))
			for at := 0; at < len(src); at += run {
				to := min(at+run, len(src))
				delay(dst[at:to], src[at:to], ring, at)
			}
			want := append(make([]float64, length), src...)[:len(src)]
			require.Equal(t, want, dst, "length %d, runs of %d", length, run)
		}
	}
}

func TestEveryKindHasAStep(t *testing.T) {
	for _, spec := range kpn.Catalogue() {
		s, ok := steps[spec.Kind]
		require.True(t, ok, "kind %s has no line in the registry", spec.Kind)
		require.NotNil(t, s.forward)
		require.Equal(t, spec.WholeRow, s.measure != nil, "kind %s", spec.Kind)
	}
	// The others are those that only graphs taken apart have.
	require.Contains(t, steps, kpn.KindControl)
	require.Len(t, steps, len(kpn.Catalogue())+1)
}
