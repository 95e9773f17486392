package kpn

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// presetReader turns the tree of a file into a preset. It reads whatever it
// can make sense of and leaves the rest to the schema's errors, so that one
// fault does not hide the others.
type presetReader struct {
	preset *Preset
	root   *jsonValue
	faults []presetFault
	// dangling are the references to nodes that do not exist. Like faults of
	// the schema they hide what follows from them.
	dangling []presetFault
	// shared are the preset's parameters, by their order in the file.
	shared []*randomValue
	byName map[string]*randomValue
	// inline are the random values given inside nodes.
	inline []*randomValue
	// nodes are the nodes' values, in the order of the graph's.
	nodes []jsonMember
	ids   []string
	// inputs are the places of the sources, by node and port or modulated
	// parameter, and edges those of the graph's edges.
	inputs map[ParamRef]*place
	edges  []*place
	// fed names the inputs whose signals are given, so that they keep their
	// kind where they have a default. Those defaults are unused.
	fed    map[string]bool
	unused []*jsonValue
}

// randomValue is a random parameter of the file before its distribution is
// built: that takes the parameters that it feeds.
type randomValue struct {
	*place
	name  string
	value *jsonValue
	uses  []parameterUse
}

// parameterUse is a node's parameter that a random value feeds.
type parameterUse struct {
	*place
	ref           ParamRef
	spec          *Parameter
	multiply, add float64
}

// read fills the preset and returns the file's faults.
func (r *presetReader) read() []presetFault {
	if len(r.root.get("nodes").distinct()) > MaxNodes || len(r.root.get("parameters").distinct()) > maxShared {
		// What is beyond has no part in the graph, and nothing that is said of that
		// would be true.
		return slices.Concat(r.root.lint(), presetChecker().check(r.root))
	}
	r.readDefaults()
	r.readControl()
	r.readShared()
	r.readNodes()
	r.readMatrices()
	r.readInputs()
	r.readModulations()
	r.readParams()
	r.buildSampled()
	r.checkGraph()
	r.checkStreams()
	r.faults = append(r.faults, r.preset.rangeFaults(r.preset.Rate)...)
	structural := slices.Concat(r.root.lint(), presetChecker().check(r.root), r.dangling)
	faults := merge(structural, r.faults)
	if len(faults) > 0 {
		return faults
	}
	return r.remaining()
}

// remaining are the faults of the graph that nothing before has found.
func (r *presetReader) remaining() []presetFault {
	err := r.preset.Graph.Validate()
	if err == nil {
		return nil
	}
	list := []error{err}
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		list = all.Unwrap()
	}
	var faults []presetFault
	for _, err := range list {
		var e *GraphError
		if errors.As(err, &e) {
			f := faultAt(r.graphPlace(e), "%s", e.Reason)
			f.cause = e.Cause
			faults = append(faults, f)
			continue
		}
		faults = append(faults, faultAt(r.root.place, "%s", err))
	}
	return faults
}

// merge drops semantic faults that only follow from a structural one: those
// of the same value or of a part of it, and some of what holds it. Where both
// speak of the same value and the structural one is weak, the semantic one
// stays instead.
func merge(structural, semantic []presetFault) []presetFault {
	exact := map[string][]int{}
	deep := map[string]bool{}
	holders := map[string]bool{}
	for i := range structural {
		at := structural[i].at
		exact[at.path()] = append(exact[at.path()], i)
		if !structural[i].shallow {
			deep[at.path()] = true
		}
		for p := at.parent; p != nil; p = p.parent {
			holders[p.path()] = true
		}
	}
	replaced := map[int]bool{}
	merged := slices.Clone(structural[:0:0])
	for _, f := range semantic {
		path := f.at.path()
		same := exact[path]
		if len(same) == 1 && structural[same[0]].weak && !replaced[same[0]] {
			replaced[same[0]] = true
			merged = append(merged, f)
			continue
		}
		hidden := deep[path] || f.follows && holders[path]
		for p := f.at.parent; p != nil && !hidden; p = p.parent {
			hidden = deep[p.path()]
		}
		if !hidden {
			merged = append(merged, f)
		}
	}
	for i := range structural {
		if !replaced[i] {
			merged = append(merged, structural[i])
		}
	}
	return merged
}

func (r *presetReader) fault(at *place, format string, args ...any) {
	r.faults = append(r.faults, faultAt(at, format, args...))
}

