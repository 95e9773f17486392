package fuzz

import (
	"slices"
	"strings"

	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// fewerEdges takes a source off a variadic port, and its parameters with it;
// those behind move up. Or it takes one off a port that needs none.
func fewerEdges(t *Trial, try func(*Trial) bool) {
	for i := range t.Draft.Nodes {
		n := &t.Draft.Nodes[i]
		spec, ok := kpn.Lookup(n.Kind)
		if !ok || t.withoutOptional(n, spec, try) {
			continue
		}
		port, ok := spec.Variadic()
		if !ok {
			continue
		}
		count := 0
		for _, e := range t.Draft.Edges {
			if e.To == n.ID && e.Modulation == nil && strings.HasPrefix(e.Port, port.Name+"_") {
				count++
			}
		}
		for k := count - 1; k >= 0 && count > port.Least; k-- {
			c := t.clone()
			c.disconnect(i, spec, port, k, count)
			c.noDead()
			if try(c) {
				return
			}
		}
	}
}

// fewerSources lets two edges into a node come from one source, where the other
// one is then of no use.
func fewerSources(t *Trial, try func(*Trial) bool) {
	for i, e := range t.Draft.Edges {
		for _, other := range t.Draft.Edges {
			if other.To != e.To || other.From == e.From {
				continue
			}
			c := t.clone()
			c.Draft.Edges[i].From = other.From
			if c.noDead() && try(c) {
				return
			}
		}
	}
}

// withoutOptional leaves optional ports without their sources, one by one.
func (t *Trial) withoutOptional(n *cases.DraftNode, spec *kpn.Spec, try func(*Trial) bool) bool {
	for k, e := range t.Draft.Edges {
		optional := slices.ContainsFunc(spec.Inputs, func(p kpn.Port) bool { return p.Optional && p.Name == e.Port })
		if e.To != n.ID || e.Modulation != nil || !optional {
			continue
		}
		c := t.clone()
		c.Draft.Edges = slices.Delete(c.Draft.Edges, k, k+1)
		c.noDead()
		if try(c) {
			return true
		}
	}
	return false
}

// disconnect removes source k of a node's variadic port, with what modulates
// the source's own parameters.
func (t *Trial) disconnect(node int, spec *kpn.Spec, port kpn.Port, k, count int) {
	n := &t.Draft.Nodes[node]
	t.moveUp(n.ID, port.Name, false, k, count)
	for _, p := range spec.Params {
		if !p.PerInput {
			continue
		}
		t.moveUp(n.ID, p.Name, true, k, count)
		delete(n.Params, member(p.Name, k))
		for j := k + 1; j < count; j++ {
			if v, ok := n.Params[member(p.Name, j)]; ok {
				n.Params[member(p.Name, j-1)] = v
				delete(n.Params, member(p.Name, j))
			}
		}
	}
}

// moveUp removes the edges into member k of a port, or of a parameter, and
// gives the members behind it the numbers before theirs.
func (t *Trial) moveUp(to, name string, modulations bool, k, count int) {
	at := func(e kpn.Edge, k int) bool {
		return e.To == to && (e.Modulation != nil) == modulations && e.Port == member(name, k)
	}
	t.Draft.Edges = slices.DeleteFunc(t.Draft.Edges, func(e kpn.Edge) bool { return at(e, k) })
	for i := range t.Draft.Edges {
		for j := k + 1; j < count; j++ {
			if e := &t.Draft.Edges[i]; at(*e, j) {
				e.Port = member(name, j-1)
				break
			}
		}
	}
}

// fewerModulations takes modulations away.
func fewerModulations(t *Trial, try func(*Trial) bool) {
	for i := range t.Draft.Edges {
		if t.Draft.Edges[i].Modulation == nil {
			continue
		}
		c := t.clone()
		c.Draft.Edges = slices.Delete(c.Draft.Edges, i, i+1)
		c.noDead()
		if try(c) {
			return
		}
	}
}

// plainerModulations adds instead of multiplying, acts on all channels, or
// makes scales simpler.
func plainerModulations(t *Trial, try func(*Trial) bool) {
	for i := range t.Draft.Edges {
		m := t.Draft.Edges[i].Modulation
		if m == nil {
			continue
		}
		var list []kpn.Modulation
		if m.Mode != kpn.ModulationAdd {
			list = append(list, kpn.Modulation{Mode: kpn.ModulationAdd, Scale: m.Scale, Channel: m.Channel})
		}
		if m.Channel != kpn.AllChannels {
			list = append(list, kpn.Modulation{Mode: m.Mode, Scale: m.Scale, Channel: kpn.AllChannels})
		}
		if m.Channel > 0 {
			list = append(list, kpn.Modulation{Mode: m.Mode, Scale: m.Scale})
		}
		for _, x := range simpler(m.Scale, false) {
			list = append(list, kpn.Modulation{Mode: m.Mode, Scale: x, Channel: m.Channel})
		}
		for _, plainer := range list {
			c := t.clone()
			c.Draft.Edges[i].Modulation = &plainer
			if try(c) {
				return
			}
		}
	}
}

// noControl lets control nodes step at the audio rate, all or one of them, or
// gives those that stay the usual control rate.
func noControl(t *Trial, try func(*Trial) bool) {
	c := t.clone()
	some := false
	for i := range c.Draft.Nodes {
		some = some || c.Draft.Nodes[i].Control
		c.Draft.Nodes[i].Control = false
	}
	c.Draft.Control = kpn.Control{}
	if t.Draft.Control != c.Draft.Control && try(c) || !some {
		return
	}
	for i := range t.Draft.Nodes {
		if !t.Draft.Nodes[i].Control {
			continue
		}
		c := t.clone()
		c.Draft.Nodes[i].Control = false
		if try(c) {
			return
		}
	}
	for _, usual := range []kpn.Control{{Rate: controlRates[0]}, {Rate: t.Draft.Control.Rate}} {
		if c := t.clone(); c.Draft.Control != usual {
			c.Draft.Control = usual
			if try(c) {
				return
			}
		}
	}
}
