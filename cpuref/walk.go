package cpuref

import (
	"slices"

	"sawmill/kpn"
)

// plan is a graph in the order in which it can be evaluated: every node that
// an output depends on, after its sources.
type plan struct {
	nodes []node
	// outputs are the graph's, each delayed so that all arrive together.
	outputs []edge
	// latency is the largest of the outputs.
	latency int
}

// node is a node of the graph, ready to run.
type node struct {
	id     string
	kind   kpn.Kind
	step   step
	params []kpn.NodeParam
	inputs []edge
	// arrival is the latency of what reaches the node.
	arrival int
	// latency is how late the node's output is: its latest source's, and its
	// own on top.
	latency int
	// level counts the whole-row nodes on the way to the node's output: those
	// of level k can be measured once those below k are.
	level     int
	stream    uint32
	ratio     int
	decimator decimator
}

// edge is a source as its reader sees it.
type edge struct {
	from, delay int
}

// newPlan walks a valid graph from its outputs back.
func newPlan(g *kpn.Graph) *plan {
	p := &plan{}
	index := map[string]int{}
	for _, id := range order(g) {
		index[id] = len(p.nodes)
		n, _ := g.Node(id)
		p.nodes = append(p.nodes, p.newNode(g, n, index))
	}
	for _, id := range g.Outputs {
		p.latency = max(p.latency, p.nodes[index[id]].latency)
	}
	for _, id := range g.Outputs {
		from := index[id]
		p.outputs = append(p.outputs, edge{from, p.latency - p.nodes[from].latency})
	}
	return p
}

// newNode prepares a node whose sources are in the plan. It aligns them: the
// early ones wait for the latest. Wanted delays come on top.
func (p *plan) newNode(g *kpn.Graph, n *kpn.Node, index map[string]int) node {
	v := node{
		id:        n.ID,
		kind:      n.Kind,
		step:      steps[n.Kind],
		params:    g.Parameters(n),
		stream:    kpn.NodeStream(n.ID),
		ratio:     n.Ratio(),
		decimator: newDecimator(n.Ratio(), n.Quality),
	}
	inputs := g.Inputs(n.ID)
	arrival := 0
	for _, e := range inputs {
		source := &p.nodes[index[e.From]]
		arrival = max(arrival, source.latency)
		v.level = max(v.level, source.level)
	}
	for _, e := range inputs {
		from := index[e.From]
		v.inputs = append(v.inputs, edge{from, e.DelayFrames + arrival - p.nodes[from].latency})
	}
	v.arrival = arrival
	v.latency = arrival + n.Latency()
	if v.step.measure != nil {
		v.level++
	}
	return v
}

// order lists the nodes that the outputs depend on, sources first. It walks
// with a stack of its own: a long chain must not exhaust the goroutine's.
func order(g *kpn.Graph) []string {
	sources := map[string][]string{}
	for _, e := range g.Edges {
		sources[e.To] = append(sources[e.To], e.From)
	}
	var sorted []string
	const opened, closed = 1, 2
	state := map[string]int{}
	stack := slices.Clone(g.Outputs)
	for len(stack) > 0 {
		id := stack[len(stack)-1]
		switch state[id] {
		case closed:
			stack = stack[:len(stack)-1]
		case opened:
			state[id] = closed
			sorted = append(sorted, id)
		default:
			state[id] = opened
			stack = append(stack, sources[id]...)
		}
	}
	return sorted
}

// levels is how many passes over the rows must come before the last.
func (p *plan) levels() int {
	most := 0
	for i := range p.nodes {
		most = max(most, p.nodes[i].level)
	}
	return most
}

// measured lists the whole-row nodes of a level and what they depend on, in
// order.
func (p *plan) measured(level int) []int {
	needed := make([]bool, len(p.nodes))
	var list []int
	for i := len(p.nodes) - 1; i >= 0; i-- {
		v := &p.nodes[i]
		wanted := v.step.measure != nil && v.level == level
		if !needed[i] && !wanted {
			continue
		}
		list = append(list, i)
		for _, e := range v.inputs {
			needed[e.from] = true
		}
	}
	slices.Reverse(list)
	return list
}
