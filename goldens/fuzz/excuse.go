package fuzz

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// Gradients of any graph at any values can be beyond what float32 can tell,
// where those of a sensible one are not. A line of a comparison that failed is
// excused, and the trial not judged, if one of these explains the difference:
//
//   - The point is at a corner. The reference's own gradient changes by as much
//     when all parameters move by a few roundings: at the end of a stage, at
//     the peak that a limiter starts at, where two steps fall together.
//   - Large terms cancel within a node's step, so that no draw of cotangents
//     shows them: two steps of a pulse that is hardly ever low. The scale that
//     tolerances use is measured again with all parameters moved far.
//   - The difference cannot be heard. A change of the parameter by its own size
//     would move the outputs by no more than their own tolerance, were the
//     gradient all difference: the curve of a stage of a day, in its first
//     frames; what a held signal does that is then normalized.
//   - The gradient is so large or so small that float32 cannot hold it, or what
//     it is made of. So are the cotangents that it is made of, where it is
//     not finite.
//
// A wrong sign, term or frame is explained by none of them on most trials.
const (
	// nudge is how far roundings may move a parameter, relative to it, and
	// cornerDraws how often that is tried.
	nudge       = 0x1p-22
	cornerDraws = 6
	// far is how far parameters move for their scale.
	far = 0.5
	// unheard is how many tolerances of the outputs cannot be heard: an
	// adjoint makes some times the roundings of a forward step.
	unheard = 8
)

// unexcused lists the lines that nothing explains.
func (p Pair) unexcused(ctx context.Context, s *sides, g *kpn.Graph, job *kpn.AdjointJob, report compare.GradientReport) ([]compare.GradientLine, error) {
	var bad []compare.GradientLine
	for _, l := range report.Lines {
		if held := l.Norm == 0 || l.Norm >= quiet && l.Norm <= largest; !l.Pass() && (held || p.Strict) {
			bad = append(bad, l)
		}
	}
	if p.Strict {
		return bad, nil
	}
	for _, find := range []func(context.Context, *sides, *kpn.Graph, *kpn.AdjointJob, compare.GradientReport) (excuse, error){
		p.tooQuiet, p.corners, p.cancellation,
	} {
		if len(bad) == 0 {
			break
		}
		explains, err := find(ctx, s, g, job, report)
		if err != nil {
			return nil, err
		}
		bad = slices.DeleteFunc(bad, func(l compare.GradientLine) bool { return l.NotFinite == 0 && l.Difference > 0 && explains(l) })
	}
	if !slices.ContainsFunc(bad, func(l compare.GradientLine) bool { return l.NotFinite > 0 }) {
		return bad, nil
	}
	if beyond, err := p.overflow(ctx, g, job); beyond || err != nil {
		return nil, err
	}
	return bad, nil
}

// overflow says whether cotangents grow beyond float32 on their way, as they do
// around a loop with a gain. They are linear in those of the outputs, so that the
// reference overflows where float32 would if the outputs are made larger by as
// much as float64 reaches farther.
func (p Pair) overflow(ctx context.Context, g *kpn.Graph, job *kpn.AdjointJob) (bool, error) {
	graph := copied(g)
	for o := range graph.Outputs {
		for i, gain := range headroom() {
			id := fmt.Sprintf("headroom_%d_%d", o, i)
			graph.Nodes = append(graph.Nodes, kpn.Node{ID: id, Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(gain)}})
			graph.Edges = append(graph.Edges, kpn.Edge{From: graph.Outputs[o], To: id, Port: "in"})
			graph.Outputs[o] = id
		}
	}
	all, err := p.reference(ctx, graph, job)
	if err != nil {
		return false, err
	}
	for i := range all.List {
		if _, own := g.Node(all.List[i].Ref.Node); !own {
			continue
		}
		for k := range all.List[i].Shape.Len() {
			if !finite(all.List[i].At(k)) {
				return true, nil
			}
		}
	}
	return false, nil
}

