package compare

import (
	"context"
	"fmt"

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
	return newDerivation(g, job, peaks).outputs()
}

// outputs derives the tolerance of each output.
func (d *derivation) outputs() ([]Tolerance, error) {
	tolerances := make([]Tolerance, len(d.graph.Outputs))
	for i, id := range d.graph.Outputs {
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

// DeriveRanged is [Derive] item by item, with where all signals lie measured on
// the reference instead of bounded by interval arithmetic: closer by far, at the
// price of rendering everything. The loosest of the items' tolerances counts.
func DeriveRanged(ctx context.Context, ref kpn.Engine, g *kpn.Graph, job *kpn.Job) ([]Tolerance, error) {
	if err := job.Validate(g); err != nil {
		return nil, err
	}
	found, err := measureRanges(ctx, ref, g, job)
	if err != nil {
		return nil, err
	}
	peaks, err := measurePeaks(ctx, ref, g, job)
	if err != nil {
		return nil, err
	}
	var loosest []Tolerance
	for item, of := range found {
		first := item * job.Shape.C
		d := newDerivation(g, job.Slice(item, 1), peaks.smallest(first, first+job.Shape.C))
		d.ranges = of
		if d.control != nil {
			d.control.ranges = of
		}
		all, err := d.outputs()
		if err != nil {
			return nil, fmt.Errorf("item %d: %w", item, err)
		}
		if loosest == nil {
			loosest = all
			continue
		}
		for i, t := range all {
			loosest[i] = loosest[i].or(t)
		}
	}
	return loosest, nil
}

// or is what is allowed by either of two tolerances.
func (t Tolerance) or(o Tolerance) Tolerance {
	switch {
	case t.Exact, o.MaxAbs > t.MaxAbs && o.RMSdB > t.RMSdB:
		return o
	case o.Exact:
		return t
	}
	t.MaxAbs, t.RMSdB = max(t.MaxAbs, o.MaxAbs), max(t.RMSdB, o.RMSdB)
	return t
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

// derivation is the state of one call of Derive, for the audio or for the
// control nodes of a graph.
type derivation struct {
	graph *kpn.Graph
	job   *kpn.Job
	peaks Peaks
	// ranges are where signals lie, nil where that was not measured.
	ranges ranges
	known  map[string]bound
	// floors are the lowest values of some nodes' signals, see atLeast.
	floors map[string]float64
	loops  loops
	// control is the derivation of control signals, if there are any.
	control *derivation
	// fine is what errors are counted in: 1, and [controlFine] for control
	// nodes, whose bounds are those of float32 until they leave the domain. A
	// kind whose errors are not proportional to those of its inputs and to
	// [unit] must take it into account.
	fine float64
	// drift is the most that a node's signal is off because what modulates its
	// phase or its stages is, relative to its magnitude.
	drift float64
	// largest is the largest value of a parameter before it is limited to its
	// range, since the last check.
	largest float64
}

// kindBounds has one entry a kind: the bound of a node's output, given those
// of its inputs.
var kindBounds = map[kpn.Kind]func(d *derivation, n *kpn.Node, in []bound) (bound, error){
	kpn.KindConstant:   constantBound,
	kpn.KindInput:      inputBound,
	kpn.KindOsc:        oscBound,
	kpn.KindNoise:      noiseBound,
	kpn.KindAdditive:   additiveBound,
	kpn.KindPartials:   partialsBound,
	kpn.KindPitch:      pitchBound,
	kpn.KindQuantize:   quantizeBound,
	kpn.KindGlide:      glideBound,
	kpn.KindController: controllerBound,
	kpn.KindSampler:    samplerBound,
	kpn.KindWavetable:  wavetableBound,
	kpn.KindAdsr:       adsrBound,
	kpn.KindGain:       gainBound,
	kpn.KindMultiply:   multiplyBound,
	kpn.KindMix:        mixBound,
	kpn.KindNormalize:  normalizeBound,
	kpn.KindLfo:        lfoBound,
	kpn.KindEnvelope:   envelopeBound,
	kpn.KindClip:       clipBound,
	kpn.KindHarmonics:  harmonicsBound,
	kpn.KindOnePole:    onePoleBound,
	kpn.KindSVF:        svfBound,
	kpn.KindDCBlocker:  dcBlockerBound,
	kpn.KindRLC:        rlcBound,
	kpn.KindSlew:       slewBound,
	kpn.KindWaveshaper: waveshaperBound,
	kpn.KindPan:        panBound,

	kpn.KindSubharmonic: subharmonicBound,
	kpn.KindSync:        syncBound,
	kpn.KindDelay:       delayBound,
}

// node is the bound of a node's output.
func (d *derivation) node(id string) (bound, error) {
	if b, ok := d.known[id]; ok {
		return b, nil
	}
	if loop := d.loops.of[id]; loop > 0 && loop != d.loops.under {
		err := d.settle(loop)
		return d.known[id], err
	}
	n, _ := d.graph.Node(id)
	if n.Kind == kpn.KindControl {
		b, err := d.controlSignal(id)
		d.known[id] = b
		return b, err
	}
	of, ok := kindBounds[n.Kind]
	if !ok {
		return bound{}, &ConfigError{Reason: fmt.Sprintf("node %q: kind %s has no error bound to derive a tolerance from; give one", id, n.Kind)}
	}
	// What modulates a parameter must be known before the parameter is asked
	// for.
	for _, e := range d.graph.Sources(n) {
		if d.loops.feeds(e) {
			continue
		}
		if _, err := d.node(e.From); err != nil {
			return bound{}, err
		}
	}
	var in []bound
	for _, e := range d.graph.Inputs(id) {
		in = append(in, d.port(e))
	}
	b, err := of(d, n, in)
	if err == nil {
		err = d.check(n, b)
	}
	if err != nil {
		return bound{}, err
	}
	b = d.ranged(id, b)
	d.known[id] = b
	return b, nil
}

// ranged is a bound of a signal that has been measured: it is no larger on the
// reference, and on the candidate by its error at most.
func (d *derivation) ranged(id string, b bound) bound {
	if at, ok := d.ranges[id]; ok {
		b.magnitude = min(b.magnitude, at.magnitude()+d.fine*b.worst)
	}
	return b
}
