package kpn

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/tailscale/hujson"
)

// jsonValue is a value of a preset file that knows where it stands.
type jsonValue struct {
	*place
	// kind is the first byte of the value's grammar: { [ " 0 t f n.
	kind    hujson.Kind
	text    string
	number  float64
	members []jsonMember
	// names finds members; the first of duplicates.
	names map[string]int
	items []*jsonValue
}

// jsonMember is a member of an object. Its place is that of its name.
type jsonMember struct {
	*place
	value *jsonValue
}

// newJSONValue copies the parser's tree, whose depth the caller has bounded.
func newJSONValue(v *hujson.Value) *jsonValue {
	return copyJSON(v, &place{index: -1, offset: v.StartOffset})
}

func copyJSON(v *hujson.Value, at *place) *jsonValue {
	out := &jsonValue{place: at, kind: v.Value.Kind()}
	switch t := v.Value.(type) {
	case *hujson.Object:
		out.names = make(map[string]int, len(t.Members))
		for i := range t.Members {
			m := &t.Members[i]
			name := ""
			if literal, ok := m.Name.Value.(hujson.Literal); ok {
				name = literal.String()
			}
			value := copyJSON(&m.Value, &place{at, name, -1, m.Value.StartOffset})
			out.members = append(out.members, jsonMember{&place{at, name, -1, m.Name.StartOffset}, value})
			if _, twice := out.names[name]; !twice {
				out.names[name] = i
			}
		}
	case *hujson.Array:
		for i := range t.Elements {
			item := &t.Elements[i]
			out.items = append(out.items, copyJSON(item, &place{at, "", i, item.StartOffset}))
		}
	case hujson.Literal:
		out.text = t.String()
		if out.kind == '0' {
			// An error means out of range, and the number is infinite.
			out.number, _ = strconv.ParseFloat(out.text, 64)
		}
	}
	return out
}

// get returns a member's value. It may be called on nil, and then, like for a
// member that is not there, returns nil.
func (v *jsonValue) get(name string) *jsonValue {
	if m := v.member(name); m != nil {
		return m.value
	}
	return nil
}

func (v *jsonValue) member(name string) *jsonMember {
	if v == nil {
		return nil
	}
	if i, ok := v.names[name]; ok {
		return &v.members[i]
	}
	return nil
}

// distinct lists the members, of duplicates only the first.
func (v *jsonValue) distinct() []jsonMember {
	if v == nil {
		return nil
	}
	if len(v.names) == len(v.members) {
		return v.members
	}
	var list []jsonMember
	for i, m := range v.members {
		if v.names[m.name] == i {
			list = append(list, m)
		}
	}
	return list
}

// find follows a path of member names and indices.
func (v *jsonValue) find(path []string) *jsonValue {
	for _, token := range path {
		if v == nil {
			return nil
		}
		if v.kind != '[' {
			v = v.get(token)
			continue
		}
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(v.items) {
			return nil
		}
		v = v.items[i]
	}
	return v
}

// isNumber says whether v is there and is a finite number.
func (v *jsonValue) isNumber() bool {
	return v != nil && v.kind == '0' && !math.IsInf(v.number, 0)
}

// isString says whether v is there and is a string.
func (v *jsonValue) isString() bool { return v != nil && v.kind == '"' }

// string is the text of a string, and empty for anything else.
func (v *jsonValue) string() string {
	if !v.isString() {
		return ""
	}
	return v.text
}

// plain is the value as encoding/json would decode it, for the schema.
// Numbers that overflow become 0: they have been reported already.
func (v *jsonValue) plain() any {
	switch v.kind {
	case '{':
		m := make(map[string]any, len(v.members))
		for i := len(v.members) - 1; i >= 0; i-- { // the first of duplicates stays
			m[v.members[i].name] = v.members[i].value.plain()
		}
		return m
	case '[':
		list := make([]any, len(v.items))
		for i, item := range v.items {
			list[i] = item.plain()
		}
		return list
	case '"':
		return v.text
	case '0':
		if !v.isNumber() {
			return 0.0
		}
		return v.number
	case 't', 'f':
		return v.kind == 't'
	default:
		return nil
	}
}

// lint reports what the parser lets pass: duplicate members, and numbers too
// large for a float64.
func (v *jsonValue) lint() []presetFault {
	var faults []presetFault
	if v.kind == '0' && !v.isNumber() {
		faults = append(faults, faultAt(v.place, "got %s, which is too large for a number", shorten(v.text, maxQuotedRunes)))
	}
	for i := range v.members {
		m := &v.members[i]
		if v.names[m.name] != i {
			f := faultAt(m.place, "the member %s is given twice in this object; remove one", quoted(m.name))
			f.shallow = true
			faults = append(faults, f)
		}
		faults = append(faults, m.value.lint()...)
	}
	for _, item := range v.items {
		faults = append(faults, item.lint()...)
	}
	return faults
}

// describe says what a value is, for an error.
func (v *jsonValue) describe() string {
	switch v.kind {
	case '{':
		if len(v.members) == 0 {
			return "an empty object"
		}
		return "an object"
	case '[':
		if len(v.items) == 0 {
			return "an empty list"
		}
		return "a list of " + strconv.Itoa(len(v.items))
	case '"':
		text, _ := json.Marshal(shorten(v.text, maxQuotedRunes))
		return "the string " + string(text)
	case '0':
		return "the number " + shorten(v.text, maxQuotedRunes)
	default:
		return v.text
	}
}
