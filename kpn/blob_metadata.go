package kpn

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Metadata is a node's params document: the contract's fields, then all the
// others. The zero value stands for an empty document.
type Metadata struct {
	// OversampleRatio is a power of two; 0 stands for the default, 1.
	OversampleRatio uint32
	// DeclaredDelay is the node's delay in frames.
	DeclaredDelay uint32
	// V1Only is a document's "supports_v2": false, a node that is run through
	// its version-1 entry.
	V1Only bool
	// HeatParam names the parameter that is summed as heat.
	HeatParam string
	// Fields are the kind's own parameters and what newer versions have
	// added, in the document's order.
	Fields []MetadataField
}

// MetadataField is a field that the contract gives no meaning.
type MetadataField struct {
	Name  string
	Value json.RawMessage
}

// The contract's fields.
const (
	fieldOversample = "oversample_ratio"
	fieldDelay      = "declared_delay"
	fieldV2         = "supports_v2"
	fieldHeat       = "thermo.heat_param"
)

// Ratio is the node's oversample ratio, at least 1.
func (m *Metadata) Ratio() uint32 { return max(m.OversampleRatio, 1) }

// Unknown lists the fields that are not among a kind's own: kept, and to be
// reported by who knows the kind.
func (m *Metadata) Unknown(own ...string) []string {
	var names []string
	for _, f := range m.Fields {
		if !slices.Contains(own, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

// Metadata reads the node's document. Offsets in its *[BlobError] count from
// the document's start; the values of fields are parts of the document.
func (n *DescriptorNode) Metadata() (Metadata, error) {
	m, at, field, reason := parseMetadata(n.JSON)
	if reason != "" {
		return Metadata{}, &BlobError{Blob: blobDescriptor, Offset: at, Field: field, Node: n.Name, Reason: reason}
	}
	return m, nil
}

// parseMetadata reads a document, or says where and why it is none.
func parseMetadata(doc []byte) (m Metadata, at int, field, reason string) {
	if len(doc) == 0 {
		return m, 0, "", ""
	}
	if at, reason = documentFault(doc); reason != "" {
		return m, at, "JSON", reason
	}
	s := newMembers(doc)
	all := make([]MetadataField, 0, s.count())
	for s.next() {
		name := unescape(s.name)
		all = append(all, MetadataField{Name: name, Value: s.value})
		if reason = m.set(name, s.value); reason != "" {
			return m, s.valueAt, name, reason
		}
	}
	if i := firstRepeat(len(all), func(i int) string { return all[i].Name }); i >= 0 {
		return m, 0, "JSON", quoted(all[i].Name) + " is there twice: leave one"
	}
	if all = slices.DeleteFunc(all, func(f MetadataField) bool { return isMetadata(f.Name) }); len(all) > 0 {
		m.Fields = all
	}
	return m, 0, "", ""
}

// isMetadata says whether the contract gives a field its meaning.
func isMetadata(name string) bool {
	return name == fieldOversample || name == fieldDelay || name == fieldV2 || name == fieldHeat
}

// set takes over a field of the contract, or says why it cannot.
func (m *Metadata) set(name string, value []byte) (reason string) {
	switch name {
	case fieldOversample:
		m.OversampleRatio, reason = whole(value)
		if reason == "" {
			reason = ratioFault(m.OversampleRatio)
		}
	case fieldDelay:
		m.DeclaredDelay, reason = whole(value)
	case fieldV2:
		if s := string(value); s != "true" && s != "false" {
			return quoted(s) + " is neither true nor false"
		}
		m.V1Only = string(value) == "false"
	case fieldHeat:
		if value[0] != '"' {
			return quoted(string(value)) + " is no string: name the parameter that is summed as heat"
		}
		m.HeatParam = unescape(value[1 : len(value)-1])
		return nameFault(m.HeatParam)
	}
	return reason
}

// ratioFault says why a number is no oversample ratio, or nothing.
func ratioFault(ratio uint32) string {
	if ratio == 0 || ratio&(ratio-1) != 0 {
		return fmt.Sprintf("%d is no power of two: give 1, 2, 4, …", ratio)
	}
	return ""
}

// whole reads a number without a fraction, however it is spelled.
func whole(value []byte) (uint32, string) {
	v, ok := wholeWithin(value, 0, maxWhole)
	if !ok {
		return 0, fmt.Sprintf("%s is no whole number from 0 to %d", quoted(string(value)), uint32(maxWhole))
	}
	return uint32(v), ""
}

// maxWhole is the largest number that a blob has room for.
const maxWhole = math.MaxUint32

// wholeWithin reads such a number of a range.
func wholeWithin(value []byte, least, most float64) (v float64, ok bool) {
	v, err := strconv.ParseFloat(string(value), 64)
	return v, err == nil && v == math.Trunc(v) && v >= least && v <= most
}
