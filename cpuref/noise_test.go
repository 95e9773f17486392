package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// TestPhiloxKnownAnswers are the vectors of Random123's kat_vectors file.
func TestPhiloxKnownAnswers(t *testing.T) {
	cases := []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{
			[4]uint32{},
			[2]uint32{},
			[4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
		},
		{
			[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
			[2]uint32{0xffffffff, 0xffffffff},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		},
		{
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
			[2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	}
	for _, c := range cases {
		assert.Equal(t, c.want, kpn.Philox4x32(c.counter, c.key))
	}
}

func noise(distribution float64) *kpn.Graph {
	return single(kpn.KindNoise, constants(map[string]float64{"distribution": distribution}))
}

// TestNoiseStatistics bounds each moment by six standard errors of its
// estimate over n samples: one in 5e8 seeds would fail, and this one does not.
func TestNoiseStatistics(t *testing.T) {
	const n = 1 << 20
	cases := []struct {
		name         string
		distribution float64
		// The variance, and the variance of the square.
		variance, spread float64
		largest          float64
	}{
		// ∫x²=1/3, ∫x⁴−1/9=4/45 over [−1, 1].
		{"uniform", kpn.NoiseUniform, 1. / 3, 4. / 45, 1},
		// u is at least 2⁻³³.
		{"gaussian", kpn.NoiseGaussian, 1, 2, math.Sqrt(66 * math.Ln2)},
	}
	for _, c := range cases {
		x := render(t, noise(c.distribution), &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: n}, Rate: rate, Seed: 7})[0]
		mean, square, largest := 0.0, 0.0, 0.0
		for _, v := range x {
			mean += v / n
			square += v * v / n
			largest = max(largest, math.Abs(v))
		}
		assert.InDelta(t, 0, mean, 6*math.Sqrt(c.variance/n), c.name)
		assert.InDelta(t, c.variance, square, 6*math.Sqrt(c.spread/n), c.name)
		assert.LessOrEqual(t, largest, c.largest, c.name)
		for lag := 1; lag <= 64; lag++ {
			sum := 0.0
			for i := range n - lag {
				sum += x[i] * x[i+lag] / n
			}
			assert.InDelta(t, 0, sum, 6*c.variance/math.Sqrt(n), "%s, lag %d", c.name, lag)
		}
	}
}

// TestGaussianDistribution counts the samples within ½, 1, 2 and 3 standard
// deviations.
func TestGaussianDistribution(t *testing.T) {
	const n = 1 << 18
	x := one(t, noise(kpn.NoiseGaussian), n)
	for _, bound := range []float64{0.5, 1, 2, 3} {
		inside := 0.0
		for _, v := range x {
			if math.Abs(v) < bound {
				inside++
			}
		}
		p := math.Erf(bound / math.Sqrt2)
		assert.InDelta(t, p, inside/n, 6*math.Sqrt(p*(1-p)/n), "within %v", bound)
	}
}

// TestNoiseDraws pins which word each sample is made of, for an item index
// beyond 32 bits.
func TestNoiseDraws(t *testing.T) {
	const seed, item, channel = 0xfedcba9876543210, 5<<32 + 6, 3
	job := &kpn.Job{Shape: kpn.Shape{B: 2, C: 4, F: 11}, Rate: rate, Seed: seed, FirstItem: item - 1}
	uniform, normal := render(t, noise(kpn.NoiseUniform), job)[0], render(t, noise(kpn.NoiseGaussian), job)[0]
	for f := range 11 {
		words := kpn.Philox4x32([4]uint32{uint32(f / 4), 6, 5<<16 | channel, kpn.Stream("node:node")}, [2]uint32{0x76543210, 0xfedcba98})
		i := job.Shape.Index(1, channel, f)
		require.Equal(t, (float64(words[f%4]>>8)-0x1p23)*0x1p-23, uniform[i])
		pair := words[f%4&^1:]
		radius := math.Sqrt(-2 * math.Log((float64(pair[0])+0.5)/0x1p32))
		angle := 2 * math.Pi * float64(pair[1]) / 0x1p32
		if f%2 == 1 {
			angle -= math.Pi / 2
		}
		require.InDelta(t, radius*math.Cos(angle), normal[i], 1e-14)
	}
}

// TestNoiseStreamsDiffer correlates what should have nothing in common.
func TestNoiseStreamsDiffer(t *testing.T) {
	const n = 1 << 14
	g := noise(kpn.NoiseUniform)
	g.Nodes = append(g.Nodes, kpn.Node{ID: "other", Kind: kpn.KindNoise})
	g.Outputs = append(g.Outputs, "other")
	var signals [][]float64
	for _, seed := range []uint64{1, 2, 1 << 32} {
		for _, out := range render(t, g, &kpn.Job{Shape: kpn.Shape{B: 2, C: 2, F: n}, Rate: rate, Seed: seed}) {
			for row := range 4 {
				signals = append(signals, out[row*n:(row+1)*n])
			}
		}
	}
	for i, a := range signals {
		for j, b := range signals[:i] {
			sum := 0.0
			for f := range a {
				sum += a[f] * b[f] / n
			}
			assert.InDelta(t, 0, sum, 6./3/math.Sqrt(n), "signals %d and %d", i, j)
		}
	}
}
