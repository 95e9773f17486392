// Package data holds the goldens: what the reference gave for each case when
// it was last looked at, samples and gradients, in float64. They are written
// by the reference alone (go run ./goldens/regenerate CASE) and compared
// within a few roundings, never by hash: mathematical functions are not the
// same to the last bit on every processor.
//
// A golden is text. Behind its header come the samples of each output, the
// gradients for cotangents that depend on the case alone, and the frames that
// counted as the rows' largest magnitudes. Values stand in blocks, 16 frames
// of a row of samples, a whole row of a gradient. Above each block is a line
// with where it starts (item, channel, frame) and a checksum of its values,
// rounded: see docs/tolerances.md. In a diff of two goldens a checksum that
// changed marks a block that really did.
package data

import (
	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// Golden is what the reference gives for one case.
type Golden struct {
	Case string
	// Reference says what computed it.
	Reference string
	Shape     kpn.Shape
	Outputs   []Output
	// CotangentSeed drew the cotangents of the gradients, see
	// [compare.RandomCotangents].
	CotangentSeed uint64
	// Gradients are in the order of [kpn.Gradients].
	Gradients []Gradient
	// Peaks has one entry for each whole-row node that has one, in the order
	// of the graph.
	Peaks []Peaks
}

// Output is the signal of one of the graph's outputs.
type Output struct {
	Name string
	// Samples is a dense tensor of the golden's shape.
	Samples []float64
}

// Gradient is one gradient of the case's job, in float64.
type Gradient struct {
	kpn.Gradient
	// Scale is the size of what the gradient sums up, see
	// [compare.GradientScales], and Trifle the size below which it means
	// nothing in float32, see [compare.Trifles]; three digits of both.
	Scale, Trifle float64
}

// Peaks are the frames of each row (channel fastest) that counted as its
// largest magnitude at a whole-row node.
type Peaks struct {
	Node   string
	Frames []int
}

// MaxBytes is the largest that a golden's file may be.
const MaxBytes = 64 << 10

// FileName is the name of a case's golden under this directory.
func FileName(caseName string) string { return caseName + ".txt" }

// Adjoint returns the gradients as an engine gives them.
func (g *Golden) Adjoint() *kpn.Gradients {
	all := &kpn.Gradients{PeakFrames: map[string][]int{}}
	for i := range g.Gradients {
		all.List = append(all.List, g.Gradients[i].Gradient)
	}
	for _, p := range g.Peaks {
		all.PeakFrames[p.Node] = p.Frames
	}
	return all
}

// GradientTolerance is how far the gradients of an engine that computes in
// float32 may be from the golden's: the case's tolerance with the scales that
// the golden holds.
func (g *Golden) GradientTolerance(c *cases.Case) compare.GradientTolerance {
	t := compare.DeriveGradients(c.Graph, c.GoldenJob())
	if c.Gradients != nil {
		t = *c.Gradients
	}
	return g.sized(t, 1)
}

// DoubleTolerance is the same for an engine that computes in float64.
func (g *Golden) DoubleTolerance() compare.GradientTolerance {
	return g.sized(compare.GradientTolerance{Relative: tolerance, Share: tolerance, Reason: "float64's own roundings"}, doubleUnit)
}

// sized is a tolerance with the scales that the golden holds, for an engine
// whose rounding is fine in terms of float32's.
func (g *Golden) sized(t compare.GradientTolerance, fine float64) compare.GradientTolerance {
	t.Scale, t.Trifle = map[kpn.ParamRef]float64{}, map[kpn.ParamRef]float64{}
	for i := range g.Gradients {
		v := &g.Gradients[i]
		t.Scale[v.Ref], t.Trifle[v.Ref] = v.Scale, v.Trifle*fine
	}
	return t
}
