package gradcheck

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"sawmill/kpn"
)

// target is a parameter, or an input's signal, whose gradient is checked.
type target struct {
	ref  kpn.ParamRef
	rate kpn.ParamRate
	node *kpn.Node
	// hertz is the rate at which the node steps, and modulated says that
	// signals change the parameter.
	hertz     float64
	modulated bool
	// most is the rate that bounds its frequencies.
	most float64
	// spec is nil for an input's signal.
	spec *kpn.Parameter
	// values are what the point binds; tensor has their shape if they are
	// given per frame.
	values []float64
	tensor *kpn.Tensor
}

// targets lists everything that has a gradient, in the graph's order.
func targets(p point) []*target {
	var all []*target
	for i := range p.graph.Nodes {
		n := &p.graph.Nodes[i]
		hertz := p.job.Rate
		if n.Control {
			hertz = p.graph.Control.Rate
		}
		if n.Kind == kpn.KindInput {
			all = append(all, (&target{ref: kpn.ParamRef{Node: n.ID}, rate: kpn.PerFrame, node: n, hertz: hertz}).of(p.job.Inputs[n.ID]))
		}
		for _, q := range p.graph.Parameters(n) {
			if !q.Spec.Differentiable {
				continue
			}
			t := &target{ref: kpn.ParamRef{Node: n.ID, Param: q.Name}, rate: q.Rate, node: n, hertz: hertz, most: min(hertz, p.job.Rate), spec: q.Spec, modulated: len(q.Modulators) > 0}
			switch q.Rate {
			case kpn.Constant:
				t.values = []float64{q.Value}
			case kpn.PerItem:
				t.values = p.job.Items[t.ref]
			case kpn.PerFrame:
				t = t.of(p.job.Frames[t.ref])
			}
			all = append(all, t)
		}
	}
	return all
}

// of takes the values of a tensor.
func (t *target) of(tensor *kpn.Tensor) *target {
	t.tensor = tensor
	t.values = make([]float64, len(tensor.Data))
	for i, x := range tensor.Data {
		t.values[i] = float64(x)
	}
	return t
}

// bounds is the range of the values.
func (t *target) bounds() (low, high float64) {
	if t.spec == nil {
		return -math.MaxFloat32, math.MaxFloat32
	}
	return t.spec.Min, t.spec.Upper(t.most)
}

// bind returns a point where the target has other values. Those of a tensor
// are held by float32.
func (t *target) bind(p point, values []float64) point {
	job := *p.job
	p.job = &job
	switch {
	case t.tensor != nil:
		tensor := kpn.NewTensor(t.tensor.Shape)
		for i, x := range values {
			tensor.Data[i] = float32(x)
		}
		if t.spec == nil {
			job.Inputs = maps.Clone(job.Inputs)
			job.Inputs[t.ref.Node] = tensor
			break
		}
		job.Frames = maps.Clone(job.Frames)
		job.Frames[t.ref] = tensor
	case t.rate == kpn.PerItem:
		job.Items = maps.Clone(job.Items)
		job.Items[t.ref] = values
	default:
		p.graph = withConstant(p.graph, t.ref, values[0])
	}
	return p
}

// withConstant is the graph with another value of a constant.
func withConstant(g *kpn.Graph, ref kpn.ParamRef, x float64) *kpn.Graph {
	c := &kpn.Graph{Nodes: slices.Clone(g.Nodes), Edges: g.Edges, Outputs: g.Outputs, Control: g.Control}
	n, _ := c.Node(ref.Node)
	params := maps.Clone(n.Params)
	if params == nil {
		params = map[string]kpn.Param{}
	}
	params[ref.Param] = kpn.Const(x)
	n.Params = params
	return c
}

// nudged moves what has a gradient, and is no tensor, off the corners that
// round values stand on.
func nudged(p point, o Options) point {
	if o.Nudge < 0 {
		return p
	}
	for _, t := range targets(p) {
		if t.tensor != nil {
			continue
		}
		low, high := t.bounds()
		values := slices.Clone(t.values)
		for i, x := range values {
			size := math.Abs(x)
			if size == 0 {
				size = math.Abs(t.spec.Default)
			}
			if size == 0 {
				size = 1
			}
			// Between half the nudge and all of it, either way.
			u := 2*kpn.UnitDraw(o.Seed, uint64(i), fmt.Sprintf("nudge:%v", t.ref)) - 1
			by := o.Nudge * size * (u + math.Copysign(1, u)) / 2
			if x+by < low || x+by > high {
				by = -by
			}
			values[i] = min(max(x+by, low), high)
		}
		p = t.bind(p, values)
	}
	return p
}
