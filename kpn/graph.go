package kpn

import "fmt"

// Graph is a set of nodes joined by edges. The order of Nodes and Edges has
// no meaning, except that listings follow it. Graphs are plain data: build
// one, call [Graph.Validate], hand it to an engine.
type Graph struct {
	Nodes []Node
	Edges []Edge
	// Outputs names the nodes whose signals are rendered.
	Outputs []string
	// Control is the rate domain of the control nodes.
	Control Control
	// Custom holds kinds that are not in the [Catalogue], by name. Graphs
	// share them.
	Custom map[Kind]*CustomKind

	// parted marks the parts that Split makes, which may have internal kinds.
	parted bool
}

// Node is an instance of a kind.
type Node struct {
	// ID is unique in the graph: a letter or underscore, then letters,
	// digits and underscores, at most [MaxIDLength].
	ID   string
	Kind Kind
	// Params holds the parameters that differ from the kind's defaults.
	Params map[string]Param
	// Oversample is the ratio R at which the node steps: a power of two up
	// to the kind's own limit. 0 means 1.
	Oversample int
	// Quality chooses the decimator of an oversampled node.
	Quality Quality
	// Control nodes step at the graph's control rate.
	Control bool
	// Table is what the node plays, for kinds that have a table.
	Table *Table
	// Delay is how many frames late the output of a node of a custom kind is:
	// engines align other paths with it, and trim it.
	Delay int
}

// Param says where a parameter's value comes from.
type Param struct {
	Rate ParamRate
	// Value is the value of a constant. Per-item and per-frame values are
	// bound by the job.
	Value float64
}

// Const is a constant parameter.
func Const(v float64) Param { return Param{Value: v} }

// Edge joins a node's output to a port of another node.
type Edge struct {
	From, To string
	// Port is the name of To's port: "in", or "in_0", "in_1", … for the
	// members of a variadic port.
	Port string
	// DelayFrames makes To see From this many frames late, zeros before.
	DelayFrames int
	// Modulation makes the edge change the parameter that Port then names.
	Modulation *Modulation
}

// ParamRef names a parameter of a node.
type ParamRef struct {
	Node, Param string
}

// String writes the reference as node.param.
func (r ParamRef) String() string { return r.Node + "." + r.Param }

// Limits on what a graph may hold: far above any use, low enough that a
// hostile document cannot exhaust memory.
const (
	MaxNodes       = 1024
	MaxInputs      = 64
	MaxIDLength    = 63
	MaxOutputs     = 8
	MaxWholeRow    = 16
	MaxEdgeDelay   = 1 << 20
	MaxOversample  = 64
	MaxFrames      = 1<<31 - 1
	MaxChannels    = 1 << 10
	MaxBatch       = 1 << 24
	MaxSampleRate  = 1 << 20
	maxTotalLength = 1 << 31
	// maxSources is the most that a port of any kind takes.
	maxSources = max(MaxInputs, MaxHarmonics)
)

// Ratio is the node's oversample ratio, at least 1.
func (n *Node) Ratio() int { return max(n.Oversample, 1) }

// Node finds a node by its ID.
func (g *Graph) Node(id string) (*Node, bool) {
	for i := range g.Nodes {
		if g.Nodes[i].ID == id {
			return &g.Nodes[i], true
		}
	}
	return nil, false
}

// Inputs returns the edges into a node in the order of its ports, variadic
// members by index. It assumes a valid graph.
func (g *Graph) Inputs(id string) []Edge {
	n, ok := g.Node(id)
	if !ok {
		return nil
	}
	spec, ok := g.Spec(n.Kind)
	if !ok {
		return nil
	}
	byPort := map[string]Edge{}
	for _, e := range g.Edges {
		if e.To == id && e.Modulation == nil {
			byPort[e.Port] = e
		}
	}
	var edges []Edge
	for _, p := range spec.Inputs {
		if !p.Variadic {
			if e, ok := byPort[p.Name]; ok {
				edges = append(edges, e)
			}
			continue
		}
		for k := 0; ; k++ {
			e, ok := byPort[fmt.Sprintf("%s_%d", p.Name, k)]
			if !ok {
				break
			}
			edges = append(edges, e)
		}
	}
	return edges
}

// Parameters lists a node's parameters in the order of its spec, with
// per-input parameters expanded to one for each source, and each parameter's
// binding (the default where the node says nothing).
func (g *Graph) Parameters(n *Node) []NodeParam {
	spec, ok := g.Spec(n.Kind)
	if !ok {
		return nil
	}
	var modulating []Edge
	for _, e := range g.Edges {
		if e.Modulation != nil && e.To == n.ID {
			modulating = append(modulating, e)
		}
	}
	var list []NodeParam
	g.eachParameter(n, spec, func(p *Parameter, name string) {
		b, ok := n.Params[name]
		if !ok {
			b = Const(p.Default)
		}
		var modulators []Edge
		for _, e := range modulating {
			if e.Port == name {
				modulators = append(modulators, e)
			}
		}
		list = append(list, NodeParam{Name: name, Spec: p, Param: b, Modulators: modulators})
	})
	return list
}

// ParamNames lists the names of a node's parameters.
func (g *Graph) ParamNames(n *Node) []string {
	var names []string
	if spec, ok := g.Spec(n.Kind); ok {
		g.eachParameter(n, spec, func(_ *Parameter, name string) { names = append(names, name) })
	}
	return names
}

// eachParameter goes through a node's parameters in the order of its spec.
func (g *Graph) eachParameter(n *Node, spec *Spec, do func(p *Parameter, name string)) {
	for i := range spec.Params {
		p := &spec.Params[i]
		if !p.PerInput {
			do(p, p.Name)
			continue
		}
		for k := range g.Inputs(n.ID) {
			do(p, fmt.Sprintf("%s_%d", p.Name, k))
		}
	}
}

// Single says whether devices may reckon in single precision what a node's
// phase advances by and that changes from frame to frame.
func (g *Graph) Single(n *Node) bool {
	for _, p := range g.Parameters(n) {
		if p.Name == "precision" && p.Spec.Choices != nil {
			return p.Value == PrecisionSingle
		}
	}
	return false
}

// NodeParam is one parameter of one node.
type NodeParam struct {
	Name string
	Spec *Parameter
	Param
	// Modulators are the edges that change the value.
	Modulators []Edge
}

// Changes says whether the value may differ from frame to frame.
func (p *NodeParam) Changes() bool { return p.Rate == PerFrame || len(p.Modulators) > 0 }
