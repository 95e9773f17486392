package kpn_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// describe is what a runtime says of a node.
func describe(t *testing.T, r *kpn.Runtime, node string) *kpn.NodeDescription {
	t.Helper()
	d, err := r.DescribeNode(node)
	require.NoError(t, err)
	return d
}

func TestHeatIsSummedAndChangesNothing(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 64}
	n := chain(shape)
	cold := execute(t, started(t, n, shape, kpn.RuntimeOptions{}), 200, 64)
	heat := frames(shape, 11)
	n.Params[kpn.ParamRef{Node: "b", Param: kpn.HeatParam}] = heat
	want := 0.0
	for f := range 200 {
		frame := 0.0
		for row := range 4 {
			frame += heat.Data[row*64+f%64]
		}
		want += frame
	}
	for _, length := range []int{200, 64, 7, 1} {
		r := started(t, n, shape, kpn.RuntimeOptions{})
		require.Equal(t, cold, execute(t, r, 200, length))
		d := describe(t, r, "b")
		assert.Equal(t, want, d.HeatTotal, "the same bits however it is cut")
		assert.Zero(t, describe(t, r, "a").HeatTotal)
		got, err := r.Execute(context.Background(), 1, nil)
		require.NoError(t, err)
		last := heat.At(0, 0, 200%64) + heat.At(0, 1, 200%64) + heat.At(1, 0, 200%64) + heat.At(1, 1, 200%64)
		assert.InDelta(t, last, got.Heat, 1e-12)
		assert.Equal(t, got.Heat, describe(t, r, "b").Heat)
		// An override that fits counts from then on.
		require.NoError(t, r.SetParam("b", kpn.HeatParam, &kpn.Values{Shape: shape, Data: make([]float64, shape.Len())}))
		total := describe(t, r, "b").HeatTotal
		execute(t, r, 10, length)
		assert.Equal(t, total, describe(t, r, "b").HeatTotal)
	}
}

func TestHeatBudgetStops(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 10}
	n := chain(shape)
	r := started(t, n, shape, kpn.RuntimeOptions{HeatBudget: 25})
	require.NoError(t, r.SetParam("c", kpn.HeatParam, kpn.Number(1)))
	execute(t, r, 20, 10)
	var hot *kpn.HeatError
	got, err := r.Execute(context.Background(), 10, nil)
	require.ErrorAs(t, err, &hot)
	assert.Equal(t, kpn.HeatError{Node: "c", Total: 30, Budget: 25, Frame: 30}, *hot)
	assert.Len(t, got.Outputs[0].Data, 10)
	_, err = r.Execute(context.Background(), 10, nil)
	require.ErrorAs(t, err, &hot)
	require.NoError(t, r.Configure(1, 1, 10, runtimeRate))
	execute(t, r, 20, 10)
}

// A model sees a node's output and parameters of the same frames, however late
// the engine is.
func TestHeatModels(t *testing.T) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "osc", Kind: kpn.KindOsc, Oversample: 4, Params: map[string]kpn.Param{"freq": kpn.Const(1000)}},
			{ID: "coil", Kind: kpn.KindRLC},
			{ID: "out", Kind: kpn.KindGain},
		},
		Edges:   []kpn.Edge{{From: "osc", To: "coil", Port: "in"}, {From: "coil", To: "out", Port: "in"}},
		Outputs: []string{"out"},
	}
	const total = 300
	resistance := &kpn.Values{Shape: kpn.Shape{B: 1, C: 1, F: 100}}
	for f := range 100 {
		resistance.Data = append(resistance.Data, 50+float64(f))
	}
	n := &kpn.Network{Graph: g, Params: map[kpn.ParamRef]*kpn.Values{{Node: "coil", Param: "resistance"}: resistance}}
	shape := kpn.Shape{B: 1, C: 2, F: 100}
	silent := execute(t, started(t, n, shape, kpn.RuntimeOptions{}), total, total)
	x, err := cpuref.New().Compile(g)
	require.NoError(t, err)
	late := x.Latency()
	want := 0.0
	for c := range 2 {
		for f := range total - late {
			before := 0.0
			if f > 0 {
				before = silent[2*(late+f-1)+c]
			}
			// The gain passes what the coil gives.
			want += kpn.RLCHeat(runtimeRate, resistance.Data[f%100], 100, before, silent[2*(late+f)+c])
		}
	}
	require.Positive(t, want)
	for _, length := range []int{total, 64, 7, 1} {
		r := started(t, n, shape, kpn.RuntimeOptions{HeatModels: map[kpn.Kind]kpn.HeatModel{kpn.KindRLC: kpn.RLCHeatModel}})
		require.Equal(t, silent, execute(t, r, total, length))
		assert.InEpsilon(t, want, describe(t, r, "coil").HeatTotal, 1e-9, length)
	}
}

func TestHeatIsANumber(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 4}
	r := started(t, chain(shape), shape, kpn.RuntimeOptions{})
	err := r.SetParam("a", kpn.HeatParam, kpn.Number(math.Inf(1)))
	assert.Equal(t, kpn.InvalidArgument, kpn.CodeOf(err))
	var fault *kpn.RangeError
	require.ErrorAs(t, err, &fault)
}

// benchmarkRuntime runs blocks of 64 frames.
func benchmarkRuntime(b *testing.B, hot bool) {
	b.Helper()
	shape := kpn.Shape{B: 1, C: 2, F: 64}
	r, err := kpn.NewRuntime(cpuref.New(), chain(shape), kpn.RuntimeOptions{})
	require.NoError(b, err)
	require.NoError(b, r.Configure(shape.B, shape.C, shape.F, runtimeRate))
	if hot {
		require.NoError(b, r.SetParam("b", kpn.HeatParam, frames(shape, 1)))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Execute(context.Background(), 64, nil); err != nil {
			b.Fatal(err)
		}
	}
	require.NoError(b, r.Close())
}

func BenchmarkRuntime(b *testing.B) {
	b.Run("cold", func(b *testing.B) { benchmarkRuntime(b, false) })
	b.Run("hot", func(b *testing.B) { benchmarkRuntime(b, true) })
}

// Without heat, reckoning it allocates nothing: as much as a runtime whose
// network has none to reckon.
func TestHeatOffCostsNothing(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 2, F: 64}
	allocations := func(set bool) float64 {
		r := started(t, chain(shape), shape, kpn.RuntimeOptions{})
		if set {
			require.NoError(t, r.SetParam("b", kpn.HeatParam, kpn.Number(1)))
			require.NoError(t, r.ClearParams())
		}
		return testing.AllocsPerRun(50, func() {
			_, err := r.Execute(context.Background(), 64, nil)
			require.NoError(t, err)
		})
	}
	assert.Equal(t, allocations(false), allocations(true))
}
