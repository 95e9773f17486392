package cpuref

import (
	"errors"
	"fmt"
	"reflect"

	"sawmill/kpn"
)

// entry is a node of a custom kind under way.
type entry struct {
	node  *node
	entry kpn.NodeV2
	state any
	// inputs and params are the arrays behind a call's.
	inputs, params []*kpn.FrameTensor
	// loop numbers the loop that the node is in, from 1; 0 where it is in none.
	// Round is its shortest delay.
	loop, round int
	// tape keeps the calls, if an adjoint needs them.
	tape *tape
	// metrics are what the entry has reported in the block, if it reports.
	metrics kpn.Metrics
	reports bool
}

// hasCustom says whether the plan has nodes of custom kinds.
func (p *plan) hasCustom() bool {
	for i := range p.nodes {
		if p.nodes[i].custom != nil && p.nodes[i].step.forward == nil {
			return true
		}
	}
	return false
}

// newEntry makes a node's entry.
func newEntry(g *kpn.Graph, v *node) (*entry, error) {
	n, _ := g.Node(v.id)
	e, err := v.custom.Entry(n)
	if err != nil {
		return nil, fmt.Errorf("node %q: kind %s: %w", v.id, v.kind, err)
	}
	if e == nil {
		return nil, &kpn.GraphError{Node: v.id, Field: "kind", Reason: fmt.Sprintf("kind %s makes no entry for it and no error: let New or NewV1 return one of them", v.kind)}
	}
	return &entry{node: v, entry: e, inputs: make([]*kpn.FrameTensor, len(v.ports)), params: make([]*kpn.FrameTensor, len(v.params))}, nil
}

// fits refuses a tensor that an entry gives of another shape, or with other than
// its values.
func (e *entry) fits(port string, t *kpn.FrameTensor, want kpn.Shape) error {
	fault := &kpn.ShapeError{Node: e.node.id, Port: port, Want: want}
	switch {
	case t == nil:
		fault.Hint = "the entry gives none"
	case t.Shape != want:
		fault.Got = t.Shape
	case len(t.Data) != want.Len():
		fault.Got, fault.Hint = t.Shape, fmt.Sprintf("its Data has %d values, and needs %d", len(t.Data), want.Len())
	default:
		return nil
	}
	return fault
}

// run computes the runs that were prepared for a node, one of each row.
func (e *entry) run(rows []*worker) error {
	r := &rows[0].run
	shape := kpn.Shape{B: r.job.Shape.B, C: r.job.Shape.C, F: len(r.out)}
	if shape.F == 0 {
		return nil // The node has not started.
	}
	for p := range e.inputs {
		e.inputs[p] = gather(shape, rows, func(r *run) []float64 { return r.in[p] })
	}
	for p := range e.params {
		e.params[p] = gather(shape, rows, func(r *run) []float64 { return r.params[p] })
	}
	call := &kpn.Call{
		Node: e.node.id, Rate: r.job.Rate, Seed: r.job.Seed, FirstItem: r.job.FirstItem,
		First: r.first, Shape: shape, Inputs: e.inputs, Params: e.params, State: e.state,
	}
	out, state, err := e.entry.Forward(call)
	if nameless(state) {
		err = errors.Join(err, &kpn.UnsupportedError{Node: e.node.id, Kind: e.node.kind, What: "keeping its state", Reason: fmt.Sprintf("states of type %T cannot be compared, so that nobody can tell when to release one: return a pointer", state)})
	}
	if err != nil {
		e.discard(state)
		return fmt.Errorf("node %q: kind %s: frame %d: %w", e.node.id, e.node.kind, r.first, err)
	}
	e.keep(state)
	e.meter()
	if err := e.fits("out", out, shape); err != nil {
		return err
	}
	for row, w := range rows {
		for f := range w.run.out {
			w.run.out[f] = out.Data[f*len(rows)+row]
		}
	}
	e.tape.add(call, out)
	return nil
}

// gather lays a signal of all rows out frame by frame; nil where there is none.
func gather(s kpn.Shape, rows []*worker, of func(*run) []float64) *kpn.FrameTensor {
	if of(&rows[0].run) == nil {
		return nil
	}
	t := kpn.NewFrameTensor(s)
	for row, w := range rows {
		for f, x := range of(&w.run)[:s.F] {
			t.Data[f*len(rows)+row] = x
		}
	}
	return t
}

// meter adds up what the entry reports of its call.
func (e *entry) meter() {
	if m, ok := e.entry.Metrics(); ok {
		e.metrics.Add(m)
		e.reports = true
	}
}

// keep replaces the state, and releases the old one if it is another.
func (e *entry) keep(state any) {
	if old, ok := e.state.(kpn.Releaser); ok && !same(old, state) {
		old.Release()
	}
	e.state = state
}

// discard releases a state that came with an error, unless it is the one that
// there was.
func (e *entry) discard(state any) {
	if s, ok := state.(kpn.Releaser); ok && !same(s, e.state) {
		s.Release()
	}
}

// nameless says whether a state must be released and cannot be told from others.
func nameless(state any) bool {
	_, releases := state.(kpn.Releaser)
	v := reflect.ValueOf(state)
	return releases && !v.Comparable() && !pointing(v.Kind())
}

// pointing says whether values of a kind are known by what they point to.
func pointing(k reflect.Kind) bool {
	return k == reflect.Slice || k == reflect.Map
}

// same says whether two states are one.
func same(a kpn.Releaser, b any) bool {
	v, w := reflect.ValueOf(a), reflect.ValueOf(b)
	switch {
	case !w.IsValid() || v.Type() != w.Type():
		return false
	case pointing(v.Kind()):
		return v.UnsafePointer() == w.UnsafePointer() && (v.Kind() != reflect.Slice || v.Len() == w.Len())
	}
	return v.Comparable() && w.Comparable() && v.Equal(w)
}
