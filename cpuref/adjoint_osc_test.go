package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// oscAt is an oscillator of some shape and band limit at a ratio.
func oscAt(shape, limit, ratio int, q kpn.Quality, freq float64) *kpn.Graph {
	g := single(kpn.KindOsc, constants(map[string]float64{
		"shape": float64(shape), "band_limit": float64(limit), "freq": freq, "phase": 0.4, "width": 0.3,
	}))
	g.Nodes[0].Oversample, g.Nodes[0].Quality = ratio, q
	return g
}

// TestAdjointOfEveryOscillator has every shape and band limit at the ratios
// and qualities, with constants; per frame at the ratios that differ most.
func TestAdjointOfEveryOscillator(t *testing.T) {
	job := kpn.Shape{B: 1, C: 2, F: 300}
	for shape := range 4 {
		for limit := range 3 {
			for _, ratio := range []int{1, 2, 4, 8, 64} {
				for _, q := range []kpn.Quality{kpn.Draft, kpn.Standard, kpn.High} {
					name := describe("shape ", shape, ", limit ", limit, ", ratio ", ratio, ", ", q)
					base := oscAt(shape, limit, ratio, q, 3000)
					for _, to := range []binding{bindings[0], bindings[2]} {
						requireOscillator(t, describe(name, ", ", to.name), base, job, to, shape, limit, 1)
					}
					if q == kpn.Standard && (ratio == 1 || ratio == 8) {
						requireOscillator(t, describe(name, ", per frame"), base, job, bindings[3], shape, limit, 23)
					}
				}
			}
		}
	}
}

// TestAdjointOfFastOscillators has frequencies at which the residuals of
// neighbouring steps overlap.
func TestAdjointOfFastOscillators(t *testing.T) {
	job := kpn.Shape{B: 1, C: 2, F: 300}
	for shape := range 4 {
		for limit := range 3 {
			for _, freq := range []float64{9000, 21000} {
				base := oscAt(shape, limit, 1, kpn.Standard, freq)
				requireOscillator(t, describe("shape ", shape, ", limit ", limit, ", ", freq, " Hz"), base, job, bindings[2], shape, limit, 1)
			}
		}
	}
}

// requireOscillator compares an oscillator's gradients with difference
// quotients, and which of them are zero with what must be: only a pulse has a
// width, and one without residual has flat parts only.
func requireOscillator(t *testing.T, name string, base *kpn.Graph, extent kpn.Shape, to binding, shape, limit, stride int) {
	t.Helper()
	g, job := bind(base, extent, to, uint64(60+shape))
	norms := requireGradients(t, name, g, job, cotangents(1, extent), stride)
	moves := shape != kpn.OscPulse || limit != kpn.BandLimitNone
	for _, param := range []string{"freq", "phase", "width"} {
		want := moves && (param != "width" || shape == kpn.OscPulse)
		require.Equal(t, want, norms[kpn.ParamRef{Node: "node", Param: param}] > 0, "%s: %s", name, param)
	}
}

// TestAdjointOfASine compares with the closed form: at frame n a sine's phase
// is offset + Σ freq/rate over the frames before, so that frame f's frequency
// gets Σ cotangent·2π·cos 2πφ/rate over the frames after f. It stands still for
// the first 100 frames.
func TestAdjointOfASine(t *testing.T) {
	extent := kpn.Shape{B: 1, C: 1, F: 600}
	g := single(kpn.KindOsc, map[string]kpn.Param{
		"shape": kpn.Const(kpn.OscSine), "phase": kpn.Const(0.1), "freq": {Rate: kpn.PerFrame},
	})
	freq := kpn.NewTensor(extent)
	for f := 100; f < extent.F; f++ {
		freq.Data[f] = float32(1500 + f)
	}
	ref := kpn.ParamRef{Node: "node", Param: "freq"}
	w := cotangents(1, extent)
	all := adjoint(t, g, &kpn.AdjointJob{
		Job:        &kpn.Job{Shape: extent, Rate: rate, Frames: map[kpn.ParamRef]*kpn.Tensor{ref: freq}},
		Cotangents: w,
	})
	slopes := make([]float64, extent.F)
	cycles := 0.1
	for f := range slopes {
		slopes[f] = float64(w[0].Data[f]) * 2 * math.Pi * math.Cos(2*math.Pi*cycles)
		cycles += float64(freq.Data[f]) / rate
	}
	byFreq, _ := all.Find(ref)
	later := 0.0
	for f := extent.F - 1; f >= 0; f-- {
		// Twenty cycles of phase have lost 3e-15 of a cycle in 600 sums.
		require.InDelta(t, later/rate, byFreq.F64[f], 1e-11, "frame %d", f)
		later += slopes[f]
	}
	byPhase, _ := all.Find(kpn.ParamRef{Node: "node", Param: "phase"})
	require.InDelta(t, later, byPhase.F64[0], 1e-9)
}
