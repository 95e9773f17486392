package kpn

import "slices"

// Gradient is the derivative of an adjoint's scalar with respect to one
// parameter of one node, or to one input node's signal.
type Gradient struct {
	// Ref names the parameter; an input node's signal has an empty Param.
	Ref  ParamRef
	Rate ParamRate
	// Shape is that of what the job binds: 1×1×1 for a constant, B×1×1 or
	// B×C×1 for per-item values (as many as were bound), the tensor's own for
	// per-frame values and inputs. Along an axis that repeats, the gradient
	// is the sum over what it serves.
	Shape Shape
	// Code is [Done], or [Unsupported] where there is no gradient: of a
	// choice, a seed, or a parameter of a kind without adjoint. The values
	// are then zeros.
	Code Code
	// Exactly one of F32 and F64 holds the values: F64 on the reference and
	// for everything that is not per frame.
	F32 []float32
	F64 []float64
}

// At returns value i of the dense tensor.
func (g *Gradient) At(i int) float64 {
	if g.F64 != nil {
		return g.F64[i]
	}
	return float64(g.F32[i])
}

// Gradients is what an adjoint gives.
type Gradients struct {
	// List has the gradients of all nodes in the graph's order, those of a
	// node in the order of [Graph.Parameters].
	List []Gradient
	// PeakFrames holds, for each whole-row node that an output depends on, the
	// frame of each row (B·C, channel fastest) that counted as its largest
	// magnitude.
	PeakFrames map[string][]int
	// NoAdjoint names the nodes of custom kinds that have no adjoint: what
	// their outputs contribute is not in the gradients.
	NoAdjoint []string
}

// NewGradients lays out the gradients of a valid job: all zeros, and those
// that exist marked [Done]. Per-frame ones have no values yet, but for those
// that do not exist.
func NewGradients(g *Graph, job *Job) *Gradients {
	all := &Gradients{PeakFrames: map[string][]int{}}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if n.Kind == KindInput {
			ref := ParamRef{Node: n.ID}
			all.List = append(all.List, Gradient{Ref: ref, Rate: PerFrame, Shape: job.Inputs[n.ID].Shape})
		}
		for _, p := range g.Parameters(n) {
			ref := ParamRef{n.ID, p.Name}
			v := Gradient{Ref: ref, Rate: p.Rate, Shape: job.extent(ref, p.Rate)}
			if !p.Spec.Differentiable {
				v.Code = Unsupported
			}
			if p.Rate != PerFrame || v.Code == Unsupported {
				v.F64 = make([]float64, v.Shape.Len())
			}
			all.List = append(all.List, v)
		}
	}
	return all
}

// extent is the shape of what the job binds to a parameter.
func (j *Job) extent(ref ParamRef, rate ParamRate) Shape {
	switch {
	case rate == PerFrame:
		return j.Frames[ref].Shape
	case rate == Constant:
		return Shape{1, 1, 1}
	case len(j.Items[ref]) == j.Shape.B:
		return Shape{j.Shape.B, 1, 1}
	}
	return Shape{j.Shape.B, j.Shape.C, 1}
}

// Find returns the gradient of a parameter, or of an input's signal.
func (all *Gradients) Find(ref ParamRef) (*Gradient, bool) {
	for i := range all.List {
		if all.List[i].Ref == ref {
			return &all.List[i], true
		}
	}
	return nil, false
}

// SetRows sets a gradient that is not per frame from the derivatives of each
// row (B·C, channel fastest), added up in the order of the rows.
func (g *Gradient) SetRows(rows []float64) {
	per := len(rows) / g.Shape.Rows()
	for i := range g.F64 {
		sum := 0.0
		for _, x := range rows[i*per : (i+1)*per] {
			sum += x
		}
		g.F64[i] = sum
	}
}

// Unsupported lists what has no gradient.
func (all *Gradients) Unsupported() []ParamRef {
	var list []ParamRef
	for i := range all.List {
		if all.List[i].Code == Unsupported {
			list = append(list, all.List[i].Ref)
		}
	}
	return list
}

// Complete gives zeros to what an engine has set no gradient of: what reaches
// no output has no influence.
func (all *Gradients) Complete() {
	for i := range all.List {
		if v := &all.List[i]; v.F32 == nil && v.F64 == nil {
			v.F32 = make([]float32, v.Shape.Len())
		}
	}
}

// WithoutAdjoint names the nodes that have no adjoint, and gives their
// parameters [Unsupported].
func (all *Gradients) WithoutAdjoint(nodes []string) {
	all.NoAdjoint = nodes
	for i := range all.List {
		if v := &all.List[i]; slices.Contains(nodes, v.Ref.Node) {
			v.Code = Unsupported
		}
	}
}
