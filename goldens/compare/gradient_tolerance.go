package compare

import (
	"fmt"
	"math"
	"slices"

	"sawmill/kpn"
)

// gradientRelative is how far the gradients of a float32 engine may be off,
// relative to their norm: what the product promises.
const gradientRelative = 1e-3

// GradientTolerance is how far a candidate's gradient may be from the
// reference's, in the Euclidean norm over all values of one parameter:
//
//	‖candidate − reference‖ ≤ Relative·‖reference‖ + Share·Scale.
//
// # Why there is a floor
//
// A gradient is a sum over frames, Σ c(f)·s(f), of cotangents c times
// sensitivities s. An engine computes the terms, and rounding makes each of
// them wrong by a part of *its own* size. Where the terms cancel, the sum is
// smaller than its parts and the error is not: a bound relative to the sum
// alone would ask for more than the number format holds. What an error must be
// measured against is what the terms add up to when they do not cancel: the
// root of their sum of squares, √Σ c²s², since independent errors add up as
// squares.
//
// # How the scale is measured
//
// For random signs ε(f), independent of each other, the mean square of
// Σ ε(f)c(f)s(f) is exactly Σ c²s²: the mixed terms have mean zero. So the
// gradient's norm for the same cotangents with random signs is that root, give
// or take the luck of a few draws; it needs no access to the terms. It also
// undoes cancellation between the graph's paths and outputs, where one frame's
// cotangents meet those of others.
//
// One kind of cancellation does not depend on the cotangents: a normalize node
// in mode always gives the same whatever the gain before it, and the gain's
// gradient is zero for all of them, as what comes straight is taken back
// through the frame of the largest magnitude. So the draws also send the
// latter part to a random frame, by AdjointJob.PeakFrames, where it no longer
// fits. [GradientScales] does both.
//
// # How large the share is
//
// See [DeriveGradients]: the rounding of float32 sums of so many terms. It
// never exceeds Relative, so that the floor allows no more than a gradient of
// typical size is allowed. A sign flipped, a term dropped or a frame's delay
// changes terms by their own size, which is 1/Relative of the floor or more.
//
// # What means nothing
//
// Some sensitivities are zero themselves, because what makes them up cancels
// frame by frame: the curve of an envelope where it is 1, a normalize of a
// single frame. No choice of cotangents shows how large the parts are. But a
// gradient tells how L changes, and L is known only as well as the outputs: to
// ‖c‖·τ, with τ the derived RMS error of an output. A gradient that changes L
// by less than that, even if the parameter changes by its own size S, means
// nothing in float32. Where Scale, everything that a gradient could typically
// be, is no more than Trifle = ‖c‖·τ/S, the floor is Trifle. [Trifles] takes it.
type GradientTolerance struct {
	// Relative is the part of the reference's norm.
	Relative float64
	// Share is the part of Scale.
	Share float64
	// Scale holds for each parameter the norm of what its gradient sums up,
	// see [GradientScales]; parameters that it does not have get no floor.
	Scale map[kpn.ParamRef]float64
	// Trifle holds for each parameter the norm below which its gradient means
	// nothing, see [Trifles].
	Trifle map[kpn.ParamRef]float64
	// Exact demands equal bits, in float32 unless both sides are float64. It
	// excludes the others.
	Exact  bool
	Reason string
}

