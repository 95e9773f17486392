package compare

import (
	"fmt"

	"sawmill/kpn"
)

// controlFine is how much smaller errors are in control graphs, where every
// engine computes in float64. Bounds of kinds count roundings of 2⁻²⁴ and the
// errors of library functions, about 10⁻⁷. Times 2⁻²⁷ that is 2⁻⁵¹, which is two
// roundings of float64 on either engine, and 7·10⁻¹⁶: the device's own functions
// keep 2.3 to 4·10⁻¹⁶ (shaders/wide_test.go holds them), and Go's 1 ulp.
const controlFine = 0x1p-27

// handover is the largest relative error of a control signal that is handed
// from one kernel to another as two floats.
const handover = 0x1p-47

// newDerivation starts a derivation. Control nodes get one of their own.
func newDerivation(g *kpn.Graph, job *kpn.Job, peaks Peaks) *derivation {
	start := func(g *kpn.Graph, job *kpn.Job, fine float64) *derivation {
		return &derivation{graph: g, job: job, peaks: peaks, known: map[string]bound{}, loops: newLoops(g), fine: fine}
	}
	split, ok := g.Split()
	if !ok {
		return start(g, job, 1)
	}
	d := start(split.Audio, split.AudioJob(job), 1)
	d.control = start(split.Control, split.Job(g, job), controlFine)
	return d
}

// controlSignal is the bound of a control signal that audio nodes read: a
// weighted mean of two of its frames. The weights are the same on every
// engine; difference, product and sum are rounded to float64.
func (d *derivation) controlSignal(id string) (bound, error) {
	if d.control == nil {
		return bound{}, &ConfigError{Reason: fmt.Sprintf("node %q: kind %s is no kind of users' graphs: mark a node as control instead", id, kpn.KindControl)}
	}
	b, err := d.control.node(id)
	if err != nil {
		return bound{}, err
	}
	if low, ok := d.control.floors[id]; ok {
		d.atLeast(&kpn.Node{ID: id}, low)
	}
	off := (handover + 5*0x1p-53) * b.magnitude
	return bound{
		magnitude: b.magnitude,
		worst:     controlFine*b.worst + off,
		bias:      controlFine*b.bias + off,
		sigma:     controlFine * b.sigma,
	}, nil
}

// port is the bound of what an edge brings to a port, where control signals
// are interpolated in float32.
func (d *derivation) port(e kpn.Edge) bound {
	b := d.source(e)
	if from, ok := d.graph.Node(e.From); ok && from.Kind == kpn.KindControl {
		b = narrowed(b)
	}
	return b
}

// narrowed is the bound of a control signal that is interpolated in float32:
// the control frame at or before is rounded, and both sums; what is added to it
// is a difference of control frames, at most twice as large, times a part of
// the way, and rounded like the product.
func narrowed(b bound) bound {
	var r roundings
	r.add(3, b.magnitude)
	r.add(3, 2*b.magnitude)
	return r.onto(b)
}
