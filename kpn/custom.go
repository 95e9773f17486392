package kpn

import "fmt"

// CustomKind is a node kind that a user of the library brings: see
// [Graph.Custom]. The reference engine runs its Go, GPU engines its GLSL; an
// engine for which it has nothing refuses graphs with it, by an
// *[UnsupportedError].
type CustomKind struct {
	// Spec describes it as those of the [Catalogue] are described. Its Kind is
	// the key in Graph.Custom. WholeRow, Control and Table are not for custom
	// kinds, and MaxOversample is 1.
	Spec Spec
	// New makes the entry of a node, which is called from one goroutine at a
	// time, and for one job or session only.
	New func(n *Node) (NodeV2, error)
	// NewV1 does so where there is a version-1 entry only, in New's stead. A
	// bridge makes it one of version 2, whose adjoint is unsupported and which
	// reports no metrics.
	NewV1 func(n *Node) (NodeV1, error)
	// GLSL is the step of a frame of one row and its adjoint, at most
	// [MaxGLSL] bytes, of the form that package sawmill/shaders gives for the
	// Node of a kind: head lines, a struct of parameters, one of the state, and
	// functions, all of whose names begin with the kind's. If Spec.Stateful is
	// not set, its seek function must give the state at any frame, since rows
	// are then rendered from many places at once; a node with a declared delay
	// remembers, and needs Stateful. GLSL that does not compile fails with the
	// engine's own error, which shows the line.
	GLSL string
}

// MaxGLSL is the longest text of a custom kind, in bytes.
const MaxGLSL = 1 << 18

// NodeV2 is a version-2 entry of a node: it computes windows of frames forward
// and takes their cotangents back.
//
// How frames are cut into windows must not change a bit: what a node has to
// remember belongs in its state.
type NodeV2 interface {
	// Forward computes the frames of a call and returns them, in a tensor that
	// the caller then owns, of the shape of the call; and the state for the
	// next. The old state is released if it is another: see [Releaser].
	Forward(c *Call) (out *FrameTensor, state any, err error)
	// Adjoint takes the cotangents of the output of a call, which has all
	// frames of a job and no state, to those of its inputs and parameters. A
	// node that has none fails with an *[UnsupportedError]: zeros are then
	// passed on. In a loop it is called again and again, until what comes back
	// to the node does not change any more. For each of the loop's custom nodes
	// that may be as often as its shortest delay fits into the job and its
	// latency, and twice more. So it must give the same bits for the same
	// cotangents, and a frame's from those of that frame and later ones.
	Adjoint(c *Call, cotangents *FrameTensor) (*NodeGradients, error)
	// Metrics are those of the last call, if the node reports any. It is asked
	// after each call that has not failed.
	Metrics() (Metrics, bool)
}

// Releaser is implemented by states that hold more than memory. Release is
// called exactly once, when the state is replaced or the run ends; also of a
// state that comes with an error. A state is known by its pointer, a slice's or a
// map's, or by equal values: a function, or a struct that holds one, a slice or a
// map, is refused, and wants a pointer.
type Releaser interface{ Release() }

// Call is a window of frames of a node.
type Call struct {
	Node string
	Rate float64
	// Seed and FirstItem are those of the job.
	Seed, FirstItem uint64
	// First is the node's own frame that the window starts with.
	First int
	// Shape is the extent of the window: items, channels, frames.
	Shape Shape
	// Inputs are the signals at the node's ports in their order, nil at an
	// optional port without a source; Params the values of its parameters in
	// the order of [Graph.Parameters]. They are read-only.
	Inputs, Params []*FrameTensor
	// State is what the last call returned, nil in the first.
	State any
}

// FrameTensor is a dense tensor that goes frame by frame, in a frame item by
// item, in an item channel by channel.
type FrameTensor struct {
	Shape
	Data []float64
}

// NewFrameTensor returns a tensor of zeros. It panics if the shape is negative.
func NewFrameTensor(s Shape) *FrameTensor { return &FrameTensor{s, make([]float64, s.Len())} }

// Frame is the samples of a frame: item by item, channel by channel.
func (t *FrameTensor) Frame(f int) []float64 {
	rows := t.Rows()
	return t.Data[f*rows : (f+1)*rows]
}

