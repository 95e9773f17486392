package nodepages

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"sawmill/kpn"
)

// Pages are the texts of all files of docs/nodes, by name. root is the
// repository's.
func Pages(ctx context.Context, root string) (map[string][]byte, error) {
	files := map[string][]byte{"README.md": []byte(index())}
	for _, spec := range kpn.Catalogue() {
		p, err := newPage(root, spec)
		if err == nil {
			err = p.draw(ctx, files)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", spec.Kind, err)
		}
		files[string(spec.Kind)+".md"] = []byte(p.markdown())
	}
	return files, nil
}

// page is one kind's.
type page struct {
	spec *kpn.Spec
	// definition is Markdown, preset the text of a file, with its name.
	definition, preset, file string
	// pictures are files, with what they show.
	pictures []picture
}

type picture struct{ file, caption string }

func newPage(root string, spec *kpn.Spec) (*page, error) {
	p := &page{spec: spec, file: "goldens/gradcheck/testdata/presets/" + string(spec.Kind) + ".json"}
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(p.file)))
	if err != nil {
		return nil, err
	}
	p.preset = string(text)
	p.definition, err = definition(filepath.Join(root, "kpn"), spec.Kind)
	return p, err
}

// generated stands at the top of every page.
const generated = "<!-- Made by: go run ./goldens/regenerate nodes. Do not edit. -->\n\n"

func (p *page) markdown() string {
	var b strings.Builder
	name := string(p.spec.Kind)
	fmt.Fprintf(&b, "%s# %s\n\n%s\n\n", generated, name, p.spec.Doc)
	for _, pic := range p.pictures {
		fmt.Fprintf(&b, "![%s](%s)\n", pic.caption, pic.file)
	}
	fmt.Fprintf(&b, "\n## Definition\n\n%s\n", strings.TrimSpace(p.definition))
	p.ports(&b)
	p.parameters(&b)
	fmt.Fprintf(&b, "\n## Properties\n\n%s", p.properties())
	fmt.Fprintf(&b, "\n## Preset\n\nWhat the pictures show, and what the gradient checks run: [%s.json](../../%s).\n\n```jsonc\n%s\n```\n", name, p.file, strings.TrimSpace(p.preset))
	fmt.Fprintf(&b, "\n## In the code\n\n| | |\n|---|---|\n| definition | [kpn/kind_%[1]s.go](../../kpn/kind_%[1]s.go) |\n| reference | [cpuref/%[1]s.go](../../cpuref/%[1]s.go) |\n| shader | [shaders/node/%[1]s.glsl](../../shaders/node/%[1]s.glsl) |\n| cases | [goldens/cases/%[1]s.json](../../goldens/cases/%[1]s.json) |\n", name)
	return b.String()
}

