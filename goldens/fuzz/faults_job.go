package fuzz

import (
	"maps"
	"math"
	"slices"
	"strings"

	"sawmill/kpn"
)

var parameterFaults = []fault{
	{"unknown_parameter", func(p *place) bool { p.node().Params["nothing"] = kpn.Const(1); return true }},
	{"index_of_no_source", func(p *place) bool { p.node().Params["level_64"] = kpn.Const(1); return true }},
	{"unknown_rate", constantFault(func(kpn.NodeParam) kpn.Param { return kpn.Param{Rate: 3} })},
	{"constant_too_low", constantFault(func(q kpn.NodeParam) kpn.Param { return kpn.Const(math.Nextafter(q.Spec.Min, math.Inf(-1))) })},
	{"constant_too_high", constantFault(func(q kpn.NodeParam) kpn.Param {
		return kpn.Const(math.Nextafter(q.Spec.Upper(kpn.MaxSampleRate), math.Inf(1)))
	})},
	{"constant_nan", constantFault(func(kpn.NodeParam) kpn.Param { return kpn.Const(math.NaN()) })},
	{"constant_infinite", constantFault(func(kpn.NodeParam) kpn.Param { return kpn.Const(math.Inf(1)) })},
	{"between_choices", func(p *place) bool {
		return p.param(func(q kpn.NodeParam) bool { return q.Spec.Choices != nil }, func(n *kpn.Node, q kpn.NodeParam) { n.Params[q.Name] = kpn.Const(0.5) })
	}},
}

// constantFault replaces a parameter.
func constantFault(with func(q kpn.NodeParam) kpn.Param) func(p *place) bool {
	return func(p *place) bool {
		return p.param(func(kpn.NodeParam) bool { return true }, func(n *kpn.Node, q kpn.NodeParam) {
			n.Params[q.Name] = with(q)
			ref := kpn.ParamRef{Node: n.ID, Param: q.Name}
			delete(p.job.Items, ref)
			delete(p.job.Frames, ref)
		})
	}
}

// param picks one of the parameters that fit.
func (p *place) param(fits func(q kpn.NodeParam) bool, mar func(n *kpn.Node, q kpn.NodeParam)) bool {
	type candidate struct {
		node  *kpn.Node
		param kpn.NodeParam
	}
	var list []candidate
	for i := range p.graph.Nodes {
		n := &p.graph.Nodes[i]
		for _, q := range p.graph.Parameters(n) {
			if fits(q) {
				list = append(list, candidate{n, q})
			}
		}
	}
	if len(list) == 0 {
		return false
	}
	c := list[p.pick(len(list))]
	mar(c.node, c.param)
	return true
}

var jobFaults = []fault{
	{"no_items", jobFault(func(j *kpn.Job) { j.Shape.B = 0 })},
	{"too_many_items", jobFault(func(j *kpn.Job) { j.Shape.B = kpn.MaxBatch + 1 })},
	{"no_channels", jobFault(func(j *kpn.Job) { j.Shape.C = 0 })},
	{"too_many_channels", jobFault(func(j *kpn.Job) { j.Shape.C = kpn.MaxChannels + 1 })},
	{"negative_frames", jobFault(func(j *kpn.Job) { j.Shape.F = -1 })},
	{"rate_zero", jobFault(func(j *kpn.Job) { j.Rate = 0 })},
	{"rate_nan", jobFault(func(j *kpn.Job) { j.Rate = math.NaN() })},
	{"rate_too_high", jobFault(func(j *kpn.Job) { j.Rate = 2 * kpn.MaxSampleRate })},
	{"negative_block", jobFault(func(j *kpn.Job) { j.BlockFrames = -1 })},
	{"items_of_nothing", jobFault(func(j *kpn.Job) { j.Items[kpn.ParamRef{Node: "nobody", Param: "gain"}] = make([]float64, j.Shape.B) })},
	{"frames_of_nothing", jobFault(func(j *kpn.Job) {
		j.Frames[kpn.ParamRef{Node: "nobody", Param: "gain"}] = kpn.NewTensor(j.Shape)
	})},
	{"input_of_nothing", jobFault(func(j *kpn.Job) { j.Inputs["nobody"] = kpn.NewTensor(j.Shape) })},
	{"items_missing", itemsFault(func(p *place, ref kpn.ParamRef) { delete(p.job.Items, ref) })},
	{"items_too_many", itemsFault(func(p *place, ref kpn.ParamRef) { p.job.Items[ref] = make([]float64, p.job.Shape.Rows()+1) })},
	{"item_nan", itemsFault(func(p *place, ref kpn.ParamRef) { v := p.job.Items[ref]; v[p.pick(len(v))] = math.NaN() })},
	{"item_infinite", itemsFault(func(p *place, ref kpn.ParamRef) { v := p.job.Items[ref]; v[p.pick(len(v))] = math.Inf(-1) })},
}

