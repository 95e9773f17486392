package kpn

// nodeSchema is what all nodes have in common; what differs from kind to kind
// follows under its kind.
func nodeSchema() object {
	anything := object{}
	return object{
		{"type", "object"},
		{"required", []string{"kind"}},
		{"properties", object{
			{"kind", object{{"description", "What the node does."}, {"enum", KindNames()}}},
			{"inputs", anything},
			{"params", anything},
			{"modulate", anything},
			{"rate", anything},
			{"table", anything},
			{"oversample_ratio", anything},
			{"quality", qualitySchema()},
			{"default", anything},
		}},
		{"additionalProperties", false},
		{"allOf", kindConditions(catalogue)},
	}
}

// generatorSchema is a node in the place of an input that is not fed: of a
// kind that takes no inputs.
func generatorSchema() object {
	var names []string
	var specs []*Spec
	for _, s := range catalogue {
		if s.generates() {
			names = append(names, string(s.Kind))
			specs = append(specs, s)
		}
	}
	anything := object{}
	return object{
		{"title", "a node without inputs, as {\"kind\": \"noise\"}"},
		{"description", "What the node is where no signal is given for it."},
		{"type", "object"},
		{"required", []string{"kind"}},
		{"properties", object{
			{"kind", object{{"enum", names}}},
			{"params", anything},
			{"table", anything},
			{"oversample_ratio", anything},
			{"quality", qualitySchema()},
		}},
		{"additionalProperties", false},
		{"allOf", kindConditions(specs)},
	}
}

// generates says whether a kind makes sound out of nothing.
func (s *Spec) generates() bool {
	least, _ := s.inputCount()
	return least == 0 && s.Kind != KindInput
}

// kindConditions hold a node against the schema of its kind alone.
func kindConditions(specs []*Spec) []any {
	conditions := make([]any, len(specs))
	for i, s := range specs {
		conditions[i] = object{
			{"if", object{{"properties", object{{"kind", object{{"const", s.Kind}}}}}, {"required", []string{"kind"}}}},
			{"then", ref("kind_" + string(s.Kind))},
		}
	}
	return conditions
}

func qualitySchema() object {
	return object{{"description", "The decimator of an oversampled node: the attenuation of aliases is 60, 100 or 140 dB."}, {"enum", QualityNames()}, {"default", Standard.String()}}
}
