package cpuref_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/dsp/fourier"

	"sawmill/kpn"
)

// partialsOf is a graph with one constant amplitude a harmonic.
func partialsOf(amplitudes []float64, params map[string]float64) *kpn.Graph {
	g := single(kpn.KindPartials, constants(params))
	for i, a := range amplitudes {
		id := fmt.Sprintf("amplitude%d", i)
		g.Nodes = append(g.Nodes, kpn.Node{ID: id, Kind: kpn.KindConstant, Params: constants(map[string]float64{"value": a})})
		g.Edges = append(g.Edges, kpn.Edge{From: id, To: "node", Port: fmt.Sprintf("amplitude_%d", i)})
	}
	return g
}

// TestPartialsSpectrum compares every bin with the definition: m cycles fill
// the frames, so that harmonic k is bin km and nothing is anywhere else. From
// half the sample rate on there is none.
func TestPartialsSpectrum(t *testing.T) {
	const n, phase = 1024, 0.3
	amplitudes := make([]float64, kpn.MaxHarmonics)
	for i := range amplitudes {
		amplitudes[i] = math.Cos(float64(i*i)) / float64(i+1)
	}
	for cycles, heard := range map[int]int{1: kpn.MaxHarmonics, 2: 255, 8: 63, 20: 25, 300: 1, 512: 0} {
		params := map[string]float64{"freq": float64(cycles) * rate / n, "phase": phase}
		bins := fourier.NewFFT(n).Coefficients(nil, one(t, partialsOf(amplitudes, params), n))
		want := make([]complex128, len(bins))
		for k := 1; k <= heard; k++ {
			// A sine of phase p is bin −i·N/2·e^(2πip).
			want[k*cycles] = complex(0, -n/2*amplitudes[k-1]) * cmplx.Rect(1, 2*math.Pi*math.Mod(float64(k)*phase, 1))
		}
		for i := range bins {
			require.InDelta(t, 0, cmplx.Abs(bins[i]-want[i]), 1e-8, "%d cycles, bin %d", cycles, i)
		}
	}
}

// TestPartialsAreAnAdditive gives them the amplitudes of one's formula.
func TestPartialsAreAnAdditive(t *testing.T) {
	const n = 3000
	params := map[string]float64{"freq": 777.7, "phase": -0.2}
	amplitudes := make([]float64, 40)
	for i := range amplitudes {
		amplitudes[i] = math.Pow(float64(i+1), -1.5)
	}
	partials := one(t, partialsOf(amplitudes, params), n)
	params["count"], params["tilt"] = 40, 1.5
	require.Equal(t, one(t, single(kpn.KindAdditive, constants(params)), n), partials)
}
