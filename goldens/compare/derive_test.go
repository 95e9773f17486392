package compare_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

var job = &kpn.Job{Shape: kpn.Shape{B: 2, C: 1, F: 480000}, Rate: 48000}

func osc(id string, shape, ratio int, q kpn.Quality) kpn.Node {
	return kpn.Node{
		ID: id, Kind: kpn.KindOsc, Oversample: ratio, Quality: q,
		Params: map[string]kpn.Param{"shape": kpn.Const(float64(shape))},
	}
}

func derive(t *testing.T, g *kpn.Graph, j *kpn.Job, peaks compare.Peaks) compare.Tolerance {
	t.Helper()
	tolerances, err := compare.Derive(g, j, peaks)
	require.NoError(t, err)
	require.Len(t, tolerances, 1)
	require.NoError(t, tolerances[0].Validate())
	require.NotEmpty(t, tolerances[0].Reason)
	return tolerances[0]
}

func only(n ...kpn.Node) *kpn.Graph {
	return &kpn.Graph{Nodes: n, Outputs: []string{n[len(n)-1].ID}}
}

// TestDerivedTolerancesAreTightEnough holds them to what the product promises.
func TestDerivedTolerancesAreTightEnough(t *testing.T) {
	sine := derive(t, only(osc("a", kpn.OscSine, 1, 0)), job, nil)
	assert.LessOrEqual(t, sine.RMSdB, -130.0)
	for _, q := range []kpn.Quality{kpn.Draft, kpn.Standard, kpn.High} {
		saw := derive(t, only(osc("a", kpn.OscSaw, 8, q)), job, nil)
		assert.LessOrEqual(t, saw.RMSdB, -110.0, q)
		assert.LessOrEqual(t, saw.MaxAbs, 1e-5, q)
		widest := derive(t, only(osc("a", kpn.OscPulse, 64, q)), job, nil)
		// The middle of a frame of 64 steps is up to 34 steps away, and its
		// distance is rounded in proportion.
		assert.LessOrEqual(t, widest.MaxAbs, 1.5e-5, q)
	}
}

func TestExactKindsAreHeldToEqualBits(t *testing.T) {
	assert.True(t, derive(t, only(kpn.Node{ID: "a", Kind: kpn.KindNoise}), job, nil).Exact)
	half := kpn.Node{ID: "a", Kind: kpn.KindConstant, Params: map[string]kpn.Param{"value": kpn.Const(0.5)}}
	assert.True(t, derive(t, only(half), job, nil).Exact)
	tenth := kpn.Node{ID: "a", Kind: kpn.KindConstant, Params: map[string]kpn.Param{"value": kpn.Const(0.1)}}
	assert.InDelta(t, math.Abs(0.1-float64(float32(0.1))), derive(t, only(tenth), job, nil).MaxAbs, 1e-20)
}

func TestErrorsAreCarriedThroughTheGraph(t *testing.T) {
	alone := derive(t, only(osc("a", kpn.OscSaw, 4, 0)), job, nil)
	amplified := func(gain float64) compare.Tolerance {
		g := only(osc("a", kpn.OscSaw, 4, 0), kpn.Node{ID: "b", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(gain)}})
		g.Edges = []kpn.Edge{{From: "a", To: "b", Port: "in"}}
		return derive(t, g, job, nil)
	}
	loud := amplified(8)
	assert.Greater(t, loud.MaxAbs, 8*alone.MaxAbs)
	// One rounding of a signal of at most 20 on top: eight of its deviations.
	assert.Less(t, loud.MaxAbs, 8*alone.MaxAbs+8*20*0x1p-24/math.Sqrt(3))
	assert.InEpsilon(t, 1000*loud.MaxAbs, amplified(8000).MaxAbs, 1e-6)
}

