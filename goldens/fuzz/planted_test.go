package fuzz

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// planted is the reference under another name, with errors that tests plant.
type planted struct {
	kpn.Engine
	// graph changes what is compiled, job what is rendered, block what comes
	// out; nil leaves it.
	graph func(g *kpn.Graph) (*kpn.Graph, error)
	job   func(j *kpn.Job) (*kpn.Job, error)
	block func(j *kpn.Job, b *kpn.Block) *kpn.Block
	// gradient changes one gradient, of a parameter of a kind; spec is nil for
	// an input's signal.
	gradient func(kind kpn.Kind, p *kpn.Parameter, v *kpn.Gradient)
}

// against holds a planted engine to the reference.
func against(e planted) Pair {
	e.Engine = cpuref.New()
	return Pair{Reference: cpuref.New(), Candidate: e, Limit: func(err error) bool { return errors.Is(err, errLimit) }}
}

var errLimit = errors.New("too much for the device")

func (planted) Device() kpn.Device {
	return kpn.Device{Class: kpn.Software, Name: "planted", Backend: "go"}
}

func (e planted) Compile(g *kpn.Graph) (kpn.Executable, error) {
	if e.graph != nil {
		changed, err := e.graph(copied(g))
		if err != nil {
			return nil, err
		}
		g = changed
	}
	x, err := e.Engine.Compile(g)
	if err != nil {
		return nil, err
	}
	return plantedExecutable{x, e, g}, nil
}

type plantedExecutable struct {
	kpn.Executable
	engine planted
	graph  *kpn.Graph
}

func (x plantedExecutable) Adjoint(ctx context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	all, err := x.Executable.Adjoint(ctx, job)
	if err != nil || x.engine.gradient == nil {
		return all, err
	}
	for i := range all.List {
		v := &all.List[i]
		n, _ := x.graph.Node(v.Ref.Node)
		spec, _ := kpn.Lookup(n.Kind)
		p, _, _ := spec.Param(v.Ref.Param)
		v.F64 = slices.Clone(v.F64)
		x.engine.gradient(n.Kind, p, v)
	}
	return all, nil
}

func (x plantedExecutable) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	if x.engine.job != nil {
		changed, err := x.engine.job(job)
		if err != nil {
			return err
		}
		job = changed
	}
	return x.Executable.Forward(ctx, job, func(b *kpn.Block) error {
		if x.engine.block != nil {
			c := *b
			c.F64 = slices.Clone(b.F64)
			if b = x.engine.block(job, &c); b == nil {
				return nil
			}
		}
		return sink(b)
	})
}

// louder makes every node of a kind a thousandth too loud.
func louder(kind kpn.Kind) planted {
	return planted{graph: func(g *kpn.Graph) (*kpn.Graph, error) {
		for i := range g.Nodes {
			if g.Nodes[i].Kind != kind {
				continue
			}
			from, to := g.Nodes[i].ID, fmt.Sprintf("planted%d", i)
			for k := range g.Edges {
				if g.Edges[k].From == from {
					g.Edges[k].From = to
				}
			}
			if k := slices.Index(g.Outputs, from); k >= 0 {
				g.Outputs[k] = to
			}
			g.Nodes = append(g.Nodes, kpn.Node{ID: to, Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(1.001)}})
			g.Edges = append(g.Edges, kpn.Edge{From: from, To: to, Port: "in"})
		}
		return g, nil
	}}
}

// lateFrames reads every per-frame value a frame late.
var lateFrames = planted{job: func(j *kpn.Job) (*kpn.Job, error) {
	c := *j
	c.Frames = maps.Clone(j.Frames)
	for ref, t := range c.Frames {
		late := kpn.NewTensor(t.Shape)
		for row := range t.Rows() {
			copy(late.Data[row*t.F+1:(row+1)*t.F], t.Data[row*t.F:])
			late.Data[row*t.F] = t.Data[row*t.F]
		}
		c.Frames[ref] = late
	}
	return &c, nil
}}

// neighbours gives every item the next one's per-item values.
var neighbours = planted{job: func(j *kpn.Job) (*kpn.Job, error) {
	c := *j
	c.Items = maps.Clone(j.Items)
	for ref, v := range c.Items {
		per := len(v) / j.Shape.B
		c.Items[ref] = append(slices.Clone(v[per:]), v[:per]...)
	}
	return &c, nil
}}

// shortBlocksOnly errs in blocks of a size that was asked for.
var shortBlocksOnly = planted{block: func(j *kpn.Job, b *kpn.Block) *kpn.Block {
	if j.BlockFrames == blocks[1] && b.First > 0 {
		b.F64[0]++
	}
	return b
}}

// notANumber gives a NaN at frame 4.
var notANumber = planted{block: func(_ *kpn.Job, b *kpn.Block) *kpn.Block {
	if b.First <= 4 && b.First+b.Shape.F > 4 {
		b.F64[4-b.First] = math.NaN()
	}
	return b
}}

// endsEarly leaves out what comes after frame 9.
var endsEarly = planted{block: func(_ *kpn.Job, b *kpn.Block) *kpn.Block {
	if b.First+b.Shape.F > 10 {
		return nil
	}
	return b
}}

// noDelay panics on an edge with a delay.
var noDelay = planted{graph: func(g *kpn.Graph) (*kpn.Graph, error) {
	for _, e := range g.Edges {
		if e.DelayFrames > 0 {
			panic("a delay")
		}
	}
	return g, nil
}}

// noRatio refuses high oversample ratios; small says that it is a limit.
func noRatio(err error) planted {
	return planted{graph: func(g *kpn.Graph) (*kpn.Graph, error) {
		for i := range g.Nodes {
			if g.Nodes[i].Ratio() > 4 {
				return nil, err
			}
		}
		return g, nil
	}}
}

// lenient takes edges from nodes that do not exist for none.
var lenient = planted{graph: func(g *kpn.Graph) (*kpn.Graph, error) {
	for i := range g.Edges {
		if g.Edges[i].From == "nobody" {
			g.Edges[i].From = g.Edges[i].To + "_source"
			g.Nodes = append(g.Nodes, kpn.Node{ID: g.Edges[i].From, Kind: kpn.KindConstant})
		}
	}
	return g, nil
}}

// otherwise refuses a repeated output with an error of its own.
var otherwise = planted{graph: func(g *kpn.Graph) (*kpn.Graph, error) {
	for i, o := range g.Outputs {
		if slices.Contains(g.Outputs[:i], o) {
			return nil, &kpn.JobError{Field: "outputs", Reason: "twice"}
		}
	}
	return g, nil
}}
