package kpn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// PresetFormat is the version of the preset format that this package reads.
const PresetFormat = 1

// Schema is the JSON Schema of presets, draft 2020-12, made from the
// catalogue. The bytes are the same on every call.
func Schema() []byte { return bytes.Clone(schemaText()) }

var schemaText = sync.OnceValue(func() []byte {
	var compact, indented bytes.Buffer
	e := json.NewEncoder(&compact)
	e.SetEscapeHTML(false)
	if err := e.Encode(presetSchema()); err != nil {
		panic("kpn: the preset schema does not encode: " + err.Error())
	}
	if err := json.Indent(&indented, compact.Bytes(), "", "  "); err != nil {
		panic("kpn: the preset schema does not indent: " + err.Error())
	}
	return indented.Bytes()
})

// patterns of the names in a preset.
const (
	idPattern   = "^[A-Za-z_][A-Za-z0-9_]{0,62}$"
	namePattern = "^[A-Za-z_][A-Za-z0-9_.>-]{0,126}$"
)

const (
	idRule   = "a letter or underscore, then letters, digits and underscores, at most 63 characters"
	nameRule = "a letter or underscore, then letters, digits and any of _ . - >, at most 127 characters"
)

func presetSchema() object {
	properties := object{
		{"$schema", object{{"type", "string"}, {"description", "Where this schema is; only editors read it."}}},
		{"sawmill", object{{"const", PresetFormat}, {"description", "The version of the preset format."}}},
		{"description", object{{"type", "string"}, {"description", "What the sounds are, for people."}}},
		{"seconds", object{{"type", "number"}, {"exclusiveMinimum", 0}, {"maximum", maxSeconds}, {"default", defaultSeconds}, {"description", "Length of a sound in seconds, unless the render says otherwise."}}},
		{"rate", object{{"type", "number"}, {"minimum", 1}, {"maximum", MaxSampleRate}, {"default", defaultRate}, {"description", "Sample rate in Hz, unless the render says otherwise."}}},
		{"channels", object{{"type", "integer"}, {"minimum", 1}, {"maximum", MaxChannels}, {"default", defaultChannels}, {"description", "Channels of a sound, unless the render says otherwise."}}},
		{"control", controlSchema()},
		{"parameters", object{
			{"type", "object"},
			{"maxProperties", maxShared},
			{"description", "Random values that nodes share, referred to by {\"ref\": name}. The name is " + nameRule + "."},
			{"patternProperties", object{{namePattern, ref("shared")}}},
			{"additionalProperties", false},
		}},
		{"nodes", object{
			{"type", "object"},
			{"description", "The graph's nodes by name. The name is " + idRule + "."},
			{"minProperties", 1},
			{"maxProperties", MaxNodes},
			{"patternProperties", object{{idPattern, ref("node")}}},
			{"additionalProperties", false},
		}},
		{"matrices", object{
			{"description", "Every input to every output, as modulations need it. Each output is a node too."},
			{"type", "array"},
			{"maxItems", MaxNodes},
			{"items", ref("matrix")},
		}},
		{"output", object{{"title", "the name of one node (mix those that should sound together)"}, {"type", "string"}, {"description", "The node that is rendered."}}},
	}
	return object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "Sawmill preset"},
		{"description", "A graph of nodes with random parameters. Comments and trailing commas are allowed."},
		{"type", "object"},
		{"required", []string{"sawmill", "nodes", "output"}},
		{"properties", properties},
		{"additionalProperties", false},
		{"$defs", schemaDefinitions()},
	}
}

