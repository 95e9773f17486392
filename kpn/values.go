package kpn

import "fmt"

// Values is a dense [B, C, F] tensor of float64, frame fastest: what a
// parameter or an input is bound to. An axis of extent 1 repeats.
type Values struct {
	Shape
	Data []float64
}

// Number is a single value that serves every item, channel and frame.
func Number(v float64) *Values { return &Values{Shape{1, 1, 1}, []float64{v}} }

// At is the value of (b, c, f), where axes of extent 1 repeat.
func (v *Values) At(b, c, f int) float64 {
	if v.B == 1 {
		b = 0
	}
	if v.C == 1 {
		c = 0
	}
	if v.F == 1 {
		f = 0
	}
	return v.Data[v.Index(b, c, f)]
}

// serves says whether v can serve a block of the given shape: on every axis
// its extent is that of the block, or 1.
func (v *Values) serves(block Shape) bool {
	return (v.B == block.B || v.B == 1) && (v.C == block.C || v.C == 1) &&
		(v.F == block.F || v.F == 1) && len(v.Data) == v.Len()
}

// clone copies values, so that their owner may change them afterwards.
func (v *Values) clone() *Values {
	return &Values{v.Shape, append([]float64(nil), v.Data...)}
}

// check finds the first value outside a parameter's range.
func (v *Values) check(ref ParamRef, p *Parameter, rate float64) error {
	for i, x := range v.Data {
		if err := p.check(ref, x, rate); err != nil {
			err.B, err.C, err.F = v.Coordinates(i)
			return err
		}
	}
	return nil
}

// UnsupportedError is something that an engine cannot do with a graph, though
// the graph is valid.
type UnsupportedError struct {
	// Node is the node in the way and Kind its kind; both are empty where the
	// engine cannot do it with any graph.
	Node string
	Kind Kind
	// What is what was asked for.
	What string
	// Reason says why it cannot be, and what to do.
	Reason string
}

// Error implements error.
func (e *UnsupportedError) Error() string {
	if e.Node == "" {
		return fmt.Sprintf("%s: unsupported: %s", e.What, e.Reason)
	}
	return fmt.Sprintf("node %q: kind %s: %s: unsupported: %s", e.Node, e.Kind, e.What, e.Reason)
}
