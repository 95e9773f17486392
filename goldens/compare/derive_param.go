package compare

import (
	"fmt"
	"math"
	"slices"

	"sawmill/kpn"
)

// values is what a parameter is over the whole job, modulations included.
type values struct {
	min, max float64
	// rounding is the largest error that a value may have as it arrives at
	// the node's step. Where nothing modulates the parameter, that is the
	// largest change that float32 makes to a value: 0 for values that it holds,
	// such as those of tensors, and for parameters with a unit, which arrive
	// in float64 on every engine.
	rounding float64
	// errors are those of the values as a bound has them; its magnitude means
	// nothing.
	errors bound
}

// magnitude is the largest absolute value.
func (v values) magnitude() float64 { return max(math.Abs(v.min), math.Abs(v.max)) }

// signal is the parameter seen as a signal of float32 samples.
func (v values) signal() bound {
	b := v.errors
	b.magnitude = v.magnitude() + v.rounding
	return b
}

// exact says whether every engine has the same values.
func (v values) exact() bool { return v.errors.worst == 0 }

// param collects a parameter's values: those bound, then what modulates them,
// within the parameter's range. See [kpn.Modulation].
func (d *derivation) param(n *kpn.Node, name string) values {
	params := d.graph.Parameters(n)
	p := params[slices.IndexFunc(params, func(p kpn.NodeParam) bool { return p.Name == name })]
	single := d.single(n, params, name)
	if single {
		// What has no unit is float32.
		spec := *p.Spec
		spec.Unit = ""
		p.Spec = &spec
	}
	v := d.bindings(n, &p)
	if len(p.Modulators) > 0 {
		v = d.modulated(&p, v, single)
	}
	v.rounding = v.errors.sample()
	return v
}

// wide says whether a parameter's values are float64 on every engine.
func (d *derivation) wide(p *kpn.Parameter) bool { return p.Unit != "" || d.fine < 1 }

// bindings are the values that node or job give.
func (d *derivation) bindings(n *kpn.Node, p *kpn.NodeParam) values {
	v := values{min: math.Inf(1), max: math.Inf(-1)}
	take := func(x float64) {
		v.min, v.max = min(v.min, x), max(v.max, x)
		if !d.wide(p.Spec) {
			v.errors.worst = max(v.errors.worst, math.Abs(x-float64(float32(x))))
		}
	}
	ref := kpn.ParamRef{Node: n.ID, Param: p.Name}
	switch p.Rate {
	case kpn.Constant:
		take(p.Value)
	case kpn.PerItem:
		for _, x := range d.job.Items[ref] {
			take(x)
		}
	case kpn.PerFrame:
		for _, x := range d.job.Frames[ref].Data {
			take(float64(x))
		}
	}
	v.errors.bias = v.errors.worst
	return v
}

// modulated is the values after all modulations: on each channel that one of
// them names, and on the others.
func (d *derivation) modulated(p *kpn.NodeParam, base values, single bool) values {
	named := map[int]bool{}
	for _, e := range p.Modulators {
		if c := e.Modulation.Channel; c >= 0 && c < d.job.Shape.C {
			named[c] = true
		}
	}
	channels := []int{kpn.AllChannels}
	if len(named) == d.job.Shape.C {
		channels = nil
	}
	for c := range named {
		channels = append(channels, c)
	}
	v := values{min: math.Inf(1), max: math.Inf(-1)}
	for _, c := range channels {
		on := base
		for _, e := range p.Modulators {
			if e.Modulation.Acts(c) {
				on = d.modulate(p.Spec, on, e, single)
			}
		}
		on = d.clamped(p.Spec, on)
		v.min, v.max = min(v.min, on.min), max(v.max, on.max)
		v.errors = v.errors.or(on.errors)
	}
	return v
}

// modulate is the values after one modulation.
//
// Engines compute in float64 where the parameter has a unit, by the same
// operations, so that signals without an error leave none; otherwise in
// float32, where the scale is rounded, its product with the signal, and the
// result. A control signal is first rounded to that, or interpolated in it
// where a parameter is single for speed.
func (d *derivation) modulate(p *kpn.Parameter, v values, e kpn.Edge, single bool) values {
	m, signal := e.Modulation, d.source(e)
	wide := d.wide(p)
	if from, ok := d.graph.Node(e.From); ok && from.Kind == kpn.KindControl && !wide {
		if single {
			signal = narrowed(signal)
		} else {
			signal = rounded(signal, signal.magnitude)
		}
	}
	by := signal.scaled(math.Abs(m.Scale))
	if !wide {
		off := signal.magnitude * math.Abs(m.Scale-float64(float32(m.Scale)))
		by.worst, by.bias = by.worst+off, by.bias+off
		by = rounded(by, by.magnitude)
	}
	low, high := d.reach(e)
	low, high = min(m.Scale*low, m.Scale*high), max(m.Scale*low, m.Scale*high)
	var after values
	if m.Mode == kpn.ModulationMultiply {
		after.min, after.max = corners(v.min, v.max, low, high)
		after.errors = by.scaled(v.magnitude()).plus(v.errors.scaled(by.magnitude + by.worst))
	} else {
		after.min, after.max = v.min+low, v.max+high
		after.errors = by.plus(v.errors)
	}
	size := after.magnitude()
	d.largest = max(d.largest, size)
	switch {
	case !wide:
		after.errors = rounded(after.errors, size)
	case !after.exact():
		// Other operands round otherwise.
		off := 0x1p-53 * (by.magnitude + size) / d.fine
		after.errors.worst, after.errors.bias = after.errors.worst+off, after.errors.bias+off
	}
	return after
}

// rounded is a bound after one more rounding of values up to size.
func rounded(b bound, size float64) bound {
	var r roundings
	r.add(1, size)
	return r.onto(b)
}

// clamped limits values to a parameter's range, whose ends float32 may not
// hold.
func (d *derivation) clamped(p *kpn.Parameter, v values) values {
	low, high := p.Min, p.Upper(d.job.Rate)
	off := 0.0
	for _, end := range []float64{low, high} {
		if !d.wide(p) && v.min < end && end < v.max {
			off = max(off, math.Abs(end-float64(float32(end))))
		}
	}
	v.errors.worst, v.errors.bias = max(v.errors.worst, off), max(v.errors.bias, off)
	v.min, v.max = min(max(v.min, low), high), min(max(v.max, low), high)
	return v
}

// beyond is from where on a value that is still to be limited to its range may
// be infinite in float32 after a few more products.
const beyond = 0x1p100

// check refuses a node whose parameters' values may be infinite on the way to
// their range: an infinite one times 0 is no number.
func (d *derivation) check(n *kpn.Node, b bound) error {
	size := max(d.largest, b.magnitude)
	d.largest = 0
	if size <= beyond {
		return nil
	}
	return &ConfigError{Reason: fmt.Sprintf("node %q: its signal, or a parameter before it is limited to its range, may be as large as %.3g, beyond what float32 holds", n.ID, size)}
}
