package cases

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

//go:embed *.json
var files embed.FS

// Case is one graph and how to bind it.
type Case struct {
	// Name is the file's name without its suffix, a slash and the name in
	// the file: osc/saw_polyblep4.
	Name  string
	Graph *kpn.Graph
	// Shape is that of the case's golden.
	Shape kpn.Shape
	Rate  float64
	Seed  uint64
	// FirstItem is the index of the golden's first item.
	FirstItem uint64
	// Tolerances has one for each output, for the golden's own job.
	Tolerances []compare.Tolerance
	draws      map[kpn.ParamRef]draw
	inputs     map[string]draw
}

// FileError is a fault of a case file.
type FileError struct {
	File, Case string
	Cause      error
}

// Error implements error.
func (e *FileError) Error() string {
	if e.Case == "" {
		return fmt.Sprintf("goldens/cases/%s: %v", e.File, e.Cause)
	}
	return fmt.Sprintf("goldens/cases/%s: case %q: %v", e.File, e.Case, e.Cause)
}

// Unwrap returns what is wrong.
func (e *FileError) Unwrap() error { return e.Cause }

// file is a case file.
type file struct {
	// Doc says what the cases are about.
	Doc   string     `json:"doc"`
	Cases []document `json:"cases"`
}

// document is a case as its file has it.
type document struct {
	Name string `json:"name"`
	// Shape is [B, C, F].
	Shape      [3]int              `json:"shape"`
	Rate       float64             `json:"rate"`
	Seed       uint64              `json:"seed"`
	FirstItem  uint64              `json:"first_item"`
	Nodes      []node              `json:"nodes"`
	Edges      []edge              `json:"edges"`
	Outputs    []string            `json:"outputs"`
	Tolerances []compare.Tolerance `json:"tolerances"`
}

type node struct {
	ID         string          `json:"id"`
	Kind       kpn.Kind        `json:"kind"`
	Oversample int             `json:"oversample"`
	Quality    string          `json:"quality"`
	Params     map[string]draw `json:"params"`
	// Signal is the range that an input's samples are drawn from.
	Signal *draw `json:"signal"`
}

type edge struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Port  string `json:"port"`
	Delay int    `json:"delay"`
}

// All reads every case of every file, in the order of the files' names.
func All() ([]*Case, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var all []*Case
	seen := map[string]bool{}
	for _, entry := range entries {
		data, err := files.ReadFile(entry.Name())
		if err != nil {
			return nil, err
		}
		list, err := parse(entry.Name(), data)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if seen[c.Name] {
				return nil, &FileError{entry.Name(), c.Name, errors.New("there are two cases of this name")}
			}
			seen[c.Name] = true
		}
		all = append(all, list...)
	}
	return all, nil
}

// parse reads one file strictly.
func parse(name string, data []byte) ([]*Case, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var f file
	if err := decoder.Decode(&f); err != nil {
		return nil, &FileError{name, "", err}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, &FileError{name, "", errors.New("there is something after the document")}
	}
	if f.Doc == "" || len(f.Cases) == 0 {
		return nil, &FileError{name, "", errors.New("a file needs a doc and at least one case")}
	}
	var list []*Case
	for i := range f.Cases {
		c, err := f.Cases[i].build(strings.TrimSuffix(name, path.Ext(name)))
		if err != nil {
			return nil, &FileError{name, f.Cases[i].Name, err}
		}
		list = append(list, c)
	}
	return list, nil
}

// build checks a document and turns it into a case.
func (d *document) build(group string) (*Case, error) {
	c := &Case{
		Name:       group + "/" + d.Name,
		Shape:      kpn.Shape{B: d.Shape[0], C: d.Shape[1], F: d.Shape[2]},
		Rate:       d.Rate,
		Seed:       d.Seed,
		FirstItem:  d.FirstItem,
		Tolerances: d.Tolerances,
		Graph:      &kpn.Graph{Outputs: d.Outputs},
		draws:      map[kpn.ParamRef]draw{},
		inputs:     map[string]draw{},
	}
	if !kpn.ValidID(d.Name) {
		return nil, errors.New("a name is letters, digits and underscores")
	}
	for i := range d.Nodes {
		if err := c.addNode(&d.Nodes[i]); err != nil {
			return nil, fmt.Errorf("node %q: %w", d.Nodes[i].ID, err)
		}
	}
	for _, e := range d.Edges {
		c.Graph.Edges = append(c.Graph.Edges, kpn.Edge{From: e.From, To: e.To, Port: e.Port, DelayFrames: e.Delay})
	}
	if err := c.Graph.Validate(); err != nil {
		return nil, err
	}
	if err := c.Job(c.Shape, c.Seed, c.FirstItem).Validate(c.Graph); err != nil {
		return nil, err
	}
	if len(c.Tolerances) != len(c.Graph.Outputs) {
		return nil, fmt.Errorf("got %d tolerances, want one for each of %d outputs", len(c.Tolerances), len(c.Graph.Outputs))
	}
	for _, t := range c.Tolerances {
		if err := t.Validate(); err != nil {
			return nil, err
		}
		if t.Reason == "" {
			return nil, errors.New("a tolerance needs a reason")
		}
	}
	return c, nil
}

// addNode adds a node and remembers what is to be drawn for it.
func (c *Case) addNode(n *node) error {
	spec, ok := kpn.Lookup(n.Kind)
	if !ok {
		return fmt.Errorf("no such kind: %q", n.Kind)
	}
	quality := kpn.Standard
	if n.Quality != "" {
		if quality, ok = kpn.ParseQuality(n.Quality); !ok {
			return fmt.Errorf("no such quality: %q", n.Quality)
		}
	}
	params := map[string]kpn.Param{}
	for name, d := range n.Params {
		p, _, ok := spec.Param(name)
		if !ok {
			return fmt.Errorf("no such parameter: %q", name)
		}
		if err := d.resolve(p); err != nil {
			return fmt.Errorf("parameter %q: %w", name, err)
		}
		params[name] = kpn.Param{Rate: d.rate, Value: d.value}
		if d.rate != kpn.Constant {
			c.draws[kpn.ParamRef{Node: n.ID, Param: name}] = d
		}
	}
	if (n.Kind == kpn.KindInput) != (n.Signal != nil) {
		return errors.New("an input, and nothing else, needs a signal")
	}
	if n.Signal != nil {
		if n.Signal.rate != kpn.PerFrame {
			return errors.New("a signal is drawn per frame")
		}
		c.inputs[n.ID] = *n.Signal
	}
	c.Graph.Nodes = append(c.Graph.Nodes, kpn.Node{ID: n.ID, Kind: n.Kind, Params: params, Oversample: n.Oversample, Quality: quality})
	return nil
}
