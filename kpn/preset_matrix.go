package kpn

import "fmt"

// A preset's matrices bring every input to every output: each output is a node
// of kind mix with all of the inputs, and the matrix's row of levels. What reads
// an output names it as any other node.

// matrixSchema is one of a preset's matrices.
func matrixSchema() object {
	level, _, _ := mixSpec.Param("level_0")
	return object{
		{"title", "a matrix, {\"inputs\": […], \"outputs\": {name: [level, …], …}}"},
		{"type", "object"},
		{"required", []string{"inputs", "outputs"}},
		{"properties", object{
			{"rate", rateSchema(&mixSpec)},
			{"inputs", object{
				{"title", "a list of sources"},
				{"description", "What each output is a sum of."},
				{"type", "array"},
				{"minItems", 1},
				{"maxItems", MaxInputs},
				{"items", ref("source")},
			}},
			{"outputs", object{
				{"description", "Levels by output: each is a node of kind mix, of this name. The name is " + idRule + "."},
				{"type", "object"},
				{"minProperties", 1},
				{"maxProperties", MaxNodes},
				{"patternProperties", object{{idPattern, object{
					{"title", "a list of levels"},
					{"description", "A level for each input, in their order."},
					{"type", "array"},
					{"minItems", 1},
					{"maxItems", MaxInputs},
					{"items", parameterSchema(level)},
				}}}},
				{"additionalProperties", false},
			}},
		}},
		{"additionalProperties", false},
	}
}

// readMatrices reads the nodes that the matrices stand for.
func (r *presetReader) readMatrices() {
	matrices := r.root.get("matrices")
	if matrices == nil {
		return
	}
	taken := r.known()
	for _, m := range matrices.items {
		for _, row := range m.get("outputs").distinct() {
			switch {
			case len(r.nodes) > MaxNodes:
				return // the graph is refused
			case taken[row.name]:
				r.fault(row.place, "there is another node of this name; rename one")
				continue
			}
			taken[row.name] = true
			r.addNode(jsonMember{row.place, r.matrixNode(m, row.value)})
		}
	}
}

// matrixNode is the node that a row of a matrix stands for, as a file would
// have it. What is missing of it has the place of the schema's fault.
func (r *presetReader) matrixNode(m, row *jsonValue) *jsonValue {
	node := newObject(row.place)
	node.add(row.place, "kind", &jsonValue{place: row.place, kind: '"', text: string(KindMix)})
	if rate := m.get("rate"); rate != nil {
		node.add(rate.place, "rate", rate)
	}
	inputs := m.get("inputs")
	switch {
	case inputs == nil:
		inputs = &jsonValue{place: m.child("inputs"), kind: '['}
	case len(row.items) == 0:
		inputs = row
	case len(inputs.items) > 0 && len(row.items) != len(inputs.items):
		r.fault(row.place, "got a list of %d; allowed is a list of %d, a level for each input", len(row.items), len(inputs.items))
	}
	// No more of either, lest a small file become a large graph.
	n := min(len(row.items), len(inputs.items), MaxInputs)
	node.add(inputs.place, "inputs", &jsonValue{place: inputs.place, kind: '[', items: inputs.items[:n]})
	levels := newObject(row.place)
	for i, level := range row.items[:n] {
		levels.add(level.place, fmt.Sprintf("level_%d", i), level)
	}
	node.add(row.place, "params", levels)
	return node
}

func newObject(at *place) *jsonValue {
	return &jsonValue{place: at, kind: '{', names: map[string]int{}}
}

// add appends a member to an object.
func (v *jsonValue) add(at *place, name string, value *jsonValue) {
	v.names[name] = len(v.members)
	v.members = append(v.members, jsonMember{&place{at.parent, name, -1, at.offset}, value})
}
