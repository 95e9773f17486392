package kpn_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// warm passes its input on and heats by one a frame.
type warm struct{ frames int }

func (w *warm) Forward(c *kpn.Call) (*kpn.FrameTensor, any, error) {
	w.frames = c.Shape.F
	return c.Inputs[0], nil, nil
}

func (w *warm) Adjoint(_ *kpn.Call, cotangents *kpn.FrameTensor) (*kpn.NodeGradients, error) {
	return &kpn.NodeGradients{Inputs: []*kpn.FrameTensor{cotangents}}, nil
}

func (w *warm) Metrics() (kpn.Metrics, bool) {
	return kpn.Metrics{MeasuredDelay: 3, Heat: float64(w.frames), Total: time.Millisecond}, true
}

// warmed is a constant, a gain, a node of a kind that reports, and a bridge.
func warmed() *kpn.Network {
	spec := func(kind kpn.Kind) kpn.Spec {
		return kpn.Spec{Kind: kind, Inputs: []kpn.Port{{Name: "in", Least: 1}}}
	}
	return &kpn.Network{
		Graph: &kpn.Graph{
			Custom: map[kpn.Kind]*kpn.CustomKind{
				"warm": {Spec: spec("warm"), New: func(*kpn.Node) (kpn.NodeV2, error) { return &warm{}, nil }},
				"old":  {Spec: spec("old"), NewV1: func(*kpn.Node) (kpn.NodeV1, error) { return line(0), nil }},
			},
			Nodes: []kpn.Node{{ID: "one", Kind: kpn.KindConstant}, {ID: "gain", Kind: kpn.KindGain}, {ID: "warm", Kind: "warm"}, {ID: "old", Kind: "old"}},
			Edges: []kpn.Edge{
				{From: "one", To: "gain", Port: "in"}, {From: "gain", To: "warm", Port: "in"}, {From: "warm", To: "old", Port: "in"},
			},
			Outputs: []string{"old"},
		},
		Facts: map[string]kpn.NodeFacts{"gain": {DeclaredDelay: 7}},
	}
}

// Metrics are those of an execution, however many calls it takes, and heat is
// in them, in the totals and in the budget.
func TestMetricsOfAnExecution(t *testing.T) {
	r := started(t, warmed(), kpn.Shape{B: 1, C: 1, F: 8}, kpn.RuntimeOptions{HeatBudget: 3000})
	require.Nil(t, describe(t, r, "warm").Metrics)
	require.NoError(t, r.SetParam("warm", kpn.HeatParam, kpn.Number(0.5)))
	require.NoError(t, r.SetParam("gain", kpn.HeatParam, kpn.Number(0.25)))
	got, err := r.Execute(context.Background(), 1000, nil)
	require.NoError(t, err)
	assert.InDelta(t, 1000+500-3.5+250, got.Heat, 1e-9, "the node behind a declared delay starts later")
	d := describe(t, r, "warm")
	assert.Equal(t, kpn.Metrics{MeasuredDelay: 3, Heat: 1496.5, Total: 4 * time.Millisecond}, *d.Metrics)
	assert.Equal(t, 1496.5, d.Heat)
	assert.Equal(t, kpn.Metrics{MeasuredDelay: 7, Heat: 250}, *describe(t, r, "gain").Metrics)
	old := describe(t, r, "old")
	assert.False(t, old.V2, "a bridge's entry is of version 1")
	assert.Nil(t, old.Metrics)
	execute(t, r, 1, 1)
	assert.Equal(t, 1.5, describe(t, r, "warm").Metrics.Heat)
	assert.Equal(t, 1498.0, describe(t, r, "warm").HeatTotal)
	var hot *kpn.HeatError
	_, err = r.Execute(context.Background(), 1000, nil)
	require.ErrorAs(t, err, &hot)
	assert.Equal(t, "warm", hot.Node)
}

