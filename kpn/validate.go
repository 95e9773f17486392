package kpn

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sort"
	"strings"
)

// Validate checks everything about the graph that does not depend on a job:
// names, kinds, parameters, ports, ratios, outputs, cycles. It reports all
// faults it finds, joined.
func (g *Graph) Validate() error {
	if len(g.Nodes) == 0 {
		return &GraphError{Reason: "it has no nodes; add at least one and name it as output"}
	}
	if len(g.Nodes) > MaxNodes {
		return &GraphError{Reason: fmt.Sprintf("it has %d nodes, allowed is %d", len(g.Nodes), MaxNodes)}
	}
	if most := MaxNodes * MaxInputs; len(g.Edges) > most {
		return &GraphError{Reason: fmt.Sprintf("it has %d edges, allowed is %d", len(g.Edges), most)}
	}
	errs := append(g.validateNodes(), g.validateCustom()...)
	errs = append(errs, g.validateWholeRow())
	errs = append(errs, g.validateEdges()...)
	errs = append(errs, g.validateOutputs()...)
	errs = append(errs, g.validateControl()...)
	errs = append(errs, g.validateTables()...)
	if err := errors.Join(errs...); err != nil {
		return err
	}
	errs = append(g.validateConstants(MaxSampleRate), g.validateParamNames()...)
	if cycle := g.findCycle(); cycle != nil {
		errs = append(errs, &GraphError{
			Node:   cycle[0],
			Reason: "its output reaches its own input: " + strings.Join(cycle, " → ") + "; remove one of these edges, or delay one",
			Cause:  ErrCycle,
		})
	} else {
		errs = append(errs, g.validateLoops((*Node).Latency)...)
	}
	return errors.Join(errs...)
}

func (g *Graph) validateNodes() []error {
	var errs []error
	seen := map[string]bool{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		switch {
		case !ValidID(n.ID):
			errs = append(errs, &GraphError{Node: n.ID, Reason: fmt.Sprintf("the name must be a letter or underscore, then letters, digits and underscores, at most %d", MaxIDLength)})
		case seen[n.ID]:
			errs = append(errs, &GraphError{Node: n.ID, Reason: "there are two nodes of this name; rename one"})
		}
		seen[n.ID] = true
		spec, ok := g.Spec(n.Kind)
		if !ok || n.Kind == KindControl && !g.parted {
			errs = append(errs, &GraphError{Node: n.ID, Field: "kind", Reason: unknown(string(n.Kind), g.kinds())})
			continue
		}
		if r := n.Oversample; r < 0 || r > max(spec.MaxOversample, 1) || bits.OnesCount(uint(r)) > 1 {
			errs = append(errs, &GraphError{Node: n.ID, Field: "oversample_ratio", Reason: fmt.Sprintf("got %d, allowed for kind %s is a power of two from 1 to %d", r, n.Kind, spec.MaxOversample)})
		}
		if !n.Quality.valid() {
			errs = append(errs, &GraphError{Node: n.ID, Field: "quality", Reason: fmt.Sprintf("got %d, allowed is draft, standard or high", n.Quality)})
		}
	}
	return errs
}

// validateWholeRow bounds the nodes that need their whole input first: an
// engine may go over everything before each of them once more.
func (g *Graph) validateWholeRow() error {
	var found []string
	for i := range g.Nodes {
		if spec, ok := g.Spec(g.Nodes[i].Kind); ok && spec.WholeRow {
			found = append(found, g.Nodes[i].ID)
		}
	}
	if len(found) <= MaxWholeRow {
		return nil
	}
	return &GraphError{Node: found[MaxWholeRow], Field: "kind", Reason: fmt.Sprintf("it is the %dth of %d nodes that need their whole input row first, allowed are %d; remove some", MaxWholeRow+1, len(found), MaxWholeRow)}
}