// TestSilentWaveformsHaveATolerance: 0 divided by 0 is no tolerance.
func TestSilentWaveformsHaveATolerance(t *testing.T) {
	flat := osc("a", kpn.OscSquareSaw, 1, 0)
	flat.Params["harmonics"] = kpn.Const(0)
	assert.Less(t, derive(t, only(flat), job, nil).MaxAbs, 5e-6)
	odd := kpn.Node{ID: "a", Kind: kpn.KindAdditive, Params: map[string]kpn.Param{"count": kpn.Const(1), "balance": kpn.Const(1)}}
	assert.True(t, derive(t, only(odd), job, nil).Exact, "there are no even harmonics below 2")
}

// TestStepsThatMayFallAnywhereHaveNone: a pitch is a power that engines reckon
// by themselves, and a naive saw jumps.
func TestStepsThatMayFallAnywhereHaveNone(t *testing.T) {
	naive := osc("a", kpn.OscSaw, 1, 0)
	naive.Params["band_limit"], naive.Params["pitch"] = kpn.Const(kpn.BandLimitNone), kpn.Const(7)
	_, err := compare.Derive(only(naive), job, nil)
	var config *compare.ConfigError
	require.ErrorAs(t, err, &config)
	assert.Contains(t, err.Error(), `node "a": engines know its pitch or what modulates it only nearly`)
}

func TestNormalizeNeedsThePeakOfItsInput(t *testing.T) {
	g := only(
		osc("a", kpn.OscSine, 1, 0),
		kpn.Node{ID: "quiet", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(0.25)}},
		kpn.Node{ID: "out", Kind: kpn.KindNormalize},
	)
	g.Edges = []kpn.Edge{{From: "a", To: "quiet", Port: "in"}, {From: "quiet", To: "out", Port: "in"}}
	_, err := compare.Derive(g, job, nil)
	var config *compare.ConfigError
	require.ErrorAs(t, err, &config)
	// An error that is as large as the signal has no tolerance.
	_, err = compare.Derive(g, job, compare.Peaks{"out": 1e-8})
	require.ErrorAs(t, err, &config)

	short := *job
	short.Shape.F = 480
	peaks, err := compare.MeasurePeaks(context.Background(), cpuref.New(), g, &short)
	require.NoError(t, err)
	assert.InDelta(t, 0.25, peaks["out"], 1e-4)
	// Four times as loud, and once more for the peak's own error.
	assert.Greater(t, derive(t, g, &short, peaks).MaxAbs, 4*2*0.25e-7)
	assert.Less(t, derive(t, g, &short, peaks).MaxAbs, 1e-6)
}

func TestPeaksAreThoseOfTheDelayedInput(t *testing.T) {
	g := only(kpn.Node{ID: "in", Kind: kpn.KindInput}, kpn.Node{ID: "out", Kind: kpn.KindNormalize})
	g.Edges = []kpn.Edge{{From: "in", To: "out", Port: "in", DelayFrames: 2}}
	in := kpn.NewTensor(kpn.Shape{B: 2, C: 1, F: 4})
	copy(in.Row(0, 0), []float32{0.25, -0.5, 4, 8}) // the last two are delayed past the end
	j := &kpn.Job{Shape: in.Shape, Rate: 48000, Inputs: map[string]*kpn.Tensor{"in": in}}
	peaks, err := compare.MeasurePeaks(context.Background(), cpuref.New(), g, j)
	require.NoError(t, err)
	// The second row is silent and has nothing to be brought up.
	assert.Equal(t, compare.Peaks{"out": 0.5}, peaks)
}

func TestDeriveRefusesWhatIsNotValid(t *testing.T) {
	_, err := compare.Derive(&kpn.Graph{}, job, nil)
	var graph *kpn.GraphError
	require.ErrorAs(t, err, &graph)
	_, err = compare.Derive(only(osc("a", 0, 1, 0)), &kpn.Job{}, nil)
	var bad *kpn.JobError
	require.ErrorAs(t, err, &bad)
}

func TestEveryKindHasAnErrorBound(t *testing.T) {
	for _, kind := range kpn.KindNames() {
		assert.True(t, compare.HasBound(kpn.Kind(kind)), "kind %s has no error bound: add one to kindBounds", kind)
	}
}
