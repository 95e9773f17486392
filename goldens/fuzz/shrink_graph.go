package fuzz

import (
	"fmt"
	"slices"

	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// Each pass hands changed copies of a trial to try, which says whether to
// stop.

// fewerOutputs keeps one output, or leaves one out.
func fewerOutputs(t *Trial, try func(*Trial) bool) {
	outputs := t.Draft.Outputs
	if len(outputs) < 2 {
		return
	}
	for _, id := range outputs {
		c := t.clone()
		c.Draft.Outputs = []string{id}
		c.noDead()
		if try(c) {
			return
		}
	}
	for i := range outputs {
		c := t.clone()
		c.Draft.Outputs = slices.Delete(c.Draft.Outputs, i, i+1)
		if try(c) {
			return
		}
	}
}

// noDeadNodes removes what no output depends on: all of it, or node by node,
// where a fault needs some.
func noDeadNodes(t *Trial, try func(*Trial) bool) {
	c := t.clone()
	if !c.noDead() || try(c) {
		return
	}
	for _, n := range t.Draft.Nodes {
		if slices.ContainsFunc(c.Draft.Nodes, func(alive cases.DraftNode) bool { return alive.ID == n.ID }) {
			continue
		}
		fewer := t.clone()
		fewer.remove(n.ID)
		if try(fewer) {
			return
		}
	}
}

// noDead removes nodes that no output depends on and says whether there were
// any.
func (t *Trial) noDead() bool {
	d := &t.Draft
	alive := slices.Clone(d.Outputs)
	for i := 0; i < len(alive); i++ {
		for _, e := range d.Edges {
			if e.To == alive[i] && !slices.Contains(alive, e.From) {
				alive = append(alive, e.From)
			}
		}
	}
	before := len(d.Nodes)
	for _, n := range slices.Clone(d.Nodes) {
		if !slices.Contains(alive, n.ID) {
			t.remove(n.ID)
		}
	}
	return len(d.Nodes) < before
}

// remove takes a node out, with the edges at it.
func (t *Trial) remove(id string) {
	d := &t.Draft
	d.Nodes = slices.DeleteFunc(d.Nodes, func(n cases.DraftNode) bool { return n.ID == id })
	d.Edges = slices.DeleteFunc(d.Edges, func(e kpn.Edge) bool { return e.From == id || e.To == id })
	d.Outputs = slices.DeleteFunc(d.Outputs, func(o string) bool { return o == id })
}

// fewerNodes lets a source take a node's place, or a constant, or a gain of one
// of its sources.
func fewerNodes(t *Trial, try func(*Trial) bool) {
	for i := range t.Draft.Nodes {
		n := &t.Draft.Nodes[i]
		var sources []string
		for _, e := range t.Draft.Edges {
			if e.To == n.ID && !slices.Contains(sources, e.From) {
				sources = append(sources, e.From)
			}
		}
		for _, source := range sources {
			c := t.clone()
			c.replace(n.ID, source)
			c.noDead()
			if try(c) {
				return
			}
		}
		if n.Kind != kpn.KindConstant && try(t.instead(i, kpn.KindConstant, nil)) {
			return
		}
		for _, e := range t.Draft.Edges {
			if e.To != n.ID || n.Kind == kpn.KindGain {
				continue
			}
			e.Port, e.Modulation = "in", nil
			if try(t.instead(i, kpn.KindGain, []kpn.Edge{e})) {
				return
			}
		}
	}
}

// instead is the trial with another kind in a node's place.
func (t *Trial) instead(node int, kind kpn.Kind, sources []kpn.Edge) *Trial {
	c := t.clone()
	id := t.Draft.Nodes[node].ID
	c.Draft.Edges = slices.DeleteFunc(c.Draft.Edges, func(e kpn.Edge) bool { return e.To == id })
	c.Draft.Edges = append(c.Draft.Edges, sources...)
	c.Draft.Nodes[node] = cases.DraftNode{ID: id, Kind: kind, Params: map[string]cases.Values{}, Control: t.Draft.Nodes[node].Control}
	if kind == kpn.KindConstant {
		// Its default would silence what comes behind.
		c.Draft.Nodes[node].Params["value"] = cases.Values{Low: 1}
	}
	c.noDead()
	return c
}

// replace lets the consumers of a node take another's signal.
func (t *Trial) replace(id, by string) {
	d := &t.Draft
	for i := range d.Edges {
		if d.Edges[i].From == id {
			d.Edges[i].From = by
		}
	}
	for i, o := range d.Outputs {
		if o == id && !slices.Contains(d.Outputs, by) {
			d.Outputs[i] = by
		}
	}
	t.remove(id)
}

// noOversampling takes ratios down, and qualities to the usual one.
func noOversampling(t *Trial, try func(*Trial) bool) {
	for i := range t.Draft.Nodes {
		n := &t.Draft.Nodes[i]
		for _, ratio := range []int{0, 2, n.Oversample / 2} {
			if ratio >= n.Oversample {
				continue
			}
			c := t.clone()
			c.Draft.Nodes[i].Oversample = ratio
			if try(c) {
				return
			}
		}
		if n.Quality != kpn.Standard {
			c := t.clone()
			c.Draft.Nodes[i].Quality = kpn.Standard
			if try(c) {
				return
			}
		}
	}
}

// noDelays takes the delays of edges down.
func noDelays(t *Trial, try func(*Trial) bool) {
	for i := range t.Draft.Edges {
		delay := t.Draft.Edges[i].DelayFrames
		for _, less := range []int{0, 1, delay / 2, delay - 1} {
			if less >= delay {
				continue
			}
			c := t.clone()
			c.Draft.Edges[i].DelayFrames = less
			if try(c) {
				return
			}
		}
	}
}

// plainerNames calls nodes by their kinds.
func plainerNames(t *Trial, try func(*Trial) bool) {
	c := t.clone()
	changed := false
	for i := range c.Draft.Nodes {
		n := &c.Draft.Nodes[i]
		want := string(n.Kind)
		for k := 2; slices.ContainsFunc(c.Draft.Nodes[:i], func(o cases.DraftNode) bool { return o.ID == want }); k++ {
			want = fmt.Sprintf("%s%d", n.Kind, k)
		}
		if n.ID == want || slices.ContainsFunc(c.Draft.Nodes, func(o cases.DraftNode) bool { return o.ID == want }) {
			continue
		}
		c.rename(n.ID, want)
		changed = true
	}
	if changed {
		try(c)
	}
}

func (t *Trial) rename(from, to string) {
	d := &t.Draft
	for i := range d.Nodes {
		if d.Nodes[i].ID == from {
			d.Nodes[i].ID = to
		}
	}
	for i := range d.Edges {
		if d.Edges[i].From == from {
			d.Edges[i].From = to
		}
		if d.Edges[i].To == from {
			d.Edges[i].To = to
		}
	}
	for i, o := range d.Outputs {
		if o == from {
			d.Outputs[i] = to
		}
	}
}
