package compare

import (
	"fmt"
	"strings"

	"sawmill/kpn"
)

// GradientReport says how far two adjoints of a job are apart.
type GradientReport struct {
	Case string
	// Reference and Candidate are the devices that really ran; empty where
	// only their gradients were compared.
	Reference, Candidate kpn.Device
	Tolerance            GradientTolerance
	// Lines has one for each gradient of the reference, in its order.
	Lines []GradientLine
}

// GradientLine says it for one parameter, or one input.
type GradientLine struct {
	Ref   kpn.ParamRef
	Rate  kpn.ParamRate
	Shape kpn.Shape
	// Code is the reference's.
	Code kpn.Code
	// Norm and CandidateNorm are the Euclidean norms of both gradients over
	// all their values, Difference that of what is between them, Allowed the
	// largest one that passes.
	Norm, CandidateNorm, Difference, Allowed float64
	// Worst is the value with the largest error, or the first that is not
	// finite.
	Worst Sample
	// NotFinite counts the values that are NaN or infinite on either side.
	NotFinite int
	// Fault says why the line fails; empty if it passes.
	Fault string
}

// Pass says whether the gradient is within the tolerance.
func (l *GradientLine) Pass() bool { return l.Fault == "" }

// Relative is the difference relative to the norm: 0 for no difference, and
// infinite for one from a gradient of zeros.
func (l *GradientLine) Relative() float64 {
	if l.Difference == 0 {
		return 0
	}
	return l.Difference / l.Norm
}

// String is one line.
func (l *GradientLine) String() string {
	switch {
	case !l.Pass():
		return fmt.Sprintf("FAIL %s: %s; norm %.4g, candidate's %.4g, difference %.3g, allowed %.3g; worst at (%d, %d, %d): got %g, want %g",
			name(l.Ref), l.Fault, l.Norm, l.CandidateNorm, l.Difference, l.Allowed, l.Worst.B, l.Worst.C, l.Worst.F, l.Worst.Got, l.Worst.Want)
	case l.Code != kpn.Done:
		return fmt.Sprintf("pass %s: %v", name(l.Ref), l.Code)
	case l.Norm == 0 && l.Difference == 0:
		return fmt.Sprintf("pass %s: zero on both sides", name(l.Ref))
	case l.Allowed >= l.Norm:
		return fmt.Sprintf("pass %s: norm %.4g, which means nothing in float32; difference %.2g, allowed %.2g", name(l.Ref), l.Norm, l.Difference, l.Allowed)
	}
	return fmt.Sprintf("pass %s: norm %.4g, relative error %.2g, allowed %.2g; worst at (%d, %d, %d)",
		name(l.Ref), l.Norm, l.Relative(), l.Allowed/l.Norm, l.Worst.B, l.Worst.C, l.Worst.F)
}

// Pass says whether every gradient is within the tolerance.
func (r *GradientReport) Pass() bool {
	for i := range r.Lines {
		if !r.Lines[i].Pass() {
			return false
		}
	}
	return len(r.Lines) > 0
}

// Worst is the line with the largest error relative to what is allowed, among
// those that have a gradient; nil if none has.
func (r *GradientReport) Worst() *GradientLine {
	var worst *GradientLine
	for i := range r.Lines {
		l := &r.Lines[i]
		if l.Code != kpn.Done && l.Pass() {
			continue
		}
		if worst == nil || worst.Pass() && (!l.Pass() || l.Difference*worst.Allowed > worst.Difference*l.Allowed) {
			worst = l
		}
	}
	return worst
}

// String is one line for each gradient, and one for all those that rightly do
// not exist.
func (r *GradientReport) String() string {
	var lines, none []string
	for i := range r.Lines {
		if l := &r.Lines[i]; l.Pass() && l.Code != kpn.Done {
			none = append(none, name(l.Ref))
		} else {
			lines = append(lines, l.String())
		}
	}
	if len(none) > 0 {
		lines = append(lines, "pass without gradients: "+strings.Join(none, ", "))
	}
	return strings.Join(lines, "\n")
}

// name is a parameter as reports write it: an input's signal has only its
// node's name.
func name(ref kpn.ParamRef) string {
	if ref.Param == "" {
		return ref.Node
	}
	return ref.String()
}

// GradientMismatchError is a gradient that differs by more than is allowed.
type GradientMismatchError struct {
	Case string
	// Ref is the first parameter that differs, in the graph's order; an
	// input's signal has no Param.
	Ref kpn.ParamRef
	// B, C and F locate its worst value, or the first that is not finite.
	B, C, F   int
	Got, Want float64
	// Reason says what is wrong with it.
	Reason                    string
	Norm, Difference, Allowed float64
	// Bad counts the parameters that differ, of Parameters.
	Bad, Parameters int
}

// Error implements error.
func (e *GradientMismatchError) Error() string {
	text := fmt.Sprintf("%s: the gradient of %s is wrong: %s", label(e.Case, ""), name(e.Ref), e.Reason)
	if e.Got != e.Want {
		text += fmt.Sprintf("; at item %d, channel %d, frame %d: got %g, want %g", e.B, e.C, e.F, e.Got, e.Want)
	}
	if e.Difference > 0 {
		text += fmt.Sprintf("; the difference's norm is %.3g, allowed is %.3g of %.3g", e.Difference, e.Allowed, e.Norm)
	}
	if e.Bad > 1 {
		text += fmt.Sprintf(" (%d of %d gradients are wrong)", e.Bad, e.Parameters)
	}
	return text
}

// PeakError is a frame that an adjoint took for the largest magnitude of a
// row although another one is larger by more than rounding explains.
type PeakError struct {
	Case string
	// Node is the whole-row node.
	Node string
	B, C int
	// Got is the candidate's frame and Want the reference's; −1 if the
	// candidate named none.
	Got, Want int
	// GotMagnitude and WantMagnitude are the magnitudes there, on the
	// reference, and Allowed how far they may be apart.
	GotMagnitude, WantMagnitude, Allowed float64
}

// Error implements error.
func (e *PeakError) Error() string {
	at := fmt.Sprintf("%s: node %q, item %d, channel %d", label(e.Case, ""), e.Node, e.B, e.C)
	if e.Got < 0 {
		return at + ": the candidate names no frame of the job as that of the largest magnitude"
	}
	return fmt.Sprintf("%s: the candidate's largest magnitude is at frame %d, where it is %g; that of the reference is %g at frame %d, and rounding explains %.3g",
		at, e.Got, e.GotMagnitude, e.WantMagnitude, e.Want, e.Allowed)
}
