package scheduler

import (
	"fmt"
	"slices"
	"strings"

	"sawmill/kpn"
	"sawmill/shaders"
)

// What the functions of custom kinds may take: those of [shaders.Node] that
// the kinds they can be need.
var (
	customStep    = []string{"state", "params", "frame", "inputs"}
	customAdjoint = append([]string{"before"}, customStep...)
)

// shaderOf is the GLSL of a node's kind: the catalogue's own, or what a custom
// kind brings.
func shaderOf(g *kpn.Graph, n *kpn.Node) (*shaders.Node, error) {
	custom := g.Custom[n.Kind]
	if custom == nil {
		return shaders.LoadNode(string(n.Kind))
	}
	shader, err := shaders.ParseNode(custom.GLSL)
	if err != nil {
		return nil, &kpn.GraphError{Node: n.ID, Field: "glsl", Reason: fmt.Sprintf("kind %s: %v", n.Kind, err)}
	}
	if reason := customFault(custom, shader, n); reason != "" {
		return nil, &kpn.GraphError{Node: n.ID, Field: "glsl", Reason: fmt.Sprintf("kind %s: %s", n.Kind, reason)}
	}
	return shader, nil
}

// customFault says what is wrong with a custom kind's head lines; what is wrong
// with its text, the device's compiler says.
func customFault(c *kpn.CustomKind, n *shaders.Node, node *kpn.Node) string {
	unknown := func(list, known []string) string {
		i := slices.IndexFunc(list, func(word string) bool { return !slices.Contains(known, word) })
		if i < 0 {
			return ""
		}
		return fmt.Sprintf("%q is none of %s", list[i], strings.Join(known, ", "))
	}
	name := string(c.Spec.Kind)
	needs := func(state int, list []string) bool { return state > 0 && !slices.Contains(list, "state") }
	for _, check := range []struct{ line, reason string }{
		{"uses", unknown(n.Uses, shaders.LibOrder())},
		{"adjoint uses", unknown(n.AdjointUses, shaders.LibOrder())},
		{"step", unknown(n.Step, customStep)},
		{"adjoint", unknown(n.Adjoint, customAdjoint)},
	} {
		if check.reason != "" {
			return fmt.Sprintf("its line %q: %s", check.line, check.reason)
		}
	}
	switch {
	case len(n.Step) == 0:
		return `it has no line "//! step: …", which says what its step function takes`
	case strings.HasPrefix(name, "gl_") || strings.Contains(name, "__") || strings.HasSuffix(name, "_"):
		return "GLSL keeps names that begin with gl_ or have two underscores for itself: choose another"
	case min(n.StateWords, n.AdjointStateWords, n.TapeWords, n.Loops, n.Cost) < 0 || max(n.StateWords, n.AdjointStateWords, n.TapeWords) > maxCustomWords:
		return fmt.Sprintf("its words of state and of tape are 0 to %d, its loops and its cost at least 0", maxCustomWords)
	case needs(n.StateWords, n.Step) || needs(n.AdjointStateWords, n.Adjoint):
		return `it has words of a state that its function does not take: add "state" to the line "step" or "adjoint"`
	case n.Takes("state") && len(c.Spec.Params) == 0:
		return "its seek function takes its parameters, and it has none: give it one"
	case n.AdjointTakes("state") && !n.AdjointTakes("before"):
		return `an adjoint with a state takes the state before the frame as well: add "before", and a line "//! tape: …"`
	case node.Delay > 0 && !c.Spec.Stateful:
		return "a declared delay takes a state: set Stateful in its spec"
	case slices.ContainsFunc(c.Spec.Inputs, func(p kpn.Port) bool { return p.Variadic }):
		return "on a device custom kinds have no variadic ports: name each"
	}
	return ""
}

// maxCustomWords bounds what a custom kind may carry, for a row: what its
// compiled functions hold in registers.
const maxCustomWords = 1024

// WithoutAdjoint lists the nodes of custom kinds whose GLSL has no adjoint.
func (a *Adjoint) WithoutAdjoint() []string {
	var nodes []string
	for _, s := range a.Steps {
		if a.Graph.Custom[s.Node.Kind] != nil && s.Shader.Adjoint == nil {
			nodes = append(nodes, s.Node.ID)
		}
	}
	slices.Sort(nodes)
	return nodes
}
