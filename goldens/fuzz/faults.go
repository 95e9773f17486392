package fuzz

import (
	"slices"
	"strings"

	"sawmill/kpn"
)

// fault makes a valid graph, or a valid job of it, one that every engine must
// refuse.
type fault struct {
	name string
	// apply says whether the graph has a place for the fault.
	apply func(p *place) bool
}

// place chooses where a fault goes.
type place struct {
	graph *kpn.Graph
	job   *kpn.Job
	at    uint64
}

// pick is a number from 0 to n-1; n is at least 1.
func (p *place) pick(n int) int {
	k := int(p.at % uint64(n))
	p.at /= uint64(n)
	return k
}

func (p *place) node() *kpn.Node { return &p.graph.Nodes[p.pick(len(p.graph.Nodes))] }

// edge is one of the edges, or nil.
func (p *place) edge() *kpn.Edge {
	if len(p.graph.Edges) == 0 {
		return nil
	}
	return &p.graph.Edges[p.pick(len(p.graph.Edges))]
}

// FaultNames lists the faults that a trial may have.
func FaultNames() []string {
	var names []string
	for _, f := range faults {
		names = append(names, f.name)
	}
	for _, f := range adjointFaults {
		names = append(names, f.name)
	}
	return names
}

// mar puts a trial's fault into a graph and its job. It says false if there is
// no such fault, or no place for it.
func mar(name string, at uint64, g *kpn.Graph, job *kpn.Job) bool {
	i := slices.IndexFunc(faults, func(f fault) bool { return f.name == name })
	return i >= 0 && faults[i].apply(&place{graph: g, job: job, at: at})
}

// marAdjoint does the same to an adjoint job.
func marAdjoint(name string, at uint64, g *kpn.Graph, job *kpn.AdjointJob) bool {
	i := slices.IndexFunc(adjointFaults, func(f adjointFault) bool { return f.name == name })
	return i >= 0 && adjointFaults[i].apply(&place{graph: g, job: job.Job, at: at}, job)
}

// faults has one line each: first those of graphs, then those of jobs.
var faults = slices.Concat(graphFaults, modulationFaults, controlFaults, parameterFaults, jobFaults, tensorFaults)

var graphFaults = []fault{
	{"no_nodes", func(p *place) bool { p.graph.Nodes = nil; return true }},
	{"no_outputs", func(p *place) bool { p.graph.Outputs = nil; return true }},
	{"unknown_output", func(p *place) bool { p.graph.Outputs = append(p.graph.Outputs, "nobody"); return true }},
	{"repeated_output", func(p *place) bool { p.graph.Outputs = append(p.graph.Outputs, p.graph.Outputs[0]); return true }},
	{"too_many_outputs", func(p *place) bool {
		for range kpn.MaxOutputs {
			id := "spare" + string(rune('a'+len(p.graph.Outputs)))
			p.graph.Nodes = append(p.graph.Nodes, kpn.Node{ID: id, Kind: kpn.KindConstant})
			p.graph.Outputs = append(p.graph.Outputs, id)
		}
		return true
	}},
	{"unknown_kind", func(p *place) bool { p.node().Kind = "nothing"; return true }},
	{"bad_id", func(p *place) bool { p.node().ID = "a b"; return true }},
	{"repeated_id", func(p *place) bool { p.graph.Nodes = append(p.graph.Nodes, *p.node()); return true }},
	{"odd_ratio", func(p *place) bool { p.node().Oversample = 3; return true }},
	{"negative_ratio", func(p *place) bool { p.node().Oversample = -2; return true }},
	{"ratio_too_high", func(p *place) bool {
		n := p.node()
		spec, _ := kpn.Lookup(n.Kind)
		n.Oversample = 2 * spec.MaxOversample
		return true
	}},
	{"unknown_quality", func(p *place) bool { p.node().Quality = kpn.Quality(3 - 4*p.pick(2)); return true }},
	{"no_such_source", edgeFault(func(_ *place, e *kpn.Edge) { e.From = "nobody" })},
	{"no_such_target", edgeFault(func(_ *place, e *kpn.Edge) { e.To = "nobody" })},
	{"no_such_port", edgeFault(func(_ *place, e *kpn.Edge) { e.Port = "in_64" })},
	{"port_taken_twice", portFault(func(p *place, e *kpn.Edge) { p.graph.Edges = append(p.graph.Edges, *e) })},
	{"port_without_source", portFault(func(p *place, e *kpn.Edge) {
		// The first of a variadic port's sources: without the last, the rest
		// would still be numbered without gaps.
		id, port := e.To, e.Port
		if at := strings.LastIndexByte(port, '_'); at >= 0 {
			port = port[:at] + "_0"
		}
		p.graph.Edges = slices.DeleteFunc(p.graph.Edges, func(o kpn.Edge) bool { return o.To == id && o.Port == port && o.Modulation == nil })
	})},
	{"negative_delay", edgeFault(func(_ *place, e *kpn.Edge) { e.DelayFrames = -1 })},
	{"delay_too_long", edgeFault(func(_ *place, e *kpn.Edge) { e.DelayFrames = kpn.MaxEdgeDelay + 1 })},
	{"cycle", edgeFault(func(_ *place, e *kpn.Edge) { e.From, e.DelayFrames = e.To, 0 })},
}

func edgeFault(mar func(p *place, e *kpn.Edge)) func(p *place) bool {
	return func(p *place) bool {
		e := p.edge()
		if e == nil {
			return false
		}
		mar(p, e)
		return true
	}
}

// portFault mars an edge into a port that needs its source.
func portFault(mar func(p *place, e *kpn.Edge)) func(p *place) bool {
	return func(p *place) bool {
		var list []*kpn.Edge
		for i := range p.graph.Edges {
			if e := &p.graph.Edges[i]; e.Modulation == nil && !p.optional(e) {
				list = append(list, e)
			}
		}
		if len(list) == 0 {
			return false
		}
		mar(p, list[p.pick(len(list))])
		return true
	}
}

// optional says whether an edge leads to a port that needs no source.
func (p *place) optional(e *kpn.Edge) bool {
	n, ok := p.graph.Node(e.To)
	if !ok {
		return false
	}
	spec, ok := kpn.Lookup(n.Kind)
	return ok && slices.ContainsFunc(spec.Inputs, func(q kpn.Port) bool { return q.Optional && q.Name == e.Port })
}
