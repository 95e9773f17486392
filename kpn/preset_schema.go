package kpn

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// schemaURL names the schema inside the validator; nothing is fetched.
const schemaURL = "mem:///preset.json"

// schemaChecker holds presets against the published schema, and keeps the
// schema's document to say what it allows.
type schemaChecker struct {
	schema   *jsonschema.Schema
	document any
}

var presetChecker = sync.OnceValue(func() *schemaChecker {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText()))
	if err != nil {
		panic("kpn: the preset schema is not JSON: " + err.Error())
	}
	c := jsonschema.NewCompiler()
	if err = c.AddResource(schemaURL, document); err != nil {
		panic("kpn: the preset schema: " + err.Error())
	}
	schema, err := c.Compile(schemaURL)
	if err != nil {
		panic("kpn: the preset schema does not compile: " + err.Error())
	}
	return &schemaChecker{schema, document}
})

// check returns what the schema refuses.
func (c *schemaChecker) check(root *jsonValue) []presetFault {
	var refused *jsonschema.ValidationError
	if !errors.As(c.schema.Validate(root.plainest()), &refused) {
		return nil
	}
	var faults []presetFault
	missing := map[*jsonValue][]string{}
	extra := map[*jsonValue][]string{}
	parts := map[string]map[string]any{}
	part := func(address string) map[string]any {
		if _, known := parts[address]; !known {
			parts[address] = c.lookup(address)
		}
		return parts[address]
	}
	for _, leaf := range leaves(refused, nil) {
		at := root.find(leaf.InstanceLocation)
		if at == nil {
			at = root
		}
		if at.kind == '0' && !at.isNumber() {
			continue // its size is a fault of its own
		}
		switch k := leaf.ErrorKind.(type) {
		case *kind.Required:
			missing[at] = append(missing[at], k.Missing...)
		case *kind.AdditionalProperties:
			extra[at] = append(extra[at], k.Properties...)
			faults = append(faults, c.extraFaults(at, part(leaf.SchemaURL), k.Properties)...)
		default:
			faults = append(faults, c.fault(at, part(leaf.SchemaURL), leaf))
		}
	}
	for at, names := range missing {
		for _, name := range names {
			if !misspelt(name, extra[at]) {
				faults = append(faults, missingFault(at, name))
			}
		}
	}
	return faults
}

// plainest is a file without the nodes and the parameters that are more than one
// too many. Checking a node takes a thousand times what it does to write one.
func (v *jsonValue) plainest() any {
	document := v.plain()
	for name, most := range map[string]int{"nodes": MaxNodes, "parameters": maxShared} {
		list := v.get(name).distinct()
		if len(list) <= most {
			continue
		}
		all, _ := document.(map[string]any)[name].(map[string]any)
		for _, m := range list[most+1:] {
			delete(all, m.name)
		}
	}
	return document
}

// leaves collects the errors that have no causes.
func leaves(e *jsonschema.ValidationError, list []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return append(list, e)
	}
	for _, cause := range e.Causes {
		list = leaves(cause, list)
	}
	return list
}

// misspelt says whether a missing member is there under a name that looks
// like it, which is reported on its own.
func misspelt(name string, extra []string) bool {
	const enough = 8
	for _, other := range extra[:min(len(extra), enough)] {
		if _, ok := Nearest(other, []string{name}); ok {
			return true
		}
	}
	return false
}

func missingFault(at *jsonValue, name string) presetFault {
	return presetFault{at: at.child(name), reason: func() string {
		switch spec, ok := Lookup(Kind(at.get("kind").string())); {
		case name == "sawmill":
			return fmt.Sprintf("the format's version is missing; add \"sawmill\": %d", PresetFormat)
		case name == "inputs" && ok:
			return fmt.Sprintf("the node has no inputs; kind %s takes %s", spec.Kind, inputsPhrase(spec))
		}
		return fmt.Sprintf("the member %q is missing; add it", name)
	}}
}

func (c *schemaChecker) extraFaults(at *jsonValue, schema map[string]any, names []string) []presetFault {
	properties, _ := schema["properties"].(map[string]any)
	patterns, _ := schema["patternProperties"].(map[string]any)
	allowed := sortedKeys(properties)
	var faults []presetFault
	for _, name := range names {
		m := at.member(name)
		faults = append(faults, presetFault{at: m.place, weak: at.name == "params" || at.name == "modulate", reason: func() string {
			_, id := patterns[idPattern]
			_, dotted := patterns[namePattern]
			switch {
			case id:
				return fmt.Sprintf("got the name %s; allowed is %s", quoted(name), idRule)
			case dotted:
				return fmt.Sprintf("got the name %s; allowed is %s", quoted(name), nameRule)
			}
			return "no such member: " + unknown(shorten(name, maxQuotedRunes), allowed)
		}})
	}
	return faults
}

