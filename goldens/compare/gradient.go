package compare

import (
	"fmt"
	"math"
	"slices"

	"sawmill/kpn"
)

// Gradients compares what two adjoints of one job gave: each parameter by the
// norm of the difference.
//
// It fails with *[ConfigError] or *[ToleranceError] if there is nothing to
// compare or nothing could fail, and otherwise with the *[GradientMismatchError]
// of the first parameter that differs by more than the tolerance allows; the
// report is valid for the latter.
func Gradients(name string, reference, candidate *kpn.Gradients, tolerance GradientTolerance) (GradientReport, error) {
	r := GradientReport{Case: name, Tolerance: tolerance}
	if err := tolerance.Validate(); err != nil {
		return r, err
	}
	switch {
	case reference == nil || candidate == nil:
		return r, &ConfigError{name, "one side has no gradients"}
	case reference == candidate:
		return r, &ConfigError{name, "both sides are the same gradients, which agree whatever they are"}
	case len(reference.List) == 0:
		return r, &ConfigError{name, "there are no gradients to compare"}
	}
	given := map[kpn.ParamRef]*kpn.Gradient{}
	for i := range candidate.List {
		g := &candidate.List[i]
		if given[g.Ref] != nil {
			r.Lines = append(r.Lines, GradientLine{Ref: g.Ref, Shape: g.Shape, Fault: "the candidate gave it twice"})
		}
		given[g.Ref] = g
	}
	for i := range reference.List {
		want := &reference.List[i]
		r.Lines = append(r.Lines, gradientLine(want, given[want.Ref], tolerance))
		delete(given, want.Ref)
	}
	for i := range candidate.List {
		if g := &candidate.List[i]; given[g.Ref] != nil {
			r.Lines = append(r.Lines, GradientLine{Ref: g.Ref, Shape: g.Shape, Fault: "the reference has no such gradient"})
		}
	}
	return r, r.mismatch()
}

// gradientLine compares one parameter's gradient.
func gradientLine(want, got *kpn.Gradient, t GradientTolerance) GradientLine {
	l := GradientLine{Ref: want.Ref, Rate: want.Rate, Shape: want.Shape, Code: want.Code}
	switch {
	case got == nil:
		l.Fault = "the candidate gave none"
	case !whole(want):
		l.Fault = fmt.Sprintf("the reference gave %d values of %v", len(want.F32)+len(want.F64), want.Shape)
	case got.Code != want.Code:
		l.Fault = fmt.Sprintf("its code is %q, want %q", got.Code, want.Code)
	case got.Rate != want.Rate:
		l.Fault = fmt.Sprintf("its rate is %v, want %v", got.Rate, want.Rate)
	case got.Shape != want.Shape:
		l.Fault = fmt.Sprintf("its shape is %v, want %v", got.Shape, want.Shape)
	case !whole(got):
		l.Fault = fmt.Sprintf("the candidate gave %d values of %v", len(got.F32)+len(got.F64), got.Shape)
	default:
		l.measure(want, got, t)
	}
	return l
}

// whole says whether a gradient's values are there, once.
func whole(g *kpn.Gradient) bool {
	return (g.F32 == nil) != (g.F64 == nil) && len(g.F32)+len(g.F64) == g.Shape.Len()
}

// measure fills in norms and verdict.
func (l *GradientLine) measure(want, got *kpn.Gradient, t GradientTolerance) {
	var reference, candidate, difference norm
	unequal := -1
	for i := range want.Shape.Len() {
		x, y := want.At(i), got.At(i)
		e := math.Abs(y - x)
		if math.IsNaN(e) || math.IsInf(e, 0) {
			if l.NotFinite == 0 {
				l.locate(i, x, y)
			}
			l.NotFinite++
			continue
		}
		reference.add(x)
		candidate.add(y)
		difference.add(e)
		if l.NotFinite == 0 && e > math.Abs(l.Worst.Got-l.Worst.Want) {
			l.locate(i, x, y)
		}
		if unequal < 0 && !sameBits(want, got, i) {
			unequal = i
		}
	}
	l.Norm, l.CandidateNorm, l.Difference = reference.value(), candidate.value(), difference.value()
	l.Allowed = t.allows(l.Ref, l.Norm)
	switch {
	case l.NotFinite > 0:
		l.Fault = fmt.Sprintf("%d of %d values are not finite", l.NotFinite, want.Shape.Len())
	case want.Code != kpn.Done && (l.Norm != 0 || l.CandidateNorm != 0):
		l.Fault = fmt.Sprintf("its code is %q, so it should be zeros", want.Code)
	case t.Exact && unequal >= 0:
		l.locate(unequal, want.At(unequal), got.At(unequal))
		l.Fault = "its bits differ"
	case !t.Exact && l.Difference > l.Allowed:
		l.Fault = fmt.Sprintf("it is off by %.3g of its norm", l.Relative())
	}
}

// sameBits compares one value in float32 unless both sides are float64.
func sameBits(want, got *kpn.Gradient, i int) bool {
	return BitEqual("").allows(got.At(i), want.At(i), want.F64 != nil && got.F64 != nil)
}

func (l *GradientLine) locate(i int, want, got float64) {
	b, c, f := l.Shape.Coordinates(i)
	l.Worst = Sample{B: b, C: c, F: f, Got: got, Want: want}
}

// norm is a Euclidean norm that neither overflows nor loses tiny values.
type norm struct{ scale, sum float64 }

func (n *norm) add(x float64) {
	x = math.Abs(x)
	switch {
	case x == 0:
	case x > n.scale:
		r := n.scale / x
		n.sum = 1 + float64(n.sum*r*r)
		n.scale = x
	default:
		r := x / n.scale
		n.sum += float64(r * r)
	}
}

func (n *norm) value() float64 { return n.scale * math.Sqrt(n.sum) }

// normOf is the norm of a gradient's finite values.
func normOf(g *kpn.Gradient) float64 {
	var n norm
	for i := range len(g.F32) + len(g.F64) {
		if x := g.At(i); !math.IsNaN(x) && !math.IsInf(x, 0) {
			n.add(x)
		}
	}
	return n.value()
}

// mismatch is the first offender's error, or nil.
func (r *GradientReport) mismatch() error {
	i := slices.IndexFunc(r.Lines, func(l GradientLine) bool { return !l.Pass() })
	if i < 0 {
		return nil
	}
	l := &r.Lines[i]
	bad := 0
	for i := range r.Lines {
		if !r.Lines[i].Pass() {
			bad++
		}
	}
	return &GradientMismatchError{
		Case: r.Case, Ref: l.Ref, B: l.Worst.B, C: l.Worst.C, F: l.Worst.F,
		Got: l.Worst.Got, Want: l.Worst.Want, Reason: l.Fault,
		Norm: l.Norm, Difference: l.Difference, Allowed: l.Allowed,
		Bad: bad, Parameters: len(r.Lines),
	}
}