// Validate refuses tolerances that no gradient could fail, or none could
// pass.
func (t GradientTolerance) Validate() error {
	fault := func(format string, args ...any) error {
		return &ToleranceError{Tolerance: Tolerance{Exact: t.Exact, Reason: t.Reason}, Reason: fmt.Sprintf(format, args...)}
	}
	switch {
	case t.Exact && (t.Relative != 0 || t.Share != 0):
		return fault("exact and a bound exclude each other; give one")
	case t.Exact:
		return nil
	case !(t.Relative > 0 && t.Relative < 0.5):
		// Twice the right gradient, none at all, and one with its sign
		// flipped are off by 1 or more.
		return fault("the relative error of a gradient must be above 0 and below ½, got %g", t.Relative)
	case !(t.Share >= 0 && t.Share <= t.Relative):
		return fault("the share of the scale must be from 0 to the relative error, got %g", t.Share)
	}
	for what, sizes := range map[string]map[kpn.ParamRef]float64{"scale": t.Scale, "trifle": t.Trifle} {
		for ref, s := range sizes {
			if !(s >= 0) || math.IsInf(s, 0) {
				return fault("the %s of %s must be a number of at least 0, got %g", what, name(ref), s)
			}
		}
	}
	return nil
}

// allows is the largest difference that passes.
func (t GradientTolerance) allows(ref kpn.ParamRef, norm float64) float64 {
	if t.Exact {
		return 0
	}
	scale, measured := t.Scale[ref]
	floor := t.Share * scale
	if trifle := t.Trifle[ref]; measured && scale <= trifle {
		floor = max(floor, trifle)
	}
	return float64(t.Relative*norm) + floor
}

// String writes the tolerance as reports do.
func (t GradientTolerance) String() string {
	if t.Exact {
		return "equal bits"
	}
	return fmt.Sprintf("%.3g of the norm + %.3g of what it sums up", t.Relative, t.Share)
}

// DeriveGradients is the tolerance for a candidate that computes in float32,
// still without scales.
//
// The share is what float32 makes of a sum of n terms, n the steps of a row:
// its frames times the largest oversample ratio, and the delay of what is
// aligned. Added one after the other, partial sum k has the size √(k/n) of the
// whole, and its rounding a variance of a third of (2⁻²⁴ of that)²: together
// n/6 of (2⁻²⁴)². The terms' own roundings, some 64 for a node and all nodes
// that lie one after the other, stand beside it, as a third each. Eight
// standard deviations are allowed, as for samples.
//
// A modulated frequency has at each frame a derivative that is itself a sum
// over all frames behind it, which adds as much again for every such node. And
// what modulates a phase or the stages of an envelope is off by its own error,
// so that the node's sensitivities are those at another place: off by twice the
// part of its size that its signal is off by, the largest of a waveform's
// slopes being at most twice their RMS where they count.
func DeriveGradients(g *kpn.Graph, job *kpn.Job) GradientTolerance {
	const operations = 64
	ratio := 1
	for i := range g.Nodes {
		ratio = max(ratio, g.Nodes[i].Ratio())
	}
	steps := float64(job.Shape.F) * float64(ratio)
	sums, drift := modulatedPhases(g, job)
	sigma := unit * math.Sqrt(float64(1+sums)*steps/6+float64(operations*len(g.Nodes))/3)
	return GradientTolerance{
		Relative: gradientRelative,
		Share:    min(gradientRelative, sigmasOfSample*sigma+2*drift),
		Reason:   fmt.Sprintf("promised relative to the norm; float32 sums of %.0f terms", steps),
	}
}

// modulatedPhases counts the nodes that sum up a modulated parameter, and
// measures how far modulated phases are off.
func modulatedPhases(g *kpn.Graph, job *kpn.Job) (sums int, drift float64) {
	modulations := false
	for i := range g.Nodes {
		n := &g.Nodes[i]
		spec, _ := kpn.Lookup(n.Kind)
		for _, p := range g.Parameters(n) {
			if len(p.Modulators) == 0 {
				continue
			}
			modulations = true
			if spec != nil && slices.Contains(spec.SeekBrokenBy, p.Name) {
				sums++
			}
		}
	}
	if !modulations {
		return 0, 0
	}
	d := newDerivation(g, job, nil)
	for _, id := range g.Outputs {
		// What has no tolerance, such as a normalize node of an unknown peak,
		// is not asked for here: nodes before it have been looked at.
		_, _ = d.node(id)
	}
	if d.control != nil {
		drift = d.control.drift
	}
	return sums, max(drift, d.drift)
}