// fault puts an error of the validator into our words.
func (c *schemaChecker) fault(at *jsonValue, schema map[string]any, e *jsonschema.ValidationError) presetFault {
	f := presetFault{at: at.place}
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		f.reason = func() string {
			return fmt.Sprintf("got %s; allowed is %s", at.describe(), typePhrase(schema, k.Want))
		}
	case *kind.FalseSchema:
		f.reason = func() string {
			if at.name == "table" {
				return fmt.Sprintf("nodes of this kind have no table, which is for %s; remove it", strings.Join(kindsWithTables(), ", "))
			}
			return "only a node of kind input has a default; remove it"
		}
	case *kind.Enum:
		f.weak = at.name == "rate"
		f.reason = func() string { return at.notAmong(k.Want) }
	case *kind.Const:
		if at.name == "sawmill" && at.isNumber() {
			f.reason = func() string {
				return fmt.Sprintf("the preset is of format version %s; this program reads version %d", number(at.number), PresetFormat)
			}
			break
		}
		f.reason = func() string { return at.notAmong([]any{k.Want}) }
	case *kind.Minimum, *kind.Maximum, *kind.ExclusiveMinimum, *kind.ExclusiveMaximum:
		f.weak = at.parent != nil && at.parent.name == "params"
		f.reason = func() string { return fmt.Sprintf("got %s; allowed is %s", at.text, rangePhrase(schema)) }
	case *kind.MinItems, *kind.MaxItems:
		f.reason = func() string {
			return fmt.Sprintf("got %s; allowed is %s", at.describe(), itemsPhrase(schema))
		}
	case *kind.MinProperties:
		f.reason = func() string {
			properties, _ := schema["properties"].(map[string]any)
			if len(properties) == 0 {
				return "got an empty object; add at least one member"
			}
			return "got an empty object; allowed is one of: " + strings.Join(sortedKeys(properties), ", ")
		}
	case *kind.MaxProperties:
		f.reason = func() string {
			return fmt.Sprintf("got %d members; allowed is at most %d", len(at.names), k.Want)
		}
	default:
		f.reason = e.Error
	}
	return f
}

// notAmong says that a value is none of those allowed, with the nearest name.
func (v *jsonValue) notAmong(allowed []any) string {
	words := make([]string, len(allowed))
	for i, a := range allowed {
		words[i] = fmt.Sprint(a)
	}
	if v.isString() {
		if _, names := allowed[0].(string); names {
			return unknown(shorten(v.text, maxQuotedRunes), words)
		}
	}
	return fmt.Sprintf("got %s; allowed: %s", v.describe(), strings.Join(words, ", "))
}

var typeWords = map[string]string{
	"object": "an object", "array": "a list", "string": "a string", "number": "a number",
	"integer": "a whole number", "boolean": "true or false",
}

// typePhrase says which types a schema allows: by its title, where it has
// one and is not the whole preset's.
func typePhrase(schema map[string]any, want []string) string {
	_, whole := schema["$schema"]
	if title, ok := schema["title"].(string); ok && !whole {
		return title
	}
	words := make([]string, len(want))
	for i, w := range want {
		words[i] = typeWords[w]
	}
	return strings.Join(words, " or ")
}

// bound reads a numeric keyword of a schema.
func bound(schema map[string]any, keyword string) (string, bool) {
	v, ok := schema[keyword]
	if !ok {
		return "", false
	}
	r, ok := new(big.Rat).SetString(fmt.Sprint(v))
	if !ok {
		return "", false
	}
	f, _ := r.Float64()
	return number(f), true
}

func rangePhrase(schema map[string]any) string {
	hi, _ := bound(schema, "maximum")
	if lo, ok := bound(schema, "exclusiveMinimum"); ok {
		return "above " + lo + ", at most " + hi
	}
	lo, _ := bound(schema, "minimum")
	if hi == "" {
		return "at least " + lo
	}
	return lo + " to " + hi
}

func itemsPhrase(schema map[string]any) string {
	lo, _ := bound(schema, "minItems")
	hi, _ := bound(schema, "maxItems")
	switch {
	case hi == "0":
		return "none: this kind takes no inputs"
	case lo == hi:
		return "a list of " + lo
	case lo == "":
		return "a list of at most " + hi
	}
	return "a list of " + lo + " to " + hi
}

// inputsPhrase says how many inputs a kind takes.
func inputsPhrase(s *Spec) string {
	least, most := s.inputCount()
	switch {
	case most == 0:
		return "none"
	case least == most:
		return fmt.Sprintf("%d", least)
	}
	return fmt.Sprintf("%d to %d", least, most)
}

// lookup finds a part of the schema's document by its address.
func (c *schemaChecker) lookup(address string) map[string]any {
	_, fragment, _ := strings.Cut(address, "#")
	at := c.document
	for _, token := range strings.Split(fragment, "/")[1:] {
		if plain, err := url.PathUnescape(token); err == nil {
			token = plain
		}
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch parent := at.(type) {
		case map[string]any:
			at = parent[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(parent) {
				return nil
			}
			at = parent[i]
		default:
			return nil
		}
	}
	schema, _ := at.(map[string]any)
	return schema
}
