package cpuref_test

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/dsp/fourier"

	"sawmill/kpn"
)

func colored(color, distribution float64) *kpn.Graph {
	return single(kpn.KindNoise, constants(map[string]float64{"color": color, "distribution": distribution}))
}

// octaves are the mean powers per bin of a signal's octaves in dB, from half
// the sample rate down: sums over Hann-windowed pieces that overlap by half.
func octaves(x []float64, length, count int) []float64 {
	fft := fourier.NewFFT(length)
	power := make([]float64, length/2+1)
	piece := make([]float64, length)
	for at := 0; at+length <= len(x); at += length / 2 {
		for i := range piece {
			piece[i] = x[at+i] * (0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(length)))
		}
		for i, c := range fft.Coefficients(nil, piece) {
			power[i] += real(c * cmplx.Conj(c))
		}
	}
	list := make([]float64, count)
	for o := range list {
		high := length / 2 >> o
		for i := high/2 + 1; i <= high; i++ {
			list[o] += power[i] / float64(high/2)
		}
		list[o] = 10 * math.Log10(list[o])
	}
	return list
}

// octaveSlope is that of the straight line through points an octave apart.
func octaveSlope(list []float64) float64 {
	n := float64(len(list))
	var sumX, sumY, sumXX, sumXY float64
	for i, y := range list {
		x := -float64(i) // octaves go down
		sumX, sumY, sumXX, sumXY = sumX+x, sumY+y, sumXX+x*x, sumXY+x*y
	}
	return (n*sumXY - sumX*sumY) / (n*sumXX - sumX*sumX)
}

// TestColorSlopes measures octaves. Pink is 1/f within ±0.51 dB; brown is the
// leaky integral's closed form. A line through ten octaves of the former, and
// through those of the latter between its corner and where sampling flattens
// it, has the slope of the name.
func TestColorSlopes(t *testing.T) {
	const n, length = 1 << 20, 1 << 14
	// Six standard errors, in dB: octave o has length/4 >> o bins of n/length
	// independent pieces.
	sampling := func(o int) float64 {
		return 6 * 10 / math.Ln10 / math.Sqrt(n/4/math.Exp2(float64(o)))
	}
	pink := octaves(one(t, colored(kpn.NoisePink, kpn.NoiseUniform), n), length, 10)
	t.Logf("pink: %.3f dB an octave; %.2f", octaveSlope(pink), pink)
	assert.InDelta(t, -3.01, octaveSlope(pink), 0.1)
	level := 0.0
	for o, p := range pink {
		level += (p - 3.0103*float64(o)) / float64(len(pink))
	}
	for o, p := range pink {
		assert.InDelta(t, level+3.0103*float64(o), p, 0.51+sampling(o), "pink, octave %d", o)
	}

	brown := octaves(one(t, colored(kpn.NoiseBrown, kpn.NoiseUniform), n), length, 10)
	t.Logf("brown: %.3f dB an octave; %.2f", octaveSlope(brown[3:7]), brown)
	assert.InDelta(t, -6.02, octaveSlope(brown[3:7]), 0.1)
	const a = 1 - kpn.BrownLeak
	for o := range brown {
		high, want := length/2>>o, 0.0
		for i := high/2 + 1; i <= high; i++ {
			z := 1 - cmplx.Rect(a, 2*math.Pi*float64(i)/length)
			want += 1 / real(z*cmplx.Conj(z)) / float64(high/2)
		}
		// The variance, ⅓ of a quarter's square, and the window's power.
		want *= 1. / 48 * (1 - a*a) * length * 3 / 8 * (2*n/length - 1)
		assert.InDelta(t, 10*math.Log10(want), brown[o], 0.05+sampling(o), "brown, octave %d", o)
	}
}

// TestGaussianColorsAreScaled: only the level differs.
func TestGaussianColorsAreScaled(t *testing.T) {
	const n = 1000
	for color, scale := range map[float64]float64{kpn.NoisePink: 138 / math.Sqrt(374), kpn.NoiseBrown: 4 * math.Sqrt(3)} {
		uniform, normal := one(t, colored(color, kpn.NoiseUniform), n), one(t, colored(color, kpn.NoiseGaussian), n)
		for i := range uniform {
			require.InDelta(t, scale*uniform[i], normal[i], 1e-14)
		}
	}
}

// TestColorLevels: uniform stays within ±1, Gaussian has unit variance and as
// many samples within one, two and three deviations.
func TestColorLevels(t *testing.T) {
	const n = 1 << 18
	for _, color := range []float64{kpn.NoisePink, kpn.NoiseBrown} {
		for _, x := range one(t, colored(color, kpn.NoiseUniform), n) {
			require.Less(t, math.Abs(x), 1.0)
		}
		// Rows are independent, frames far from it.
		x := render(t, colored(color, kpn.NoiseGaussian), &kpn.Job{Shape: kpn.Shape{B: 4096, C: 4, F: 2}, Rate: rate})[0]
		square := 0.0
		inside := map[float64]float64{1: 0, 2: 0, 3: 0}
		for i := 0; i < len(x); i += 2 {
			square += x[i] * x[i] * 2 / float64(len(x))
			for bound := range inside {
				if math.Abs(x[i]) < bound {
					inside[bound] += 2 / float64(len(x))
				}
			}
		}
		assert.InDelta(t, 1, square, 6*math.Sqrt(2./(4096*4)), "color %v", color)
		if color == kpn.NoisePink {
			for bound, share := range inside {
				p := math.Erf(bound / math.Sqrt2)
				assert.InDelta(t, p, share, 0.01+6*math.Sqrt(p*(1-p)/(4096*4)), "within %v", bound)
			}
		}
	}
}

// TestBrownIsALeakyIntegral takes the leak back: what is left is white.
func TestBrownIsALeakyIntegral(t *testing.T) {
	const n = 1 << 20
	x := one(t, colored(kpn.NoiseBrown, kpn.NoiseGaussian), n)
	const a = 1 - kpn.BrownLeak
	white := make([]float64, n)
	for i := 1; i < n; i++ {
		white[i] = (x[i] - a*x[i-1]) / math.Sqrt(1-a*a)
	}
	for lag := range 64 {
		sum, want := 0.0, 0.0
		for i := 1; i < n-lag; i++ {
			sum += white[i] * white[i+lag] / n
		}
		if lag == 0 {
			want = 1
		}
		assert.InDelta(t, want, sum, 6*math.Sqrt(2./n), "lag %d", lag)
	}
}

// TestPinkDraws pins which words some frames are made of.
func TestPinkDraws(t *testing.T) {
	const seed = 5
	x := render(t, colored(kpn.NoisePink, kpn.NoiseUniform), &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 100}, Rate: rate, Seed: seed})[0]
	word := func(counter uint32, i int) int64 {
		words := kpn.Philox4x32([4]uint32{counter, 0, 0, kpn.Stream("node:node")}, [2]uint32{seed})
		return int64(words[i]>>10) - 1<<21
	}
	const own = 1 << 29
	// Frame 23 is in quad 5: generator 3 drew in quad 5, 4 in quad 2, 5 in
	// quad 4 and those above not yet.
	sum := 9*(word(5, 3)+word(own+5, 1)) + 8*(word(own+5, 2)+word(own+5, 3)+word(own+2, 3)+word(own+4, 3))
	for j := 6; j <= 16; j++ {
		sum += 8 * word(2*own-1<<(j-3), 3)
	}
	require.Equal(t, float64(sum)/138/(1<<21), x[23])
}
