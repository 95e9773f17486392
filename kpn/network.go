package kpn

import (
	"errors"
	"fmt"
)

// HeatParam is the reserved parameter that is summed as heat. Every node has
// it; it never changes audio.
const HeatParam = "thermo.heat"

// Network is a graph with what a [Runtime] needs to run it as a process
// network: the tensors that are bound by default, the delays that nodes
// declare, the gates that make nodes start together. [Descriptor.Network] makes
// one of blobs; a graph alone is one too.
type Network struct {
	Graph *Graph
	// Params holds the tensors bound by default, those of [HeatParam] among
	// them. [Runtime.SetParam] checks shapes against them.
	Params map[ParamRef]*Values
	// Names is what a host calls nodes, by node, where graphs allow no such name.
	// A [Runtime] is asked by these names and answers by them.
	Names map[string]string
	// inner are nodes that no host knows: those that add up inputs.
	inner map[string]bool
	// Facts holds what nodes declare, by node.
	Facts map[string]NodeFacts
	// Curves makes input nodes follow keys of the control history, by node;
	// History is the one to start with, nil for an empty one.
	Curves  map[string]string
	History *History
	// Gates are the edges with synchrony gates.
	Gates []GatedEdge
	// Hold makes readers of every delayed edge wait until the delay has
	// expired: tokens queue up meanwhile, so that the first meets the first of
	// every other input, and the delay makes the network late and nothing else.
	// Otherwise only those of gated edges do, and a delayed edge delivers zeros
	// at once, as it does in a render. Edges that close loops, and those into
	// optional ports, always deliver zeros: nobody waits for those.
	Hold bool
	// Unknown lists the fields of documents that nothing has a meaning for, as
	// node.field.
	Unknown []string
}

// NodeFacts is what a node says of itself.
type NodeFacts struct {
	// Type is the node's type in the descriptor.
	Type string
	// OversampleRatio is what the node asks for; 0 stands for what its kind
	// runs at. Kinds that cannot be oversampled run at 1 whatever it is.
	OversampleRatio int
	// DeclaredDelay is how many frames pass until what the node gives is
	// visible.
	DeclaredDelay int
	// Channels is how many channels the node says it has, 0 for as many as
	// there are. One serves all.
	Channels int
	// V1Only nodes are run through their version-1 entry and report nothing.
	V1Only bool
	// HeatParam is the name of the node's heat parameter; empty stands for
	// [HeatParam].
	HeatParam string
}

// GatedEdge names an edge and the synchrony gates that it passes. The readers
// of all edges that pass a gate start together.
type GatedEdge struct {
	From, To, Port string
	Gates          []string
}

// heatRef is the reference of a node's heat parameter.
func (n *Network) heatRef(node string) ParamRef {
	if name := n.Facts[node].HeatParam; name != "" {
		return ParamRef{node, name}
	}
	return ParamRef{node, HeatParam}
}

// find looks up what a reference names: a parameter of a node, or, with p nil,
// its heat.
func (n *Network) find(ref ParamRef) (node *Node, p *NodeParam, ok bool) {
	node, ok = n.Graph.Node(ref.Node)
	if !ok {
		return nil, nil, false
	}
	if ref == n.heatRef(ref.Node) {
		return node, nil, true
	}
	for _, q := range n.Graph.Parameters(node) {
		if q.Name == ref.Param {
			return node, &q, true
		}
	}
	return node, nil, false
}

// Validate checks the network but for what depends on a rate: the graph, and
// that everything else names nodes, parameters and edges of it.
func (n *Network) Validate() error {
	if n.Graph == nil {
		return &GraphError{Reason: "the network has no graph; give it one"}
	}
	if err := n.Graph.Validate(); err != nil {
		return err
	}
	if err := n.checkNames(); err != nil {
		return err
	}
	for ref, v := range n.Params {
		if _, _, ok := n.find(ref); !ok {
			return &GraphError{Node: ref.Node, Field: ref.Param, Reason: "a tensor is bound to it, and it does not exist; bind another, or none"}
		}
		if v == nil || v.Len() < 1 || v.Len() != len(v.Data) {
			return &GraphError{Node: ref.Node, Field: ref.Param, Reason: fmt.Sprintf("its tensor of %v has %d values; give as many as the shape says, at least one", v.shape(), len(v.data()))}
		}
	}
	for id := range n.Curves {
		if node, ok := n.Graph.Node(id); !ok || node.Kind != KindInput {
			return &GraphError{Node: id, Reason: "it shall follow the control history, and is no input node"}
		}
	}
	for id, f := range n.Facts {
		if _, ok := n.Graph.Node(id); !ok {
			return &GraphError{Node: id, Reason: "something is declared of it, and the graph has no such node"}
		}
		if f.DeclaredDelay < 0 || f.DeclaredDelay > MaxEdgeDelay {
			return &GraphError{Node: id, Field: fieldDelay, Reason: fmt.Sprintf("got %d frames, allowed is 0 to %d", f.DeclaredDelay, MaxEdgeDelay)}
		}
		if err := n.checkHeatName(id, f.HeatParam); err != nil {
			return err
		}
	}
	// No token is read before what its node declares has passed.
	if err := errors.Join(n.Graph.validateLoops(n.late)...); err != nil {
		return err
	}
	for _, e := range n.Gates {
		if !n.Graph.hasEdge(e.From, e.To, e.Port) {
			return &GraphError{Node: e.To, Field: e.Port, Reason: fmt.Sprintf("a gate is set on an edge from %q that the graph does not have", e.From)}
		}
	}
	return nil
}

// late is how late a node's output is, as it declares it and by its decimator.
func (n *Network) late(v *Node) int { return v.Latency() + n.Facts[v.ID].DeclaredDelay }

// checkHeatName refuses a parameter of the node as the name of its heat, which
// must not change audio.
func (n *Network) checkHeatName(id, name string) error {
	node, _ := n.Graph.Node(id)
	for _, p := range n.Graph.Parameters(node) {
		if p.Name == name {
			return &GraphError{Node: id, Field: fieldHeat, Reason: fmt.Sprintf("%q is a parameter of kind %s already, and heat changes no sound; choose another name, such as %s", name, node.Kind, HeatParam)}
		}
	}
	return nil
}

// data is that of values that may be missing.
func (v *Values) data() []float64 {
	if v == nil {
		return nil
	}
	return v.Data
}

func (g *Graph) hasEdge(from, to, port string) bool {
	for _, e := range g.Edges {
		if e.From == from && e.To == to && e.Port == port {
			return true
		}
	}
	return false
}
