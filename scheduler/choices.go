package scheduler

import (
	"fmt"
	"slices"
	"strings"

	"sawmill/kpn"
)

// choicesText defines KIND_PARAMETER_CHOICE for each choice that a step of the
// kind may take and that the kind's text asks for: what stands under #ifdef of another one is never reached.
// Compilers would find that out by themselves, but slowly: they copy every
// function to each of its calls before they look at what is constant.
func choicesText(b *strings.Builder, kind, text string, steps []*Step) {
	var names []string
	for _, s := range steps {
		if s.kind() != kind {
			continue
		}
		for i := range s.Params {
			p := &s.Params[i]
			for value, choice := range p.Spec.Choices {
				name := strings.ToUpper(kind + "_" + p.Name + "_" + choice)
				if p.mayBe(float64(value)) && strings.Contains(text, name) && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(b, "#define %s\n", name)
	}
}

// mayBe says whether the parameter may have the value, in a frame at least.
func (p *Param) mayBe(value float64) bool { return p.Rate != kpn.Constant || p.Value == value }
