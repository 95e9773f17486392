package gradcheck

import (
	"fmt"
	"math"
)

// tally adds up the derivatives of one line.
type tally struct {
	line Line
	// The squares of what the line gives the norms of.
	adjoint, difference, error, rounding, spread norm
	// worst is the largest error, and lost counts the derivatives that could
	// not be taken.
	worst float64
	lost  int
}

// add counts one derivative.
func (t *tally) add(x estimate, at Place) {
	l := &t.line
	switch {
	case x.step == 0:
		// Nothing there can be moved.
		return
	case !x.ok:
		t.lost++
		return
	}
	l.Derivatives++
	l.Step += x.step
	t.adjoint.add(x.adjoint)
	t.difference.add(x.difference)
	t.rounding.add(x.rounding)
	t.spread.add(x.spread)
	e := math.Abs(x.adjoint - x.difference)
	t.error.add(e)
	// Written so that what is not a number counts as worst.
	if l.Derivatives == 1 || !(e <= t.worst) {
		t.worst, l.Worst, l.WorstAdjoint, l.WorstDifference = e, at, x.adjoint, x.difference
	}
}

// finish takes the norms and decides. The size of what was added up may be
// more than the sums.
func (t *tally) finish(relative, size float64) Line {
	l := t.line
	l.Adjoint, l.Difference, l.Error = t.adjoint.value(), t.difference.value(), t.error.value()
	l.Allowed = float64(relative*max(l.Adjoint, l.Difference, size)) + t.rounding.value() + 2*t.spread.value()
	if l.Derivatives > 0 {
		l.Step /= float64(l.Derivatives)
	}
	switch {
	case t.lost > 0:
		l.Fault = fmt.Sprintf("%d derivatives could not be taken: within every step the frame of a row's largest magnitude changes, or where a modulated parameter is beyond its range; choose another seed or other values", t.lost)
	case l.Derivatives == 0:
		l.Fault = "none of its values can be moved within its range"
	case !(l.Error <= l.Allowed) || math.IsInf(l.Error, 0):
		l.Fault = "the adjoint and the finite differences disagree"
	}
	return l
}
