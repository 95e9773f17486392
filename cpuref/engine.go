package cpuref

import (
	"context"
	"maps"
	"runtime"
	"slices"

	"sawmill/kpn"
)

// engine is the reference engine. It has no state.
type engine struct{}

// New returns the reference engine. Its executables may render several jobs
// at once.
func New() kpn.Engine { return engine{} }

// Device implements [kpn.Engine].
func (engine) Device() kpn.Device {
	return kpn.Device{
		Class:   kpn.Reference,
		Name:    "float64 reference",
		Backend: "go",
		Version: runtime.Version(),
	}
}

// Compile implements [kpn.Engine].
func (engine) Compile(g *kpn.Graph) (kpn.Executable, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	if n, ok := g.FirstWithout((*kpn.CustomKind).HasGo); ok {
		return nil, &kpn.UnsupportedError{Node: n.ID, Kind: n.Kind, What: "rendering on the reference engine", Reason: "the kind has GLSL only; give it New or NewV1, or use a GPU engine"}
	}
	return compile(g), nil
}

// compile prepares a valid graph.
func compile(g *kpn.Graph) *executable {
	x := &executable{graph: clone(g)}
	audio := x.graph
	if split, ok := x.graph.Split(); ok {
		audio = split.Audio
		x.control = &control{graph: x.graph, split: split, plan: newPlan(split.Control)}
	}
	x.plan = newPlan(audio)
	return x
}

// Close implements [kpn.Engine].
func (engine) Close() error { return nil }

// clone copies a graph, so that its owner may change it afterwards.
func clone(g *kpn.Graph) *kpn.Graph {
	own := &kpn.Graph{
		Nodes:   slices.Clone(g.Nodes),
		Edges:   slices.Clone(g.Edges),
		Outputs: slices.Clone(g.Outputs),
		Control: g.Control,
		Custom:  maps.Clone(g.Custom),
	}
	for i := range own.Edges {
		if m := own.Edges[i].Modulation; m != nil {
			copied := *m
			own.Edges[i].Modulation = &copied
		}
	}
	for i := range own.Nodes {
		own.Nodes[i].Params = maps.Clone(own.Nodes[i].Params)
	}
	return own
}

// executable is a compiled graph.
type executable struct {
	graph *kpn.Graph
	// plan is that of the audio nodes, and control the control nodes; nil
	// where there are none.
	plan    *plan
	control *control
}

// Latency implements [kpn.Executable].
func (x *executable) Latency() int { return x.plan.latency }

// Forward implements [kpn.Executable]. Where the blocks that the job asks for
// would take more than 64 MiB in all, they are shorter.
func (x *executable) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	if err := job.Validate(x.graph); err != nil {
		return err
	}
	curves, err := x.control.render(ctx, x.plan, job)
	if err != nil {
		return err
	}
	r, err := newRender(x.plan, job, curves)
	if err != nil {
		return err
	}
	defer r.wide.restart()
	if err := r.measureAll(ctx); err != nil {
		return err
	}
	return r.deliver(ctx, sink)
}

// Close implements [kpn.Executable].
func (*executable) Close() error { return nil }