func schemaDefinitions() object {
	definitions := object{
		{"node", nodeSchema()},
		{"matrix", matrixSchema()},
		{"generator", generatorSchema()},
		{"modulation", modulationSchema()},
		{"modulator", modulatorSchema()},
		{"source", object{
			{"title", "the name of a node, or {\"from\": name, \"delay_frames\": frames}"},
			{"type", []string{"string", "object"}},
			{"required", []string{"from"}},
			{"properties", object{
				{"from", object{{"type", "string"}, {"description", "The node whose signal this is."}}},
				{"delay_frames", object{{"type", "integer"}, {"minimum", 0}, {"maximum", MaxEdgeDelay}, {"default", 0}, {"description", "How many frames late it arrives, with zeros before."}}},
			}},
			{"additionalProperties", false},
		}},
	}
	for _, s := range catalogue {
		definitions = append(definitions, field{"kind_" + string(s.Kind), kindSchema(s)})
	}
	return append(definitions, distributionSchemas()...)
}

// kindSchema is what a kind asks of its nodes.
func kindSchema(s *Spec) object {
	ratios := []int{1}
	for r := 2; r <= s.MaxOversample; r *= 2 {
		ratios = append(ratios, r)
	}
	params, indexed := object{}, object{}
	for i := range s.Params {
		p := &s.Params[i]
		if p.PerInput {
			indexed = append(indexed, field{"^" + p.Name + "_(0|[1-9][0-9]?)$", parameterSchema(p)})
		} else {
			params = append(params, field{p.Name, parameterSchema(p)})
		}
	}
	paramsSchema := object{{"type", "object"}, {"properties", params}}
	if len(indexed) > 0 {
		paramsSchema = append(paramsSchema, field{"patternProperties", indexed})
	}
	properties := object{
		{"kind", object{{"const", s.Kind}}},
		{"inputs", inputsSchema(s)},
		{"params", append(paramsSchema, field{"additionalProperties", false})},
		{"modulate", modulateSchema(s)},
		{"rate", rateSchema(s)},
		{"table", tableSchema(s)},
		{"oversample_ratio", object{{"description", "How many times a frame the node steps."}, {"enum", ratios}, {"default", 1}}},
	}
	if s.Kind == KindInput {
		properties = append(properties, field{"default", ref("generator")})
	} else {
		properties = append(properties, field{"default", false})
	}
	schema := object{{"description", s.Doc}, {"properties", properties}}
	var required []string
	if least, _ := s.inputCount(); least > 0 {
		required = append(required, "inputs")
	}
	if s.Table != nil {
		required = append(required, "table")
	}
	if required != nil {
		schema = append(schema, field{"required", required})
	}
	return schema
}

// inputCount says how many sources a kind takes.
func (s *Spec) inputCount() (least, most int) {
	for _, p := range s.Inputs {
		switch {
		case p.Variadic:
			least, most = least+p.Least, most+p.Limit()
		case p.Optional:
			most++
		default:
			least, most = least+1, most+1
		}
	}
	return least, most
}

func inputsSchema(s *Spec) object {
	least, most := s.inputCount()
	named, members := object{}, object{}
	var docs []string
	for _, p := range s.Inputs {
		doc := p.Name + ": " + p.Doc
		if p.Optional {
			doc += " (may be left out)"
		}
		docs = append(docs, doc)
		if p.Variadic {
			members = append(members, field{"^" + p.Name + "_(0|[1-9][0-9]?)$", ref("source")})
			continue
		}
		named = append(named, field{p.Name, ref("source")})
	}
	schema := object{
		{"title", "a list of sources, or an object of sources by port"},
		{"description", "In the order of the ports. " + strings.Join(docs, "; ")},
		{"type", []string{"array", "object"}},
		{"minItems", least},
		{"maxItems", most},
		{"items", ref("source")},
		{"properties", named},
	}
	if len(s.Inputs) == 0 {
		schema[1].Value = "This kind takes no inputs."
	}
	if len(members) > 0 {
		schema = append(schema, field{"patternProperties", members})
	}
	return append(schema, field{"additionalProperties", false})
}

func ref(definition string) object { return object{{"$ref", "#/$defs/" + definition}} }

// object is a JSON object that keeps the order of its members.
type object []field

type field struct {
	Name  string
	Value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(f.Name); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		b.WriteByte(':')
		if err := e.Encode(f.Value); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
