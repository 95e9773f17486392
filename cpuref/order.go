package cpuref

import (
	"slices"

	"sawmill/kpn"
)

// set is a node, or the nodes of a loop in the order in which they can be
// evaluated.
type set struct {
	nodes []string
	loop  map[string]bool
}

// feeds says whether an edge closes the set's loop: the delayed ones in it do.
func (s *set) feeds(e kpn.Edge) bool {
	return e.DelayFrames > 0 && s.loop[e.From] && s.loop[e.To]
}

// order lists the nodes that the outputs depend on, sources first, those of a
// loop together.
func order(g *kpn.Graph) []set {
	sets := map[string]*set{}
	for i := range g.Nodes {
		sets[g.Nodes[i].ID] = &set{}
	}
	loops := g.Loops()
	for _, loop := range loops {
		s := &set{loop: map[string]bool{}}
		for _, id := range loop {
			s.loop[id] = true
			sets[id] = s
		}
	}
	outside, inside := map[*set][]*set{}, map[string][]string{}
	for _, e := range g.Edges {
		from, to := sets[e.From], sets[e.To]
		switch {
		case from != to:
			outside[to] = append(outside[to], from)
		case e.DelayFrames == 0:
			inside[e.To] = append(inside[e.To], e.From)
		}
	}
	for id, s := range sets {
		if s.loop == nil {
			s.nodes = []string{id}
		}
	}
	for _, loop := range loops {
		sets[loop[0]].nodes = sorted(loop, inside)
	}
	var wanted []*set
	for _, id := range g.Outputs {
		wanted = append(wanted, sets[id])
	}
	var list []set
	for _, s := range sorted(wanted, outside) {
		list = append(list, *s)
	}
	return list
}

// sorted lists what some things depend on, and them, sources first. It walks
// with a stack of its own: a long chain must not exhaust the goroutine's.
func sorted[T comparable](wanted []T, sources map[T][]T) []T {
	var list []T
	const opened, closed = 1, 2
	state := map[T]int{}
	stack := slices.Clone(wanted)
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		switch state[at] {
		case closed:
			stack = stack[:len(stack)-1]
		case opened:
			state[at] = closed
			list = append(list, at)
		default:
			state[at] = opened
			stack = append(stack, sources[at]...)
		}
	}
	return list
}