// headroom is float64's largest number by the largest that float32 can still
// square, as factors that a gain may have.
func headroom() []float64 {
	list := slices.Repeat([]float64{0x1p29}, 32)
	return append(list, math.MaxFloat64/largest/math.Pow(0x1p29, 32))
}

// excuse says whether it explains a difference.
type excuse func(l compare.GradientLine) bool

// within is the excuse that gradients may be off by so much more.
func within(more map[kpn.ParamRef]float64) excuse {
	return func(l compare.GradientLine) bool { return l.Difference <= l.Allowed+more[l.Ref] }
}

// tooQuiet excuses differences that cannot be heard: the products with the
// parameter's values, as one norm, against that of the cotangents times the
// outputs' tolerances.
func (p Pair) tooQuiet(ctx context.Context, s *sides, g *kpn.Graph, job *kpn.AdjointJob, _ compare.GradientReport) (excuse, error) {
	tolerances, err := compare.DeriveRanged(ctx, guarded{p.Reference}, g, job.Job)
	if err != nil {
		return nil, err
	}
	heard := 0.0
	for o, t := range tolerances {
		square := 0.0
		for _, x := range cotangents(job)[o].Data {
			square += float64(x) * float64(x)
		}
		heard += unheard * t.MaxAbs * math.Sqrt(square)
	}
	got, err := s.candidate.executable.Adjoint(ctx, job)
	if err != nil {
		return nil, err
	}
	named := *job
	named.PeakFrames = got.PeakFrames
	want, err := s.reference.executable.Adjoint(ctx, &named)
	if err != nil {
		return nil, err
	}
	moved, next := map[kpn.ParamRef]float64{}, map[kpn.ParamRef]int{}
	eachValue(g, job.Job, func(ref kpn.ParamRef, q *kpn.Parameter, x float64) float64 {
		a, known := got.Find(ref)
		b, alsoKnown := want.Find(ref)
		if k := next[ref]; known && alsoKnown {
			by := (a.At(k) - b.At(k)) * size(q, x, job.Rate)
			moved[ref] = math.Hypot(moved[ref], by)
		}
		next[ref]++
		return x
	})
	return func(l compare.GradientLine) bool { return moved[l.Ref] <= heard }, nil
}

// size is what a value may change by as a whole: itself, or where it is 0, its
// range up to 1.
func size(p *kpn.Parameter, x, rate float64) float64 {
	switch {
	case x != 0:
		return math.Abs(x)
	case p == nil:
		return 1
	}
	return min(p.Upper(rate)-p.Min, 1)
}

// corners excuses what a gradient moves by when the parameters do so a little.
func (p Pair) corners(ctx context.Context, _ *sides, g *kpn.Graph, job *kpn.AdjointJob, _ compare.GradientReport) (excuse, error) {
	base, err := p.reference(ctx, g, job)
	if err != nil {
		return nil, err
	}
	named := *job
	named.PeakFrames = base.PeakFrames
	allowed := map[kpn.ParamRef]float64{}
	for draw := range uint64(cornerDraws) {
		graph, moved := move(g, &named, draw, func(p *kpn.Parameter, x float64) float64 { return nudge * size(p, x, job.Rate) })
		all, err := p.reference(ctx, graph, moved)
		if err != nil {
			return nil, err
		}
		for i := range all.List {
			square := 0.0
			for k := range all.List[i].Shape.Len() {
				d := all.List[i].At(k) - base.List[i].At(k)
				square += d * d
			}
			ref := all.List[i].Ref
			allowed[ref] = max(allowed[ref], 2*math.Sqrt(square))
		}
	}
	return within(allowed), nil
}