func (p *page) ports(b *strings.Builder) {
	if len(p.spec.Inputs) == 0 {
		return
	}
	b.WriteString("\n## Inputs\n\n| port | sources | |\n|---|---|---|\n")
	for _, in := range p.spec.Inputs {
		name, sources := in.Name, "1"
		switch {
		case in.Variadic:
			name, sources = in.Name+"_0, "+in.Name+"_1, …", fmt.Sprintf("%d to %d", in.Least, in.Limit())
		case in.Optional:
			sources = "0 or 1"
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", name, sources, in.Doc)
	}
}

func (p *page) parameters(b *strings.Builder) {
	if len(p.spec.Params) == 0 {
		return
	}
	b.WriteString("\n## Parameters\n\n| parameter | unit | range | default | gradient | |\n|---|---|---|---|---|---|\n")
	for i := range p.spec.Params {
		q := &p.spec.Params[i]
		name := q.Name
		if q.PerInput {
			name += "_0, " + q.Name + "_1, …"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", name, q.Unit, span(q), standard(q), yes(q.Differentiable), q.Doc)
	}
	b.WriteString("\nEach is a number, one for each sound, or a signal frame by frame; what is no choice and has a gradient can be modulated.")
	for i := range p.spec.Params {
		if p.spec.Params[i].Structural {
			fmt.Fprintf(b, " `%s` is the same for all sounds.", p.spec.Params[i].Name)
		}
	}
	b.WriteString("\n")
}

func span(q *kpn.Parameter) string {
	if q.Choices != nil {
		return strings.Join(q.Choices, ", ")
	}
	low, high := number(q.Min), number(q.Max)
	if q.Nyquist {
		high = "half the sample rate"
	}
	return low + " to " + high
}

func standard(q *kpn.Parameter) string {
	if q.Choices != nil {
		return q.Choices[int(q.Default)]
	}
	return number(q.Default)
}

func number(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "−∞"
	case math.Abs(x) >= math.MaxFloat32:
		return strings.ReplaceAll(strconv.FormatFloat(x, 'g', 2, 64), "-", "−")
	}
	return strings.ReplaceAll(strconv.FormatFloat(x, 'g', 7, 64), "-", "−")
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "none"
}

// properties is a list of what else the spec says.
func (p *page) properties() string {
	s := p.spec
	lines := []string{}
	if s.Source != "" {
		lines = append(lines, "Source: "+s.Source+".")
	}
	if s.MaxOversample > 1 {
		lines = append(lines, fmt.Sprintf("Oversampling: up to %d×; its latency is the decimator's.", s.MaxOversample))
	} else {
		lines = append(lines, "Oversampling: none. Latency: 0 frames.")
	}
	switch {
	case s.WholeRow:
		lines = append(lines, "Whole row: it needs all frames of its input before it gives the first.")
	case s.Stateful:
		lines = append(lines, "State: a frame depends on all earlier ones.")
	case len(s.SeekBrokenBy) > 0:
		lines = append(lines, "State: it can start at any frame, unless "+strings.Join(s.SeekBrokenBy, ", ")+" changes from frame to frame.")
	default:
		lines = append(lines, "State: it can start at any frame.")
	}
	if s.Control {
		lines = append(lines, "Control rate: it may run there (`\"rate\": \"control\"`).")
	}
	if s.Table != nil {
		lines = append(lines, fmt.Sprintf("Table: %s; %d to %d rows of %d to %d columns.", s.Table.Doc, s.Table.MinRows, s.Table.MaxRows, s.Table.MinColumns, s.Table.MaxColumns))
	}
	if types := kpn.TypesOf(s.Kind); len(types) > 0 {
		lines = append(lines, "Types of the [node contract](../kpn_contract.md): "+strings.Join(types, ", ")+".")
	}
	return "- " + strings.Join(lines, "\n- ") + "\n"
}

// index is docs/nodes/README.md.
func index() string {
	var b strings.Builder
	b.WriteString(generated + "# Node kinds\n\nOne page each: the definition that every engine is written from, parameters, a picture of what the reference renders, a preset to start from.\n\n| kind | | inputs | gradients | types of the node contract |\n|---|---|---|---|---|\n")
	for _, s := range kpn.Catalogue() {
		inputs := strconv.Itoa(len(s.Inputs))
		if _, ok := s.Variadic(); ok {
			inputs = "many"
		}
		var gradients []string
		for i := range s.Params {
			if s.Params[i].Differentiable {
				gradients = append(gradients, s.Params[i].Name)
			}
		}
		fmt.Fprintf(&b, "| [%[1]s](%[1]s.md) | %[2]s | %[3]s | %[4]s | %[5]s |\n", s.Kind, s.Doc, inputs, strings.Join(gradients, ", "), strings.Join(kpn.TypesOf(s.Kind), ", "))
	}
	b.WriteString("\nA kind of your own needs no page: see [CONTRIBUTING.md](../../CONTRIBUTING.md) for one of the catalogue, and the example of package kpn for one outside it.\n")
	return b.String()
}
