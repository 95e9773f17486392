package kpn

// NodeDescription is what a runtime knows of a node.
type NodeDescription struct {
	Node string
	Kind Kind
	// Type is the node's type in the descriptor, if it came from one.
	Type string
	// DeclaredDelay is in frames.
	DeclaredDelay int
	// OversampleRatio is at least 1, and Latency what its decimator takes.
	OversampleRatio, Latency int
	// V2 says whether the node has a version-2 entry.
	V2 bool
	// Readiness says when it runs; zero before Configure.
	Readiness Readiness
	// Metrics are those of the last execution: nil for nodes that report none.
	Metrics *Metrics
	// Heat is what the node heated in the last execution, and HeatTotal since
	// Configure.
	Heat, HeatTotal float64
	// Params are the node's parameters with the shapes of what is bound, in the
	// order of [Graph.Parameters].
	Params []ParamDescription
}

// ParamDescription is a parameter of a node.
type ParamDescription struct {
	Name string
	// Shape is that of the tensor that is bound, 1×1×1 for the graph's own
	// number; Set says that it is SetParam's.
	Shape Shape
	Set   bool
}

// DescribeNode tells what is known of a node.
func (r *Runtime) DescribeNode(node string) (*NodeDescription, error) {
	id := r.network.idOf(node)
	n, ok := r.network.Graph.Node(id)
	if !ok {
		return nil, &ParamError{Code: InvalidArgument, Node: node, Reason: "the network has no such node: " + unknown(node, r.network.names())}
	}
	facts, heat := r.network.Facts[id], r.tally.of(id)
	d := &NodeDescription{
		Node: node, Kind: n.Kind, Type: facts.Type,
		DeclaredDelay: facts.DeclaredDelay, OversampleRatio: n.Ratio(), Latency: n.Latency(),
		V2: !facts.V1Only, Readiness: r.setup.ready[id],
		Heat: heat.last, HeatTotal: heat.total,
	}
	d.OversampleRatio = max(d.OversampleRatio, facts.OversampleRatio)
	d.Metrics = r.metrics(id)
	for _, p := range r.network.Graph.Parameters(n) {
		ref := ParamRef{id, p.Name}
		v := ParamDescription{Name: p.Name, Shape: Shape{1, 1, 1}}
		if b := r.bound[ref]; b != nil {
			v.Shape, v.Set = b.values.Shape, b.values != r.network.Params[ref]
		}
		d.Params = append(d.Params, v)
	}
	return d, nil
}

// metrics are what a node reports of its last call, nil if it does not.
func (r *Runtime) metrics(id string) *Metrics {
	if r.compiled == nil {
		return nil
	}
	if meter, ok := r.compiled.session.(Meter); ok {
		if m, reports := meter.Metrics(id); reports {
			return &m
		}
	}
	return nil
}
