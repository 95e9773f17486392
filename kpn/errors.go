package kpn

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrCycle is wrapped by the error for a graph whose edges form a cycle.
var ErrCycle = errors.New("the graph has a cycle")

// GraphError is a fault of a graph's structure.
type GraphError struct {
	// Node is the node at fault; empty for a fault of the whole graph.
	Node string
	// Field is the field, parameter or port at fault, if there is one.
	Field string
	// Reason says what was found, what is allowed and what to do.
	Reason string
	// Cause is a sentinel such as [ErrCycle], or nil.
	Cause error
}

// Error implements error.
func (e *GraphError) Error() string {
	var b strings.Builder
	b.WriteString("graph")
	if e.Node != "" {
		fmt.Fprintf(&b, ": node %q", e.Node)
	}
	if e.Field != "" {
		fmt.Fprintf(&b, ": %s", e.Field)
	}
	b.WriteString(": " + e.Reason)
	return b.String()
}

// Unwrap returns the sentinel behind the error.
func (e *GraphError) Unwrap() error { return e.Cause }

// ShapeError is a tensor that does not fit where it was given.
type ShapeError struct {
	Node string
	// Port is the port or parameter that the tensor was given to.
	Port      string
	Got, Want Shape
	// Hint says what would fit too, or what to do; it may be empty.
	Hint string
}

// Error implements error.
func (e *ShapeError) Error() string {
	text := fmt.Sprintf("node %q: %s: got a tensor of %v, want %v", e.Node, e.Port, e.Got, e.Want)
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return text
}

// onesServe says that a tensor may be smaller, with the same values for all.
const onesServe = "batch and channels may be 1"

// RangeError is a value outside its parameter's range, or not a number.
type RangeError struct {
	Node, Param string
	// B, C and F locate the value in a bound tensor; −1 where the value is a
	// constant or does not vary along that axis.
	B, C, F       int
	Got, Min, Max float64
	Unit          string
}

// Error implements error.
func (e *RangeError) Error() string {
	at := ""
	if e.B >= 0 {
		at = fmt.Sprintf(" at item %d", e.B)
		if e.C >= 0 {
			at += fmt.Sprintf(", channel %d", e.C)
		}
		if e.F >= 0 {
			at += fmt.Sprintf(", frame %d", e.F)
		}
	}
	unit := e.Unit
	if unit != "" {
		unit = " " + unit
	}
	return fmt.Sprintf("node %q: %s%s: got %g%s, allowed is %g to %g%s", e.Node, e.Param, at, e.Got, unit, e.Min, e.Max, unit)
}

// JobError is a fault of a job that is not one of its tensors.
type JobError struct {
	Field  string
	Reason string
}

// Error implements error.
func (e *JobError) Error() string { return fmt.Sprintf("job: %s: %s", e.Field, e.Reason) }

// Nearest returns the candidate closest to name by edit distance, if one is
// close enough to be a likely misspelling. Letters that sound the same count
// as one: "fase" is near "phase".
func Nearest(name string, candidates []string) (string, bool) {
	best, bestDistance := "", 1+(len(name)+1)/3
	name = sounds(name)
	var s slips
	for _, c := range candidates {
		word := sounds(c)
		if max(len(word)-len(name), len(name)-len(word)) >= bestDistance {
			continue
		}
		if d := s.between(name, word); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best, best != ""
}

// sounds is a name in lower case, with one letter where two sound as one.
func sounds(name string) string { return strings.ReplaceAll(strings.ToLower(name), "ph", "f") }

// slips counts those that typists make. It keeps the last three rows of the
// table of distances of beginnings, for all words alike: there may be a thousand
// of them, from outside.
type slips struct{ now, last, before []int }

// between is the Damerau–Levenshtein distance with adjacent transpositions.
func (s *slips) between(a, b string) int {
	if max(len(a), len(b)) > 4*MaxIDLength {
		return max(len(a), len(b))
	}
	for _, row := range []*[]int{&s.now, &s.last, &s.before} {
		*row = slices.Grow((*row)[:0], len(b)+1)[:len(b)+1]
	}
	for j := range s.now {
		s.now[j] = j
	}
	for i := 1; i <= len(a); i++ {
		s.now, s.last, s.before = s.before, s.now, s.last
		s.now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			s.now[j] = min(s.last[j]+1, s.now[j-1]+1, s.last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				s.now[j] = min(s.now[j], s.before[j-2]+1)
			}
		}
	}
	return s.now[len(b)]
}