// A node that asks to be run as version 1 reports nothing.
func TestVersion1ReportsNothing(t *testing.T) {
	n := warmed()
	n.Facts["warm"], n.Facts["gain"] = kpn.NodeFacts{V1Only: true}, kpn.NodeFacts{V1Only: true}
	r := started(t, n, kpn.Shape{B: 1, C: 1, F: 8}, kpn.RuntimeOptions{})
	for range 2 {
		for _, id := range []string{"warm", "gain", "old"} {
			d := describe(t, r, id)
			assert.False(t, d.V2, id)
			assert.Nil(t, d.Metrics)
		}
		got, err := r.Execute(context.Background(), 10, nil)
		require.NoError(t, err)
		assert.Zero(t, got.Heat)
	}
}

// The ratio is what a node runs at, whatever it asks for.
func TestRatiosThatRun(t *testing.T) {
	n, err := decoded(t,
		kpn.DescriptorNode{Name: "osc", Type: "OscNode", JSON: []byte(`{"oversample_ratio":4}`)},
		kpn.DescriptorNode{Name: "gain", Type: "GainNode", Inputs: []string{"osc"}, JSON: []byte(`{"oversample_ratio":4}`)},
	).Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"gain.oversample_ratio"}, n.Unknown)
	r := started(t, n, kpn.Shape{B: 1, C: 1, F: 8}, kpn.RuntimeOptions{})
	assert.Equal(t, 4, describe(t, r, "osc").OversampleRatio)
	assert.Equal(t, 1, describe(t, r, "gain").OversampleRatio)
}

func TestHeatThatIsNoNumberStops(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 8}
	for _, heat := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, budget := range []float64{0, math.Inf(1)} {
			r := started(t, chain(shape), shape, kpn.RuntimeOptions{
				HeatBudget: budget,
				HeatModels: map[kpn.Kind]kpn.HeatModel{kpn.KindGain: func(h *kpn.HeatRun) float64 {
					if h.Node == "b" {
						return heat
					}
					return 1
				}},
			})
			_, err := r.Execute(context.Background(), 8, nil)
			var hot *kpn.HeatError
			require.ErrorAs(t, err, &hot, heat)
			require.ErrorContains(t, err, "is no number")
			require.Equal(t, "b", hot.Node)
		}
	}
	for _, budget := range []float64{math.NaN(), -1, math.Inf(-1)} {
		_, err := kpn.NewRuntime(cpuref.New(), chain(shape), kpn.RuntimeOptions{HeatBudget: budget})
		require.Error(t, err)
	}
}

// Fewer channels repeat, in tensors as in what modulates.
func TestFewerChannelsRepeat(t *testing.T) {
	n, err := decoded(t, kpn.DescriptorNode{
		Name: "one", Type: "ConstantNode", JSON: []byte(`{"channels":2}`),
		Params: []kpn.BlobParam{{Name: "value", Shape: kpn.Shape{B: 1, C: 2, F: 1}, Data: []float64{1, 2}}},
	}, kpn.DescriptorNode{
		Name: "gain", Type: "GainNode", Inputs: []string{"one"},
		Params: []kpn.BlobParam{{Name: "gain", Shape: kpn.Shape{B: 1, C: 3, F: 2}, Data: []float64{1, 2, 10, 20, 100, 200}}},
	}).Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	r := started(t, n, kpn.Shape{B: 1, C: 4, F: 2}, kpn.RuntimeOptions{})
	require.Equal(t, []float64{1, 20, 100, 2, 2, 40, 200, 4}, execute(t, r, 2, 1))
	back, err := r.Adjoint(context.Background(), 2, nil, [][]float64{{1, 1, 1, 1, 1, 1, 1, 1}})
	require.NoError(t, err)
	require.Equal(t, []float64{3, 3, 2, 2, 1, 1}, back.Params[kpn.ParamRef{Node: "gain", Param: "gain"}].Data)
	require.ErrorAs(t, r.Configure(1, 2, 2, runtimeRate), new(*kpn.ShapeError))
}

