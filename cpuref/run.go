package cpuref

import "sawmill/kpn"

// run is what a kind's step sees: one node, one row, and a run of the node's
// local frames, of the length of out.
type run struct {
	node *node
	job  *kpn.Job
	// b and c are the row's place in the batch.
	b, c int
	// first is the node's own frame of out[0].
	first int
	// in holds the signals at the node's ports, in the order of the ports,
	// already delayed; nil where an optional port has no source.
	in [][]float64
	// params holds the values of the parameters, in the order of the node's
	// list.
	params [][]float64
	out    []float64
	// phase is the row's phase accumulator, for the kinds that use one.
	phase *uint64
	// memory is what the kind keeps, for those that have some: zeros at first.
	memory []float64
	// curve is the row's control signal, for [kpn.KindControl], and pace how
	// many of its frames a frame lasts.
	curve []float64
	pace  float64
	// peak is the row's statistic, for whole-row kinds, and peakAt the local
	// frame that it is from.
	peak   *float64
	peakAt *int
	// history is the memory of the node's decimator.
	history []float64
	// oversampled and work are scratch for an oversampled node.
	oversampled, work []float64
}

// param returns the values of a parameter. It panics if the kind's spec has
// no parameter of that name, which a test of each kind rules out.
func (r *run) param(name string) []float64 {
	for i := range r.node.params {
		if r.node.params[i].Name == name {
			return r.params[i]
		}
	}
	panic("cpuref: kind " + string(r.node.kind) + " has no parameter " + name)
}