func (r *presetReader) readDefaults() {
	p := r.preset
	p.Description = r.root.get("description").string()
	if v := r.root.get("seconds"); v.isNumber() {
		p.Seconds = v.number
	}
	if v := r.root.get("rate"); v.isNumber() {
		p.Rate = clamp(v.number, 1, MaxSampleRate)
	}
	if v := r.root.get("channels"); v.isNumber() {
		p.Channels = int(clamp(v.number, 1, MaxChannels))
	}
	if v := r.root.get("seconds"); v != nil && p.Seconds*p.Rate > MaxFrames {
		r.fault(v.place, "%s s at %s Hz is %.0f frames; allowed is at most %d", number(p.Seconds), number(p.Rate), p.Seconds*p.Rate, MaxFrames)
	}
	if v := r.root.get("seconds"); v != nil && math.Round(p.Seconds*p.Rate) < 1 {
		r.fault(v.place, "%s s at %s Hz is less than a frame", number(p.Seconds), number(p.Rate))
	}
}

func (r *presetReader) readShared() {
	r.byName = map[string]*randomValue{}
	for _, m := range r.root.get("parameters").distinct() {
		s := &randomValue{place: m.place, name: m.name, value: m.value}
		r.shared = append(r.shared, s)
		r.byName[m.name] = s
	}
}

func (r *presetReader) sharedNames() []string {
	names := make([]string, len(r.shared))
	for i, s := range r.shared {
		names[i] = s.name
	}
	return names
}

// readNodes reads what nodes are, without their inputs and parameters.
func (r *presetReader) readNodes() {
	for _, m := range r.root.get("nodes").distinct() {
		m.value = r.unlessFed(m.name, m.value)
		r.addNode(m)
	}
}

func (r *presetReader) addNode(m jsonMember) {
	n := Node{ID: m.name, Kind: Kind(m.value.get("kind").string()), Params: map[string]Param{}}
	n.Control = m.value.get("rate").string() == controlRate
	spec, _ := Lookup(n.Kind)
	n.Table = r.readTable(spec, m.value.get("table"))
	if v := m.value.get("oversample_ratio"); v.isNumber() {
		n.Oversample = int(clamp(v.number, -1, 1<<20))
	}
	if q, ok := ParseQuality(m.value.get("quality").string()); ok {
		n.Quality = q
	}
	r.preset.Graph.Nodes = append(r.preset.Graph.Nodes, n)
	r.nodes = append(r.nodes, m)
	r.ids = append(r.ids, m.name)
}

// readInputs reads the nodes' sources and the output.
func (r *presetReader) readInputs() {
	r.inputs = map[ParamRef]*place{}
	known := r.known()
	for _, m := range r.nodes {
		inputs := m.value.get("inputs")
		spec, ok := Lookup(Kind(m.value.get("kind").string()))
		if inputs == nil || !ok {
			continue
		}
		for i, item := range inputs.items[:min(len(inputs.items), maxSources)] {
			r.readSource(known, m.name, spec.portAt(i), item)
		}
		named := inputs.distinct()
		for _, source := range named[:min(len(named), maxSources)] {
			r.readSource(known, m.name, source.name, source.value)
		}
	}
	if v := r.root.get("output"); v.isString() {
		if !known[v.text] {
			r.unknownNode(v)
			return
		}
		r.preset.Graph.Outputs = []string{v.text}
	}
}

func (r *presetReader) unknownNode(v *jsonValue) {
	r.dangling = append(r.dangling, presetFault{at: v.place, reason: func() string {
		return "no such node: " + unknown(shorten(v.text, maxQuotedRunes), r.ids)
	}})
}

// readSource reads one source of a node. Edges from nodes that do not exist
// are left out, and an edge into a port that does not exist is the graph's to
// refuse.
func (r *presetReader) readSource(known map[string]bool, node, port string, v *jsonValue) {
	edge := Edge{To: node, Port: port}
	from := v
	if v.kind == '{' {
		from = v.get("from")
		if delay := v.get("delay_frames"); delay.isNumber() {
			edge.DelayFrames = int(clamp(delay.number, 0, MaxEdgeDelay))
		}
	}
	if !from.isString() {
		return
	}
	// Missing inputs are reported where the file has no source at all.
	r.inputs[ParamRef{node, port}] = v.place
	edge.From = from.text
	if !known[edge.From] {
		r.unknownNode(from)
		return
	}
	r.addEdge(edge, v.place)
}

func (r *presetReader) addEdge(e Edge, at *place) {
	r.preset.Graph.Edges = append(r.preset.Graph.Edges, e)
	r.edges = append(r.edges, at)
}

// portAt names the port that the source at an index of a list leads to.
func (s *Spec) portAt(i int) string {
	for k, p := range s.Inputs {
		if p.Variadic {
			return fmt.Sprintf("%s_%d", p.Name, i-k)
		}
		if k == i {
			return p.Name
		}
	}
	return fmt.Sprintf("in_%d", i)
}