func (g *Graph) validateEdges() []error {
	var errs []error
	taken := map[string]map[string]bool{}
	var modulating []Edge
	for _, e := range g.Edges {
		if _, ok := g.Node(e.From); !ok {
			errs = append(errs, &GraphError{Node: e.To, Field: e.Port, Reason: "its source does not exist: " + unknown(e.From, g.nodeIDs())})
		}
		to, ok := g.Node(e.To)
		if !ok {
			errs = append(errs, &GraphError{Node: e.To, Reason: "an edge leads to this node, which does not exist: " + unknown(e.To, g.nodeIDs())})
			continue
		}
		if e.DelayFrames < 0 || e.DelayFrames > MaxEdgeDelay {
			errs = append(errs, &GraphError{Node: e.To, Field: e.Port, Reason: fmt.Sprintf("delay_frames is %d, allowed is 0 to %d", e.DelayFrames, MaxEdgeDelay)})
		}
		if e.Modulation != nil {
			modulating = append(modulating, e)
			continue
		}
		if taken[e.To] == nil {
			taken[e.To] = map[string]bool{}
		}
		if taken[e.To][e.Port] {
			errs = append(errs, &GraphError{Node: e.To, Field: e.Port, Reason: "two edges lead to this port; use a mix to add them"})
		}
		taken[e.To][e.Port] = true
		if spec, ok := g.Spec(to.Kind); ok && !spec.hasPort(e.Port) {
			errs = append(errs, &GraphError{Node: e.To, Field: e.Port, Reason: "no such port: " + unknown(e.Port, spec.portNames())})
		}
	}
	names := map[string][]string{}
	known := func(to *Node) []string {
		if names[to.ID] == nil {
			names[to.ID] = g.ParamNames(to)
		}
		return names[to.ID]
	}
	for _, e := range modulating {
		errs = append(errs, g.validateModulation(e, len(taken[e.To]), known)...)
	}
	for i := range g.Nodes {
		errs = append(errs, g.missingInputs(&g.Nodes[i], taken[g.Nodes[i].ID])...)
	}
	return errs
}

// missingInputs reports mandatory ports without a source and gaps in a
// variadic port's indices.
func (g *Graph) missingInputs(n *Node, taken map[string]bool) []error {
	spec, ok := g.Spec(n.Kind)
	if !ok {
		return nil
	}
	var errs []error
	for _, p := range spec.Inputs {
		if !p.Variadic {
			if !taken[p.Name] && !p.Optional {
				errs = append(errs, &GraphError{Node: n.ID, Field: p.Name, Reason: "this input has no source; connect one"})
			}
			continue
		}
		count := 0
		for taken[fmt.Sprintf("%s_%d", p.Name, count)] {
			count++
		}
		members := 0
		for port := range taken {
			if _, ok := indexed(port, p.Name); ok {
				members++
			}
		}
		if count < p.Least {
			errs = append(errs, &GraphError{Node: n.ID, Field: fmt.Sprintf("%s_%d", p.Name, count), Reason: fmt.Sprintf("this input has no source; kind %s needs at least %d", n.Kind, p.Least)})
		} else if members > count {
			errs = append(errs, &GraphError{Node: n.ID, Field: fmt.Sprintf("%s_%d", p.Name, count), Reason: "this input has no source but a later one has; number them without gaps"})
		}
	}
	return errs
}

func (g *Graph) validateOutputs() []error {
	if len(g.Outputs) == 0 {
		return []error{&GraphError{Field: "outputs", Reason: "no node is named as output; name one"}}
	}
	if len(g.Outputs) > MaxOutputs {
		return []error{&GraphError{Field: "outputs", Reason: fmt.Sprintf("%d are named, allowed is %d", len(g.Outputs), MaxOutputs)}}
	}
	var errs []error
	for i, id := range g.Outputs {
		if _, ok := g.Node(id); !ok {
			errs = append(errs, &GraphError{Field: "outputs", Reason: "no such node: " + unknown(id, g.nodeIDs())})
		}
		if slices.Contains(g.Outputs[:i], id) {
			errs = append(errs, &GraphError{Field: "outputs", Reason: fmt.Sprintf("node %q is named twice", id)})
		}
	}
	return errs
}

