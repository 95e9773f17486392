package kpn

// NodeDescription is what a runtime knows of a node.
type NodeDescription struct {
	Node string
	Kind Kind
	// Type is the node's type in the descriptor, if it came from one.
	Type string
	// DeclaredDelay is in frames.
	DeclaredDelay int
	// OversampleRatio is what the node runs at, at least 1, and Latency what its
	// decimator takes.
	OversampleRatio, Latency int
	// V2 says whether what the engine runs of the node is of version 2.
	V2 bool
	// Readiness says when it runs; zero before Configure.
	Readiness Readiness
	// Metrics are those of the last execution: nil before the first, and for
	// nodes without a version-2 entry. Nodes of custom kinds report them
	// themselves. Of the others the delay is what DelayHook was told, or else
	// what they declare and their decimator takes; times are not taken. The heat
	// is Heat.
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
		V2: !facts.V1Only && !r.bridged(n), Readiness: r.setup.ready[id],
		Heat: heat.last, HeatTotal: heat.total,
	}
	if d.V2 {
		d.Metrics = r.metrics(n)
	}
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

// metrics are those of a version-2 node, nil before the first frame.
func (r *Runtime) metrics(n *Node) *Metrics {
	if r.compiled == nil || r.now == 0 {
		return nil
	}
	m, reports := r.reported(n.ID)
	if !reports && r.network.Graph.Custom[n.Kind] != nil {
		return nil
	}
	if !reports {
		m.MeasuredDelay = float64(r.network.late(n))
		if measured, ok := r.measured[n.ID]; ok {
			m.MeasuredDelay = float64(measured)
		}
	}
	m.Heat = r.tally.of(n.ID).last
	return &m
}

// bridged says whether a bridge runs the node. Devices run GLSL instead, which
// has an adjoint.
func (r *Runtime) bridged(n *Node) bool {
	c := r.network.Graph.Custom[n.Kind]
	return c != nil && c.NewV1 != nil && r.engine.Device().Class == Reference
}
