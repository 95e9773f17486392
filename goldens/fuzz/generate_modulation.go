package fuzz

import (
	"fmt"
	"math"
	"slices"

	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// modulating lets trials have modulations and control nodes.
const modulating = true

// What modulations are made of.
var (
	// controlRates are the usual one, slow and fast ones: as much of the sample
	// rate as is allowed, where it is lower.
	controlRates = []float64{1000, 441, 1, 100.5, 12000, 1e6}
	// modChannels are all, those that jobs have, and some that they may not.
	modChannels = []int{kpn.AllChannels, kpn.AllChannels, kpn.AllChannels, 0, 1, 2, kpn.MaxChannels - 1}
	modModes    = []kpn.ModulationMode{kpn.ModulationAdd, kpn.ModulationMultiply}
	modCounts   = []int{1, 1, 1, 2, 3}
)

// control decides whether the node to come steps at the control rate: one whose
// kind may, and that finds control nodes to read.
func (g *generator) control(spec *kpn.Spec) bool {
	if !g.modulating || !spec.Control || !g.tape.chance(3) {
		return false
	}
	return len(spec.Inputs) == 0 || len(g.sources(true)) > 0
}

// sources lists the nodes that a node to come may read, the last one first:
// only control nodes, if it is one.
func (g *generator) sources(control bool) []string {
	var list []string
	for _, n := range slices.Backward(g.trial.Draft.Nodes) {
		if n.Control || !control {
			list = append(list, n.ID)
		}
	}
	return list
}

// isControl says whether a node steps at the control rate.
func (g *generator) isControl(id string) bool {
	return slices.ContainsFunc(g.trial.Draft.Nodes, func(n cases.DraftNode) bool { return n.ID == id && n.Control })
}

// controlRate draws the control domain.
func (g *generator) controlRate() {
	d := &g.trial.Draft
	rate := min(from(g.tape, controlRates), kpn.MaxControlRatio*d.Rate)
	d.Control = kpn.Control{Rate: rate, AlignEnds: g.tape.chance(2)}
}

// modulations lets signals change some of a node's parameters.
func (g *generator) modulations(n *cases.DraftNode, p *kpn.Parameter, name string) {
	sources := g.sources(n.Control)
	if !g.modulating || !p.Modulatable() || len(sources) == 0 || !g.tape.chance(5) {
		return
	}
	for range from(g.tape, modCounts) {
		mode := from(g.tape, modModes)
		m := &kpn.Modulation{Mode: mode, Scale: g.scale(n, p, name, mode), Channel: from(g.tape, modChannels)}
		e := kpn.Edge{From: from(g.tape, sources), To: n.ID, Port: name, Modulation: m}
		if !g.isControl(e.From) && g.tape.chance(5) {
			e.DelayFrames = g.delay()
		}
		g.trial.Draft.Edges = append(g.trial.Draft.Edges, e)
	}
}

// scale is mostly a part of the parameter's value, or of 1 where that is
// multiplied, so that the value stays in its range: what float32 makes of one
// that leaves it, or of a pitch of 1e9 Hz, has no tolerance. Now and then it is
// anything.
func (g *generator) scale(n *cases.DraftNode, p *kpn.Parameter, name string, mode kpn.ModulationMode) float64 {
	t := g.tape
	v, ok := n.Params[name]
	size := math.Max(math.Abs(v.Low), math.Abs(v.High))
	if !ok || size == 0 {
		size = math.Abs(p.Default)
	}
	if size == 0 || mode == kpn.ModulationMultiply {
		size = 1
	}
	if !t.chance(16) {
		return size / 4 * (2*t.unit() - 1)
	}
	return from(t, []float64{0, 1, -float64(float32(size / 4)), min(2*size, 1e9), 1e9, -1e9, 5e-324, 1e-30})
}

// feedback closes a loop, or would if the graph had the rest of it: a node
// changes a parameter of an earlier one, or its own, late enough for every
// latency on the way. Whole rows cannot be in loops.
func (g *generator) feedback() {
	t, d := g.tape, &g.trial.Draft
	if !g.modulating || !t.chance(8) {
		return
	}
	latency := 0
	for i := range d.Nodes {
		n := &d.Nodes[i]
		if spec, _ := kpn.Lookup(n.Kind); spec.WholeRow {
			return
		}
		latency += (&kpn.Node{Kind: n.Kind, Oversample: n.Oversample, Quality: n.Quality}).Latency()
	}
	at := t.pick(len(d.Nodes))
	last := at + t.pick(len(d.Nodes)-at)
	to := &d.Nodes[at]
	if to.Control || d.Nodes[last].Control {
		return
	}
	spec, _ := kpn.Lookup(to.Kind)
	for i := range spec.Params {
		p := &spec.Params[i]
		if !p.Modulatable() || p.PerInput {
			continue
		}
		mode := from(t, modModes)
		m := &kpn.Modulation{Mode: mode, Scale: g.scale(to, p, p.Name, mode), Channel: kpn.AllChannels}
		d.Edges = append(d.Edges, kpn.Edge{From: d.Nodes[last].ID, To: to.ID, Port: p.Name, Modulation: m, DelayFrames: 1 + latency + t.pick(16)})
		return
	}
}

// audible makes sure that the last node can be an output: a control signal
// gets a node that reads it.
func (g *generator) audible() {
	d := &g.trial.Draft
	last := d.Nodes[len(d.Nodes)-1]
	if !last.Control {
		return
	}
	id := g.id()
	d.Edges = append(d.Edges, kpn.Edge{From: last.ID, To: id, Port: "in"})
	d.Nodes = append(d.Nodes, cases.DraftNode{ID: id, Kind: kpn.KindGain, Params: map[string]cases.Values{}})
}

// member is the name of a source of a variadic port, or of its parameter.
func member(name string, k int) string { return fmt.Sprintf("%s_%d", name, k) }
