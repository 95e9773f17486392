// Package faulty makes engines that are wrong on purpose, so that a check can
// be seen to fail.
package faulty

import (
	"context"
	"slices"

	"sawmill/kpn"
)

// Engine renders on another engine, wrongly: every node of one kind gives its
// samples scaled, or late. It says that it is a device of its own. The zero
// values of the faults are none, and then it is right.
type Engine struct {
	kpn.Engine
	// Kind is the kind that is wrong.
	Kind kpn.Kind
	// Scale is a factor of its samples; 0 means 1.
	Scale float64
	// Delay is by how many frames its samples are late.
	Delay int
	// Gradients changes what an adjoint gives, of graphs with a node of the
	// kind.
	Gradients func(*kpn.Gradients)
	// Single rounds the samples to float32, as a device gives them.
	Single bool
}

// Device implements [kpn.Engine].
func (e *Engine) Device() kpn.Device {
	d := e.Engine.Device()
	d.Class, d.Name = kpn.Software, "faulty "+d.Name
	return d
}

// Compile implements [kpn.Engine]: it compiles another graph, with a gain
// behind each node of the kind.
func (e *Engine) Compile(g *kpn.Graph) (kpn.Executable, error) {
	wrong := &kpn.Graph{Nodes: slices.Clone(g.Nodes), Edges: slices.Clone(g.Edges), Outputs: slices.Clone(g.Outputs)}
	has := false
	for i := range g.Nodes {
		if n := &g.Nodes[i]; n.Kind == e.Kind {
			has = true
			e.spoil(wrong, n.ID)
		}
	}
	x, err := e.Engine.Compile(wrong)
	if err != nil {
		return nil, err
	}
	return &executable{Executable: x, engine: e, has: has, graph: g}, nil
}

// spoil puts a gain, and a delay, behind a node.
func (e *Engine) spoil(g *kpn.Graph, id string) {
	if (e.Scale == 0 || e.Scale == 1) && e.Delay == 0 {
		return
	}
	spoiler := id + "_faulty"
	for i := range g.Edges {
		if g.Edges[i].From == id {
			g.Edges[i].From = spoiler
		}
	}
	for i := range g.Outputs {
		if g.Outputs[i] == id {
			g.Outputs[i] = spoiler
		}
	}
	scale := e.Scale
	if scale == 0 {
		scale = 1
	}
	g.Nodes = append(g.Nodes, kpn.Node{ID: spoiler, Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(scale)}})
	g.Edges = append(g.Edges, kpn.Edge{From: id, To: spoiler, Port: "in", DelayFrames: e.Delay})
}

type executable struct {
	kpn.Executable
	engine *Engine
	graph  *kpn.Graph
	// has says that the graph has a node of the faulty kind.
	has bool
}

// Forward implements [kpn.Executable].
func (x *executable) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	if !x.engine.Single {
		return x.Executable.Forward(ctx, job, sink)
	}
	return x.Executable.Forward(ctx, job, func(b *kpn.Block) error {
		single := *b
		single.F64, single.F32 = nil, make([]float32, b.Shape.Len())
		for i := range single.F32 {
			single.F32[i] = float32(b.At(i))
		}
		return sink(&single)
	})
}

// Adjoint implements [kpn.Executable]: it leaves out the gradients of nodes
// that the graph does not have.
func (x *executable) Adjoint(ctx context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	all, err := x.Executable.Adjoint(ctx, job)
	if err != nil {
		return nil, err
	}
	all.List = slices.DeleteFunc(all.List, func(g kpn.Gradient) bool {
		_, known := x.graph.Node(g.Ref.Node)
		return !known
	})
	if x.has && x.engine.Gradients != nil {
		x.engine.Gradients(all)
	}
	return all, nil
}
