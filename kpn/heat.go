package kpn

import (
	"fmt"
	"math"
)

// HeatError says that a runtime has stopped since its nodes have heated more
// than it may.
type HeatError struct {
	// Node has heated most.
	Node          string
	Total, Budget float64
	// Frame is the runtime's clock.
	Frame int
}

// Error implements error.
func (e *HeatError) Error() string {
	if !isFinite(e.Total) {
		return fmt.Sprintf("runtime: stopped at frame %d: the heat of node %q is no number that can be added up: mend its model, or what it reports", e.Frame, e.Node)
	}
	return fmt.Sprintf("runtime: stopped at frame %d: the nodes have heated %g in all, allowed is %g; node %q has heated most: raise the budget, or configure anew", e.Frame, e.Total, e.Budget, e.Node)
}

// HeatModel reckons what a node has heated in a run of frames, from its
// parameters as they are bound (what modulates them is not counted) and from
// what it gave. It must depend on nothing else.
type HeatModel func(*HeatRun) float64

// HeatRun is what a heat model sees.
type HeatRun struct {
	Node string
	Rate float64
	// First is the node's frame of the run's first, and Shape its extent:
	// items, channels, frames.
	First int
	Shape Shape
	out   *Block
	// skip is how many of the block's frames come before the run.
	skip   int
	before []float64
	params map[string]*Values
}

// Out is the node's output at a frame of the run; frame −1 is the one before
// the run, 0 if there is none.
func (h *HeatRun) Out(b, c, f int) float64 {
	row := b*h.Shape.C + c
	if f < 0 {
		return h.before[row]
	}
	return h.out.At(row*h.out.Shape.F + h.skip + f)
}

// Param is the value of a parameter at a frame of the run. It panics if the
// kind has no such parameter.
func (h *HeatRun) Param(name string, b, c, f int) float64 {
	v, ok := h.params[name]
	if !ok {
		panic("kpn: a heat model reads parameter " + name + ", which node " + h.Node + " does not have")
	}
	return v.At(b, c, f)
}

// RLCHeatModel is the heat model of [KindRLC]: see [RLCHeat].
func RLCHeatModel(h *HeatRun) float64 {
	total := 0.0
	for b := range h.Shape.B {
		for c := range h.Shape.C {
			for f := range h.Shape.F {
				total += RLCHeat(h.Rate, h.Param("resistance", b, c, f), h.Param("capacitance", b, c, f), h.Out(b, c, f-1), h.Out(b, c, f))
			}
		}
	}
	return total
}

// checkHeat refuses what cannot be added up.
func checkHeat(ref ParamRef, v *Values) error {
	for i, x := range v.Data {
		if !isFinite(x) {
			b, c, f := v.Coordinates(i)
			return &RangeError{Node: ref.Node, Param: ref.Param, B: b, C: c, F: f, Got: x, Min: -math.MaxFloat64, Max: math.MaxFloat64}
		}
	}
	return nil
}

// tally adds up heat.
type tally struct {
	nodes       map[string]*heated
	last, total float64
}

// heated is what one node has heated: in the last execution, and in all.
type heated struct{ last, total float64 }

func newTally() tally { return tally{nodes: map[string]*heated{}} }

// begin starts an execution.
func (t *tally) begin() {
	t.last = 0
	for _, h := range t.nodes {
		h.last = 0
	}
}

func (t *tally) add(node string, heat float64) {
	h := t.nodes[node]
	if h == nil {
		h = &heated{}
		t.nodes[node] = h
	}
	h.last += heat
	h.total += heat
	t.last += heat
	t.total += heat
}

func (t *tally) of(node string) heated {
	if h := t.nodes[node]; h != nil {
		return *h
	}
	return heated{}
}

// hottest is the node that has heated most, the first by name of several; or one
// whose heat cannot be added up.
func (t *tally) hottest() string {
	most := ""
	for _, id := range sortedKeys(t.nodes) {
		if !isFinite(t.nodes[id].total) {
			return id
		}
		if most == "" || t.nodes[id].total > t.nodes[most].total {
			most = id
		}
	}
	return most
}
