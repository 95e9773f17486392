package cpuref_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// TestArithmetic checks constant, input, gain, multiply and mix against the
// same sums in Go, for rows that differ and tensors that repeat.
func TestArithmetic(t *testing.T) {
	shape := kpn.Shape{B: 3, C: 2, F: 600}
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "a", Kind: kpn.KindInput},
			{ID: "b", Kind: kpn.KindInput},
			{ID: "k", Kind: kpn.KindConstant, Params: map[string]kpn.Param{"value": {Rate: kpn.PerItem}}},
			{ID: "gain", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
			{ID: "product", Kind: kpn.KindMultiply},
			{ID: "sum", Kind: kpn.KindMix, Params: map[string]kpn.Param{"level_1": {Rate: kpn.PerItem}, "level_2": kpn.Const(-2)}},
		},
		Edges: []kpn.Edge{
			{From: "a", To: "gain", Port: "in"},
			{From: "k", To: "product", Port: "in_2"},
			{From: "gain", To: "product", Port: "in_0"},
			{From: "b", To: "product", Port: "in_1"},
			{From: "product", To: "sum", Port: "in_2"},
			{From: "a", To: "sum", Port: "in_0"},
			{From: "b", To: "sum", Port: "in_1"},
		},
		Outputs: []string{"sum", "product"},
	}
	a := tensor(shape, 1, -1, 1)
	b := tensor(kpn.Shape{B: 1, C: 2, F: shape.F}, 2, -1, 1)
	gain := tensor(kpn.Shape{B: 3, C: 1, F: shape.F}, 3, -3, 3)
	perRow, perItem := []float64{1, 2, 3, 4, 5, 6}, []float64{0.1, 0.2, 0.3}
	got := render(t, g, &kpn.Job{
		Shape: shape, Rate: rate,
		Inputs: map[string]*kpn.Tensor{"a": a, "b": b},
		Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "gain", Param: "gain"}: gain},
		Items: map[kpn.ParamRef][]float64{
			{Node: "k", Param: "value"}:     perRow,
			{Node: "sum", Param: "level_1"}: perItem,
		},
	})
	for i := range shape.Len() {
		item, channel, f := shape.Coordinates(i)
		x, y := float64(a.Row(item, channel)[f]), float64(b.Row(item, channel)[f])
		product := x * float64(gain.Row(item, channel)[f]) * y * perRow[item*2+channel]
		require.Equal(t, product, got[1][i])
		require.InDelta(t, x+perItem[item]*y-2*product, got[0][i], 1e-14)
	}
}
