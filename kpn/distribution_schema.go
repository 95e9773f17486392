package kpn

import (
	"fmt"
	"strings"
)

// Bounds on what a distribution may say.
const (
	maxChoices = 256
	maxShared  = 1024
	// leastLog keeps logarithms inside float32's normal numbers.
	leastLog = 1e-30
	// leastCurve and mostCurve bound the exponent of a unit mapping.
	leastCurve, mostCurve = 0.01, 100
)

const (
	realTitle   = "a number, a distribution or a reference"
	sharedTitle = "a distribution"
)

func finite(doc string) object {
	return object{{"type", "number"}, {"minimum", -unbounded}, {"maximum", unbounded}, {"description", doc}}
}

// interval is a list of a low and a high value.
func interval(doc string, item object) object {
	return object{{"description", doc}, {"type", "array"}, {"minItems", 2}, {"maxItems", 2}, {"items", item}}
}

// alternative is one way to give a parameter: an object that has the member
// first in Members.
type alternative struct {
	doc     string
	members object
}

var realAlternatives = []alternative{
	{"A shared value times multiply, plus add.", object{
		{"ref", object{{"type", "string"}, {"description", "The name of one of the preset's parameters."}}},
		{"multiply", finite("Factor; 1 unless given.")},
		{"add", finite("Added after the factor; 0 unless given.")},
	}},
	{"Always the same value.", object{{"constant", finite("The value.")}}},
	{"Evenly spread values.", object{{"uniform", interval("[lowest, highest]", finite("Bound."))}}},
	{"Values whose logarithm is evenly spread.", object{{"log_uniform", interval("[lowest, highest], above 0", object{{"type", "number"}, {"minimum", leastLog}, {"maximum", unbounded}})}}},
	{"A Gaussian; values beyond min and max become min and max, which are the parameter's own range unless given.", object{
		{"normal", object{{"description", "[mean, standard deviation]"}, {"type", "array"}, {"minItems", 2}, {"maxItems", 2}, {"prefixItems", []any{finite("Mean."), object{{"type", "number"}, {"minimum", 0}, {"maximum", unbounded}, {"description", "Standard deviation."}}}}}},
		{"min", finite("Lowest value.")},
		{"max", finite("Highest value.")},
	}},
	{"One of these, each as likely.", object{{"choice", object{{"type", "array"}, {"minItems", 1}, {"maxItems", maxChoices}, {"items", finite("A value.")}}}}},
	{"A whole MIDI note, each as likely, as a frequency in Hz: 69 is 440 Hz.", object{{"midi", interval("[lowest note, highest note]", object{{"type", "integer"}, {"minimum", 0}, {"maximum", 127}})}}},
	{"Values along a power curve: with u evenly spread in [0, 1), min + (max − min)·u^(1/curve). A symmetric one curves from its middle to both ends.", object{{"unit", object{
		{"type", "object"},
		{"required", []string{"min", "max"}},
		{"properties", object{
			{"min", finite("Lowest value.")},
			{"max", finite("Highest value.")},
			{"curve", object{{"type", "number"}, {"minimum", leastCurve}, {"maximum", mostCurve}, {"default", 1}, {"description", "1 is straight."}}},
			{"symmetric", object{{"type", "boolean"}, {"default", false}}},
		}},
		{"additionalProperties", false},
	}}}},
}

// sharedAlternatives are those of a shared parameter, whose choices may be
// names of an enumeration.
func sharedAlternatives() []alternative {
	var list []alternative
	for _, a := range realAlternatives[1:] {
		if a.members[0].Name == "choice" {
			a.members = object{{"choice", object{{"type", "array"}, {"minItems", 1}, {"maxItems", maxChoices}, {"items", object{
				{"title", "a number, or a name of an enumeration"}, {"type", []string{"number", "string"}}, {"minimum", -unbounded}, {"maximum", unbounded},
			}}}}}
		}
		list = append(list, a)
	}
	return list
}

