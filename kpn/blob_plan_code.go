package kpn

import "fmt"

// The smallest members of a plan: their fixed fields and names of one byte.
const (
	minPlanNodeV1 = 5*4 + 1
	minPlanNodeV2 = 7*4 + 1
	minPlanParam  = 3*4 + 1
)

// DecodePlan reads a plan blob of version 1 or 2. Its errors are *[BlobError].
func DecodePlan(data []byte) (*Plan, error) {
	r := newBlobReader(blobPlan, data)
	if magic := r.take("magic", len(planMagic)); r.err == nil && string(magic) != planMagic {
		r.fail(0, "magic", fmt.Sprintf("%s, want %q: this is no plan", quoted(string(magic)), planMagic))
	}
	p := &Plan{Version: r.u32("version")}
	r.fail(len(planMagic), "version", versionFault(p.Version))
	size := minPlanNodeV1
	if p.Version == PlanV2 {
		size = minPlanNodeV2
	}
	p.Nodes = makeList[PlanNode](r.list(r.length("node count"), size))
	for i := range p.Nodes {
		r.enterNode(i)
		if r.planNode(&p.Nodes[i], p.Version); r.err != nil {
			break
		}
	}
	r.uniquePlan(p)
	if err := r.finish("node"); err != nil {
		return nil, err
	}
	return p, nil
}

// uniquePlan fails where two nodes share their name or their place.
func (p *blobPlace) uniquePlan(plan *Plan) {
	p.enterNode(-1)
	p.unique("node name", len(plan.Nodes), func(i int) string { return plan.Nodes[i].Name })
	if p.err != nil {
		return
	}
	if i := firstRepeat(len(plan.Nodes), func(i int) uint32 { return plan.Nodes[i].FunctionID }); i >= 0 {
		p.node = plan.Nodes[i].Name
		p.fail(-1, "function id", fmt.Sprintf("place %d is taken twice: give each node its own", plan.Nodes[i].FunctionID))
	}
}

// planNode reads a node.
func (r *blobReader) planNode(n *PlanNode, version uint32) {
	n.FunctionID = r.u32("function id")
	name := r.length("name length")
	n.AudioOffset, n.AudioSpan = r.u32("audio offset"), r.u32("audio span")
	params := r.length("parameter count")
	at := r.at
	if version == PlanV2 {
		n.DeclaredDelay = r.u32("declared delay")
		at = r.at
		n.OversampleRatio = r.u32("oversample ratio")
	}
	n.Name = r.name(name)
	r.node = n.Name
	r.fail(at, "oversample ratio", planRatioFault(n.OversampleRatio))
	n.Params = makeList[PlanParam](r.list(params, minPlanParam))
	for i := range n.Params {
		r.enter("parameter", i)
		length := r.length("name length")
		offset, span := r.u32("offset"), r.u32("span")
		n.Params[i] = PlanParam{r.name(length), offset, span}
	}
	r.enter("", 0)
	r.unique("parameter name", len(n.Params), func(i int) string { return n.Params[i].Name })
}

// Encode writes the plan blob in the plan's version. Its errors are
// *[BlobError]: an unknown version, a delay or ratio in version 1, two nodes
// at one place.
func (p *Plan) Encode() ([]byte, error) {
	w := newBlobWriter(blobPlan)
	w.out = append(w.out, planMagic...)
	w.check("version", versionFault(p.Version))
	w.u32(p.Version)
	w.length("node count", len(p.Nodes))
	for i := range p.Nodes {
		w.enterNode(i)
		w.planNode(&p.Nodes[i], p.Version)
	}
	w.uniquePlan(p)
	return w.finish()
}

// planNode writes a node.
func (w *blobWriter) planNode(n *PlanNode, version uint32) {
	w.node = n.Name
	w.u32(n.FunctionID)
	w.length("name length", len(n.Name))
	w.u32(n.AudioOffset)
	w.u32(n.AudioSpan)
	w.length("parameter count", len(n.Params))
	switch {
	case version == PlanV2:
		w.u32(n.DeclaredDelay)
		w.u32(n.OversampleRatio)
		w.check("oversample ratio", planRatioFault(n.OversampleRatio))
	case n.DeclaredDelay != 0:
		w.check("declared delay", "version 1 has none: write the plan as version 2")
	case n.OversampleRatio != 0:
		w.check("oversample ratio", "version 1 has none: write the plan as version 2")
	}
	w.name("name", n.Name)
	for i, p := range n.Params {
		w.enter("parameter", i)
		w.length("name length", len(p.Name))
		w.u32(p.Offset)
		w.u32(p.Span)
		w.name("name", p.Name)
	}
	w.enter("", 0)
	w.unique("parameter name", len(n.Params), func(i int) string { return n.Params[i].Name })
}
