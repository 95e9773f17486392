package kpn

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Check reports what keeps a preset from being rendered as it is: frequencies
// above half of the sample rate, a control rate above a quarter of it, and inputs
// that have no default and are not among those of [Preset.Feed]. A preset that
// was parsed is right for its own rate.
func (p *Preset) Check(rate float64) error {
	if !(rate >= 1 && rate <= MaxSampleRate) {
		return &JobError{"rate", fmt.Sprintf("got %g Hz, allowed is 1 to %d", rate, MaxSampleRate)}
	}
	if faults := append(p.rangeFaults(rate), p.inputFaults()...); len(faults) > 0 {
		return report(p.file, p.text, faults)
	}
	return nil
}

// inputFaults reports the inputs that nobody feeds.
func (p *Preset) inputFaults() []presetFault {
	var faults []presetFault
	for i := range p.Graph.Nodes {
		if n := &p.Graph.Nodes[i]; n.Kind == KindInput && !p.fed[n.ID] {
			faults = append(faults, faultAt(p.places[ParamRef{Node: n.ID}].child("kind"),
				"the node is an input, and no signal is given for it; give one (--input %s=FILE), or give the node a \"default\", the node to be in its place", n.ID))
		}
	}
	return faults
}

// rangeFaults holds every parameter's values against its range, and the control
// rate.
func (p *Preset) rangeFaults(rate float64) []presetFault {
	var faults []presetFault
	if reason := p.Graph.controlRateFault(rate); reason != "" {
		faults = append(faults, faultAt(p.places[controlRateRef], "%s", reason))
	}
	bound := map[ParamRef]*binding{}
	for i := range p.bindings {
		bound[p.bindings[i].ref] = &p.bindings[i]
	}
	for i := range p.Graph.Nodes {
		n := &p.Graph.Nodes[i]
		for _, param := range p.Graph.Parameters(n) {
			ref := ParamRef{n.ID, param.Name}
			lo, hi := param.Value, param.Value
			words := ""
			write := number
			if b := bound[ref]; b != nil {
				lo, hi = p.span(b)
				words = p.bindingWords(b)
				write = derived
			} else if param.Rate != Constant {
				continue
			}
			upper := param.Spec.Upper(p.nodeRate(n, rate))
			if lo >= param.Spec.Min && hi <= upper {
				continue
			}
			worst := hi
			if lo < param.Spec.Min {
				worst = lo
			}
			at := p.places[ref]
			switch {
			case at == nil:
				at = p.places[ParamRef{Node: n.ID}]
				words = fmt.Sprintf("the default of %s, %s, is out of range", param.Name, withUnit(write(worst), param.Spec.Unit))
			case words == "":
				words = "got " + withUnit(write(worst), param.Spec.Unit)
			default:
				words += " reaches " + withUnit(write(worst), param.Spec.Unit)
			}
			faults = append(faults, faultAt(at, "%s; allowed is %s", words, allowedRange(param.Spec, n, p.nodeRate(n, rate))))
		}
	}
	return faults
}

// span is the range of the values that a binding gives.
func (p *Preset) span(b *binding) (lo, hi float64) {
	lo, hi = p.Sampled[b.sampled].Distribution.Support()
	lo, hi = b.value(lo), b.value(hi)
	return min(lo, hi), max(lo, hi)
}

// bindingWords says what a parameter is bound to.
func (p *Preset) bindingWords(b *binding) string {
	s := &p.Sampled[b.sampled]
	if s.Name == b.ref.String() {
		return s.Distribution.String()
	}
	words := fmt.Sprintf("%s = %s", s.Name, s.Distribution)
	if b.multiply != 1 {
		words += ", times " + number(b.multiply)
	}
	if b.add != 0 {
		words += ", plus " + number(b.add)
	}
	if b.multiply != 1 || b.add != 0 {
		words += ","
	}
	return words
}

func withUnit(v, unit string) string {
	if unit == "" {
		return v
	}
	return v + " " + unit
}

// nodeRate is the rate at which a node steps.
func (p *Preset) nodeRate(n *Node, rate float64) float64 {
	if n.Control && p.Graph.Control.Rate > 0 {
		return p.Graph.Control.Rate
	}
	return rate
}

