package kpn

import "fmt"

// NetworkOptions are what a descriptor may come with.
type NetworkOptions struct {
	// Plan is the order in which the nodes run, nil for the descriptor's own.
	Plan *Plan
	// History is the control history to start with, or nil.
	History *History
	// Types are kinds of the caller's for types, by type: those that no kind
	// of the catalogue stands for, or that another shall.
	Types map[string]*CustomKind
}

// Network makes a graph that runs of a descriptor: its types become kinds, its
// tensors what is bound by default, and the last node in the order of execution
// the output.
//
// Audio inputs of a type with one port are added up; those of an oscillator or
// a pitch add to its frequency or its note. A ControllerNode without points
// follows the key of the control history that its field key names, or else the
// one of its own name. What documents hold besides is kept in the descriptor,
// and listed in [Network.Unknown].
//
// Errors are *[TypeError] for types without a kind, and otherwise *[BlobError]
// or *[GraphError].
func (d *Descriptor) Network(o NetworkOptions) (*Network, error) { return d.network(o, nil) }

// network makes a network, with what a document says of edges besides.
func (d *Descriptor) network(o NetworkOptions, edges []DocumentEdge) (*Network, error) {
	order, err := d.Order(o.Plan)
	if err != nil {
		return nil, err
	}
	if len(order) == 0 || len(order) > MaxNodes {
		return nil, &GraphError{Reason: fmt.Sprintf("the descriptor has %d nodes, allowed are 1 to %d", len(order), MaxNodes)}
	}
	b := networkBuilder{
		network: &Network{
			Graph:   &Graph{Custom: map[Kind]*CustomKind{}},
			Params:  map[ParamRef]*Values{},
			Names:   map[string]string{},
			inner:   map[string]bool{},
			Facts:   map[string]NodeFacts{},
			Curves:  map[string]string{},
			History: o.History,
			Hold:    true,
		},
		types: o.Types,
		taken: map[string]bool{},
		ids:   map[string]string{},
		plans: map[string]*PlanNode{},
		edges: map[[3]string]*DocumentEdge{},
	}
	for i := range edges {
		b.edges[[3]string{edges[i].From, edges[i].To, edges[i].Param}] = &edges[i]
	}
	if o.Plan != nil {
		for i := range o.Plan.Nodes {
			b.plans[o.Plan.Nodes[i].Name] = &o.Plan.Nodes[i]
		}
	}
	for i := range d.Nodes {
		b.taken[d.Nodes[i].Name] = true
	}
	if err := d.checkSources(b.taken); err != nil {
		return nil, err
	}
	for _, i := range order {
		if err := b.add(&d.Nodes[i]); err != nil {
			return nil, err
		}
	}
	b.network.Graph.Outputs = []string{b.id(d.Nodes[order[len(order)-1]].Name)}
	return b.network, b.network.Validate()
}

// checkSources refuses inputs and modulations from nodes that there are not.
func (d *Descriptor) checkSources(names map[string]bool) error {
	for i := range d.Nodes {
		n := &d.Nodes[i]
		fault := func(field, source string) error {
			return &GraphError{Node: n.Name, Field: field, Reason: "no such node: " + unknown(source, sortedKeys(names))}
		}
		for _, from := range n.Inputs {
			if !names[from] {
				return fault("inputs", from)
			}
		}
		for k := range n.Modulations {
			if m := &n.Modulations[k]; !names[m.Source] {
				return fault(m.Param, m.Source)
			}
		}
	}
	return nil
}

// networkBuilder makes a network node by node.
type networkBuilder struct {
	network *Network
	types   map[string]*CustomKind
	// taken are the names and the IDs of nodes, and ids the IDs by name.
	taken map[string]bool
	ids   map[string]string
	plans map[string]*PlanNode
	// edges is what a document says of edges, by source, reader and, for
	// modulations, parameter.
	edges map[[3]string]*DocumentEdge
}

func (b *networkBuilder) add(d *DescriptorNode) error {
	alias, err := aliasOf(d, b.types)
	if err != nil {
		return err
	}
	meta, err := d.Metadata()
	if err != nil {
		return err
	}
	g := b.network.Graph
	if c := b.types[d.Type]; c != nil {
		g.Custom[c.Spec.Kind] = c
	}
	n := Node{ID: b.id(d.Name), Kind: alias.kind, Params: map[string]Param{}}
	for name, v := range alias.fixed {
		n.Params[name] = Const(v)
	}
	r := &documentReader{builder: b, name: d.Name, node: &n, alias: alias, seen: map[string]bool{}}
	if err := r.read(&meta); err != nil {
		return err
	}
	b.declare(&n, d, &meta, r.channelCount)
	g.Nodes = append(g.Nodes, n)
	if err := b.bind(&g.Nodes[len(g.Nodes)-1], d, alias, &meta); err != nil {
		return err
	}
	b.connect(d, alias)
	return nil
}

