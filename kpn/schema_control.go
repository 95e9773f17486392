package kpn

// The rates at which a node may step, and how control frames lie among audio
// frames, as presets spell them.
const (
	audioRate   = "audio"
	controlRate = "control"
	alignStart  = "start"
	alignEnds   = "ends"
)

// maxModulators bounds the sources that modulate one parameter.
const maxModulators = MaxInputs

// maxModulated is more than any node has parameters: what is beyond is unknown,
// which the schema says.
const maxModulated = 2 * MaxInputs

func controlSchema() object {
	return object{
		{"type", "object"},
		{"description", "The rate domain of slow signals: the nodes with \"rate\": \"control\"."},
		{"required", []string{"rate"}},
		{"properties", object{
			{"rate", object{{"type", "number"}, {"exclusiveMinimum", 0}, {"maximum", MaxSampleRate}, {"description", "Control frames a second, in Hz."}}},
			{"align", object{
				{"enum", []string{alignStart, alignEnds}},
				{"default", alignStart},
				{"description", "start: audio frame i lies at control frame i·(control rate)/(sample rate). ends: the last control frame is on the last audio frame."},
			}},
		}},
		{"additionalProperties", false},
	}
}

// rateSchema says at which rates a kind's nodes may step.
func rateSchema(s *Spec) object {
	rates := []string{audioRate}
	if s.Control {
		rates = append(rates, controlRate)
	}
	return object{{"description", "Whether the node steps once an audio frame, or once a control frame."}, {"enum", rates}, {"default", audioRate}}
}

// modulateSchema lists the parameters of a kind that signals can change.
func modulateSchema(s *Spec) object {
	named, indexed := object{}, object{}
	for i := range s.Params {
		p := &s.Params[i]
		switch {
		case !p.Modulatable():
		case p.PerInput:
			indexed = append(indexed, field{"^" + p.Name + "_(0|[1-9][0-9]?)$", ref("modulation")})
		default:
			named = append(named, field{p.Name, ref("modulation")})
		}
	}
	schema := object{
		{"description", "Signals that change parameters, by parameter."},
		{"type", "object"},
		{"properties", named},
	}
	if len(indexed) > 0 {
		schema = append(schema, field{"patternProperties", indexed})
	}
	return append(schema, field{"additionalProperties", false})
}

// modulationSchema is what modulates one parameter: a source or several.
func modulationSchema() object {
	one := modulatorSchema()
	return append(object{
		{"title", "the name of a node, {\"from\": name, …}, or a list of these"},
		{"type", []string{"string", "object", "array"}},
		{"minItems", 1},
		{"maxItems", maxModulators},
		{"items", ref("modulator")},
	}, one[2:]...)
}

// modulatorSchema is one source that modulates a parameter.
func modulatorSchema() object {
	return object{
		{"title", "the name of a node, or {\"from\": name, \"mode\": …, \"scale\": …, \"channel\": …, \"delay_frames\": …}"},
		{"type", []string{"string", "object"}},
		{"required", []string{"from"}},
		{"properties", object{
			{"from", object{{"type", "string"}, {"description", "The node whose signal this is."}}},
			{"mode", object{{"enum", []string{ModulationAdd.String(), ModulationMultiply.String()}}, {"default", ModulationAdd.String()}, {"description", "Whether the value becomes value + scale·signal or value·scale·signal."}}},
			{"scale", object{{"type", "number"}, {"minimum", -maxScale}, {"maximum", maxScale}, {"default", 1}, {"description", "Factor of the signal, in the parameter's unit."}}},
			{"channel", object{{"type", "integer"}, {"minimum", AllChannels}, {"maximum", MaxChannels - 1}, {"default", AllChannels}, {"description", "The only channel that it acts on; −1 is all."}}},
			{"delay_frames", object{{"type", "integer"}, {"minimum", 0}, {"maximum", MaxEdgeDelay}, {"default", 0}, {"description", "How many frames late it arrives, with zeros before."}}},
		}},
		{"additionalProperties", false},
	}
}
