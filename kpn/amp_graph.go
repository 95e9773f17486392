package kpn

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// GraphDocument is a node network as JSON: what the descriptor blob holds, and
// the delays and gates of edges, which no blob has.
//
//	{
//	  "descriptor_version": 2,
//	  "nodes": [
//	    {"name": "one", "type": "ConstantNode", "params": {"value": 1}},
//	    {"name": "out", "type": "GainNode", "inputs": ["one"],
//	     "modulations": [{"source": "one", "param": "gain", "mode": "multiply", "scale": 0.5, "channel": -1}],
//	     "tensors": [{"name": "gain", "shape": [1, 2, 1], "data": [0.5, 0.25]}],
//	     "params": {"declared_delay": 128}}
//	  ],
//	  "edges": [{"from": "one", "to": "out", "delay_frames": 7, "synchrony_gates": ["beat"]}]
//	}
//
// A document without a version is of version 1, and stays valid. Fields that
// this version does not know are kept, written again and reported.
type GraphDocument struct {
	// Version is what the document says, at least 1.
	Version int
	// Nodes are those of the descriptor, in its order.
	Nodes []DescriptorNode
	// Edges says more of edges that nodes have.
	Edges []DocumentEdge
	// Unknown holds the fields without a meaning, by the path of the object that
	// they are of: "" for the document, "nodes[3]", "nodes[3].tensors[0]",
	// "nodes[3].modulations[0]" or "edges[1]".
	Unknown map[string][]MetadataField
}

// DocumentEdge is what a document says of an edge.
type DocumentEdge struct {
	// From is one of To's inputs, or the source of its modulation of Param.
	From, To, Param string
	DelayFrames     int
	Gates           []string
}

// The versions of graph documents; the second has what nodes declare and what
// edges delay.
const (
	documentV1 = 1
	documentV2 = 2
)

// Descriptor is the nodes as a descriptor, which shares them.
func (d *GraphDocument) Descriptor() *Descriptor { return &Descriptor{Nodes: d.Nodes} }

// Extended says whether a node or an edge uses what version 1 does not have.
func (d *GraphDocument) Extended() bool {
	if len(d.Edges) > 0 {
		return true
	}
	for i := range d.Nodes {
		if doc := d.Nodes[i].JSON; len(doc) > 0 {
			for s := newMembers(doc); s.next(); {
				if isMetadata(unescape(s.name)) {
					return true
				}
			}
		}
	}
	return false
}

// UnknownPaths lists the fields without a meaning.
func (d *GraphDocument) UnknownPaths() []string {
	var list []string
	for _, at := range sortedKeys(d.Unknown) {
		for _, f := range d.Unknown[at] {
			if at == "" {
				list = append(list, f.Name)
				continue
			}
			list = append(list, at+"."+f.Name)
		}
	}
	return list
}

// Network makes a network that runs of the document, as [Descriptor.Network]
// does of a blob. [Network.Unknown] lists the document's unknown fields first.
func (d *GraphDocument) Network(o NetworkOptions) (*Network, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	n, err := d.Descriptor().network(o, d.Edges)
	if err != nil {
		return nil, err
	}
	n.Unknown = append(d.UnknownPaths(), n.Unknown...)
	return n, nil
}

// check checks what is said of edges, and that a blob can hold the nodes.
func (d *GraphDocument) check() error {
	if _, err := d.Descriptor().Encode(); err != nil {
		return err
	}
	nodes := make(map[string]*DescriptorNode, len(d.Nodes))
	for i := range d.Nodes {
		nodes[d.Nodes[i].Name] = &d.Nodes[i]
	}
	fault := func(i int, field, format string, args ...any) error {
		return &GraphError{Node: d.Edges[i].To, Field: fmt.Sprintf("edges[%d].%s", i, field), Reason: fmt.Sprintf(format, args...)}
	}
	for i := range d.Edges {
		e := &d.Edges[i]
		to := nodes[e.To]
		switch {
		case to == nil:
			return fault(i, fieldTo, "there is no such node: %s", unknown(e.To, sortedKeys(nodes)))
		case e.Param == "" && !slices.Contains(to.Inputs, e.From):
			return fault(i, fieldFrom, "the node has no input from %s: %s", quoted(e.From), unknown(e.From, to.Inputs))
		case e.Param != "" && !slices.ContainsFunc(to.Modulations, func(m BlobModulation) bool { return m.Source == e.From && m.Param == e.Param }):
			return fault(i, fieldParam, "the node has no modulation of %s by %s; leave param out for an input", quoted(e.Param), quoted(e.From))
		case e.DelayFrames < 0 || e.DelayFrames > MaxEdgeDelay:
			return fault(i, fieldDelayFrames, "got %d frames, allowed is 0 to %d", e.DelayFrames, MaxEdgeDelay)
		case slices.Contains(e.Gates, ""):
			return fault(i, fieldGates, "a gate without a name joins nothing; give it one")
		}
	}
	if i := firstEqual(len(d.Edges), func(a, b int) int { return d.Edges[a].compare(&d.Edges[b]) }); i >= 0 {
		return fault(i, fieldFrom, "the edge is there twice; say all of it once")
	}
	return nil
}

// compare orders edges by what they join.
func (e *DocumentEdge) compare(o *DocumentEdge) int {
	return cmp.Or(strings.Compare(e.From, o.From), strings.Compare(e.To, o.To), strings.Compare(e.Param, o.Param))
}
