package conformance

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"sawmill/goldens/compare"
)

// Group sums up the cases of one kind.
type Group struct {
	Kind                          string
	Cases, Passed, Waived, Failed int
	// MaxError, Margin, GradientError and GradientMargin are the worst of the
	// cases' that are known, see [CaseReport]; NaN where none is.
	MaxError, Margin, GradientError, GradientMargin float64
	// Samples and Gradients count the states of bits.
	Samples, Gradients BitCount
	Verdict            Verdict
}

// BitCount counts cases by the state of their bits.
type BitCount struct{ Same, Differ, NoValue int }

func (b *BitCount) add(s BitState) {
	switch s {
	case Same:
		b.Same++
	case Differ:
		b.Differ++
	case NoValue:
		b.NoValue++
	}
}

// String is what there is, in words.
func (b BitCount) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what BitState
	}{{b.Same, Same}, {b.Differ, Differ}, {b.NoValue, NoValue}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %v", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

// Groups sums up the cases of each kind, in the order of the cases.
func (r *Report) Groups() []Group {
	var list []Group
	at := map[string]int{}
	for i := range r.Cases {
		c := &r.Cases[i]
		k, ok := at[c.Kind()]
		if !ok {
			k = len(list)
			at[c.Kind()] = k
			list = append(list, newGroup(c.Kind()))
		}
		list[k].add(c)
	}
	return list
}

// Total sums up all cases.
func (r *Report) Total() Group {
	all := newGroup("all")
	for i := range r.Cases {
		all.add(&r.Cases[i])
	}
	return all
}

func newGroup(kind string) Group {
	none := math.NaN()
	return Group{Kind: kind, MaxError: none, Margin: none, GradientError: none, GradientMargin: none}
}

func (g *Group) add(c *CaseReport) {
	g.Cases++
	switch c.Verdict() {
	case Passed:
		g.Passed++
	case Waived:
		g.Waived++
	case Failed:
		g.Failed++
	case Unchecked:
	}
	g.Verdict = max(g.Verdict, c.Verdict())
	for _, e := range []struct {
		most *float64
		of   float64
	}{{&g.MaxError, c.MaxError()}, {&g.GradientError, c.GradientError()}} {
		if !(e.of <= *e.most) && !math.IsNaN(e.of) {
			*e.most = e.of
		}
	}
	for _, m := range []struct {
		least *float64
		of    float64
	}{{&g.Margin, c.Margin()}, {&g.GradientMargin, c.GradientMargin()}} {
		if !(m.of >= *m.least) && !math.IsNaN(m.of) {
			*m.least = m.of
		}
	}
	g.Samples.add(c.Samples)
	g.Gradients.add(c.GradientBits)
}

// Summary is the verdict with its numbers: what fails, and what is waived.
func (g Group) Summary() string {
	var parts []string
	if g.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d %v", g.Failed, Failed))
	}
	if g.Waived > 0 {
		parts = append(parts, fmt.Sprintf("%d %v", g.Waived, Waived))
	}
	if len(parts) == 0 {
		return g.Verdict.String()
	}
	return strings.Join(parts, ", ")
}

// Level writes an error in dB re full scale.
func Level(e float64) string {
	switch {
	case e == 0:
		return "none"
	case math.IsNaN(e):
		return "–"
	case math.IsInf(e, 0):
		return "no number"
	}
	// Adding 0 turns −0 into 0.
	return fmt.Sprintf("%.1f dB", math.Round(10*compare.DB(e))/10+0)
}

// MarginText writes a margin.
func MarginText(m float64) string {
	switch {
	case math.IsNaN(m):
		return "–"
	case math.IsInf(m, 1):
		return "exact"
	case math.IsInf(m, -1):
		return "beyond all"
	}
	return fmt.Sprintf("%+.1f dB", m)
}

// RelativeText writes a relative error of gradients.
func RelativeText(e float64) string {
	switch {
	case math.IsNaN(e):
		return "–"
	case e == 0:
		return "none"
	case math.IsInf(e, 0):
		return "infinite"
	}
	return fmt.Sprintf("%.1e", e)
}

// String is a table with a line for each kind, and lines for what fails, what
// is waived, and waivers that excuse nothing.
func (r *Report) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "kind\tcases\tlargest error\tmargin\tgradient error\tmargin\tbits of samples\tof gradients\tverdict")
	line := func(g *Group) {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%s\t%v\t%v\t%s\n", g.Kind, g.Cases, Level(g.MaxError), MarginText(g.Margin),
			RelativeText(g.GradientError), MarginText(g.GradientMargin), g.Samples, g.Gradients, g.Summary())
	}
	for _, g := range r.Groups() {
		line(&g)
	}
	total := r.Total()
	line(&total)
	_ = w.Flush()
	for i := range r.Cases {
		r.describe(&b, &r.Cases[i])
	}
	for i := range r.Unused {
		fmt.Fprintf(&b, "waiver without use: %v\n", &r.Unused[i])
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// describe adds a line for each thing that fails in a case.
func (r *Report) describe(b *strings.Builder, c *CaseReport) {
	for _, what := range everything {
		f := c.Finding(what)
		if len(f.Failures) == 0 {
			continue
		}
		word := "differs"
		switch f.Verdict {
		case Waived:
			word = fmt.Sprintf("waived (%s: %s)", f.Waiver.Issue, f.Waiver.Reason)
		case Failed:
			word = Failed.String()
		case Unchecked, Passed:
		}
		fmt.Fprintf(b, "%s %v", word, f.Failures[0])
		if more := len(f.Failures) - 1; more > 0 {
			fmt.Fprintf(b, " (and %d more)", more)
		}
		b.WriteByte('\n')
	}
}
