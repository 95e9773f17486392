package kpn

import (
	"fmt"
	"math"
	"strings"
)

// Control is the rate domain of slow signals: nodes that are marked as control
// step at this rate, in float64 on every engine, and what leaves the domain is
// interpolated linearly to audio frames.
type Control struct {
	// Rate is the control rate in Hz; 0 where the graph has no control nodes.
	Rate float64
	// AlignEnds puts the first and the last control frame on the first and the
	// last audio frame: of N audio and K control frames, audio frame i is at
	// i·(K−1)/(N−1). Otherwise it is at i·(control rate)/(audio rate).
	AlignEnds bool
}

// Frames is the number of control frames of a job of so many audio frames:
// with aligned ends, what the job lasts times the control rate, rounded; else
// enough for the last audio frame to lie between two of them. There are at
// least two.
func (c Control) Frames(frames int, rate float64) int {
	if c.AlignEnds {
		return max(2, int(math.Round(float64(frames)*c.Rate/rate)))
	}
	return max(2, int(math.Floor(float64(frames-1)*c.Rate/rate))+2)
}

// Step is how many control frames an audio frame lasts.
func (c Control) Step(frames int, rate float64) float64 {
	if !c.AlignEnds {
		return c.Rate / rate
	}
	return float64(c.Frames(frames, rate)-1) / float64(max(1, frames-1))
}

// rateOf is the rate of a node's frames, in a graph whose audio rate is rate.
func (c Control) rateOf(n *Node, rate float64) float64 {
	if n.Control && c.Rate > 0 {
		return min(c.Rate, rate)
	}
	return rate
}

// MaxControlFrames bounds the control frames of a job, over all rows and
// signals: they are kept in memory.
const MaxControlFrames = 1 << 27

// Split is a graph with control nodes, taken apart.
type Split struct {
	// Control holds the control nodes; its outputs are the signals that audio
	// nodes read, in the order of the nodes, and it runs at the control rate.
	// It may have more of them than users' graphs.
	Control *Graph
	// Audio holds the other nodes, with a node of kind [KindControl] in the
	// place of each control signal that they read, of the same name.
	Audio *Graph
}

// Split takes a valid graph apart; ok is false where it has no control nodes.
func (g *Graph) Split() (s Split, ok bool) {
	control := map[string]bool{}
	for i := range g.Nodes {
		if g.Nodes[i].Control {
			control[g.Nodes[i].ID] = true
		}
	}
	if len(control) == 0 {
		return Split{}, false
	}
	s.Control = &Graph{parted: true}
	s.Audio = &Graph{Outputs: g.Outputs, parted: true, Custom: g.Custom}
	crosses := map[string]bool{}
	for _, e := range g.Edges {
		if control[e.To] {
			s.Control.Edges = append(s.Control.Edges, e)
			continue
		}
		s.Audio.Edges = append(s.Audio.Edges, e)
		if control[e.From] && !crosses[e.From] {
			crosses[e.From] = true
		}
	}
	for i := range g.Nodes {
		n := g.Nodes[i]
		switch {
		case !n.Control:
			s.Audio.Nodes = append(s.Audio.Nodes, n)
			continue
		case crosses[n.ID]:
			s.Audio.Nodes = append(s.Audio.Nodes, Node{ID: n.ID, Kind: KindControl})
			s.Control.Outputs = append(s.Control.Outputs, n.ID)
		}
		n.Control = false
		s.Control.Nodes = append(s.Control.Nodes, n)
	}
	return s, true
}

// Job is what the control graph is asked for when the whole graph gets job.
func (s *Split) Job(g *Graph, job *Job) *Job {
	c := *job
	c.Shape.F = g.Control.Frames(job.Shape.F, job.Rate)
	c.Rate = g.Control.Rate
	c.BlockFrames = 0
	c.Inputs, c.Frames = nil, nil
	c.Items = bindings(s.Control, job.Items)
	return &c
}

// AudioJob is what the audio graph is asked for, without its control signals.
func (s *Split) AudioJob(job *Job) *Job {
	a := *job
	a.Items = bindings(s.Audio, job.Items)
	return &a
}

// bindings are those of a graph's own parameters.
func bindings(g *Graph, items map[ParamRef][]float64) map[ParamRef][]float64 {
	own := map[ParamRef][]float64{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		for _, p := range g.Parameters(n) {
			ref := ParamRef{n.ID, p.Name}
			if v, ok := items[ref]; ok {
				own[ref] = v
			}
		}
	}
	return own
}

// validateControl checks what control nodes may be and read.
func (g *Graph) validateControl() []error {
	var errs []error
	fault := func(node, field, format string, args ...any) {
		errs = append(errs, &GraphError{Node: node, Field: field, Reason: fmt.Sprintf(format, args...)})
	}
	control := map[string]bool{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if !n.Control {
			continue
		}
		control[n.ID] = true
		if spec, ok := g.Spec(n.Kind); ok && !spec.Control {
			fault(n.ID, "rate", "kind %s cannot run at the control rate; allowed: %s", n.Kind, controlKinds())
		}
		for name, p := range n.Params {
			if p.Rate == PerFrame {
				fault(n.ID, name, "parameters of control nodes are constant or per item, not per frame; feed what changes through an edge")
			}
		}
		if n.Ratio() > 1 {
			fault(n.ID, "oversample_ratio", "control nodes cannot be oversampled")
		}
	}
	rate := g.Control.Rate
	if len(control) > 0 && !(rate > 0 && rate <= MaxSampleRate) {
		fault("", "control", "the control rate is %g Hz, allowed is above 0 to %d", rate, MaxSampleRate)
	}
	for _, e := range g.Edges {
		switch {
		case control[e.To] && !control[e.From]:
			fault(e.To, e.Port, "a control node cannot read node %q, which runs at the audio rate; make both control nodes, or neither", e.From)
		case (control[e.From] || control[e.To]) && e.DelayFrames > 0:
			fault(e.To, e.Port, "edges from control nodes cannot be delayed")
		}
	}
	for _, id := range g.Outputs {
		if control[id] {
			fault("", "outputs", "node %q is a control node; output an audio node that reads it", id)
		}
	}
	return errs
}

func controlKinds() string {
	var names []string
	for _, spec := range catalogue {
		if spec.Control {
			names = append(names, string(spec.Kind))
		}
	}
	return strings.Join(names, ", ")
}

// MaxControlRatio is the most that a control rate may be of the sample rate:
// four audio frames then lie between three control frames.
const MaxControlRatio = 0.25

func (j *Job) validateControlRate(g *Graph) error {
	if reason := g.controlRateFault(j.Rate); reason != "" {
		return &JobError{"rate", reason}
	}
	return nil
}

// controlRateFault says why the control rate goes with no such sample rate, or
// nothing.
func (g *Graph) controlRateFault(rate float64) string {
	for i := range g.Nodes {
		if g.Nodes[i].Control && g.Control.Rate > MaxControlRatio*rate {
			return fmt.Sprintf("the control rate of %g Hz is more than a quarter of the sample rate of %g Hz; lower it, or make the control nodes audio nodes", g.Control.Rate, rate)
		}
	}
	return ""
}