// declare takes over what the document and the plan say of a node.
func (b *networkBuilder) declare(n *Node, d *DescriptorNode, meta *Metadata, channels int) {
	facts := NodeFacts{Type: d.Type, OversampleRatio: int(meta.Ratio()), DeclaredDelay: int(meta.DeclaredDelay), Channels: channels, V1Only: meta.V1Only, HeatParam: meta.HeatParam}
	if p := b.plans[d.Name]; p != nil {
		if p.OversampleRatio > 0 {
			facts.OversampleRatio = int(p.OversampleRatio)
		}
		if p.DeclaredDelay > 0 {
			facts.DeclaredDelay = int(p.DeclaredDelay)
		}
	}
	// Of a custom kind the delay is real, and aligned by the engine.
	if b.network.Graph.Custom[n.Kind] != nil {
		n.Delay, facts.DeclaredDelay = facts.DeclaredDelay, 0
	}
	if spec, ok := b.network.Graph.Spec(n.Kind); ok && spec.MaxOversample > 1 {
		n.Oversample = facts.OversampleRatio
	} else if facts.OversampleRatio > 1 {
		b.report(d.Name, fieldOversample)
	}
	b.network.Facts[n.ID] = facts
}

// bind takes over the node's tensors.
func (b *networkBuilder) bind(n *Node, d *DescriptorNode, alias *typeAlias, meta *Metadata) error {
	spec, _ := b.network.Graph.Spec(n.Kind)
	heat := HeatParam
	if meta.HeatParam != "" {
		heat = meta.HeatParam
	}
	for i := range d.Params {
		p := &d.Params[i]
		ref := ParamRef{n.ID, alias.param(p.Name)}
		_, _, known := spec.Param(ref.Param)
		_, fixed := alias.fixed[ref.Param]
		switch {
		case p.Name == heat:
			ref.Param = heat
		case !known, alias.resamples:
			b.report(d.Name, p.Name)
			continue
		case fixed:
			return &GraphError{Node: d.Name, Field: p.Name, Reason: fmt.Sprintf("a %s has no other: leave it out, or take another type", alias.name)}
		case b.network.Params[ref] != nil:
			return &GraphError{Node: d.Name, Field: p.Name, Reason: fmt.Sprintf("it is another name of %s, which has a tensor already; leave one", ref.Param)}
		}
		b.network.Params[ref] = &Values{p.Shape, p.Data}
	}
	return nil
}

// connect takes over the node's audio inputs and modulations.
func (b *networkBuilder) connect(d *DescriptorNode, alias *typeAlias) {
	g, id := b.network.Graph, b.id(d.Name)
	spec, _ := g.Spec(g.Nodes[len(g.Nodes)-1].Kind)
	edge := func(from, to, port string) { b.edge(from, d.Name, "", Edge{To: to, Port: port}) }
	_, variadic := spec.Variadic()
	switch {
	case len(spec.Inputs) == 0 && alias.feeds != "":
		b.feed(d, alias)
	case variadic:
		for k, from := range d.Inputs {
			edge(from, id, fmt.Sprintf("%s_%d", spec.Inputs[0].Name, k))
		}
	case len(spec.Inputs) == 1 && len(d.Inputs) > 1:
		sum := b.name(id + "_sum")
		b.network.inner[sum] = true
		g.Nodes = append(g.Nodes, Node{ID: sum, Kind: KindMix})
		for k, from := range d.Inputs {
			edge(from, sum, fmt.Sprintf("in_%d", k))
		}
		edge(sum, id, spec.Inputs[0].Name)
	default:
		for k, from := range d.Inputs {
			port := fmt.Sprintf("input %d", k)
			if k < len(spec.Inputs) {
				port = spec.Inputs[k].Name
			}
			edge(from, id, port)
		}
	}
	for i := range d.Modulations {
		m := &d.Modulations[i]
		if _, _, known := spec.Param(alias.param(m.Param)); !known || alias.resamples {
			b.report(d.Name, m.Param)
			continue
		}
		b.edge(m.Source, d.Name, m.Param, Edge{To: id, Port: alias.param(m.Param), Modulation: &Modulation{Mode: m.Mode, Scale: float64(m.Scale), Channel: int(m.Channel)}})
	}
}

// edge adds an edge into a node, or into what adds up its inputs, with the
// delay and the gates that a document gives it. The names are the document's.
func (b *networkBuilder) edge(from, to, param string, e Edge) {
	e.From = b.id(from)
	if said := b.edges[[3]string{from, to, param}]; said != nil {
		e.DelayFrames = said.DelayFrames
		if len(said.Gates) > 0 {
			b.network.Gates = append(b.network.Gates, GatedEdge{e.From, e.To, e.Port, said.Gates})
		}
	}
	b.network.Graph.Edges = append(b.network.Graph.Edges, e)
}

// feed makes audio inputs add to the parameter that they stand for, which has
// no value besides unless it is bound.
func (b *networkBuilder) feed(d *DescriptorNode, alias *typeAlias) {
	g := b.network.Graph
	n, _ := g.Node(b.id(d.Name))
	_, own := n.Params[alias.feeds]
	_, bound := b.network.Params[ParamRef{n.ID, alias.feeds}]
	if len(d.Inputs) > 0 && !own && !bound {
		n.Params[alias.feeds] = Const(0)
	}
	for _, from := range d.Inputs {
		b.edge(from, d.Name, "", Edge{To: n.ID, Port: alias.feeds, Modulation: &Modulation{Scale: 1, Channel: AllChannels}})
	}
}

// name is one like that given which no node has.
func (b *networkBuilder) name(like string) string {
	like = like[:min(len(like), MaxIDLength-5)]
	name := like
	for k := 2; b.taken[name]; k++ {
		name = fmt.Sprintf("%s_%d", like, k)
	}
	b.taken[name] = true
	return name
}

// report lists a field that has no meaning here.
func (b *networkBuilder) report(node, field string) {
	b.network.Unknown = append(b.network.Unknown, node+"."+field)
}
