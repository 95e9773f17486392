package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"
)

// preface is the start of docs/mutants.md.
const preface = `# Mutants of the adjoints

Errors that were planted in the adjoints, one at a time, and the test that failed: a sign flipped, a term dropped, a cotangent a frame late. ` + "`make mutants`" + ` makes this page from the sources and the tests, and ` + "`go run ./goldens/mutants -only WORD`" + ` the rows of the mutants that have the word in their names, or -rest those that are not killed yet; do not edit it. The rules are in goldens/mutants.

Mutants of the reference meet the finite differences first, then cpuref's own tests. Mutants of shaders, of what the scheduler emits and of the engine meet the comparison of the software renderer with the reference, then the engine's own tests. The test named is the first that failed.

`

// untried is the fate of a mutant that the page does not know.
const untried = "**not tried yet**"

// book is docs/mutants.md and what it is made of.
type book struct {
	file string
	// all are its mutants and same those that change nothing.
	all, same []*mutant
	fates     map[row]string
}

// write makes the page anew with what became of a mutant.
func (b *book) write(m *mutant, v verdict) error {
	b.fates[m.row()] = fate(v)
	return os.WriteFile(b.file, []byte(page(b.all, b.fates, b.same)), 0o644)
}

// killed says whether the page calls a mutant so.
func (b *book) killed(m *mutant) bool {
	became, known := b.fates[m.row()]
	return known && !strings.HasPrefix(became, left)
}

// left starts the fate of a mutant that was not killed.
const left = "**"

// page is the text of the page.
func page(list []*mutant, fates map[row]string, same []*mutant) string {
	var rows strings.Builder
	file, alive := "", 0
	for _, m := range list {
		if m.file != file {
			file = m.file
			fmt.Fprintf(&rows, "\n%s%s\n\n| in | what | change | killed by |\n|---|---|---|---|\n", heading, file)
		}
		became := cmp.Or(fates[m.row()], untried)
		if strings.HasPrefix(became, left) {
			alive++
		}
		fmt.Fprintf(&rows, "%s %s |\n", m.row().text, became)
	}
	if len(same) > 0 {
		rows.WriteString("\n## Mutants that change nothing\n\n| where | what | change | why |\n|---|---|---|---|\n")
	}
	for _, m := range same {
		fmt.Fprintf(&rows, "| %s, %s | %s | %s | %s |\n", m.file, m.in, m.what, change(m), equivalent[m.String()])
	}
	return preface + fmt.Sprintf("%d mutants: %d killed, %d not. %d more change nothing and are listed at the end.\n",
		len(list), len(list)-alive, alive, len(same)) + rows.String()
}

// heading is before the name of a file.
const heading = "## "

// row is a mutant's line in the page, without its fate: its file and the
// first three columns.
type row struct{ file, text string }

func (m *mutant) row() row {
	return row{m.file, fmt.Sprintf("| %s | %s | %s |", m.in, m.what, change(m))}
}

// recall reads the fates in an older page, or in none.
func recall(text string) map[row]string {
	fates := map[row]string{}
	file := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, heading); ok {
			file = name
		}
		fields, ok := strings.CutSuffix(line, " |")
		end := strings.LastIndex(fields, " | ")
		if !ok || end < 0 {
			continue
		}
		fates[row{file, fields[:end] + " |"}] = fields[end+len(" | "):]
	}
	return fates
}

func tally(verdicts []verdict) map[outcome]int {
	counts := map[outcome]int{}
	for _, v := range verdicts {
		counts[v.outcome]++
	}
	return counts
}

func fate(v verdict) string {
	switch v.outcome {
	case killed:
		_, test, _ := strings.Cut(v.by, " ")
		pkg := strings.TrimSuffix(v.by, " "+test)
		return fmt.Sprintf("%s `%s`", pkg, test)
	case stillborn:
		return "**stillborn** (not built, so it proves nothing)"
	case survived:
	}
	return "**survived**"
}

// around is how much of a statement is shown on each side of a change.
const around = 30

// change shows what differs, with a little of what is around it.
func change(m *mutant) string {
	from, to := []rune(m.from), []rune(m.to)
	start := 0
	for start < min(len(from), len(to)) && from[start] == to[start] {
		start++
	}
	end := 0
	for end < min(len(from), len(to))-start && from[len(from)-1-end] == to[len(to)-1-end] {
		end++
	}
	return code(from, start, end) + " → " + code(to, start, end)
}

// code is a statement, shortened where it is the same for long.
func code(text []rune, start, end int) string {
	from, to := max(0, start-around), min(len(text), len(text)-end+around)
	shown := string(text[from:to])
	if from > 0 {
		shown = "…" + shown
	}
	if to < len(text) {
		shown += "…"
	}
	shown = strings.ReplaceAll(shown, "|", `\|`)
	if strings.TrimSpace(shown) == "" {
		return "nothing"
	}
	return "`" + strings.ReplaceAll(shown, "`", "'") + "`"
}
