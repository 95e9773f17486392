package kpn

import (
	"encoding/json"
	"errors"
	"fmt"
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
		return i, "not an object: give {} for a node without params"
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
	m.at = skipSpace(m.doc, m.at)
	if m.doc[m.at] == ',' {
		m.at = skipSpace(m.doc, m.at+1)
	}
	if m.doc[m.at] == '}' {
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
