package kpn

import (
	"slices"
	"strings"
)

// Readiness says when a node of a network runs, in frames of the runtime's
// clock.
type Readiness struct {
	// Start is the frame at which the node starts: when all of its mandatory
	// inputs are visible, and all nodes that share a gate with it are ready.
	Start int
	// Visible is the frame at which its own first frame is visible: what it
	// declares and what its decimator takes are later than Start by as much.
	Visible int
}

// Readiness works out when each node runs. It fails with a *[GraphError] where
// nodes that share a gate wait for each other.
//
// A node's tokens queue up until its reader has all of its inputs, so that
// waiting never shifts one input against another: frames that were made of the
// same frames meet, and the network is only late as a whole.
func (n *Network) Readiness() (map[string]Readiness, error) {
	g := n.Graph
	ready := make(map[string]Readiness, len(g.Nodes))
	own := make(map[string]int, len(g.Nodes))
	for i := range g.Nodes {
		v := &g.Nodes[i]
		own[v.ID] = n.late(v)
		ready[v.ID] = Readiness{0, own[v.ID]}
	}
	waits, held := n.waits()
	gates := n.members()
	// Without a deadlock every round settles at least one node.
	for range len(g.Nodes) + 1 {
		changed := ""
		later := func(id string, start int) {
			if start > ready[id].Start {
				ready[id] = Readiness{start, start + own[id]}
				changed = id
			}
		}
		for _, e := range waits {
			later(e.To, ready[e.From].Visible+held[e])
		}
		for _, readers := range gates {
			latest := 0
			for _, id := range readers {
				latest = max(latest, ready[id].Start)
			}
			for _, id := range readers {
				later(id, latest)
			}
		}
		if changed == "" {
			return ready, nil
		}
	}
	return nil, n.deadlock()
}

// waits lists the edges that readers wait for, and of those whose delay they
// wait out, too, that delay.
func (n *Network) waits() (list []*Edge, held map[*Edge]int) {
	g := n.Graph
	loop := map[string]int{}
	for i, set := range g.Loops() {
		for _, id := range set {
			loop[id] = i + 1
		}
	}
	gated := map[[3]string]bool{}
	for _, e := range n.Gates {
		gated[[3]string{e.From, e.To, e.Port}] = len(e.Gates) > 0
	}
	held = map[*Edge]int{}
	for i := range g.Edges {
		e := &g.Edges[i]
		if e.DelayFrames > 0 && loop[e.From] > 0 && loop[e.From] == loop[e.To] {
			continue
		}
		if to, ok := g.Node(e.To); ok && e.Modulation == nil && g.optional(to.Kind, e.Port) {
			continue
		}
		if n.Hold || gated[[3]string{e.From, e.To, e.Port}] {
			held[e] = e.DelayFrames
		}
		list = append(list, e)
	}
	return list, held
}

// waited is the network's edges for an engine: without the delays that readers
// wait out, whose tokens queue up meanwhile.
func (n *Network) waited() []Edge {
	_, held := n.waits()
	edges := slices.Clone(n.Graph.Edges)
	for i := range edges {
		edges[i].DelayFrames -= held[&n.Graph.Edges[i]]
	}
	return edges
}

// optional says whether a kind runs without a port's source.
func (g *Graph) optional(kind Kind, port string) bool {
	spec, ok := g.Spec(kind)
	if !ok {
		return false
	}
	for _, p := range spec.Inputs {
		if p.Name == port {
			return p.Optional
		}
	}
	return false
}

// members lists the readers of the edges that pass each gate, gates by name.
func (n *Network) members() [][]string {
	byName := map[string][]string{}
	for _, e := range n.Gates {
		for _, name := range e.Gates {
			if !slices.Contains(byName[name], e.To) {
				byName[name] = append(byName[name], e.To)
			}
		}
	}
	var list [][]string
	for _, name := range sortedKeys(byName) {
		list = append(list, byName[name])
	}
	return list
}

// deadlock names the gates: one of them has members that wait for each other.
func (n *Network) deadlock() error {
	var names []string
	for _, e := range n.Gates {
		names = append(names, e.Gates...)
	}
	slices.Sort(names)
	return &GraphError{
		Field:  "synchrony_gates",
		Reason: "nodes that share a gate wait for each other, since one of them is behind a delay of another; take one out of its gate: " + strings.Join(slices.Compact(names), ", "),
	}
}
