package kpn

import (
	"fmt"
	"slices"
)

// readParams reads the nodes' parameters: constants go to the graph, random
// values to the reader's lists.
func (r *presetReader) readParams() {
	for _, v := range r.unused {
		r.countReferences(v.get("params"))
	}
	for i, m := range r.nodes {
		n := &r.preset.Graph.Nodes[i]
		spec, ok := Lookup(n.Kind)
		params := m.value.get("params")
		if params == nil {
			continue
		}
		if !ok {
			r.countReferences(params)
			continue
		}
		known := spec.paramNames(sourceCount(m.value.get("inputs")))
		for _, given := range params.distinct() {
			p, _, _ := spec.Param(given.name)
			if p == nil || !slices.Contains(known, given.name) {
				r.unknownParam(&given, known)
				continue
			}
			r.readParam(n, p, &given)
		}
	}
}

// sourceCount is the number of sources that a node is given.
func sourceCount(inputs *jsonValue) int {
	if inputs == nil {
		return 0
	}
	return min(len(inputs.items)+len(inputs.members), maxSources)
}

// paramNames lists the parameters of a node with this many inputs.
func (s *Spec) paramNames(inputs int) []string {
	var names []string
	for i := range s.Params {
		p := &s.Params[i]
		if !p.PerInput {
			names = append(names, p.Name)
			continue
		}
		for k := range inputs {
			names = append(names, fmt.Sprintf("%s_%d", p.Name, k))
		}
	}
	return names
}

func (r *presetReader) unknownParam(m *jsonMember, known []string) {
	r.faults = append(r.faults, presetFault{at: m.place, reason: func() string {
		return "no such parameter: " + unknown(shorten(m.name, maxQuotedRunes), known)
	}})
	r.countReference(m.value)
}

// countReferences notes which shared parameters a node of unknown kind refers
// to, so that they are not called unused.
func (r *presetReader) countReferences(params *jsonValue) {
	for _, m := range params.distinct() {
		r.countReference(m.value)
	}
}

func (r *presetReader) countReference(v *jsonValue) {
	if s := r.findShared(v.get("ref")); s != nil {
		s.uses = append(s.uses, parameterUse{place: v.place})
	}
}

func (r *presetReader) findShared(name *jsonValue) *randomValue {
	if !name.isString() {
		return nil
	}
	return r.byName[name.text]
}

// readParam reads one parameter of a node.
func (r *presetReader) readParam(n *Node, p *Parameter, m *jsonMember) {
	v, ref := m.value, ParamRef{n.ID, m.name}
	r.preset.places[ref] = v.place
	switch v.kind {
	case '0':
		if p.Choices == nil {
			n.Params[m.name] = Const(v.number)
		}
	case '"':
		if i, ok := p.Choice(v.text); ok {
			n.Params[m.name] = Const(float64(i))
		}
	case '{':
		use := parameterUse{place: v.place, ref: ref, spec: p, multiply: 1}
		name := v.get("ref")
		if name == nil {
			r.inline = append(r.inline, &randomValue{v.place, ref.String(), v, []parameterUse{use}})
			return
		}
		if x := v.get("multiply"); x.isNumber() {
			use.multiply = x.number
		}
		if x := v.get("add"); x.isNumber() {
			use.add = x.number
		}
		shared := r.findShared(name)
		if shared == nil {
			r.unknownShared(name)
			return
		}
		shared.uses = append(shared.uses, use)
	}
}

func (r *presetReader) unknownShared(name *jsonValue) {
	if !name.isString() {
		return
	}
	r.faults = append(r.faults, presetFault{at: name.place, reason: func() string {
		return "the preset has no such parameter: " + unknown(shorten(name.text, maxQuotedRunes), r.sharedNames())
	}})
}

// buildSampled builds the distributions of the random values, in the order
// of the file, and binds them to the graph.
func (r *presetReader) buildSampled() {
	values := slices.Concat(r.shared, r.inline)
	slices.SortStableFunc(values, func(a, b *randomValue) int { return a.offset - b.offset })
	taken := map[string]*randomValue{}
	for _, v := range r.inline {
		taken[v.name] = v
	}
	for _, v := range r.shared {
		if other := taken[v.name]; other != nil && other != v {
			r.fault(v.place, "the name is also that of the random value at %s; rename it", other.path())
		}
		if len(v.uses) == 0 {
			r.fault(v.place, "no node refers to this parameter; refer to it with {\"ref\": %s} or remove it", quoted(v.name))
		}
	}
	for _, v := range values {
		if d := r.distribution(v); d != nil {
			r.bind(v, d)
		}
	}
}

// feeds says whether a random value reaches a node's parameter.
func (v *randomValue) feeds() bool {
	return slices.ContainsFunc(v.uses, func(u parameterUse) bool { return u.spec != nil })
}

// bind adds a sampled parameter to the preset.
func (r *presetReader) bind(v *randomValue, d Distribution) {
	p := r.preset
	if !v.feeds() {
		return // it is only for the default of an input that is fed
	}
	sampled := Sampled{Name: v.name, Distribution: d}
	if _, ok := d.(midi); ok {
		sampled.Unit = "Hz"
	}
	for _, use := range v.uses {
		if use.spec == nil {
			continue
		}
		if use.spec.Structural {
			r.fault(use.place, "this parameter selects code and must be constant; write the value itself")
			continue
		}
		if sampled.Unit == "" && use.multiply == 1 {
			sampled.Unit = use.spec.Unit
		}
		n, _ := p.Graph.Node(use.ref.Node)
		n.Params[use.ref.Param] = Param{Rate: PerItem}
		p.bindings = append(p.bindings, binding{use.ref, len(p.Sampled), use.multiply, use.add})
	}
	p.Sampled = append(p.Sampled, sampled)
}
