package conformance_test

import (
	"context"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/goldens/conformance"
	"sawmill/gpu"
	"sawmill/kpn"
)

// TestPromisedPrecision holds the software device to what the product
// promises over ten seconds, whatever tolerances derive from the graphs.
func TestPromisedPrecision(t *testing.T) {
	engine, err := gpu.NewEngine(gpu.Selector{Class: gpu.Class(conformance.DeviceClass())}, gpu.NoProgramCache())
	conformance.RequireGPU(t, err)
	defer func() { require.NoError(t, engine.Close()) }()
	cases := []struct {
		name  string
		shape float64
		ratio int
		rms   float64
	}{
		{"sine", kpn.OscSine, 1, -130},
		{"saw 8x", kpn.OscSaw, 8, -110},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := oneOsc(c.shape, 440.1, c.ratio)
			job := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 480000}, Rate: 48000}
			bound := compare.Tolerance{MaxAbs: 1e-5, RMSdB: c.rms, Reason: "what the product promises"}
			report, err := compare.Engines(context.Background(), cpuref.New(), engine, g, job, bound)
			require.NoError(t, err)
			t.Log(report.String())
		})
	}
}

// TestPhaseAfterTenMinutes holds a device's phase to the closed form at the
// end of a long sine. The samples of the last second are within float32's
// reach of the exact ones only if the phase still is: 1e-9 cycles would show as
// 6e-9, far below a sample's rounding, so the sum of products with the exact
// quadrature measures the mean phase error, where roundings average out.
func TestPhaseAfterTenMinutes(t *testing.T) {
	engine, err := gpu.NewEngine(gpu.Selector{Class: gpu.Class(conformance.DeviceClass())}, gpu.NoProgramCache())
	conformance.RequireGPU(t, err)
	defer func() { require.NoError(t, engine.Close()) }()
	const rate, freq, frames = 48000, 440.1, 600 * 48000
	x, err := engine.Compile(oneOsc(kpn.OscSine, freq, 1))
	require.NoError(t, err)
	defer func() { require.NoError(t, x.Close()) }()
	last := make([]float64, 0, rate)
	job := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: frames}, Rate: rate}
	require.NoError(t, x.Forward(context.Background(), job, func(b *kpn.Block) error {
		for f := max(0, frames-rate-b.First); f < b.Shape.F; f++ {
			last = append(last, b.At(f))
		}
		return nil
	}))
	require.Len(t, last, rate)
	drift := 0.0
	for i, y := range last {
		turn := 2 * math.Pi * exactPhase(freq, rate, int64(frames-rate+i))
		drift += (y - math.Sin(turn)) * math.Cos(turn)
	}
	drift *= 2 / float64(rate) / (2 * math.Pi)
	t.Logf("mean phase error of the last second: %.3g cycles", drift)
	require.Less(t, math.Abs(drift), 1e-9)
}

// exactPhase is the fraction of freq·n/rate, in rational arithmetic.
func exactPhase(freq, rate float64, n int64) float64 {
	turns := new(big.Rat).SetFloat64(freq)
	turns.Mul(turns, big.NewRat(n, 1))
	turns.Quo(turns, new(big.Rat).SetFloat64(rate))
	whole := new(big.Int).Quo(turns.Num(), turns.Denom())
	turns.Sub(turns, new(big.Rat).SetInt(whole))
	phase, _ := turns.Float64()
	return phase
}

func oneOsc(shape, freq float64, ratio int) *kpn.Graph {
	return &kpn.Graph{
		Nodes: []kpn.Node{{ID: "osc", Kind: kpn.KindOsc, Oversample: ratio, Params: map[string]kpn.Param{
			"shape": kpn.Const(shape), "freq": kpn.Const(freq),
		}}},
		Outputs: []string{"osc"},
	}
}
