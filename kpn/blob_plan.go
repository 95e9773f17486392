package kpn

import (
	"cmp"
	"fmt"
	"slices"
)

// Plan is what the plan blob holds: the order of execution, and where each
// node finds its audio and its parameters.
type Plan struct {
	// Version is 1 or 2. Version 1 has no delays and no ratios.
	Version uint32
	Nodes   []PlanNode
}

// PlanNode is one node of a plan.
type PlanNode struct {
	// FunctionID is the node's place in the order of execution.
	FunctionID             uint32
	Name                   string
	AudioOffset, AudioSpan uint32
	// DeclaredDelay is the node's delay in frames.
	DeclaredDelay uint32
	// OversampleRatio takes the place of the descriptor's where it is
	// positive: a power of two.
	OversampleRatio uint32
	Params          []PlanParam
}

// PlanParam is where a node finds one of its parameters.
type PlanParam struct {
	Name         string
	Offset, Span uint32
}

// The versions of the plan blob.
const (
	PlanV1 uint32 = 1
	PlanV2 uint32 = 2
)

// planMagic starts every plan blob.
const planMagic = "AMPL"

// Order lists the indices of the descriptor's nodes in the order in which
// they run, the sink last. A nil plan means the descriptor's own order. A
// plan must name each node once. Errors are *[BlobError].
func (d *Descriptor) Order(p *Plan) ([]int, error) {
	order := make([]int, len(d.Nodes))
	index := make(map[string]int, len(d.Nodes))
	for i := range d.Nodes {
		order[i] = i
		index[d.Nodes[i].Name] = i
	}
	if p == nil {
		return order, nil
	}
	sorted := slices.Clone(p.Nodes)
	slices.SortStableFunc(sorted, func(a, b PlanNode) int { return cmp.Compare(a.FunctionID, b.FunctionID) })
	order = order[:0]
	planned := make([]bool, len(d.Nodes))
	for i := range sorted {
		at, ok := index[sorted[i].Name]
		switch {
		case !ok:
			return nil, orderFault(sorted[i].Name, "is planned but not described")
		case planned[at]:
			return nil, orderFault(sorted[i].Name, "is planned twice")
		}
		planned[at] = true
		order = append(order, at)
	}
	if i := slices.Index(planned, false); i >= 0 {
		return nil, orderFault(d.Nodes[i].Name, "is described but not planned")
	}
	return order, nil
}

// orderFault is a plan that does not fit its descriptor.
func orderFault(node, what string) error {
	return &BlobError{blobPlan, -1, "name", node, what + ": plan each node of the descriptor once"}
}

// versionFault refuses the versions that are not known.
func versionFault(version uint32) string {
	if version != PlanV1 && version != PlanV2 {
		return fmt.Sprintf("version %d is not known: write the plan as version 1 or 2, or read it with a newer Sawmill", version)
	}
	return ""
}

// planRatioFault says why a plan's ratio is none, or nothing.
func planRatioFault(ratio uint32) string {
	if ratio == 0 {
		return ""
	}
	return ratioFault(ratio)
}
