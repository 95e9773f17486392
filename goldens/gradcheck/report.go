package gradcheck

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// Report says what a check found.
type Report struct {
	Case string
	// Reference is the device that was differentiated.
	Reference kpn.Device
	Shape     kpn.Shape
	// Rate is the sample rate in Hz.
	Rate float64
	// Options are those of the check, with the defaults filled in.
	Options Options
	// Lines has one for each parameter and input with a gradient, in the
	// graph's order, then one for all together.
	Lines []Line
	// Unsupported lists the parameters that have no gradient.
	Unsupported []kpn.ParamRef
	// Renders counts the renders that the differences took.
	Renders int
	// Device compares the device's gradients with the reference's; nil if
	// there was no device.
	Device *compare.GradientReport
}

// Line is the check of one parameter, or one input's signal.
type Line struct {
	// Ref names the parameter; an input's signal has no Param. Where All is
	// set it is empty: the line is the dot-product identity along a random
	// direction of all parameters.
	Ref  kpn.ParamRef
	All  bool
	Rate kpn.ParamRate
	// Unit is that of the parameter and of Step.
	Unit string
	// Derivatives counts what was compared: one for each value of a constant
	// or per-item parameter, one for each row and direction of a tensor.
	Derivatives int
	// Adjoint and Difference are the norms of what the adjoint gives and of
	// the finite differences, Error that of what is between them, and Allowed
	// the largest that passes.
	Adjoint, Difference, Error, Allowed float64
	// Step is the mean size of the steps that counted.
	Step float64
	// Worst is where the largest error is, WorstAdjoint and WorstDifference
	// what was found there.
	Worst                         Place
	WorstAdjoint, WorstDifference float64
	// Fault says why the line fails; empty if it passes.
	Fault string
}

// Place is where a derivative belongs: a row of the parameter, and for a
// tensor the direction.
type Place struct {
	B, C int
	// Frame is the single frame that was moved, or −1.
	Frame int
	// Direction names how a tensor was moved; empty otherwise.
	Direction string
}

// String writes the place as errors do.
func (p Place) String() string {
	text := fmt.Sprintf("item %d, channel %d", p.B, p.C)
	if p.Direction != "" {
		text += ", " + p.Direction
	}
	return text
}

// Pass says whether the line is within what is allowed.
func (l *Line) Pass() bool { return l.Fault == "" }

// Undecided says whether the line would pass with a gradient of zero too: it
// shows neither a sign nor a size then.
func (l *Line) Undecided() bool {
	larger := max(l.Adjoint, l.Difference)
	return l.Pass() && larger > 0 && l.Allowed >= larger
}

// Undecided counts those lines.
func (r *Report) Undecided() (n int) {
	for i := range r.Lines {
		if r.Lines[i].Undecided() {
			n++
		}
	}
	return n
}

// Relative is the error relative to the larger norm: 0 for no error.
func (l *Line) Relative() float64 {
	if l.Error == 0 {
		return 0
	}
	return l.Error / max(l.Adjoint, l.Difference)
}

// Pass says whether everything is within what is allowed.
func (r *Report) Pass() bool {
	for i := range r.Lines {
		if !r.Lines[i].Pass() {
			return false
		}
	}
	return r.Device == nil || r.Device.Pass()
}

// String is a table of the differences, then the device's lines.
func (r *Report) String() string {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "\tPARAMETER\tRATE\tVALUES\tADJOINT\tDIFFERENCE\tERROR\tALLOWED\tSTEP")
	for i := range r.Lines {
		_, _ = fmt.Fprintln(w, r.Lines[i].cells())
	}
	_ = w.Flush()
	if n := r.Undecided(); n > 0 {
		_, _ = fmt.Fprintf(&b, "%d of %d are undecided: the differences are known no better than the gradient is large; unless it is to be 0, take other values, or a shorter sound\n", n, len(r.Lines))
	}
	for i := range r.Lines {
		if l := &r.Lines[i]; !l.Pass() {
			_, _ = fmt.Fprintf(&b, "FAIL %s: %s\n", l.name(), l.explain())
		}
	}
	if r.Device != nil && len(r.Device.Lines) > 0 {
		_, _ = fmt.Fprintf(&b, "%s against %s; allowed is %v:\n%s\n", r.Device.Candidate.Name, r.Device.Reference.Name, r.Device.Tolerance, r.Device)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (l *Line) cells() string {
	verdict, rate := "pass", l.Rate.String()
	switch {
	case !l.Pass():
		verdict = "FAIL"
	case l.Undecided():
		verdict = "undecided"
	}
	if l.All {
		rate = "all"
	}
	relative := max(l.Adjoint, l.Difference)
	allowed := "-"
	if relative > 0 {
		allowed = fmt.Sprintf("%.1e", l.Allowed/relative)
	}
	step := fmt.Sprintf("%.1e %s", l.Step, l.Unit)
	if l.All {
		step = "-"
	}
	return fmt.Sprintf("%s\t%s\t%s\t%d\t%.6g\t%.6g\t%.1e\t%s\t%s",
		verdict, l.name(), rate, l.Derivatives, l.Adjoint, l.Difference, l.Relative(), allowed, strings.TrimSpace(step))
}

// name is the parameter as reports write it.
func (l *Line) name() string {
	if l.All {
		return "all together"
	}
	return label(l.Ref)
}

func label(ref kpn.ParamRef) string {
	if ref.Param == "" {
		return ref.Node
	}
	return ref.String()
}

func (l *Line) explain() string {
	if l.Derivatives == 0 {
		return l.Fault
	}
	text := fmt.Sprintf("%s: norm %.6g and %.6g, relative error %.2g", l.Fault, l.Adjoint, l.Difference, l.Relative())
	if l.All {
		return text
	}
	return text + fmt.Sprintf("; at %v the adjoint is %.9g, the difference %.9g", l.Worst, l.WorstAdjoint, l.WorstDifference)
}

// mismatch is the first offender's error, or nil.
func (r *Report) mismatch() error {
	for i := range r.Lines {
		if !r.Lines[i].Pass() {
			return &MismatchError{Case: r.Case, Line: r.Lines[i]}
		}
	}
	return nil
}

// MismatchError is a gradient that the reference's own render contradicts.
type MismatchError struct {
	Case string
	// Line is the first that fails; its Ref names the parameter.
	Line Line
}

// Error implements error.
func (e *MismatchError) Error() string {
	what := "the gradient of " + e.Line.name()
	if e.Line.All {
		what = "the dot-product identity along all parameters"
	}
	if e.Case != "" {
		what = e.Case + ": " + what
	}
	return what + ": " + e.Line.explain()
}
