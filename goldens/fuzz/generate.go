package fuzz

import (
	"fmt"
	"slices"

	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// What trials are made of. Sizes are small: what goes wrong on many nodes
// mostly does on few, and a software renderer compiles a kernel for each.
const (
	maxNodes = 6
	// faulty is one trial in how many has a fault.
	faulty = 10
)

var (
	rates = []float64{48000, 44100, 8000, 96000, 22050.5, 11025, 192000, 3, 1, kpn.MaxSampleRate}
	// Frames around the sizes of vectors, workgroups and chunks, and odd ones;
	// manyFrames are cut into chunks even behind a decimator.
	frames     = []int{32, 1, 2, 3, 4, 5, 7, 8, 13, 31, 33, 63, 64, 65, 100, 113, 127, 128, 129, 257}
	manyFrames = []int{1000, 1021, 2048, 4099}
	items      = []int{1, 2, 3, 4, 5, 7}
	channels   = []int{1, 1, 2, 3}
	seeds      = []uint64{1, 0, 1<<32 - 1, 1 << 63, 1<<64 - 1}
	firstItems = []uint64{0, 1, 2, 1<<32 - 2, 1<<48 - 2, 1<<64 - 2}
	delays     = []int{1, 2, 3, 4, 5, 7, 16, 31, 64}
	qualities  = []kpn.Quality{kpn.Standard, kpn.Draft, kpn.High}
	// ids are names that a generator of source text could trip over.
	ids = []string{"_", "main", "float", "gl_Position", "a__b", "Input", "out", "x0", "node_1", "state", "I", "precise", "in_0", "frame"}
)

// generate reads a trial off a tape.
func generate(t *tape, modulating bool) *Trial {
	g := &generator{tape: t, trial: &Trial{}, modulating: modulating && t.chance(2)}
	d := &g.trial.Draft
	d.Rate = rates[0]
	if t.chance(3) {
		d.Rate = from(t, rates)
	}
	first := g.job()
	d.Shape, d.Seed, d.FirstItem = first.Shape, first.Seed, first.FirstItem
	if g.modulating && t.chance(2) {
		g.controlRate()
	}
	for range 1 + t.pick(maxNodes) {
		g.node()
	}
	g.audible()
	g.feedback()
	g.outputs()
	if t.chance(4) {
		slices.Reverse(d.Nodes)
	}
	if t.chance(4) {
		slices.Reverse(d.Edges)
	}
	for range t.pick(3) {
		g.trial.More = append(g.trial.More, g.job())
	}
	if t.chance(faulty) {
		g.trial.Fault = from(t, FaultNames())
		g.trial.FaultPlace = t.word()
	}
	return g.trial
}

// generator is the state of one trial's making.
type generator struct {
	tape  *tape
	trial *Trial
	// modulating lets the trial have modulations and control nodes.
	modulating bool
	// rate is that of the node under way.
	rate float64
}

// job draws an extent.
func (g *generator) job() Job {
	t := g.tape
	j := Job{Shape: kpn.Shape{B: from(t, items), C: from(t, channels), F: from(t, frames)}, Seed: from(t, seeds)}
	if t.chance(12) {
		j.Shape.F = from(t, manyFrames)
	}
	if t.chance(2) {
		j.Seed = t.word()
	}
	if t.chance(3) {
		j.FirstItem = from(t, firstItems)
	}
	return j
}

// node adds a node whose sources are there already.
func (g *generator) node() {
	t, d := g.tape, &g.trial.Draft
	var fitting []*kpn.Spec
	for _, s := range kpn.Catalogue() {
		if len(s.Inputs) == 0 || len(d.Nodes) > 0 {
			fitting = append(fitting, s)
		}
	}
	spec := from(t, fitting)
	n := cases.DraftNode{ID: g.id(), Kind: spec.Kind, Params: map[string]cases.Values{}}
	g.rate = d.Rate
	if n.Control = d.Control.Rate > 0 && g.control(spec); n.Control {
		g.rate = min(d.Rate, d.Control.Rate)
	} else {
		g.oversample(&n, spec)
	}
	if t.chance(3) {
		n.Quality = from(t, qualities)
	}
	if spec.Table != nil {
		n.Table = g.table(spec.Table)
	}
	sources := 0
	for _, p := range spec.Inputs {
		sources += g.edges(&n, p)
	}
	if n.Kind == kpn.KindInput {
		signal := g.signal()
		n.Signal = &signal
	}
	for i := range spec.Params {
		p := &spec.Params[i]
		if !p.PerInput {
			g.param(&n, p, p.Name)
			g.modulations(&n, p, p.Name)
			continue
		}
		for k := range sources {
			g.param(&n, p, member(p.Name, k))
			g.modulations(&n, p, member(p.Name, k))
		}
	}
	d.Nodes = append(d.Nodes, n)
}

// oversample draws a node's ratio.
func (g *generator) oversample(n *cases.DraftNode, spec *kpn.Spec) {
	for ratio := 2; ratio <= spec.MaxOversample && g.tape.chance(3); ratio *= 2 {
		n.Oversample = ratio
	}
	if spec.MaxOversample > 1 && g.tape.chance(40) {
		n.Oversample = spec.MaxOversample
	}
}

// id is a name that no node has.
func (g *generator) id() string {
	nodes := g.trial.Draft.Nodes
	id := fmt.Sprintf("n%d", len(nodes))
	if g.tape.chance(6) {
		id = from(g.tape, ids)
	}
	for slices.ContainsFunc(nodes, func(n cases.DraftNode) bool { return n.ID == id }) {
		id += "_"
	}
	return id
}

// edges connects a port of the node to come and says to how many sources.
func (g *generator) edges(to *cases.DraftNode, p kpn.Port) int {
	t, d := g.tape, &g.trial.Draft
	count := 1
	switch {
	case p.Variadic:
		count = max(1, p.Least) + t.pick(3)
		if t.chance(24) {
			count = max(count, from(t, []int{5, 11, p.Limit()}))
		}
	case p.Optional && t.chance(2):
		return 0
	}
	sources := g.sources(to.Control)
	for k := range count {
		e := kpn.Edge{From: from(t, sources), To: to.ID, Port: p.Name}
		if p.Variadic {
			e.Port = member(p.Name, k)
		}
		if t.chance(4) && !g.isControl(e.From) {
			e.DelayFrames = g.delay()
		}
		d.Edges = append(d.Edges, e)
	}
	return count
}

// delay is mostly short, and now and then around the length of the job.
func (g *generator) delay() int {
	t, f := g.tape, g.trial.Draft.Shape.F
	if t.chance(6) {
		return from(t, []int{f - 1, f, f + 1, 10 * f, 5000, kpn.MaxEdgeDelay})
	}
	return from(t, delays)
}

// outputs names the last node and perhaps others.
func (g *generator) outputs() {
	t, d := g.tape, &g.trial.Draft
	d.Outputs = []string{d.Nodes[len(d.Nodes)-1].ID}
	for i := len(d.Nodes) - 2; i >= 0 && len(d.Outputs) < kpn.MaxOutputs; i-- {
		if t.chance(3) && !d.Nodes[i].Control {
			d.Outputs = append(d.Outputs, d.Nodes[i].ID)
		}
	}
	if t.chance(4) {
		slices.Reverse(d.Outputs)
	}
}
