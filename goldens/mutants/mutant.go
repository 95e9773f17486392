package main

import (
	"fmt"
	"slices"
	"strings"
)

// mutant is one error in one file.
type mutant struct {
	// file is relative to the module's root, and in the function.
	file, in string
	// what says what was done.
	what string
	// from and to are the changed statement before and after, on one line.
	from, to string
	// text is that of the whole file with the error in it.
	text string
	// trials are the tests to run, the likeliest to fail first.
	trials []trial
}

// String names the mutant. No other has the same name.
func (m *mutant) String() string {
	return fmt.Sprintf("%s %s: %s: %s → %s", m.file, m.in, m.what, m.from, m.to)
}

// edit replaces a part of a file.
type edit struct {
	from, to int
	text     string
	what     string
	// used is put before the statement, so that nothing is left without use.
	used string
}

// apply makes a mutant of an edit within a statement from start to end.
func apply(src, file, in string, start, end int, e edit) *mutant {
	return &mutant{
		file: file, in: in, what: e.what,
		from: line(src[start:end]),
		to:   line(src[start:e.from] + e.text + src[e.to:end]),
		text: src[:start] + e.used + src[start:e.from] + e.text + src[e.to:],
	}
}

// line brings text on one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// number makes rows unique, and so names: what is done to the second of
// statements of a function that look alike in the page is marked so.
func number(list []*mutant) {
	seen := map[row]int{}
	for _, m := range list {
		place := m.row()
		if seen[place]++; seen[place] > 1 {
			m.what += fmt.Sprintf(" (%d)", seen[place])
		}
	}
}

// matching are the mutants whose name has a word in it.
func matching(list []*mutant, word string) []*mutant {
	return slices.DeleteFunc(slices.Clone(list), func(m *mutant) bool { return !strings.Contains(m.String(), word) })
}
