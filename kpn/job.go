package kpn

import (
	"errors"
	"fmt"
	"math"
)

// Job asks an executable for a batch of items.
type Job struct {
	// Shape is what to render: items, channels, frames.
	Shape Shape
	// Rate is the sample rate in Hz.
	Rate float64
	// Seed keys all random numbers.
	Seed uint64
	// FirstItem is the index of the batch's first item in its dataset. Item
	// i's samples depend on Seed and i, not on the batch that it is part of.
	FirstItem uint64
	// Items holds the values of per-item parameters: one for each item, or
	// one for each row (B·C, channel fastest).
	Items map[ParamRef][]float64
	// Frames holds the values of per-frame parameters. Frame n of a parameter
	// meets the content of frame n, whatever the latency of what reaches its
	// node; before its first and after its last frame it keeps its value.
	Frames map[ParamRef]*Tensor
	// Inputs holds the signals of input nodes, by node.
	Inputs map[string]*Tensor
	// BlockFrames asks for blocks of about this many frames (an engine may
	// round up); 0 lets the engine choose. Samples do not depend on it.
	BlockFrames int
}

// ItemValue returns the per-item value of row (b, c).
func (j *Job) ItemValue(r ParamRef, b, c int) float64 {
	v := j.Items[r]
	if len(v) == j.Shape.B {
		return v[b]
	}
	return v[b*j.Shape.C+c]
}

// Validate checks the job against the graph: shapes, missing and unknown
// bindings, ranges and non-numbers. It reports all faults it finds, joined.
func (j *Job) Validate(g *Graph) error {
	check := j.validateExtent
	if g.parted {
		// A control rate may be lower than any sample rate.
		check = j.validateShape
	}
	if err := check(); err != nil {
		return err
	}
	errs := append(g.validateConstants(j.Rate), j.validateControlRate(g))
	bound := map[ParamRef]ParamRate{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if n.Kind == KindInput {
			errs = append(errs, j.validateInput(n))
		}
		for _, p := range g.Parameters(n) {
			ref := ParamRef{n.ID, p.Name}
			bound[ref] = p.Rate
			switch p.Rate {
			case Constant:
			case PerItem:
				errs = append(errs, j.validateItems(ref, p, g.Control.rateOf(n, j.Rate)))
			case PerFrame:
				errs = append(errs, j.validateFrames(ref, p))
			}
		}
	}
	errs = append(errs, j.validateUnused(g, bound)...)
	return errors.Join(errs...)
}

func (j *Job) validateExtent() error {
	if err := j.validateShape(); err != nil {
		return err
	}
	if !(j.Rate >= 1 && j.Rate <= MaxSampleRate) {
		return &JobError{"rate", fmt.Sprintf("got %g Hz, allowed is 1 to %d", j.Rate, MaxSampleRate)}
	}
	return nil
}

func (j *Job) validateShape() error {
	s := j.Shape
	extents := []struct {
		field    string
		got, max int
	}{
		{"items", s.B, MaxBatch},
		{"channels", s.C, MaxChannels},
		{"frames", s.F, MaxFrames},
	}
	for _, e := range extents {
		if e.got < 1 || e.got > e.max {
			return &JobError{e.field, fmt.Sprintf("got %d, allowed is 1 to %d", e.got, e.max)}
		}
	}
	if j.BlockFrames < 0 {
		return &JobError{"block frames", fmt.Sprintf("got %d, want 0 or more", j.BlockFrames)}
	}
	return nil
}

func (j *Job) validateInput(n *Node) error {
	t, ok := j.Inputs[n.ID]
	if !ok || t == nil {
		return &JobError{"inputs", fmt.Sprintf("node %q is an input and has no tensor; bind one of %v", n.ID, j.Shape)}
	}
	if !t.fits(j.Shape) {
		return &ShapeError{Node: n.ID, Port: "out", Got: t.Shape, Want: j.Shape, Hint: onesServe}
	}
	return checkFinite(n.ID, t)
}

func (j *Job) validateItems(ref ParamRef, p NodeParam, rate float64) error {
	v := j.Items[ref]
	if len(v) != j.Shape.B && len(v) != j.Shape.Rows() {
		return &ShapeError{Node: ref.Node, Port: ref.Param, Got: Shape{B: len(v), C: 1, F: 1}, Want: Shape{B: j.Shape.B, C: 1, F: 1}, Hint: "or one for each row, which are items times channels"}
	}
	for i, x := range v {
		b, c := i, -1
		if len(v) != j.Shape.B {
			b, c = i/j.Shape.C, i%j.Shape.C
		}
		if err := p.Spec.check(ref, x, rate); err != nil {
			err.B, err.C = b, c
			return err
		}
	}
	return nil
}

func (j *Job) validateFrames(ref ParamRef, p NodeParam) error {
	t, ok := j.Frames[ref]
	if !ok || t == nil {
		return &JobError{"frames", fmt.Sprintf("parameter %v is given per frame and has no tensor; bind one of %v", ref, j.Shape)}
	}
	if !t.fits(j.Shape) {
		return &ShapeError{Node: ref.Node, Port: ref.Param, Got: t.Shape, Want: j.Shape, Hint: onesServe}
	}
	for i, x := range t.Data {
		if err := p.Spec.check(ref, float64(x), j.Rate); err != nil {
			err.B, err.C, err.F = t.Coordinates(i)
			return err
		}
	}
	return nil
}

func (j *Job) validateUnused(g *Graph, bound map[ParamRef]ParamRate) []error {
	var errs []error
	for ref := range j.Items {
		if r, ok := bound[ref]; !ok || r != PerItem {
			errs = append(errs, &JobError{"items", fmt.Sprintf("%v is bound but is no per-item parameter of the graph", ref)})
		}
	}
	for ref := range j.Frames {
		if r, ok := bound[ref]; !ok || r != PerFrame {
			errs = append(errs, &JobError{"frames", fmt.Sprintf("%v is bound but is no per-frame parameter of the graph", ref)})
		}
	}
	for id := range j.Inputs {
		if n, ok := g.Node(id); !ok || n.Kind != KindInput {
			errs = append(errs, &JobError{"inputs", fmt.Sprintf("%q is bound but is no input node of the graph", id)})
		}
	}
	return errs
}

// check tests a value against the parameter's range. Enumerations take whole
// numbers only.
func (p *Parameter) check(ref ParamRef, x, rate float64) *RangeError {
	upper := p.Upper(rate)
	if x >= p.Min && x <= upper && (p.Choices == nil || x == math.Trunc(x)) {
		return nil
	}
	return &RangeError{Node: ref.Node, Param: ref.Param, B: -1, C: -1, F: -1, Got: x, Min: p.Min, Max: upper, Unit: p.Unit}
}

// isFinite says whether a float is a number that can be reckoned with.
func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func checkFinite(node string, t *Tensor) error {
	for i, x := range t.Data {
		if !isFinite(float64(x)) {
			b, c, f := t.Coordinates(i)
			return &RangeError{Node: node, Param: "out", B: b, C: c, F: f, Got: float64(x), Min: -math.MaxFloat32, Max: math.MaxFloat32}
		}
	}
	return nil
}
