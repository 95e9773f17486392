package kpn

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWholeRowNodesAreBounded(t *testing.T) {
	chain := func(n int) *Graph {
		g := &Graph{Nodes: []Node{{ID: "n0", Kind: KindConstant}}}
		for i := 1; i <= n; i++ {
			g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint("n", i), Kind: KindNormalize})
			g.Edges = append(g.Edges, Edge{From: fmt.Sprint("n", i-1), To: fmt.Sprint("n", i), Port: "in"})
		}
		g.Outputs = []string{fmt.Sprint("n", n)}
		return g
	}
	require.NoError(t, chain(MaxWholeRow).Validate())
	var fault *GraphError
	require.ErrorAs(t, chain(MaxWholeRow+1).Validate(), &fault)
	require.Equal(t, fmt.Sprint("n", MaxWholeRow+1), fault.Node)
}

func TestSlicesOfAJobShareItsData(t *testing.T) {
	perItem, perRow, frames := ParamRef{"a", "x"}, ParamRef{"a", "y"}, ParamRef{"a", "z"}
	job := &Job{
		Shape: Shape{B: 3, C: 2, F: 4}, Rate: 48000, FirstItem: 10,
		Items:  map[ParamRef][]float64{perItem: {1, 2, 3}, perRow: {1, 2, 3, 4, 5, 6}},
		Frames: map[ParamRef]*Tensor{frames: NewTensor(Shape{B: 1, C: 2, F: 4})},
		Inputs: map[string]*Tensor{"in": NewTensor(Shape{B: 3, C: 1, F: 4})},
	}
	part := job.Slice(1, 2)
	require.Equal(t, Shape{B: 2, C: 2, F: 4}, part.Shape)
	require.Equal(t, uint64(11), part.FirstItem)
	require.Equal(t, []float64{2, 3}, part.Items[perItem])
	require.Equal(t, []float64{3, 4, 5, 6}, part.Items[perRow])
	require.Same(t, job.Frames[frames], part.Frames[frames])
	part.Inputs["in"].Data[0] = 7
	require.Equal(t, float32(7), job.Inputs["in"].Data[4])
}

func TestTensorCotangentsAreReadInParts(t *testing.T) {
	whole := NewTensor(Shape{B: 3, C: 2, F: 5})
	for i := range whole.Data {
		whole.Data[i] = float32(i)
	}
	c := TensorCotangents{whole}
	require.NoError(t, c.Validate(1, whole.Shape))
	dst := make([]float32, 2*2*3)
	require.NoError(t, c.Read(0, Window{Item: 1, Items: 2, First: 2, Frames: 3}, dst))
	require.Equal(t, []float32{12, 13, 14, 17, 18, 19, 22, 23, 24, 27, 28, 29}, dst)

	mono := TensorCotangents{{Shape: Shape{B: 1, C: 1, F: 3}, Data: []float32{1, 2, 3}}}
	require.NoError(t, mono.Validate(1, Shape{B: 2, C: 2, F: 3}))
	require.NoError(t, mono.Read(0, Window{Item: 1, Items: 1, First: 1, Frames: 2}, dst[:4]))
	require.Equal(t, []float32{2, 3, 2, 3}, dst[:4])
}
