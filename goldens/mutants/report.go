package main

import (
	"fmt"
	"strings"
)

// preface is the start of docs/mutants.md.
const preface = `# Mutants of the adjoints

Errors that were planted in the adjoints, one at a time, and the test that failed: a sign flipped, a term dropped, a cotangent a frame late. ` + "`make mutants`" + ` makes this page from the sources and the tests; do not edit it. The rules are in goldens/mutants.

Mutants of the reference meet the finite differences first, then cpuref's own tests. Mutants of shaders, of what the scheduler emits and of the engine meet the comparison of the software renderer with the reference, then the engine's own tests. The test named is the first that failed.

`

// page is docs/mutants.md.
func page(list []*mutant, verdicts []verdict, same []*mutant) string {
	var b strings.Builder
	b.WriteString(preface)
	counts := tally(verdicts)
	fmt.Fprintf(&b, "%d mutants: %d killed, %d survived, %d stillborn (not built, so they prove nothing). %d more change nothing and are listed at the end.\n",
		len(list), counts[killed], counts[survived], counts[stillborn], len(same))
	file := ""
	for i, m := range list {
		if m.file != file {
			file = m.file
			fmt.Fprintf(&b, "\n## %s\n\n| in | what | change | killed by |\n|---|---|---|---|\n", file)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", m.in, m.what, change(m), fate(verdicts[i]))
	}
	if len(same) > 0 {
		b.WriteString("\n## Mutants that change nothing\n\n| where | what | change | why |\n|---|---|---|---|\n")
	}
	for _, m := range same {
		fmt.Fprintf(&b, "| %s, %s | %s | %s | %s |\n", m.file, m.in, m.what, change(m), equivalent[m.String()])
	}
	return b.String()
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
		return "stillborn"
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