// cancellation excuses what the tolerance's floor would be with parameters moved
// far: by a part of themselves, or of their range.
func (p Pair) cancellation(ctx context.Context, _ *sides, g *kpn.Graph, job *kpn.AdjointJob, report compare.GradientReport) (excuse, error) {
	more := map[kpn.ParamRef]float64{}
	for draw, by := range []func(q *kpn.Parameter, x float64) float64{
		func(q *kpn.Parameter, x float64) float64 { return far * size(q, x, job.Rate) },
		func(q *kpn.Parameter, x float64) float64 { return far * max(math.Abs(x), size(q, 0, job.Rate)) },
	} {
		graph, moved := move(g, job, uint64(draw), by)
		scales, err := compare.GradientScales(ctx, guarded{p.Reference}, graph, moved)
		if err != nil {
			return nil, err
		}
		for ref, scale := range scales {
			more[ref] = max(more[ref], report.Tolerance.Share*scale)
		}
	}
	return within(more), nil
}

// reference runs the reference's adjoint.
func (p Pair) reference(ctx context.Context, g *kpn.Graph, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	s := newSide(p.Reference, g)
	if s.refusal != nil {
		return nil, s.refusal
	}
	all, err := s.executable.Adjoint(ctx, job)
	if err != nil {
		return nil, fmt.Errorf("the reference: %w", err)
	}
	return all, s.close()
}

// move is the graph and its job with every differentiable value moved at random,
// by up to so much.
func move(g *kpn.Graph, job *kpn.AdjointJob, draw uint64, by func(p *kpn.Parameter, x float64) float64) (*kpn.Graph, *kpn.AdjointJob) {
	random := rand.New(rand.NewPCG(draw, 1))
	graph := copied(g)
	own := *job.Job
	own.Items = maps.Clone(own.Items)
	for ref, v := range own.Items {
		own.Items[ref] = slices.Clone(v)
	}
	own.Frames, own.Inputs = cloneTensors(own.Frames), cloneTensors(own.Inputs)
	eachValue(graph, &own, func(_ kpn.ParamRef, p *kpn.Parameter, x float64) float64 {
		moved := x + (2*random.Float64()-1)*by(p, x)
		if p == nil {
			return moved
		}
		return min(max(moved, p.Min), p.Upper(own.Rate))
	})
	moved := *job
	moved.Job = &own
	return graph, &moved
}

func cloneTensors[K comparable](tensors map[K]*kpn.Tensor) map[K]*kpn.Tensor {
	own := maps.Clone(tensors)
	for k, t := range own {
		own[k] = &kpn.Tensor{Shape: t.Shape, Data: slices.Clone(t.Data)}
	}
	return own
}

// eachValue replaces every differentiable value of a graph and its job, in a
// fixed order: constants, per-item and per-frame values, and inputs, which
// have no parameter.
func eachValue(g *kpn.Graph, job *kpn.Job, change func(ref kpn.ParamRef, p *kpn.Parameter, x float64) float64) {
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if t, ok := job.Inputs[n.ID]; ok {
			for k, x := range t.Data {
				t.Data[k] = float32(change(kpn.ParamRef{Node: n.ID}, nil, float64(x)))
			}
		}
		for _, p := range g.Parameters(n) {
			ref := kpn.ParamRef{Node: n.ID, Param: p.Name}
			if !p.Spec.Differentiable {
				continue
			}
			low, high := p.Spec.Min, p.Spec.Upper(job.Rate)
			if n.Control {
				high = p.Spec.Upper(min(job.Rate, g.Control.Rate))
			}
			switch p.Rate {
			case kpn.Constant:
				if x := min(max(change(ref, p.Spec, p.Value), low), high); x != p.Value {
					if n.Params == nil {
						n.Params = map[string]kpn.Param{}
					}
					n.Params[p.Name] = kpn.Const(x)
				}
			case kpn.PerItem:
				for k, x := range job.Items[ref] {
					job.Items[ref][k] = min(max(change(ref, p.Spec, x), low), high)
				}
			case kpn.PerFrame:
				for k, x := range job.Frames[ref].Data {
					job.Frames[ref].Data[k] = float32(within32(change(ref, p.Spec, float64(x)), low, high))
				}
			}
		}
	}
}