func allowedRange(s *Parameter, n *Node, rate float64) string {
	words := number(s.Min) + " to " + withUnit(number(s.Upper(rate)), s.Unit)
	if s.Nyquist {
		which := "sample"
		if n.Control {
			which = "control"
		}
		words += ", half the " + which + " rate of " + withUnit(number(rate), "Hz")
	}
	return words
}

// checkGraph reports the faults of the graph's structure where the file has
// them.
func (r *presetReader) checkGraph() {
	g := r.preset.Graph
	for _, m := range r.nodes {
		r.preset.places[ParamRef{Node: m.name}] = m.value.place
	}
	for _, err := range slices.Concat(g.validateNodes(), g.validateEdges(), g.validateControl()) {
		var e *GraphError
		if errors.As(err, &e) {
			if e.Node == "" && e.Field == "control" {
				continue // said of the file's own member
			}
			f := faultAt(r.graphPlace(e), "%s", e.Reason)
			f.follows = true
			r.faults = append(r.faults, f)
		}
	}
	r.checkCycles()
}

// graphPlace finds where the file says what a graph's error is about.
func (r *presetReader) graphPlace(e *GraphError) *place {
	if at := r.inputs[ParamRef{e.Node, e.Field}]; at != nil {
		return at
	}
	if e.Node == "" {
		// Presets have one output, under a name of its own.
		if v := r.root.get(strings.TrimSuffix(e.Field, "s")); v != nil {
			return v.place
		}
	}
	for _, m := range r.nodes {
		if m.name != e.Node {
			continue
		}
		if v := m.value.get(e.Field); v != nil {
			return v.place
		}
		spec, ok := Lookup(Kind(m.value.get("kind").string()))
		if ok && spec.hasPort(e.Field) {
			if v := m.value.get("inputs"); v != nil {
				return v.place
			}
			return m.value.child("inputs")
		}
		return m.value.place
	}
	return r.root.place
}

// maxCycles bounds how many cycles are reported.
const maxCycles = 20

// checkCycles reports cycles, each at the edge that closes it. It looks for
// the next with that edge taken out.
func (r *presetReader) checkCycles() {
	g := Graph{Nodes: r.preset.Graph.Nodes, Edges: slices.Clone(r.preset.Graph.Edges)}
	places := slices.Clone(r.edges)
	for range maxCycles {
		cycle := g.findCycle()
		if cycle == nil {
			if len(g.Edges) == len(r.edges) {
				r.checkLoops()
			}
			return
		}
		from, to := cycle[len(cycle)-2], cycle[0]
		i := slices.IndexFunc(g.Edges, func(e Edge) bool { return e.From == from && e.To == to && e.DelayFrames == 0 })
		f := faultAt(places[i], "the node's output reaches its own input: %s; remove one of these edges, or delay one with \"delay_frames\"", strings.Join(cycle, " → "))
		f.cause = ErrCycle
		r.faults = append(r.faults, f)
		g.Edges = slices.Delete(g.Edges, i, i+1)
		places = slices.Delete(places, i, i+1)
	}
}

// checkLoops reports loops whose delays are too short.
func (r *presetReader) checkLoops() {
	for _, err := range r.preset.Graph.validateLoops((*Node).Latency) {
		var e *GraphError
		if errors.As(err, &e) {
			r.faults = append(r.faults, faultAt(r.graphPlace(e), "%s", e.Reason))
		}
	}
}

// checkStreams reports names whose random streams coincide: their values
// would be the same. It is a chance of one in four thousand million for a
// pair of names.
func (r *presetReader) checkStreams() {
	taken := map[uint32]string{}
	claim := func(at *place, stream uint32, name string) {
		if other, ok := taken[stream]; ok && other != name {
			r.fault(at, "the random stream of %s is also that of %s; rename one", quoted(name), quoted(other))
			return
		}
		taken[stream] = name
	}
	for _, v := range r.shared {
		claim(v.place, Stream("param:"+v.name), v.name)
	}
	for _, v := range r.inline {
		claim(v.place, Stream("param:"+v.name), v.name)
	}
	for _, m := range r.nodes {
		if Kind(m.value.get("kind").string()) == KindNoise {
			claim(m.place, NodeStream(m.name), m.name)
		}
	}
}
