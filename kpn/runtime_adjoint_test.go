package kpn_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// The derivative of a product by a factor is the product of the others, and a
// ring's that of all frames that it serves.
func TestRuntimeAdjoint(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 4}
	n := chain(shape)
	r := started(t, n, shape, kpn.RuntimeOptions{})
	execute(t, r, 3, 3)
	const total = 11
	cotangents := frames(kpn.Shape{B: 2, C: 2, F: total}, 5)
	byFrame := make([]float64, total*4)
	for i := range cotangents.Data {
		b, c, f := cotangents.Coordinates(i)
		byFrame[f*4+b*2+c] = cotangents.Data[i]
	}
	got, err := r.Adjoint(context.Background(), total, nil, [][]float64{byFrame})
	require.NoError(t, err)
	assert.Empty(t, got.Without)
	gain := func(id string, b, c, f int) float64 {
		return n.Params[kpn.ParamRef{Node: id, Param: "gain"}].At(b, c, f%4)
	}
	want := make([]float64, shape.Len())
	source := 0.0
	for i, x := range cotangents.Data {
		b, c, f := cotangents.Coordinates(i)
		want[shape.Index(b, c, f%4)] += x * 0.7 * gain("a", b, c, f) * gain("c", b, c, f)
		source += x * gain("a", b, c, f) * gain("b", b, c, f) * gain("c", b, c, f)
	}
	by := got.Params[kpn.ParamRef{Node: "b", Param: "gain"}]
	require.Equal(t, shape, by.Shape)
	for i := range want {
		// Per-frame tensors and cotangents of an adjoint are float32.
		require.InDelta(t, want[i], by.Data[i], 1e-6)
	}
	assert.InDelta(t, source, got.Params[kpn.ParamRef{Node: "source", Param: "value"}].Data[0], 1e-5)
	// The runtime goes on where it was.
	assert.Equal(t, 3, r.Now())
	assert.Equal(t, execute(t, started(t, n, shape, kpn.RuntimeOptions{}), 10, 10)[3*4:], execute(t, r, 7, 7))
}

// A node without a version-2 entry passes zeros on, and one line says so,
// whether it is of the catalogue or bridged.
func TestRuntimeAdjointPassesZerosOn(t *testing.T) {
	late := &kpn.CustomKind{
		Spec:  kpn.Spec{Kind: "late", Inputs: []kpn.Port{{Name: "in", Least: 1}}},
		NewV1: func(*kpn.Node) (kpn.NodeV1, error) { return line(0), nil },
	}
	for _, kind := range []kpn.Kind{kpn.KindGain, "late"} {
		n := pair()
		n.Graph.Outputs = []string{"sum"}
		n.Graph.Custom = map[kpn.Kind]*kpn.CustomKind{"late": late}
		n.Graph.Nodes[2].Kind = kind
		n.Facts["a"] = kpn.NodeFacts{V1Only: kind == kpn.KindGain}
		var log bytes.Buffer
		r, err := kpn.NewRuntime(cpuref.New(), n, kpn.RuntimeOptions{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
		require.NoError(t, err)
		require.NoError(t, r.Configure(1, 1, 4, runtimeRate))
		for range 2 {
			ones := []float64{1, 1, 1, 1}
			got, err := r.Adjoint(context.Background(), 4, map[string][]float64{"p": {1, 2, 3, 4}, "q": {5, 6, 7, 8}}, [][]float64{ones})
			require.NoError(t, err)
			assert.Equal(t, []string{"a"}, got.Without)
			assert.Equal(t, map[string][]float64{"p": {0, 0, 0, 0}, "q": ones}, got.Inputs)
			assert.Equal(t, []float64{26}, got.Params[kpn.ParamRef{Node: "b", Param: "gain"}].Data)
			assert.Equal(t, []float64{10}, got.Params[kpn.ParamRef{Node: "sum", Param: "level_0"}].Data)
			if kind == kpn.KindGain {
				assert.Equal(t, []float64{0}, got.Params[kpn.ParamRef{Node: "a", Param: "gain"}].Data)
			}
		}
		list := entries(t, &log)
		require.Len(t, list, 1, "logged once")
		assert.Equal(t, "amp_graph_runtime_adjoint_unsupported", list[0]["msg"])
		assert.Equal(t, "a", list[0]["node"])
		assert.InDelta(t, -4, list[0]["code"], 0)
		require.NoError(t, r.Close())
	}
}
