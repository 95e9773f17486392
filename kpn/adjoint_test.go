package kpn

import (
	"testing"

	"github.com/stretchr/testify/require"
)

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
