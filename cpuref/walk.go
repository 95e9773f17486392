package cpuref

import "sawmill/kpn"

// plan is a graph in the order in which it can be evaluated: every node that
// an output depends on, after its sources.
type plan struct {
	graph *kpn.Graph
	nodes []node
	// groups are the nodes in runs: loops, and nodes outside of loops one by
	// one.
	groups []group
	// outputs are the graph's, each delayed so that all arrive together.
	outputs []edge
	// latency is the largest of the outputs.
	latency int
}

// group is the nodes from first to end, which are evaluated together: of a
// loop, no more than run frames at a time, since what it feeds back is no later
// than that. Outside of loops run is 0.
type group struct {
	first, end, run int
}

// node is a node of the graph, ready to run.
type node struct {
	id     string
	kind   kpn.Kind
	step   step
	params []param
	// inputs are the node's sources: those of its ports in their order, then
	// those that modulate its parameters.
	inputs []edge
	// ports has the place in inputs of each port's source, −1 where an
	// optional port has none.
	ports []int
	// arrival is the latency of what reaches the node.
	arrival int
	// start is the loop frame of the node's own frame 0, before which it
	// stands still and is silent: the arrival, if the node counts frames or
	// keeps something, and else 0, since then nothing depends on it.
	start int
	// latency is how late the node's output is: its latest source's, and its
	// own on top.
	latency int
	// level counts the whole-row nodes on the way to the node's output: those
	// of level k can be measured once those below k are.
	level int
	// remembers is set where a frame depends on earlier ones.
	remembers bool
	stream    uint32
	ratio     int
	decimator decimator
	// custom is the node's kind, if that is none of the catalogue's.
	custom *kpn.CustomKind
	// table is what the node plays, and cycles a wavetable's levels.
	table  *kpn.Table
	cycles *octaves
}

// param is a parameter and what modulates it.
type param struct {
	kpn.NodeParam
	modulators []modulator
}

// modulator is an edge that changes a parameter; input is its place in the
// node's inputs.
type modulator struct {
	*kpn.Modulation
	input int
}

// edge is a source as its reader sees it.
type edge struct {
	from, delay int
	// feeds is set where the edge closes a loop: its source is evaluated after
	// its reader.
	feeds bool
}

// newPlan walks a valid graph from its outputs back.
func newPlan(g *kpn.Graph) *plan {
	p := &plan{graph: g}
	index := map[string]int{}
	for _, set := range order(g) {
		first := len(p.nodes)
		for _, id := range set.nodes {
			index[id] = len(p.nodes)
			n, _ := g.Node(id)
			p.nodes = append(p.nodes, newNode(g, n))
		}
		p.join(g, set, first, index)
	}
	for _, id := range g.Outputs {
		p.latency = max(p.latency, p.nodes[index[id]].latency)
	}
	for _, id := range g.Outputs {
		from := index[id]
		p.outputs = append(p.outputs, edge{from: from, delay: p.latency - p.nodes[from].latency})
	}
	return p
}

// newNode prepares a node but for its sources.
func newNode(g *kpn.Graph, n *kpn.Node) node {
	v := node{
		id:        n.ID,
		kind:      n.Kind,
		step:      steps[n.Kind],
		stream:    kpn.NodeStream(n.ID),
		ratio:     n.Ratio(),
		decimator: newDecimator(n.Ratio(), n.Quality),
		table:     n.Table,
	}
	if n.Kind == kpn.KindWavetable {
		v.cycles = newOctaves(n.Table)
	}
	v.custom = g.Custom[n.Kind]
	spec, _ := g.Spec(n.Kind)
	v.remembers = spec.Stateful || len(spec.SeekBrokenBy) > 0 || v.step.memory != nil || v.custom != nil
	inputs := g.Inputs(n.ID)
	v.ports = places(spec.Inputs, inputs)
	next := len(inputs)
	for _, p := range g.Parameters(n) {
		own := param{NodeParam: p}
		for _, e := range p.Modulators {
			own.modulators = append(own.modulators, modulator{e.Modulation, next})
			next++
		}
		v.params = append(v.params, own)
	}
	return v
}

// places has the place of each port's source among a node's, −1 where an
// optional port has none. A variadic port has those that are left.
func places(ports []kpn.Port, sources []kpn.Edge) []int {
	var list []int
	next := 0
	for _, p := range ports {
		switch {
		case p.Variadic:
		case next < len(sources) && sources[next].Port == p.Name:
			list = append(list, next)
			next++
		default:
			list = append(list, -1)
		}
	}
	for ; next < len(sources); next++ {
		list = append(list, next)
	}
	return list
}

// levels is how many passes over the rows must come before the last.
func (p *plan) levels() int {
	most := 0
	for i := range p.nodes {
		most = max(most, p.nodes[i].level)
	}
	return most
}

// measured says which groups hold whole-row nodes of a level, or what they
// depend on.
func (p *plan) measured(level int) []bool {
	needed, wanted := make([]bool, len(p.nodes)), make([]bool, len(p.groups))
	for i := len(p.groups) - 1; i >= 0; i-- {
		s := &p.groups[i]
		for k := s.first; k < s.end; k++ {
			v := &p.nodes[k]
			wanted[i] = wanted[i] || needed[k] || v.step.measure != nil && v.level == level
		}
		for k := s.first; k < s.end && wanted[i]; k++ {
			for _, e := range p.nodes[k].inputs {
				needed[e.from] = true
			}
		}
	}
	return wanted
}
