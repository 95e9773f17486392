package cpuref

import (
	"sync"

	"sawmill/kpn"
)

// target is where a gradient's values go.
type target struct {
	*kpn.Gradient
	// rows are the sums of the rows, for gradients that are not per frame.
	rows []float64
	// shared is set where rows share the values.
	shared bool
}

// targetsOf lists the gradients of a node, without memory for their values.
func (b *backward) targetsOf(v *node) []*target {
	if v.kind == kpn.KindInput {
		return []*target{b.target(kpn.ParamRef{Node: v.id})}
	}
	list := make([]*target, len(v.params))
	for k := range v.params {
		list[k] = b.target(kpn.ParamRef{Node: v.id, Param: v.params[k].Name})
	}
	return list
}

// target finds a gradient, if it exists.
func (b *backward) target(ref kpn.ParamRef) *target {
	v, ok := b.gradients.Find(ref)
	if !ok || v.Code != kpn.Done {
		return nil
	}
	return &target{Gradient: v, shared: v.Rate == kpn.PerFrame && v.Shape.Rows() != b.job.Shape.Rows()}
}

// prepareTargets makes the memory for the gradients' values, zeros where no
// output depends on the node.
func (b *backward) prepareTargets() {
	for i := range b.gradients.List {
		if v := &b.gradients.List[i]; v.F64 == nil {
			v.F64 = make([]float64, v.Shape.Len())
		}
	}
	for _, list := range b.targets {
		for _, t := range list {
			if t != nil && t.Rate != kpn.PerFrame {
				t.rows = make([]float64, b.job.Shape.Rows())
			}
		}
	}
}

// turns makes the rows add to what they share in their order, so that the sums
// have the same bits whichever row is done first.
type turns struct {
	lock    sync.Mutex
	changed sync.Cond
	next    int
}

// take waits for a row's turn.
func (t *turns) take(row int, do func()) {
	t.lock.Lock()
	defer t.lock.Unlock()
	for t.next != row {
		t.changed.Wait()
	}
	do()
	t.next++
	t.changed.Broadcast()
}
