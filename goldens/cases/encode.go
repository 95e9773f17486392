package cases

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// Draft is a case that a program makes: plain data, to be changed, written to
// a file by [Draft.Encode] and read back by [Parse].
type Draft struct {
	Name       string
	Shape      kpn.Shape
	Rate       float64
	Seed       uint64
	FirstItem  uint64
	Control    kpn.Control
	Nodes      []DraftNode
	Edges      []kpn.Edge
	Outputs    []string
	Tolerances []compare.Tolerance
}

// DraftNode is a node of a draft.
type DraftNode struct {
	ID         string
	Kind       kpn.Kind
	Oversample int
	Quality    kpn.Quality
	// Control makes the node step at the control rate.
	Control bool
	// Params holds what differs from the kind's defaults.
	Params map[string]Values
	// Signal is what an input plays: of form [PerFrame]. Other kinds have
	// none.
	Signal *Values
	// Table is what the node plays, for kinds that have a table.
	Table *kpn.Table
}

// Form says how [Values] are given.
type Form int

// The forms.
const (
	// Fixed is one number, Low, for everything.
	Fixed Form = iota
	// List is a list for the items, over and over.
	List
	// PerItem, PerRow and PerFrame are drawn from Low to High.
	PerItem
	PerRow
	PerFrame
)

// forms names the forms that files spell out, in the order of the constants.
var forms = [...]string{"", "list", "per_item", "per_row", "per_frame"}

// Values is where a parameter's values come from.
type Values struct {
	Form      Form
	List      []float64
	Low, High float64
	// OneItem and OneChannel make per-frame values serve all items or
	// channels.
	OneItem, OneChannel bool
}

// Parse reads the text of a case file. It fails with *[FileError].
func Parse(file string, data []byte) ([]*Case, error) { return parse(file, data) }

// Encode writes the draft as a case file of its own, in the form of the files
// beside this one. It panics if a value is not finite, which no file can say.
func (d *Draft) Encode(doc string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"doc\": %s,\n  \"cases\": [\n    {\n", text(doc))
	fmt.Fprintf(&b, "      \"name\": %s, \"shape\": [%d, %d, %d], \"rate\": %s, \"seed\": %d", text(d.Name), d.Shape.B, d.Shape.C, d.Shape.F, text(d.Rate), d.Seed)
	if d.FirstItem != 0 {
		fmt.Fprintf(&b, ", \"first_item\": %d", d.FirstItem)
	}
	b.WriteString(encodeControl(d.Control))
	lines(&b, "nodes", len(d.Nodes), func(i int) string { return d.Nodes[i].encode() })
	if len(d.Edges) > 0 {
		lines(&b, "edges", len(d.Edges), func(i int) string { return encodeEdge(&d.Edges[i]) })
	}
	b.WriteString(",\n      \"outputs\": " + text(d.Outputs))
	lines(&b, "tolerances", len(d.Tolerances), func(i int) string { return text(d.Tolerances[i]) })
	b.WriteString("\n    }\n  ]\n}\n")
	return b.Bytes()
}

// lines writes a list, one member a line.
func lines(b *bytes.Buffer, name string, n int, member func(i int) string) {
	fmt.Fprintf(b, ",\n      %q: [", name)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n        " + member(i))
	}
	b.WriteString("\n      ]")
}

func (n *DraftNode) encode() string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"id": %s, "kind": %s`, text(n.ID), text(n.Kind))
	if n.Control {
		fmt.Fprintf(&b, `, "rate": %q`, controlRate)
	}
	if n.Oversample != 0 {
		fmt.Fprintf(&b, `, "oversample": %d`, n.Oversample)
	}
	if n.Quality != kpn.Standard {
		fmt.Fprintf(&b, `, "quality": %s`, text(n.Quality.String()))
	}
	if n.Signal != nil {
		fmt.Fprintf(&b, `, "signal": %s`, n.Signal.encode(nil))
	}
	b.WriteString(encodeTable(n.Table))
	var params []string
	for _, name := range n.paramNames() {
		v := n.Params[name]
		params = append(params, text(name)+": "+v.encode(n.parameter(name)))
	}
	if len(params) > 0 {
		fmt.Fprintf(&b, `, "params": {%s}`, strings.Join(params, ", "))
	}
	return b.String() + "}"
}

// encode writes values: names for the choices of a parameter that has some.
func (v *Values) encode(p *kpn.Parameter) string {
	var body string
	switch v.Form {
	case Fixed:
		if p != nil && v.Low == math.Trunc(v.Low) && v.Low >= 0 && v.Low < float64(len(p.Choices)) {
			return text(p.Choices[int(v.Low)])
		}
		return text(v.Low)
	case List:
		body = text(v.List)
	case PerItem, PerRow, PerFrame:
		body = text([]float64{v.Low, v.High})
	}
	s := fmt.Sprintf("{%q: %s", forms[v.Form], body)
	if v.OneItem {
		s += `, "one_item": true`
	}
	if v.OneChannel {
		s += `, "one_channel": true`
	}
	return s + "}"
}

// text is a value's JSON, with a space behind each comma.
func text(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("cases: %v cannot be written: %v", v, err))
	}
	s := strings.TrimSuffix(b.String(), "\n")
	switch v.(type) {
	case []float64, []string:
		return strings.ReplaceAll(s, ",", ", ")
	case compare.Tolerance:
		return strings.NewReplacer(`":`, `": `, `,"`, `, "`).Replace(s)
	}
	return s
}

// parameter is the spec of one of the node's parameters, or nil.
func (n *DraftNode) parameter(name string) *kpn.Parameter {
	spec, ok := kpn.Lookup(n.Kind)
	if !ok {
		return nil
	}
	p, _, _ := spec.Param(name)
	return p
}

// paramNames lists the parameters that the node gives: in the order of its
// kind's spec, those of inputs by index.
func (n *DraftNode) paramNames() []string {
	names := slices.Collect(maps.Keys(n.Params))
	place := func(name string) (int, int) {
		if spec, ok := kpn.Lookup(n.Kind); ok {
			if p, index, ok := spec.Param(name); ok {
				return slices.IndexFunc(spec.Params, func(q kpn.Parameter) bool { return q.Name == p.Name }), index
			}
		}
		return math.MaxInt, 0
	}
	slices.SortFunc(names, func(a, b string) int {
		p, i := place(a)
		q, j := place(b)
		return cmp.Or(cmp.Compare(p, q), cmp.Compare(i, j), cmp.Compare(a, b))
	})
	return names
}
