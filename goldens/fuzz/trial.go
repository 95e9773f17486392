package fuzz

import (
	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// Trial is a graph, how to bind it, and jobs to hold two engines to each other
// on.
type Trial struct {
	// Draft is the graph and the first job.
	Draft cases.Draft
	// More are further jobs of the same graph.
	More []Job
	// Fault names what is wrong with the graph or its jobs; empty for a trial
	// that engines must render. FaultPlace chooses where, see [FaultNames].
	Fault      string
	FaultPlace uint64
}

// Job is the extent of a job.
type Job struct {
	Shape           kpn.Shape
	Seed, FirstItem uint64
}

// FromBytes makes a trial of any bytes: the same bytes, the same trial.
func FromBytes(data []byte) *Trial { return generate(&tape{bytes: data}, modulating) }

// FromSeed makes the trial of a seed.
func FromSeed(seed uint64) *Trial { return FromBytes(seedTape(seed)) }

// jobs lists all jobs.
func (t *Trial) jobs() []Job {
	return append([]Job{{t.Draft.Shape, t.Draft.Seed, t.Draft.FirstItem}}, t.More...)
}

// on is the trial with one job.
func (t *Trial) on(j Job) *Trial {
	one := t.clone()
	one.More = nil
	one.Draft.Shape, one.Draft.Seed, one.Draft.FirstItem = j.Shape, j.Seed, j.FirstItem
	return one
}

// clone copies everything that shrinking changes.
func (t *Trial) clone() *Trial {
	c := *t
	c.More = append([]Job(nil), t.More...)
	c.Draft.Edges = cloneEdges(t.Draft.Edges)
	c.Draft.Outputs = append([]string(nil), t.Draft.Outputs...)
	c.Draft.Nodes = append([]cases.DraftNode(nil), t.Draft.Nodes...)
	c.Draft.Tolerances = nil
	for i := range c.Draft.Nodes {
		n := &c.Draft.Nodes[i]
		params := make(map[string]cases.Values, len(n.Params))
		for name, v := range n.Params {
			v.List = append([]float64(nil), v.List...)
			params[name] = v
		}
		n.Params = params
		if n.Signal != nil {
			signal := *n.Signal
			n.Signal = &signal
		}
	}
	return &c
}

// cloneEdges copies edges with their modulations.
func cloneEdges(edges []kpn.Edge) []kpn.Edge {
	c := append([]kpn.Edge(nil), edges...)
	for i := range c {
		if m := c[i].Modulation; m != nil {
			own := *m
			c[i].Modulation = &own
		}
	}
	return c
}