// nameAlternatives are those of a parameter that is an enumeration.
func nameAlternatives(names []string) []alternative {
	name := object{{"enum", names}}
	return []alternative{
		{"A shared choice of names.", object{{"ref", object{{"type", "string"}, {"description", "The name of one of the preset's parameters."}}}}},
		{"Always the same.", object{{"constant", name}}},
		{"One of these, each as likely.", object{{"choice", object{{"type", "array"}, {"minItems", 1}, {"maxItems", maxChoices}, {"items", name}}}}},
	}
}

// chain selects among alternatives by their first member, so that an object
// is only held against the one that it means to be, and each fault gives
// one error.
func chain(list []alternative, definition func(name string) object) object {
	names := object{}
	for _, a := range list {
		names = append(names, field{a.members[0].Name, true})
	}
	schema := object{{"properties", names}, {"additionalProperties", false}, {"minProperties", 1}}
	for i := len(list) - 1; i >= 0; i-- {
		name := list[i].members[0].Name
		schema = object{
			{"if", object{{"type", "object"}, {"required", []string{name}}}},
			{"then", definition(name)},
			{"else", schema},
		}
	}
	return schema
}

func (a *alternative) schema() object {
	return object{{"description", a.doc}, {"properties", a.members}, {"additionalProperties", false}}
}

func distributionSchemas() object {
	var definitions object
	for i := range realAlternatives {
		a := &realAlternatives[i]
		definitions = append(definitions, field{"value_" + a.members[0].Name, a.schema()})
	}
	shared := sharedAlternatives()
	for i := range shared {
		if a := &shared[i]; a.members[0].Name == "choice" {
			definitions = append(definitions, field{"shared_choice", a.schema()})
		}
	}
	defined := func(name string) object { return ref("value_" + name) }
	definedShared := func(name string) object {
		if name == "choice" {
			return ref("shared_choice")
		}
		return defined(name)
	}
	return append(definitions,
		field{"value", chain(realAlternatives, defined)},
		field{"shared", append(object{{"title", sharedTitle}, {"type", "object"}}, chain(shared, definedShared)...)},
	)
}

// parameterSchema is the schema of a parameter of a node.
func parameterSchema(p *Parameter) object {
	if p.Choices != nil {
		return enumerationSchema(p)
	}
	schema := object{
		{"title", realTitle},
		{"description", describeParameter(p)},
		{"type", []string{"number", "object"}},
		{"default", p.Default},
		{"minimum", p.Min},
		{"maximum", p.Upper(MaxSampleRate)},
	}
	if p.Structural {
		return append(object{{"title", "a number"}, schema[1], {"type", "number"}}, schema[3:]...)
	}
	return append(schema, field{"$ref", "#/$defs/value"})
}

func enumerationSchema(p *Parameter) object {
	schema := object{
		{"description", describeParameter(p)},
		{"type", []string{"string", "object"}},
		{"default", p.Choices[int(p.Default)]},
	}
	name := field{"allOf", []any{object{{"if", object{{"type", "string"}}}, {"then", object{{"enum", p.Choices}}}}}}
	if p.Structural {
		return append(object{{"title", "a name"}, schema[0], {"type", "string"}, schema[2]}, name)
	}
	list := nameAlternatives(p.Choices)
	byName := func(name string) object {
		for i := range list {
			if list[i].members[0].Name == name {
				return list[i].schema()
			}
		}
		return nil
	}
	schema = append(object{{"title", "a name (" + strings.Join(p.Choices, ", ") + "), a choice or a reference"}}, schema...)
	return append(append(schema, name), chain(list, byName)...)
}

// describeParameter writes a parameter's meaning, range, unit and default.
func describeParameter(p *Parameter) string {
	if p.Choices != nil {
		return fmt.Sprintf("%s; %s unless given.", sentence(p.Doc), p.Choices[int(p.Default)])
	}
	unit := p.Unit
	if unit != "" {
		unit = " " + unit
	}
	upper := number(p.Max) + unit
	if p.Nyquist {
		upper = "half the sample rate"
	}
	return fmt.Sprintf("%s, %s%s to %s; %s%s unless given.", sentence(p.Doc), number(p.Min), unit, upper, number(p.Default), unit)
}

// sentence writes the first letter large.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