func jobFault(mar func(j *kpn.Job)) func(p *place) bool {
	return func(p *place) bool { mar(p.job); return true }
}

func itemsFault(mar func(p *place, ref kpn.ParamRef)) func(p *place) bool {
	return func(p *place) bool {
		refs := sortedRefs(maps.Keys(p.job.Items))
		if len(refs) == 0 {
			return false
		}
		mar(p, refs[p.pick(len(refs))])
		return true
	}
}

// sortedRefs puts a map's keys in a fixed order.
func sortedRefs(keys func(yield func(kpn.ParamRef) bool)) []kpn.ParamRef {
	return slices.SortedFunc(keys, func(a, b kpn.ParamRef) int { return strings.Compare(a.String(), b.String()) })
}

var tensorFaults = []fault{
	{"tensor_missing", tensorFault(func(*place, *kpn.Tensor) *kpn.Tensor { return nil })},
	{"tensor_too_short", tensorFault(func(_ *place, t *kpn.Tensor) *kpn.Tensor {
		return kpn.NewTensor(kpn.Shape{B: t.B, C: t.C, F: t.F - 1})
	})},
	{"tensor_of_more_items", tensorFault(func(p *place, t *kpn.Tensor) *kpn.Tensor {
		return kpn.NewTensor(kpn.Shape{B: p.job.Shape.B + 1, C: t.C, F: t.F})
	})},
	{"tensor_of_more_channels", tensorFault(func(p *place, t *kpn.Tensor) *kpn.Tensor {
		return kpn.NewTensor(kpn.Shape{B: t.B, C: p.job.Shape.C + 1, F: t.F})
	})},
	{"tensor_without_data", tensorFault(func(_ *place, t *kpn.Tensor) *kpn.Tensor { return &kpn.Tensor{Shape: t.Shape} })},
	{"frame_nan", tensorFault(func(p *place, t *kpn.Tensor) *kpn.Tensor {
		t.Data[p.pick(len(t.Data))] = float32(math.NaN())
		return t
	})},
	{"frame_infinite", tensorFault(func(p *place, t *kpn.Tensor) *kpn.Tensor {
		t.Data[p.pick(len(t.Data))] = float32(math.Inf(1))
		return t
	})},
}

// tensorFault replaces one of the tensors of a job: of a parameter, or of an
// input.
func tensorFault(mar func(p *place, t *kpn.Tensor) *kpn.Tensor) func(p *place) bool {
	return func(p *place) bool {
		refs := sortedRefs(maps.Keys(p.job.Frames))
		inputs := slices.Sorted(maps.Keys(p.job.Inputs))
		if len(refs)+len(inputs) == 0 {
			return false
		}
		if k := p.pick(len(refs) + len(inputs)); k < len(refs) {
			p.job.Frames[refs[k]] = mar(p, p.job.Frames[refs[k]])
		} else {
			p.job.Inputs[inputs[k-len(refs)]] = mar(p, p.job.Inputs[inputs[k-len(refs)]])
		}
		return true
	}
}