// At is the sample of (b, c) at a frame.
func (t *FrameTensor) At(b, c, f int) float64 { return t.Data[(f*t.B+b)*t.C+c] }

// NodeGradients are the cotangents of a call's inputs and parameters, in their
// order; nil stands for zeros.
type NodeGradients struct {
	Inputs, Params []*FrameTensor
}

// NodeV1 is a version-1 entry of a node: it computes, and neither goes back
// nor reports.
type NodeV1 interface {
	Run(c *Call) (out *FrameTensor, state any, err error)
}

// HasGo says whether the reference can run the kind.
func (c *CustomKind) HasGo() bool { return c.New != nil || c.NewV1 != nil }

// Entry makes the entry of a node, which may be a bridge; nil where the kind has
// no Go, or gives neither an entry nor an error.
func (c *CustomKind) Entry(n *Node) (NodeV2, error) {
	switch {
	case c.New != nil:
		return c.New(n)
	case c.NewV1 == nil:
		return nil, nil
	}
	entry, err := c.NewV1(n)
	if entry == nil {
		return nil, err
	}
	return bridge{entry}, err
}

// bridge makes a version-1 entry one of version 2.
type bridge struct{ NodeV1 }

// Forward implements [NodeV2].
func (b bridge) Forward(c *Call) (*FrameTensor, any, error) { return b.Run(c) }

// Adjoint implements [NodeV2].
func (bridge) Adjoint(c *Call, _ *FrameTensor) (*NodeGradients, error) {
	return nil, &UnsupportedError{Node: c.Node, What: "adjoint", Reason: "the node has a version-1 entry only; zeros are passed on"}
}

// Metrics implements [NodeV2].
func (bridge) Metrics() (Metrics, bool) { return Metrics{}, false }

// Spec returns the spec of a kind that the graph's nodes may have: one of the
// catalogue's, or a custom one.
func (g *Graph) Spec(k Kind) (*Spec, bool) {
	if s, ok := Lookup(k); ok {
		return s, true
	}
	if c := g.Custom[k]; c != nil {
		return &c.Spec, true
	}
	return nil, false
}

// FirstWithout returns the first node of a custom kind for which it has nothing
// of what an engine needs.
func (g *Graph) FirstWithout(has func(*CustomKind) bool) (*Node, bool) {
	for i := range g.Nodes {
		if c := g.Custom[g.Nodes[i].Kind]; c != nil && !has(c) {
			return &g.Nodes[i], true
		}
	}
	return nil, false
}

// kinds lists the names of the kinds that nodes may have.
func (g *Graph) kinds() []string {
	names := KindNames()
	for k := range g.Custom {
		names = append(names, string(k))
	}
	return names
}

// validateCustom checks the custom kinds themselves.
func (g *Graph) validateCustom() []error {
	var errs []error
	for k, c := range g.Custom {
		reason := ""
		switch {
		case c == nil || !c.HasGo() && c.GLSL == "":
			reason = "it has no entry: set New (or NewV1), GLSL, or both"
		case c.New != nil && c.NewV1 != nil:
			reason = "it has entries of both versions: leave out NewV1"
		case len(c.GLSL) > MaxGLSL:
			reason = fmt.Sprintf("its GLSL has %d bytes, allowed are %d", len(c.GLSL), MaxGLSL)
		case !ValidID(string(k)) || c.Spec.Kind != k:
			reason = fmt.Sprintf("its spec's name is %q: use one name, of letters, digits and underscores", c.Spec.Kind)
		case c.Spec.WholeRow || c.Spec.Control || c.Spec.Table != nil || c.Spec.MaxOversample > 1:
			reason = "custom kinds have no whole rows, no control rate, no table and no oversampling: leave those out of the spec"
		}
		if _, taken := Lookup(k); taken {
			reason = "there is a kind of this name already: choose another"
		}
		if reason != "" {
			errs = append(errs, &GraphError{Field: "custom kind " + string(k), Reason: reason})
		}
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if n.Delay == 0 {
			continue
		}
		if g.Custom[n.Kind] == nil || n.Delay < 0 || n.Delay > MaxEdgeDelay {
			errs = append(errs, &GraphError{Node: n.ID, Field: "delay", Reason: fmt.Sprintf("got %d frames; nodes of custom kinds may have 0 to %d, others none", n.Delay, MaxEdgeDelay)})
		}
	}
	return errs
}
