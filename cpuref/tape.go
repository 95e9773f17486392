package cpuref

import (
	"slices"

	"sawmill/kpn"
)

// tape keeps all calls of an entry as one, for its adjoint.
type tape struct {
	call kpn.Call
	out  *kpn.FrameTensor
	// cotangent is that of the output, and gradients what the adjoint made of
	// it, nil until it has.
	cotangent *kpn.FrameTensor
	gradients *kpn.NodeGradients
}

// add appends a call: what goes frame by frame is simply joined.
func (t *tape) add(c *kpn.Call, out *kpn.FrameTensor) {
	if t == nil {
		return
	}
	if t.out == nil {
		t.call = *c
		t.call.State = nil
		t.call.Inputs, t.call.Params = make([]*kpn.FrameTensor, len(c.Inputs)), make([]*kpn.FrameTensor, len(c.Params))
	} else {
		t.call.Shape.F += c.Shape.F
	}
	t.out = joined(t.out, out)
	for p := range c.Inputs {
		t.call.Inputs[p] = joined(t.call.Inputs[p], c.Inputs[p])
	}
	for p := range c.Params {
		t.call.Params[p] = joined(t.call.Params[p], c.Params[p])
	}
}

func joined(all, more *kpn.FrameTensor) *kpn.FrameTensor {
	switch {
	case more == nil:
		return nil
	case all == nil:
		// An entry may return its input, or the same tensor again.
		return &kpn.FrameTensor{Shape: more.Shape, Data: slices.Clone(more.Data)}
	}
	all.F += more.F
	all.Data = append(all.Data, more.Data...)
	return all
}

// play is the step of a node whose calls are on tape.
func (t *tape) play(r *run) { t.read(t.out, r.first, r.b*r.job.Shape.C+r.c, r.out) }

// back is the adjoint of a node whose calls are on tape: it keeps the
// cotangent of its output, and passes on what the node's own adjoint has given,
// if it has.
func (t *tape) back(r *backRun) {
	row, rows := r.b*r.job.Shape.C+r.c, t.out.Rows()
	for f, x := range r.cotangent {
		t.cotangent.Data[(r.first+f)*rows+row] = x
	}
	for p, dst := range r.inputs {
		if dst == nil {
			continue
		}
		clear(dst)
		if t.gradients != nil && p < len(t.gradients.Inputs) {
			t.read(t.gradients.Inputs[p], r.first, row, dst)
		}
	}
	for p, dst := range r.derivatives {
		if t.gradients != nil && p < len(t.gradients.Params) {
			t.read(t.gradients.Params[p], r.first, row, dst)
		}
	}
}

// read gives a row's frames from one on; none stands for zeros.
func (t *tape) read(from *kpn.FrameTensor, first, row int, dst []float64) {
	if from == nil {
		return
	}
	rows := from.Rows()
	for f := range dst {
		dst[f] = from.Data[(first+f)*rows+row]
	}
}
