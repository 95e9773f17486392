package kpn

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// PresetError is one fault of a preset file.
type PresetError struct {
	File string
	// Line and Column count from 1; columns count characters. They are 0 for
	// a fault of the whole file.
	Line, Column int
	// Path is the JSON path of the value at fault, such as
	// $.nodes.osc1.params.freq; empty where the file could not be parsed.
	Path string
	// Reason says what was found and what is allowed.
	Reason string
	// Cause is a sentinel such as [ErrCycle], or nil.
	Cause error
}

// Error implements error.
func (e *PresetError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	if e.Path != "" {
		b.WriteString(": " + e.Path)
	}
	b.WriteString(": " + e.Reason)
	return b.String()
}

// Unwrap returns the sentinel behind the error.
func (e *PresetError) Unwrap() error { return e.Cause }

// PresetErrors holds the faults of a preset file in the order of the file.
type PresetErrors []*PresetError

// Error implements error: one fault a line.
func (e PresetErrors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the faults.
func (e PresetErrors) Unwrap() []error {
	errs := make([]error, len(e))
	for i := range e {
		errs[i] = e[i]
	}
	return errs
}

// Bounds on what is reported of a file: a reader needs no more.
const (
	maxPresetErrors = 100
	maxReasonRunes  = 600
	maxQuotedRunes  = 60
)

// place is a spot in a preset file: a value's offset, and its path as a chain
// of parents. The root has no parent.
type place struct {
	parent *place
	// name is the member's name; empty for an item of a list.
	name string
	// index is the item's index; −1 for a member.
	index  int
	offset int
}

// child is the place of a member that is missing: it has a path of its own
// and its parent's offset.
func (p *place) child(name string) *place { return &place{p, name, -1, p.offset} }

// path writes the place as $.nodes.osc1.inputs[0].
func (p *place) path() string {
	if p.parent == nil {
		return "$"
	}
	switch {
	case p.index >= 0:
		return p.parent.path() + "[" + strconv.Itoa(p.index) + "]"
	case ValidID(p.name) || p.name == "$schema":
		return p.parent.path() + "." + p.name
	default:
		return p.parent.path() + "[" + quoted(p.name) + "]"
	}
}

// presetFault is a fault before it is put into words.
type presetFault struct {
	// at is where the fault is; nil for a fault of the whole file.
	at *place
	// unparsed faults have no path.
	unparsed bool
	// weak faults give way to a semantic fault of the same value, whose words
	// can say more.
	weak bool
	// shallow faults say nothing of what is inside the value.
	shallow bool
	// follows is set for faults that may only follow from one inside.
	follows bool
	// cause is a sentinel, or nil.
	cause  error
	reason func() string
}

func faultAt(p *place, format string, args ...any) presetFault {
	return presetFault{at: p, reason: func() string { return fmt.Sprintf(format, args...) }}
}

func (f *presetFault) offset() int {
	if f.at == nil {
		return 0
	}
	return f.at.offset
}

// report turns faults into errors, sorted by position and bounded in number.
func report(file string, text *presetText, faults []presetFault) PresetErrors {
	slices.SortStableFunc(faults, func(a, b presetFault) int {
		if a.offset() != b.offset() || a.at == nil || b.at == nil {
			return a.offset() - b.offset()
		}
		return strings.Compare(a.at.path(), b.at.path())
	})
	var errs PresetErrors
	seen := map[PresetError]bool{}
	for i := range faults {
		f := &faults[i]
		e := PresetError{File: file, Cause: f.cause}
		if f.at != nil {
			e.Line, e.Column = text.position(f.at.offset)
		}
		if len(errs) == maxPresetErrors {
			e.Cause = nil
			e.Reason = fmt.Sprintf("%d more faults from here on are not shown", len(faults)-i)
			return append(errs, &e)
		}
		if f.at != nil && !f.unparsed {
			e.Path = f.at.path()
		}
		e.Reason = shorten(f.reason(), maxReasonRunes)
		if !seen[e] {
			seen[e] = true
			errs = append(errs, &e)
		}
	}
	return errs
}

// shorten cuts a text to a number of characters.
func shorten(s string, most int) string {
	count := 0
	for i := range s {
		if count++; count > most {
			return s[:i] + "…"
		}
	}
	return s
}

// quoted quotes a string of the file, shortened, with control characters
// escaped.
func quoted(s string) string { return fmt.Sprintf("%q", shorten(s, maxQuotedRunes)) }
