package kpn

import (
	"testing"

	"github.com/stretchr/testify/require"
)

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
