package compare

import (
	"context"
	"fmt"
	"math"
	"slices"

	"sawmill/kpn"
)

// Peaks holds, for each normalize node in mode always, the smallest peak
// among the rows of its input, rows of zeros aside. An error of the input
// grows by the factor that brings that peak up.
type Peaks map[string]float64

// Derive works out the tolerance of each of the graph's outputs for a
// candidate that computes in float32 with the fixed-point phase of the
// contract, from the error bounds of the kinds, carried through the graph
// with bounds of the signals' magnitudes. docs/tolerances.md derives them.
//
// It needs the job for the values of its parameters, and peaks if the graph
// normalizes. It fails with the errors of validation, or with *[ConfigError]
// if a kind has no error bound or a peak is missing or too small.
func Derive(g *kpn.Graph, job *kpn.Job, peaks Peaks) ([]Tolerance, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	if err := job.Validate(g); err != nil {
		return nil, err
	}
	d := &derivation{graph: g, job: job, peaks: peaks, known: map[string]bound{}}
	tolerances := make([]Tolerance, len(g.Outputs))
	for i, id := range g.Outputs {
		b, err := d.node(id)
		if err != nil {
			return nil, err
		}
		tolerances[i] = tolerance(id, b)
	}
	return tolerances, nil
}

// DeriveMeasured is [Derive] with the peaks measured on the reference.
func DeriveMeasured(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.Job) ([]Tolerance, error) {
	peaks, err := MeasurePeaks(ctx, ref, g, job)
	if err != nil {
		return nil, err
	}
	return Derive(g, job, peaks)
}

// tolerance turns a node's bound into a tolerance.
func tolerance(id string, b bound) Tolerance {
	if b.worst == 0 {
		return BitEqual(fmt.Sprintf("node %s rounds nothing", id))
	}
	return Tolerance{
		MaxAbs: b.sample(),
		// The mean of many squares rounds too.
		RMSdB:  DB(b.rms() * (1 + 0x1p-40)),
		Reason: fmt.Sprintf("derived from the error bounds of the kinds up to node %s, for a signal of at most %.3g", id, b.magnitude),
	}
}

// derivation is the state of one call of Derive.
type derivation struct {
	graph *kpn.Graph
	job   *kpn.Job
	peaks Peaks
	known map[string]bound
}

// kindBounds has one entry a kind: the bound of a node's output, given those
// of its inputs.
var kindBounds = map[kpn.Kind]func(d *derivation, n *kpn.Node, in []bound) (bound, error){
	kpn.KindConstant:  constantBound,
	kpn.KindInput:     inputBound,
	kpn.KindOsc:       oscBound,
	kpn.KindNoise:     noiseBound,
	kpn.KindAdsr:      adsrBound,
	kpn.KindGain:      gainBound,
	kpn.KindMultiply:  multiplyBound,
	kpn.KindMix:       mixBound,
	kpn.KindNormalize: normalizeBound,
}

// node is the bound of a node's output.
func (d *derivation) node(id string) (bound, error) {
	if b, ok := d.known[id]; ok {
		return b, nil
	}
	n, _ := d.graph.Node(id)
	of, ok := kindBounds[n.Kind]
	if !ok {
		return bound{}, &ConfigError{Reason: fmt.Sprintf("node %q: kind %s has no error bound to derive a tolerance from; give one", id, n.Kind)}
	}
	var in []bound
	for _, e := range d.graph.Inputs(id) {
		b, err := d.node(e.From)
		if err != nil {
			return bound{}, err
		}
		in = append(in, b)
	}
	b, err := of(d, n, in)
	if err != nil {
		return bound{}, err
	}
	d.known[id] = b
	return b, nil
}

// values is what a parameter is over the whole job.
type values struct {
	min, max float64
	// rounding is the largest change that float32 makes to a value: 0 for
	// values that it holds, such as those of tensors.
	rounding float64
}

// magnitude is the largest absolute value.
func (v values) magnitude() float64 { return max(math.Abs(v.min), math.Abs(v.max)) }

// signal is the parameter seen as a signal of float32 samples.
func (v values) signal() bound {
	return bound{magnitude: v.magnitude() + v.rounding, worst: v.rounding, bias: v.rounding}
}

// param collects a parameter's values.
func (d *derivation) param(n *kpn.Node, name string) values {
	v := values{min: math.Inf(1), max: math.Inf(-1)}
	take := func(x float64) {
		v.min, v.max = min(v.min, x), max(v.max, x)
		v.rounding = max(v.rounding, math.Abs(x-float64(float32(x))))
	}
	params := d.graph.Parameters(n)
	p := params[slices.IndexFunc(params, func(p kpn.NodeParam) bool { return p.Name == name })]
	ref := kpn.ParamRef{Node: n.ID, Param: name}
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
	return v
}
