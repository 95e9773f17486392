package cpuref_test

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/dsp/fourier"

	"sawmill/kpn"
)

// TestAdditiveSpectrum compares every bin with the definition: m cycles fill
// the frames, so that harmonic k is bin km and nothing is anywhere else. From
// half the sample rate on there is none.
func TestAdditiveSpectrum(t *testing.T) {
	const n = 1024
	cases := []struct {
		name                        string
		cycles                      int
		count, tilt, balance, phase float64
		heard                       int
	}{
		{"a saw's", 20, 256, 1, 0, 0, 25}, // 26·20 > 512
		{"odd harmonics", 8, 256, 1, -1, 0.1, 63},
		{"even harmonics", 8, 30, 0.5, 1, 0.9, 30},
		{"part of one more", 10, 12.25, 0, 0.25, 0, 13},
		{"the 64th is at half the rate", 8, 256, 0, 0, 0.01, 63},
		{"all of them", 1, 256, 2.5, -0.3, 0.37, 256},
	}
	for _, c := range cases {
		freq := float64(c.cycles) * rate / n
		x := one(t, single(kpn.KindAdditive, constants(map[string]float64{
			"freq": freq, "count": c.count, "tilt": c.tilt, "balance": c.balance, "phase": c.phase,
		})), n)
		bins := fourier.NewFFT(n).Coefficients(nil, x)
		want := make([]complex128, len(bins))
		for k := 1; k <= c.heard; k++ {
			side := 1 + c.balance
			if k%2 == 1 {
				side = 1 - c.balance
			}
			amplitude := math.Pow(float64(k), -c.tilt) * side * min(1, c.count-float64(k)+1)
			// A sine of phase p is bin −i·N/2·e^(2πip).
			want[k*c.cycles] = complex(0, -n/2*amplitude) * cmplx.Rect(1, 2*math.Pi*math.Mod(float64(k)*c.phase, 1))
		}
		for i := range bins {
			require.InDelta(t, 0, cmplx.Abs(bins[i]-want[i]), 1e-8, "%s, bin %d", c.name, i)
		}
	}
}

// TestAdditiveIsASine has one harmonic, which is an osc's sine to the bit.
func TestAdditiveIsASine(t *testing.T) {
	const n = 5000
	params := map[string]float64{"freq": 1234.5, "phase": 0.3}
	sine := one(t, single(kpn.KindOsc, constants(params)), n)
	params["count"] = 1
	require.Equal(t, sine, one(t, single(kpn.KindAdditive, constants(params)), n))
}

// TestAdditiveStaysInTune compares the last frames of a minute with the closed
// form of a sum of sines: harmonic k's phase is still k times the first's.
func TestAdditiveStaysInTune(t *testing.T) {
	const frames, n, freq = 60 * rate, 16, 50.3
	x := one(t, single(kpn.KindAdditive, constants(map[string]float64{"freq": freq, "count": n, "tilt": 0})), frames)
	for i := frames - 64; i < frames; i++ {
		phase := math.Mod(freq/rate*float64(i), 1)
		s := math.Sin(math.Pi * phase)
		want := math.Sin(math.Pi*n*phase) * math.Sin(math.Pi*(n+1)*phase) / s
		// The frame's phase in float64 is good to 3e6 cycles · 2⁻⁵³, times Σk·2π.
		require.InDelta(t, want, x[i], 1e-6, "frame %d", i)
	}
}

// TestAdjointOfAdditive covers harmonics that are silent, and a whole count.
func TestAdjointOfAdditive(t *testing.T) {
	extent := kpn.Shape{B: 1, C: 2, F: 300}
	for name, params := range map[string]map[string]float64{
		"low":            {"freq": 170, "phase": 0.4, "count": 20.4, "tilt": 1.1, "balance": 0.3},
		"most silent":    {"freq": 5000, "phase": 0.4, "count": 200.4, "tilt": 0.4, "balance": -0.6},
		"one and a half": {"freq": 700, "phase": 0.1, "count": 1.6, "tilt": 2, "balance": 0.1},
	} {
		for _, to := range []binding{bindings[0], bindings[2], bindings[3]} {
			g, job := bind(single(kpn.KindAdditive, constants(params)), extent, to, 5)
			requireGradients(t, describe(name, ", ", to.name), g, job, cotangents(1, extent), 23)
		}
	}
}
