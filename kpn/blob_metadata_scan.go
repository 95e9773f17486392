package kpn

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// maxBlobDepth bounds the nesting of a document: the JSON package keeps a
// word for each level, many times what an opening bracket takes.
const maxBlobDepth = 64

// documentFault says where and why a text is no JSON object, or nothing.
func documentFault(doc []byte) (at int, reason string) {
	depth := 0
	for i := 0; i < len(doc); i++ {
		switch doc[i] {
		case '"':
			i = stringEnd(doc, i) - 1
		case '{', '[':
			if depth++; depth > maxBlobDepth {
				return i, fmt.Sprintf("nested deeper than %d levels: flatten it", maxBlobDepth)
			}
		case '}', ']':
			depth--
		}
	}
	if !json.Valid(doc) {
		var syntax *json.SyntaxError
		// Only the error is wanted: it knows the byte.
		if errors.As(json.Unmarshal(doc, &json.RawMessage{}), &syntax) {
			return max(int(syntax.Offset)-1, 0), syntax.Error()
		}
		return 0, "not JSON"
	}
	if !utf8.Valid(doc) {
		return 0, "not UTF-8: write the document in UTF-8"
	}
	if i := skipSpace(doc, 0); doc[i] != '{' {
		return i, "not an object: write {…}, and {} for one without fields"
	}
	return 0, ""
}

// members walks the members of an object that is known to be valid.
type members struct {
	doc []byte
	at  int
	// name is without its quotes, its escapes as they stand.
	name, value []byte
	valueAt     int
}

func newMembers(doc []byte) members { return members{doc: doc, at: skipSpace(doc, 0) + 1} }

// next moves to the next member, if there is one.
func (m *members) next() bool {
	if m.at = part(m.doc, m.at); m.doc[m.at] == '}' {
		return false
	}
	end := stringEnd(m.doc, m.at)
	m.name = m.doc[m.at+1 : end-1]
	colon := skipSpace(m.doc, end)
	m.valueAt = skipSpace(m.doc, colon+1)
	m.at = valueEnd(m.doc, m.valueAt)
	m.value = m.doc[m.valueAt:m.at:m.at]
	return true
}

// part returns the index of the next part of an object or a list, or of its end.
func part(doc []byte, i int) int {
	if i = skipSpace(doc, i); doc[i] == ',' {
		return skipSpace(doc, i+1)
	}
	return i
}

// count is how many members there are from here on.
func (m members) count() (n int) {
	for m.next() {
		n++
	}
	return n
}

// elements walks the elements of a list that is known to be valid.
type elements struct {
	doc   []byte
	at    int
	value []byte
}

func newElements(list []byte) elements { return elements{doc: list, at: skipSpace(list, 0) + 1} }

// next moves to the next element, if there is one.
func (e *elements) next() bool {
	if e.at = part(e.doc, e.at); e.doc[e.at] == ']' {
		return false
	}
	first := e.at
	e.at = valueEnd(e.doc, first)
	e.value = e.doc[first:e.at:e.at]
	return true
}

// count is how many elements there are from here on, counted to one more than
// so many.
func (e elements) count(most int) (n int) {
	for n <= most && e.next() {
		n++
	}
	return n
}

// noValue says what is wrong with null where a field's value belongs.
const noValue = "null is no value: give one, or leave the field out"

// isList says whether a value is a list.
func isList(value []byte) bool { return len(value) > 0 && value[0] == '[' }

// numbers reads a list of numbers, or says why it is none and which element is
// at fault: −1 for the whole.
func numbers(value []byte) (list []float64, at int, reason string) {
	if !isList(value) {
		return nil, -1, "it is no list of numbers; give […]"
	}
	e := newElements(value)
	list = makeList[float64](e.count(len(value)))
	for i := range list {
		e.next()
		x, err := strconv.ParseFloat(string(e.value), 64)
		switch {
		case string(e.value) == "null":
			return nil, i, "null is no number: give one"
		case err != nil:
			return nil, i, fmt.Sprintf("%s is no number of double precision", shorten(string(e.value), maxQuotedRunes))
		}
		list[i] = x
	}
	return list, -1, ""
}

// skipSpace returns the index of what follows white space.
func skipSpace(doc []byte, i int) int {
	for i < len(doc) && (doc[i] == ' ' || doc[i] == '\t' || doc[i] == '\n' || doc[i] == '\r') {
		i++
	}
	return i
}

// stringEnd returns the index after the string that starts at i.
func stringEnd(doc []byte, i int) int {
	for i++; i < len(doc); i++ {
		switch doc[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(doc)
}

// valueEnd returns the index after the value that starts at i.
func valueEnd(doc []byte, i int) int {
	depth := 0
	for i < len(doc) {
		switch doc[i] {
		case '"':
			i = stringEnd(doc, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			// Either the end of a list inside, or of the object around.
			if depth--; depth < 0 {
				return i
			}
		case ',', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return i
}
