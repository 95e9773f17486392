package kpn

import "fmt"

// Shape is the extent of a tensor: B items, C channels, F frames.
type Shape struct {
	B, C, F int
}

// Rows is the number of (batch, channel) pairs.
func (s Shape) Rows() int { return s.B * s.C }

// Len is the number of samples.
func (s Shape) Len() int { return s.B * s.C * s.F }

// String writes the shape as B×C×F.
func (s Shape) String() string { return fmt.Sprintf("%d×%d×%d", s.B, s.C, s.F) }

// Index is the offset of sample (b, c, f) in a dense tensor of this shape.
func (s Shape) Index(b, c, f int) int { return (b*s.C+c)*s.F + f }

// Coordinates is the inverse of Index.
func (s Shape) Coordinates(i int) (b, c, f int) {
	return i / (s.C * s.F), i / s.F % s.C, i % s.F
}

// Tensor is a dense [B, C, F] signal of float32 samples, frame fastest.
type Tensor struct {
	Shape
	Data []float32
}

// NewTensor returns a tensor of zeros. It panics if the shape is negative.
func NewTensor(s Shape) *Tensor {
	return &Tensor{Shape: s, Data: make([]float32, s.Len())}
}

// Row returns the frames of item b, channel c. An axis of extent 1 repeats:
// a tensor with one item or one channel serves every item or channel.
func (t *Tensor) Row(b, c int) []float32 {
	if t.B == 1 {
		b = 0
	}
	if t.C == 1 {
		c = 0
	}
	i := t.Index(b, c, 0)
	return t.Data[i : i+t.F]
}

// fits says whether t can serve a job of the given shape: batch and channels
// equal or 1, frames equal.
func (t *Tensor) fits(want Shape) bool {
	return (t.B == want.B || t.B == 1) && (t.C == want.C || t.C == 1) &&
		t.F == want.F && len(t.Data) == t.Len()
}
