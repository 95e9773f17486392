package kpn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// JSON writes the document: the contract's fields where they differ from
// their defaults, then the others in their order. Its errors are *[BlobError].
func (m *Metadata) JSON() (json.RawMessage, error) {
	var doc documentWriter
	if m.OversampleRatio > 1 {
		doc.add(fieldOversample, strconv.AppendUint(nil, uint64(m.OversampleRatio), 10))
	}
	if m.DeclaredDelay > 0 {
		doc.add(fieldDelay, strconv.AppendUint(nil, uint64(m.DeclaredDelay), 10))
	}
	if m.V1Only {
		doc.add(fieldV2, []byte("false"))
	}
	if m.HeatParam != "" {
		if fault := nameFault(m.HeatParam); fault != "" {
			return nil, &BlobError{Blob: blobDescriptor, Offset: -1, Field: fieldHeat, Reason: fault}
		}
		doc.add(fieldHeat, quoteJSON(m.HeatParam))
	}
	for _, f := range m.Fields {
		if fault := f.fault(); fault != "" {
			return nil, &BlobError{Blob: blobDescriptor, Offset: -1, Field: f.Name, Reason: fault}
		}
		doc.add(f.Name, f.Value)
	}
	text := doc.object()
	if _, _, field, reason := parseMetadata(text); reason != "" {
		return nil, &BlobError{Blob: blobDescriptor, Offset: -1, Field: field, Reason: reason}
	}
	return text, nil
}

// fault says what no document can hold of a field, or nothing.
func (f *MetadataField) fault() string {
	switch {
	case isMetadata(f.Name):
		return "the contract's own fields are those of Metadata: set it there"
	case !utf8.ValidString(f.Name):
		return "the field's name is not UTF-8: write names in UTF-8"
	case !json.Valid(f.Value):
		return fmt.Sprintf("%s is not JSON", quoted(string(f.Value)))
	}
	return ""
}

// documentWriter puts members together without touching their values.
type documentWriter struct{ bytes.Buffer }

func (w *documentWriter) add(name string, value []byte) {
	if w.Len() > 0 {
		w.WriteByte(',')
	}
	w.Write(quoteJSON(name))
	w.WriteByte(':')
	w.Write(bytes.TrimSpace(value))
}

func (w *documentWriter) object() json.RawMessage {
	return fmt.Appendf(nil, "{%s}", w.Bytes())
}

// quoteJSON quotes a string; marshalling one cannot fail.
func quoteJSON(s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		return []byte(`""`)
	}
	return text
}
