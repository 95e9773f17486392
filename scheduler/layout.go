package scheduler

import (
	"slices"

	"sawmill/kpn"
)

// Layout says what lies where in the kernels' buffers.
type Layout struct {
	// RowParams are the parameters with one value a row, by slot. Constants
	// are among them, so that presets that differ in numbers share a program.
	RowParams []RowParam
	// Tensors are the per-frame parameters and the inputs, by slot.
	Tensors []Tensor
	// StateWords is the number of words of carried state a row; 0 where
	// nothing is carried.
	StateWords int
	// QueueFrames is the number of queued samples a lane.
	QueueFrames int
	// Peaks is the number of whole-row steps.
	Peaks int
	// KaiserSlot is the tensor of the table of windowed sincs, if a step may
	// need it.
	KaiserSlot int
	// Controls are the control signals, by slot, in the graph's order.
	Controls []string
}

// RowParam is a parameter with one value a row.
type RowParam struct {
	Ref kpn.ParamRef
	kpn.Param
}

// Tensor is a [B,C,F] tensor that the job brings.
type Tensor struct {
	// Ref names the parameter; an input node has an empty Param.
	Ref kpn.ParamRef
	// Table holds the numbers of a node's table, which the job does not bring;
	// nil for others.
	Table []float32
}

// layout hands out slots in the order of the steps.
func layout(s *Schedule) error {
	l := &s.Layout
	for i := range s.Graph.Nodes {
		if n := &s.Graph.Nodes[i]; n.Kind == kpn.KindControl {
			l.Controls = append(l.Controls, n.ID)
		}
	}
	for _, step := range s.Steps {
		for i := range step.Params {
			placeParam(l, step, &step.Params[i])
		}
		placeTable(l, step)
		if step.Node.Kind == kpn.KindControl {
			step.ControlSlot = slices.Index(l.Controls, step.Node.ID)
		}
		if step.Node.Kind == kpn.KindInput {
			step.TensorSlot = len(l.Tensors)
			l.Tensors = append(l.Tensors, Tensor{Ref: kpn.ParamRef{Node: step.Node.ID}})
		}
		if !s.Strategy.Chunked {
			step.StateSlot, step.HistorySlot = placeState(&l.StateWords, step.Shader.StateWords, len(step.remembered(history)))
		}
		placeRing(l, step)
		for i := range step.Inputs {
			e := &step.Inputs[i]
			e.QueueSlot = l.QueueFrames
			l.QueueFrames += e.Queue
		}
	}
	l.StateWords = eights(l.StateWords)
	placeKaiser(s)
	for i := range s.Outputs {
		o := &s.Outputs[i]
		o.QueueSlot = l.QueueFrames
		l.QueueFrames += o.Queue
	}
	l.Peaks = len(s.Strategy.PeakPasses)
	return nil
}

// placeRing gives a step that keeps its input room for it among the queues. The
// length is a constant: the parameter is structural.
func placeRing(l *Layout, step *Step) {
	for _, p := range step.Params {
		if p.Name == step.Shader.Ring {
			step.RingSlot, step.RingFrames = l.QueueFrames, int(p.Value)+ringSpare
			l.QueueFrames += step.RingFrames
		}
	}
}

// ringSpare is the frame under way, and the one before the last that is kept,
// for places between the two.
const ringSpare = 2

func placeParam(l *Layout, step *Step, p *Param) {
	ref := kpn.ParamRef{Node: step.Node.ID, Param: p.Name}
	switch {
	case p.Rate == kpn.PerFrame:
		p.TensorSlot = len(l.Tensors)
		l.Tensors = append(l.Tensors, Tensor{Ref: ref})
	case p.Rate == kpn.Constant && p.Spec.Choices != nil:
		// Baked into the source, so that unused code goes away.
	case p.Rate == kpn.Constant && p.Spec.Neutral && p.Value == p.Spec.Default:
		// The same.
	default:
		p.RowSlot = len(l.RowParams)
		l.RowParams = append(l.RowParams, RowParam{Ref: ref, Param: p.Param})
	}
}
