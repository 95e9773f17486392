package kpn

import (
	"fmt"
	"strings"
)

// Loops returns the sets of nodes of which each reaches all others of its set
// along edges, whatever their delays: sets of several nodes, and nodes that
// read themselves. Sets and nodes are in the graph's order.
//
// A loop is legal if every cycle in it has a delayed edge. All of its nodes wait
// for the latest source outside of it. Inside, the delayed edges close the loop:
// engines evaluate their readers first. Their readers do not wait for them, so
// that they take up the latency of the loop's own nodes: the reader's output is
// computed from what the source gave so many frames before as the delay is, and
// the reader's arrival, less the source's latency. That must be at least one
// frame; see [Graph.Validate].
func (g *Graph) Loops() [][]string {
	t := tarjan{next: make([][]int, len(g.Nodes))}
	index := map[string]int{}
	for i := range g.Nodes {
		index[g.Nodes[i].ID] = i
	}
	self := map[int]bool{}
	for _, e := range g.Edges {
		from, ok := index[e.From]
		to, exists := index[e.To]
		if !ok || !exists {
			continue
		}
		t.next[from] = append(t.next[from], to)
		self[from] = self[from] || from == to
	}
	component := t.components()
	members := map[int][]string{}
	for i := range g.Nodes {
		members[component[i]] = append(members[component[i]], g.Nodes[i].ID)
	}
	var loops [][]string
	for i := range g.Nodes {
		set := members[component[i]]
		if set[0] == g.Nodes[i].ID && (len(set) > 1 || self[i]) {
			loops = append(loops, set)
		}
	}
	return loops
}

// tarjan finds strongly connected components. It walks with a stack of its
// own: a hostile graph must not exhaust the goroutine's.
//
// Source: Tarjan, "Depth-first search and linear graph algorithms", SIAM J.
// Comput. 1(2), 1972.
type tarjan struct {
	next [][]int
}

// components gives each node the number of its component.
func (t *tarjan) components() []int {
	const unseen = 0
	number, low := make([]int, len(t.next)), make([]int, len(t.next))
	component, edge := make([]int, len(t.next)), make([]int, len(t.next))
	var open, path []int
	count, found := 0, 0
	for root := range t.next {
		if number[root] != unseen {
			continue
		}
		path = append(path, root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if number[v] == unseen {
				count++
				number[v], low[v] = count, count
				open = append(open, v)
			}
			if edge[v] < len(t.next[v]) {
				to := t.next[v][edge[v]]
				edge[v]++
				switch {
				case number[to] == unseen:
					path = append(path, to)
				case component[to] == 0:
					low[v] = min(low[v], number[to])
				}
				continue
			}
			if low[v] == number[v] {
				found++
				for top := -1; top != v; {
					top = open[len(open)-1]
					open = open[:len(open)-1]
					component[top] = found
				}
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				parent := path[len(path)-1]
				low[parent] = min(low[parent], low[v])
			}
		}
	}
	return component
}

// validateLoops checks the loops of a graph in which every cycle has a delayed
// edge: their delays must be longer than what its nodes are late by, and no
// statistic of a whole row may depend on itself.
func (g *Graph) validateLoops(late func(*Node) int) []error {
	loops := g.Loops()
	if len(loops) == 0 {
		return nil
	}
	loop := map[string]int{}
	var errs []error
	for i, set := range loops {
		for _, id := range set {
			loop[id] = i + 1
			n, _ := g.Node(id)
			if spec, ok := g.Spec(n.Kind); ok && spec.WholeRow {
				errs = append(errs, &GraphError{Node: id, Field: "kind", Reason: fmt.Sprintf("kind %s needs its whole input row first, so it cannot be in a loop: %s; take it out of the loop", n.Kind, strings.Join(set, ", "))})
			}
		}
	}
	feeds := func(e Edge) bool { return e.DelayFrames > 0 && loop[e.From] > 0 && loop[e.From] == loop[e.To] }
	arrival, latency := g.latencies(late, func(e Edge) bool {
		// All nodes of a loop wait for its other sources alike.
		return loop[e.From] == 0 || loop[e.From] != loop[e.To] || feeds(e)
	})
	for _, e := range g.Edges {
		if left := e.DelayFrames + arrival[e.To] - latency[e.From]; feeds(e) && left < 1 {
			errs = append(errs, &GraphError{Node: e.To, Field: e.Port, Reason: fmt.Sprintf("it closes a loop that is %d frames late by itself: delay_frames is %d and must be at least %d", latency[e.From]-arrival[e.To], e.DelayFrames, e.DelayFrames+1-left)})
		}
	}
	return errs
}

// latencies are those of what reaches each node and of what leaves it, when
// nodes are so late and do not wait for some edges. Without those the graph has
// no cycle.
func (g *Graph) latencies(late func(*Node) int, without func(Edge) bool) (arrival, latency map[string]int) {
	arrival, latency = map[string]int{}, map[string]int{}
	next, waits := map[string][]string{}, map[string]int{}
	for _, e := range g.Edges {
		if !without(e) {
			next[e.From] = append(next[e.From], e.To)
			waits[e.To]++
		}
	}
	own := map[string]int{}
	var ready []string
	for i := range g.Nodes {
		n := &g.Nodes[i]
		own[n.ID] = late(n)
		if waits[n.ID] == 0 {
			ready = append(ready, n.ID)
		}
	}
	for len(ready) > 0 {
		id := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		latency[id] = arrival[id] + own[id]
		for _, to := range next[id] {
			arrival[to] = max(arrival[to], latency[id])
			if waits[to]--; waits[to] == 0 {
				ready = append(ready, to)
			}
		}
	}
	return arrival, latency
}