func (g *Graph) validateParamNames() []error {
	var errs []error
	for i := range g.Nodes {
		n := &g.Nodes[i]
		known := g.ParamNames(n)
		for _, name := range sortedKeys(n.Params) {
			if !slices.Contains(known, name) {
				errs = append(errs, &GraphError{Node: n.ID, Field: name, Reason: "no such parameter: " + unknown(name, known)})
				continue
			}
			p := n.Params[name]
			if p.Rate < Constant || p.Rate > PerFrame {
				errs = append(errs, &GraphError{Node: n.ID, Field: name, Reason: fmt.Sprintf("rate %d does not exist", p.Rate)})
			}
			spec, _ := g.Spec(n.Kind)
			if q, _, ok := spec.Param(name); ok && q.Structural && p.Rate != Constant {
				errs = append(errs, &GraphError{Node: n.ID, Field: name, Reason: fmt.Sprintf("it is given %s; allowed is a constant, as it chooses what the node is", p.Rate)})
			}
		}
	}
	return errs
}

// validateConstants checks the constants that the graph itself holds; the
// sample rate bounds frequencies.
func (g *Graph) validateConstants(rate float64) []error {
	var errs []error
	for i := range g.Nodes {
		n := &g.Nodes[i]
		for _, p := range g.Parameters(n) {
			if p.Rate != Constant {
				continue
			}
			if err := p.Spec.check(ParamRef{n.ID, p.Name}, p.Value, g.Control.rateOf(n, rate)); err != nil {
				errs = append(errs, err)
			}
		}
	}
	return errs
}

// findCycle returns the nodes of a cycle without a delayed edge, the first
// repeated at the end, or nil. It walks iteratively: a hostile graph must not
// exhaust the stack.
func (g *Graph) findCycle() []string {
	next := map[string][]string{}
	for _, e := range g.Edges {
		if e.DelayFrames == 0 {
			next[e.From] = append(next[e.From], e.To)
		}
	}
	done := map[string]bool{}
	for i := range g.Nodes {
		var path []string
		onPath := map[string]int{}
		type step struct {
			id   string
			edge int
		}
		stack := []step{{id: g.Nodes[i].ID}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.edge == 0 {
				if at, ok := onPath[top.id]; ok {
					return append(slices.Clone(path[at:]), top.id)
				}
				if done[top.id] {
					stack = stack[:len(stack)-1]
					continue
				}
				onPath[top.id] = len(path)
				path = append(path, top.id)
			}
			if top.edge < len(next[top.id]) {
				top.edge++
				stack = append(stack, step{id: next[top.id][top.edge-1]})
				continue
			}
			done[top.id] = true
			delete(onPath, top.id)
			path = path[:len(path)-1]
			stack = stack[:len(stack)-1]
		}
	}
	return nil
}

func (g *Graph) nodeIDs() []string {
	ids := make([]string, len(g.Nodes))
	for i := range g.Nodes {
		ids[i] = g.Nodes[i].ID
	}
	return ids
}

func (s *Spec) hasPort(name string) bool {
	for _, p := range s.Inputs {
		if !p.Variadic && p.Name == name {
			return true
		}
		if k, ok := indexed(name, p.Name); p.Variadic && ok && k < p.Limit() {
			return true
		}
	}
	return false
}

func (s *Spec) portNames() []string {
	var names []string
	for _, p := range s.Inputs {
		if p.Variadic {
			names = append(names, p.Name+"_0", p.Name+"_1")
		} else {
			names = append(names, p.Name)
		}
	}
	return names
}

// ValidID says whether s can name a node.
func ValidID(s string) bool {
	if s == "" || len(s) > MaxIDLength {
		return false
	}
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		digit := r >= '0' && r <= '9'
		if !letter && (i == 0 || !digit) {
			return false
		}
	}
	return true
}

// unknown describes a name that is not among those allowed.
func unknown(got string, allowed []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "got %q", got)
	if near, ok := Nearest(got, allowed); ok {
		fmt.Fprintf(&b, "; did you mean %q?", near)
	}
	switch {
	case len(allowed) == 0:
		b.WriteString("; none is allowed here")
	case len(allowed) <= 40:
		b.WriteString("; allowed: " + strings.Join(allowed, ", "))
	}
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
