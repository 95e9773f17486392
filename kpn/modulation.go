package kpn

import "fmt"

// String names the mode as presets spell it.
func (m ModulationMode) String() string {
	if m == ModulationMultiply {
		return "multiply"
	}
	return "add"
}

// AllChannels is the channel of a modulation that acts on every channel.
const AllChannels = -1

// Modulation makes an edge change a parameter, frame by frame, instead of
// feeding a port.
//
// The value starts as what the node or the job binds. Each modulation of the
// parameter, in the order of the graph's edges, then adds scale·signal to it
// or multiplies it by that. What comes out counts as the nearest end of the
// parameter's range where it is beyond it; the derivative is 0 there. The
// frames of signal and node meet as those of a port do: paths are aligned.
type Modulation struct {
	Mode  ModulationMode
	Scale float64
	// Channel is the only channel of the node on which it acts, or
	// [AllChannels].
	Channel int
}

// Apply is what a value becomes by a signal's sample.
func (m *Modulation) Apply(value, signal float64) float64 {
	if m.Mode == ModulationMultiply {
		return value * float64(m.Scale*signal)
	}
	return value + float64(m.Scale*signal)
}

// Acts says whether the modulation acts on a channel.
func (m *Modulation) Acts(channel int) bool {
	return m.Channel == AllChannels || m.Channel == channel
}

// Modulations returns the modulating edges into a node: those of its first
// parameter, in the order of the graph's edges, then those of the next.
func (g *Graph) Modulations(n *Node) []Edge {
	var edges []Edge
	for _, p := range g.Parameters(n) {
		edges = append(edges, p.Modulators...)
	}
	return edges
}

// Sources returns all edges into a node: those into its ports in their order,
// then those that modulate its parameters in theirs.
func (g *Graph) Sources(n *Node) []Edge {
	return append(g.Inputs(n.ID), g.Modulations(n)...)
}

// CanSeek says whether a node can start at any frame: its kind can, and no
// parameter that changes with the frame breaks it.
func (g *Graph) CanSeek(n *Node) bool {
	spec, ok := g.Spec(n.Kind)
	if !ok || spec.Stateful {
		return false
	}
	for _, p := range g.Parameters(n) {
		for _, name := range spec.SeekBrokenBy {
			if p.Name == name && p.Changes() {
				return false
			}
		}
	}
	return true
}

// maxScale bounds the scale of a modulation.
const maxScale = unbounded

// Modulatable says whether a signal can change a parameter of the catalogue's:
// not where it is a choice or the same for all sounds, nor where it has no
// gradient, since what modulates it would have a wrong one. Of custom kinds that
// is for their authors to say.
func (p *Parameter) Modulatable() bool {
	return p.Choices == nil && !p.Structural && p.Differentiable
}

// validateModulation checks a modulating edge into a node that exists and has so
// many inputs; known lists a node's parameters.
func (g *Graph) validateModulation(e Edge, inputs int, known func(*Node) []string) []error {
	var errs []error
	fault := func(format string, args ...any) {
		errs = append(errs, &GraphError{Node: e.To, Field: e.Port, Reason: fmt.Sprintf(format, args...)})
	}
	m := e.Modulation
	if m.Mode != ModulationAdd && m.Mode != ModulationMultiply {
		fault("modulation mode %d does not exist; allowed is add or multiply", m.Mode)
	}
	if !(m.Scale >= -maxScale && m.Scale <= maxScale) {
		fault("the modulation's scale is %g, allowed is %g to %g", m.Scale, -float64(maxScale), float64(maxScale))
	}
	if m.Channel < AllChannels || m.Channel >= MaxChannels {
		fault("the modulation's channel is %d, allowed is -1 (all) to %d", m.Channel, MaxChannels-1)
	}
	to, _ := g.Node(e.To)
	spec, ok := g.Spec(to.Kind)
	if !ok {
		return errs
	}
	switch p, index, ok := spec.Param(e.Port); {
	case !ok || index >= inputs:
		fault("no such parameter to modulate: %s", unknown(e.Port, known(to)))
	case p.Choices != nil || p.Structural:
		fault("the parameter cannot be modulated: it chooses what the node does")
	case !p.Modulatable() && g.Custom[to.Kind] == nil:
		fault("the parameter cannot be modulated: it has no gradient to pass on")
	}
	return errs
}
