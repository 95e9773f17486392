package kpn

import "fmt"

// Feed is the preset with these inputs fed by the caller, in Job.Inputs. An
// input that is not fed is what its default says: another node without inputs,
// under the same name. What only fed the default is then none of the preset's
// random parameters.
//
// A name that is not that of an input is a *[GraphError].
func (p *Preset) Feed(nodes ...string) (*Preset, error) {
	fed := map[string]bool{}
	for _, id := range nodes {
		fed[id] = true
	}
	q, err := parsePreset(p.file, p.Source, fed, p.directory)
	if err != nil {
		return nil, err
	}
	var inputs []string
	for i := range q.Graph.Nodes {
		if n := &q.Graph.Nodes[i]; n.Kind == KindInput || p.isInput(n.ID) {
			inputs = append(inputs, n.ID)
		}
	}
	for _, id := range nodes {
		switch n, ok := q.Graph.Node(id); {
		case !ok:
			return nil, &GraphError{Node: id, Reason: "the preset has no such input: " + unknown(id, inputs)}
		case n.Kind != KindInput:
			return nil, &GraphError{Node: id, Field: "kind", Reason: fmt.Sprintf("it is a node of kind %s, which takes no signal from outside; make it {\"kind\": \"input\", \"default\": {\"kind\": %q, …}}", n.Kind, n.Kind)}
		}
	}
	return q, nil
}

// isInput says whether the file says that a node is an input.
func (p *Preset) isInput(id string) bool {
	at := p.places[ParamRef{Node: id}]
	return at != nil && at.name == "default" && at.parent.name == id
}

// unlessFed is the node to read in the place of a file's: the default of an
// input that has one and is not fed.
func (r *presetReader) unlessFed(id string, v *jsonValue) *jsonValue {
	byDefault := v.get("default")
	if byDefault == nil || v.get("kind").string() != string(KindInput) {
		return v
	}
	if r.fed[id] {
		r.unused = append(r.unused, byDefault)
		return v
	}
	return byDefault
}
