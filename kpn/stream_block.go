package kpn

import (
	"errors"
	"fmt"
	"math"
)

// BlockRules is what the blocks of a session must have, listed once so that
// checking a short block costs little.
type BlockRules struct {
	graph  *Graph
	rows   Shape
	rate   float64
	inputs []string
	params map[ParamRef]NodeParam
	// needed lists the per-frame parameters.
	needed []ParamRef
}

// NewBlockRules lists what the blocks of a valid job of a valid graph need.
func NewBlockRules(g *Graph, j *StreamJob) *BlockRules {
	r := &BlockRules{graph: g, rows: Shape{B: j.Items, C: j.Channels}, rate: j.Rate, params: map[ParamRef]NodeParam{}}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if n.Kind == KindInput {
			r.inputs = append(r.inputs, n.ID)
		}
		for _, p := range g.Parameters(n) {
			ref := ParamRef{n.ID, p.Name}
			if p.Rate == PerFrame {
				r.needed = append(r.needed, ref)
			}
			if g.accepts(n, p.Spec) == nil {
				r.params[ref] = p
			}
		}
	}
	return r
}

// Check checks a block: lengths, shapes, missing and unknown bindings, ranges
// and non-numbers. It reports all faults that it finds, joined.
func (r *BlockRules) Check(b *StreamBlock) error {
	if b.Frames < 1 || b.Frames > MaxFrames {
		return &JobError{"frames", fmt.Sprintf("got a block of %d, allowed is 1 to %d", b.Frames, MaxFrames)}
	}
	shape := Shape{r.rows.B, r.rows.C, b.Frames}
	var errs []error
	for _, ref := range r.needed {
		if b.Params[ref] == nil {
			errs = append(errs, &JobError{"frames", fmt.Sprintf("parameter %v is given per frame and has no values; bind some of %v", ref, shape)})
		}
	}
	for ref, v := range b.Params {
		errs = append(errs, r.checkParam(ref, v, shape))
	}
	for _, id := range r.inputs {
		errs = append(errs, checkInput(id, b.Inputs[id], shape))
	}
	if len(b.Inputs) > len(r.inputs) {
		for id := range b.Inputs {
			if n, ok := r.graph.Node(id); !ok || n.Kind != KindInput {
				errs = append(errs, &JobError{"inputs", fmt.Sprintf("%q is bound but is no input node of the graph", id)})
			}
		}
	}
	return errors.Join(errs...)
}

func (r *BlockRules) checkParam(ref ParamRef, v *Values, shape Shape) error {
	p, ok := r.params[ref]
	if !ok {
		return r.graph.Accepts(ref)
	}
	if v == nil || !v.serves(shape) {
		return &ShapeError{Node: ref.Node, Port: ref.Param, Got: v.shape(), Want: shape, Hint: "each may be 1"}
	}
	return v.check(ref, p.Spec, r.rate)
}

func checkInput(id string, v *Values, shape Shape) error {
	if v == nil {
		return &JobError{"inputs", fmt.Sprintf("node %q is an input and has no signal; bind one of %v", id, shape)}
	}
	if !v.serves(shape) {
		return &ShapeError{Node: id, Port: "out", Got: v.Shape, Want: shape, Hint: "each may be 1"}
	}
	for i, x := range v.Data {
		if !(math.Abs(x) <= math.MaxFloat32) {
			b, c, f := v.Coordinates(i)
			return &RangeError{Node: id, Param: "out", B: b, C: c, F: f, Got: x, Min: -math.MaxFloat32, Max: math.MaxFloat32}
		}
	}
	return nil
}

// shape is that of values that may be missing.
func (v *Values) shape() Shape {
	if v == nil {
		return Shape{}
	}
	return v.Shape
}
