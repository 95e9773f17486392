package cpuref

import "sawmill/kpn"

// join connects the nodes of a set, from first on, to their sources. It aligns
// the sources of each, and those of a loop as a whole: the early ones wait for
// the latest. Wanted delays come on top, but where they close a loop they take
// up what the loop's own nodes are late by.
func (p *plan) join(g *kpn.Graph, set set, first int, index map[string]int) {
	level, arrival := 0, 0
	for i := first; i < len(p.nodes); i++ {
		n, _ := g.Node(p.nodes[i].id)
		for _, e := range g.Sources(n) {
			if from := index[e.From]; from < first {
				level = max(level, p.nodes[from].level)
				arrival = max(arrival, p.nodes[from].latency)
			}
		}
	}
	for i := first; i < len(p.nodes); i++ {
		v := &p.nodes[i]
		v.arrival = arrival
		n, _ := g.Node(v.id)
		for _, e := range g.Sources(n) {
			if !set.feeds(e) {
				v.arrival = max(v.arrival, p.nodes[index[e.From]].latency)
			}
		}
		v.latency = v.arrival + n.Latency()
		if v.remembers || len(v.ports) == 0 {
			v.start = v.arrival
		}
	}
	own := group{first: first, end: len(p.nodes)}
	for i := first; i < len(p.nodes); i++ {
		v := &p.nodes[i]
		v.level = level
		if v.step.measure != nil {
			v.level++
		}
		n, _ := g.Node(v.id)
		for _, e := range g.Sources(n) {
			from := index[e.From]
			in := edge{from: from, delay: e.DelayFrames + v.arrival - p.nodes[from].latency, feeds: set.feeds(e)}
			if in.feeds {
				if in.delay < 1 {
					panic("cpuref: node " + v.id + " is in a loop that is later than its delays")
				}
				if own.run == 0 || in.delay < own.run {
					own.run = in.delay
				}
			}
			v.inputs = append(v.inputs, in)
		}
	}
	p.groups = append(p.groups, own)
}
