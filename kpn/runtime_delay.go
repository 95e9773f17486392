package kpn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// DelayReport compares how late a node says it is with how late it is.
type DelayReport struct {
	Node string
	// Declared is what the node declares, and its decimator's latency.
	Declared int
	// Measured is how many frames after an impulse the output changes most,
	// counted on the runtime's clock.
	Measured int
	// Err is why the node could not be measured, nil if it was.
	Err error
}

// delayMargin is how many frames a node may be later than it says, and still be
// measured.
const delayMargin = 4096

// MeasureDelay sends an impulse through one node of a network, by itself, as a
// runtime runs it: with each parameter at the first value that it is bound to
// and that is not 0, and at the sample rate. It fails with an
// *[UnsupportedError] for nodes without an input, and for those that an impulse
// does not move.
func MeasureDelay(ctx context.Context, e Engine, n *Network, node string, rate float64) (DelayReport, error) {
	v, ok := n.Graph.Node(n.idOf(node))
	if !ok {
		return DelayReport{}, &GraphError{Node: node, Reason: "the network has no such node: " + unknown(node, n.names())}
	}
	report := DelayReport{Node: node, Declared: n.late(v)}
	alone, err := n.alone(v)
	if err != nil {
		return report, err
	}
	// What comes before the declared delay is not visible, so that a node that
	// declares too much only shows on an impulse that comes later.
	frames := 2*report.Declared + delayMargin
	still, err := respond(ctx, e, alone, frames, rate, report.Declared, 0)
	if err != nil {
		return report, err
	}
	moved, err := respond(ctx, e, alone, frames, rate, report.Declared, 1)
	if err != nil {
		return report, err
	}
	most := 0.0
	for f := range moved {
		if change := math.Abs(moved[f] - still[f]); change > most {
			most, report.Measured = change, f-report.Declared
		}
	}
	if most == 0 {
		return report, &UnsupportedError{node, v.Kind, "measuring its delay", fmt.Sprintf("an impulse changes nothing in %d frames", frames)}
	}
	return report, nil
}

// alone is a network of one node, all of whose inputs are one input node.
func (n *Network) alone(v *Node) (*Network, error) {
	edges := n.Graph.Inputs(v.ID)
	if len(edges) == 0 {
		return nil, &UnsupportedError{v.ID, v.Kind, "measuring its delay", "it has no input for an impulse"}
	}
	own := *v
	own.Params, own.Control = map[string]Param{}, false
	for _, p := range n.Graph.Parameters(v) {
		value := p.Value
		if p.Rate != Constant {
			value = p.Spec.Default
		}
		if b := n.Params[ParamRef{v.ID, p.Name}]; b != nil {
			value = b.Data[max(0, slices.IndexFunc(b.Data, func(x float64) bool { return x != 0 }))]
		}
		own.Params[p.Name] = Const(value)
	}
	in := "impulse"
	if v.ID == in {
		in = "impulse_in"
	}
	g := &Graph{Nodes: []Node{{ID: in, Kind: KindInput}, own}, Outputs: []string{v.ID}, Custom: n.Graph.Custom}
	for _, e := range edges {
		g.Edges = append(g.Edges, Edge{From: in, To: v.ID, Port: e.Port})
	}
	return &Network{Graph: g, Facts: map[string]NodeFacts{v.ID: n.Facts[v.ID]}}, nil
}

// respond is the response of a network with one input to an impulse of a
// height at a frame.
func respond(ctx context.Context, e Engine, n *Network, frames int, rate float64, at int, height float64) (out []float64, err error) {
	r, err := NewRuntime(e, n, RuntimeOptions{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err = r.Configure(1, 1, frames, rate); err != nil {
		return nil, err
	}
	impulse := make([]float64, frames)
	impulse[at] = height
	got, err := r.Execute(ctx, frames, map[string][]float64{n.Graph.Nodes[0].ID: impulse})
	if err != nil {
		return nil, err
	}
	return got.Outputs[0].Data, nil
}

// measureDelays tells the hook of all nodes that can be measured.
func (r *Runtime) measureDelays(ctx context.Context) error {
	if r.options.DelayHook == nil {
		return nil
	}
	own := *r.network
	own.Params = map[ParamRef]*Values{}
	for ref, b := range r.bound {
		own.Params[ref] = b.values
	}
	r.measured = map[string]int{}
	for i := range own.Graph.Nodes {
		id := own.Graph.Nodes[i].ID
		if own.inner[id] {
			continue
		}
		report, err := MeasureDelay(ctx, r.engine, &own, own.nameOf(id), r.setup.rate)
		var unsupported *UnsupportedError
		if errors.As(err, &unsupported) {
			continue
		}
		if report.Err = err; err == nil {
			r.measured[id] = report.Measured
		}
		r.options.DelayHook(report)
	}
	return ctx.Err()
}
