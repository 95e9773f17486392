package cases

import (
	"errors"
	"fmt"

	"sawmill/goldens/compare"
	"sawmill/kpn"
	"sawmill/presets"
)

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
	Shape     [3]int  `json:"shape"`
	Rate      float64 `json:"rate"`
	Seed      uint64  `json:"seed"`
	FirstItem uint64  `json:"first_item"`
	// Preset names a file of presets/, instead of nodes, edges and outputs.
	Preset     string              `json:"preset"`
	Control    *control            `json:"control"`
	Nodes      []node              `json:"nodes"`
	Edges      []edge              `json:"edges"`
	Outputs    []string            `json:"outputs"`
	Tolerances []compare.Tolerance `json:"tolerances"`
	Gradients  *gradients          `json:"gradients"`
}

// gradients is the tolerance of gradients as a file has it.
type gradients struct {
	Relative float64 `json:"relative"`
	Share    float64 `json:"share"`
	Reason   string  `json:"reason"`
}

type node struct {
	ID         string          `json:"id"`
	Kind       kpn.Kind        `json:"kind"`
	Rate       string          `json:"rate"`
	Oversample int             `json:"oversample"`
	Quality    string          `json:"quality"`
	Params     map[string]draw `json:"params"`
	// Table has the rows of the node's table, TableRate its sample rate.
	Table     [][]float64 `json:"table"`
	TableRate float64     `json:"table_rate"`
	// Signal is the range that an input's samples are drawn from.
	Signal *draw `json:"signal"`
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
	if err := c.addGraph(d); err != nil {
		return nil, err
	}
	if err := c.Job(c.Shape, c.Seed, c.FirstItem).Validate(c.Graph); err != nil {
		return nil, err
	}
	if err := c.addTolerances(d); err != nil {
		return nil, err
	}
	return c, nil
}

// addGraph adds the nodes and what joins them, or those of a preset.
func (c *Case) addGraph(d *document) error {
	if d.Preset != "" {
		return c.addPreset(d)
	}
	for i := range d.Nodes {
		if err := c.addNode(&d.Nodes[i]); err != nil {
			return fmt.Errorf("node %q: %w", d.Nodes[i].ID, err)
		}
	}
	for i := range d.Edges {
		e, err := d.Edges[i].build()
		if err != nil {
			return fmt.Errorf("edge from %q to %q: %w", e.From, e.To, err)
		}
		c.Graph.Edges = append(c.Graph.Edges, e)
	}
	var err error
	if c.Graph.Control, err = d.Control.build(); err != nil {
		return err
	}
	return c.Graph.Validate()
}

// addPreset takes the graph of a preset.
func (c *Case) addPreset(d *document) error {
	if len(d.Nodes)+len(d.Edges)+len(d.Outputs) > 0 || d.Control != nil {
		return errors.New("a preset brings its own nodes, edges, outputs and control rate")
	}
	p, err := presets.Read(d.Preset)
	if err != nil {
		return err
	}
	if err := p.Check(d.Rate); err != nil {
		return err
	}
	c.Preset, c.preset, c.Graph = d.Preset, p, p.Graph
	return nil
}

// addTolerances adds those of the outputs and that of gradients.
func (c *Case) addTolerances(d *document) error {
	if len(c.Tolerances) != len(c.Graph.Outputs) {
		return fmt.Errorf("got %d tolerances, want one for each of %d outputs", len(c.Tolerances), len(c.Graph.Outputs))
	}
	for _, t := range c.Tolerances {
		if err := t.Validate(); err != nil {
			return err
		}
		if t.Reason == "" {
			return errors.New("a tolerance needs a reason")
		}
	}
	if d.Gradients == nil {
		return nil
	}
	c.Gradients = &compare.GradientTolerance{Relative: d.Gradients.Relative, Share: d.Gradients.Share, Reason: d.Gradients.Reason}
	if c.Gradients.Reason == "" {
		return errors.New("the tolerance of gradients needs a reason")
	}
	return c.Gradients.Validate()
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
	atControlRate, err := isControl(n.Rate)
	if err != nil {
		return err
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
	c.Graph.Nodes = append(c.Graph.Nodes, kpn.Node{ID: n.ID, Kind: n.Kind, Params: params, Oversample: n.Oversample, Quality: quality, Control: atControlRate, Table: n.table()})
	return nil
}