// What cannot be taken back stays, and everything else is taken back.
func TestClearParamsNamesWhatStays(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 4}
	n := chain(shape)
	n.Graph.Nodes[0] = kpn.Node{ID: "source", Kind: kpn.KindOsc}
	delete(n.Params, kpn.ParamRef{Node: "source", Param: "value"})
	r := started(t, n, shape, kpn.RuntimeOptions{})
	require.NoError(t, r.SetParam("source", "advance", kpn.Number(1)))
	require.NoError(t, r.SetParam("a", "gain", frames(shape, 9)))
	execute(t, r, 4, 4)
	err := r.ClearParams()
	require.Equal(t, kpn.Unsupported, kpn.CodeOf(err))
	require.ErrorContains(t, err, "source.advance")
	for _, p := range describe(t, r, "a").Params {
		require.False(t, p.Set, p.Name)
	}
}

// More rows than there is memory for are refused before anything is allocated.
func TestRowsAreBounded(t *testing.T) {
	n := chain(kpn.Shape{B: 1, C: 1024, F: 1})
	r, err := kpn.NewRuntime(cpuref.New(), n, kpn.RuntimeOptions{})
	require.NoError(t, err)
	var job *kpn.JobError
	require.ErrorAs(t, r.Configure(1<<24, 1024, 1, runtimeRate), &job)
	require.Contains(t, job.Error(), "configure at most")
}

// A hook changes nothing, whatever it meets, and is told of delays that are
// shorter than declared.
func TestDelayHookOfAnyNetwork(t *testing.T) {
	eager := &kpn.CustomKind{
		Spec:  kpn.Spec{Kind: "eager", Inputs: []kpn.Port{{Name: "in", Least: 1}}},
		NewV1: func(*kpn.Node) (kpn.NodeV1, error) { return line(0), nil },
	}
	n := &kpn.Network{
		Graph: &kpn.Graph{
			Control: kpn.Control{Rate: 480},
			Custom:  map[kpn.Kind]*kpn.CustomKind{"eager": eager},
			Nodes: []kpn.Node{
				{ID: "lfo", Kind: kpn.KindLfo, Control: true},
				{ID: "slow", Kind: kpn.KindGain, Control: true},
				{ID: "notes", Kind: kpn.KindQuantize, Params: map[string]kpn.Param{"mask": {Rate: kpn.PerFrame}}},
				{ID: "ramp", Kind: kpn.KindGain},
				{ID: "eager", Kind: "eager", Delay: 40},
			},
			Edges: []kpn.Edge{
				{From: "lfo", To: "slow", Port: "in"},
				{From: "slow", To: "notes", Port: "in"},
				{From: "notes", To: "ramp", Port: "in"},
				{From: "ramp", To: "eager", Port: "in"},
			},
			Outputs: []string{"eager"},
		},
		Params: map[kpn.ParamRef]*kpn.Values{
			{Node: "ramp", Param: "gain"}: {Shape: kpn.Shape{B: 1, C: 1, F: 2}, Data: []float64{0, 1}},
		},
	}
	run := func(hook func(kpn.DelayReport)) []float64 {
		r := started(t, n, kpn.Shape{B: 1, C: 1, F: 2}, kpn.RuntimeOptions{DelayHook: hook})
		require.NoError(t, r.SetParam("notes", "mask", kpn.Number(4095)))
		return execute(t, r, 200, 100)
	}
	want := run(nil)
	reports := map[string]kpn.DelayReport{}
	require.Equal(t, want, run(func(d kpn.DelayReport) { reports[d.Node] = d }))
	assert.Equal(t, kpn.DelayReport{Node: "eager", Declared: 40, Measured: 0}, reports["eager"])
	assert.Equal(t, kpn.DelayReport{Node: "ramp"}, reports["ramp"])
	assert.Equal(t, kpn.DelayReport{Node: "slow"}, reports["slow"])
	for id, d := range reports {
		assert.NoError(t, d.Err, id)
	}
}
