package conformance_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/goldens/conformance"
	"sawmill/gpu"
	"sawmill/kpn"
)

// feedbackIndex is how far the oscillator's output moves its phase, in cycles.
const feedbackIndex = 0.1

// feedbackBound is how far the device's feedback FM may be from the
// reference's in any frame.
//
// The node is y[n] = sin 2π(φ[n] + β·y[n−1]), φ exact on both engines. With e[n]
// the error of y, the phase is off by β·e[n−1], and no sine is steeper than 2π a
// cycle: |e[n]| ≤ g·|e[n−1]| + δ with g = 2πβ. Below g = 1 that is a geometric
// series, so that |e[n]| ≤ δ/(1 − g) for all n, whatever has gone before. (From
// g = 1 on a bound grows without limit: such patches are chaotic.)
//
// δ is what a frame adds: the sine's polynomial, 1.01·10⁻⁷ at any phase, its
// rounding included; 2π·2⁻³² for the bits of the phase that it does not read;
// and the product β·y and the phase's sum, float64 on both engines, which round
// alike but not the same numbers: 2π·4·2⁻⁵³.
func feedbackBound() float64 {
	delta := 1.01e-7 + 2*math.Pi*0x1p-32 + 2*math.Pi*4*0x1p-53
	return delta / (1 - 2*math.Pi*feedbackIndex)
}

func TestFeedbackFMAgreesForASecond(t *testing.T) {
	const rate, block = 48000, 480
	engine, err := gpu.NewEngine(gpu.Selector{Class: gpu.Class(conformance.DeviceClass())}, gpu.Debug(), gpu.NoProgramCache())
	conformance.RequireGPU(t, err)
	defer func() { require.NoError(t, engine.Close()) }()
	network := &kpn.Network{Graph: &kpn.Graph{
		Nodes: []kpn.Node{{ID: "osc", Kind: kpn.KindOsc, Params: map[string]kpn.Param{"shape": kpn.Const(kpn.OscSine), "freq": kpn.Const(437.3)}}},
		Edges: []kpn.Edge{{
			From: "osc", To: "osc", Port: "phase", DelayFrames: 1,
			Modulation: &kpn.Modulation{Scale: feedbackIndex, Channel: kpn.AllChannels},
		}},
		Outputs: []string{"osc"},
	}}
	second := func(e kpn.Engine) (all []float64) {
		r, failed := kpn.NewRuntime(e, network, kpn.RuntimeOptions{})
		require.NoError(t, failed)
		require.NoError(t, r.Configure(1, 1, block, rate))
		for range rate / block {
			result, failed := r.Execute(context.Background(), block, nil)
			require.NoError(t, failed)
			all = append(all, result.Outputs[0].Data...)
		}
		require.NoError(t, r.Close())
		return all
	}
	want, got := second(cpuref.New()), second(engine)
	// The reference is feedback FM: what goes round is the frame before.
	for n := 1; n < 100; n++ {
		phase := math.Mod(437.3/rate*float64(n), 1) + feedbackIndex*want[n-1]
		require.InDelta(t, math.Sin(2*math.Pi*phase), want[n], 1e-9, "frame %d", n)
	}
	worst := 0.0
	for n := range want {
		worst = max(worst, math.Abs(got[n]-want[n]))
	}
	assert.Positive(t, worst, "two engines, not one twice")
	assert.LessOrEqual(t, worst, feedbackBound())
	t.Logf("largest difference %.3g, allowed %.3g", worst, feedbackBound())

	derived, err := compare.Derive(network.Graph, &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: rate}, Rate: rate}, nil)
	require.NoError(t, err)
	assert.InEpsilon(t, feedbackBound(), derived[0].MaxAbs, 0.5, "what verify allows is of this size")
	t.Logf("verify allows %v", derived[0])
}
