package data

import (
	"fmt"
	"math"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// tolerance is how far a sample may be from its golden, relative to the
// larger of its magnitude and 1, and a gradient from its own, relative to the
// size of what it sums up. docs/tolerances.md derives it: the roundings of the
// longest sum in a case add up to 3e-14, and what cpuref raises to a power, or
// divides by a row's peak, magnifies an argument's rounding by less than 35.
const tolerance = 1e-12

// doubleUnit is the rounding of float64 in terms of float32's.
const doubleUnit = 0x1p-29

// Difference says what differs first by more than float64's roundings; nil if
// the goldens agree. It is a *[FileError].
func (g *Golden) Difference(got *Golden) error {
	if err := g.sameSections(got); err != nil {
		return err
	}
	for o, want := range g.Outputs {
		for i, x := range want.Samples {
			y := got.Outputs[o].Samples[i]
			if e := math.Abs(y - x); !(e <= tolerance*max(sampleScale, math.Abs(x))) {
				b, c, f := g.Shape.Coordinates(i)
				return g.differs("output %q, item %d, channel %d, frame %d (%s): the reference gives %v, the golden is %v",
					want.Name, b, c, f, place(g.Shape, sampleBlock, i), y, x)
			}
		}
	}
	if err := g.PeakDifference(got.Adjoint().PeakFrames); err != nil {
		return err
	}
	return g.gradientDifference(got)
}

// PeakDifference says which frame that an engine took for the largest magnitude
// of a row is not the golden's; nil if there is none. It is a *[FileError].
func (g *Golden) PeakDifference(frames map[string][]int) error {
	for _, want := range g.Peaks {
		got := frames[want.Node]
		if len(got) != len(want.Frames) {
			return g.differs("node %q: there are %d frames of largest magnitudes, in the golden %d", want.Node, len(got), len(want.Frames))
		}
		for row, f := range want.Frames {
			if now := got[row]; now != f {
				return g.differs("node %q, item %d, channel %d: the row's largest magnitude is at frame %d, in the golden at %d",
					want.Node, row/g.Shape.C, row%g.Shape.C, now, f)
			}
		}
	}
	return nil
}

// differs is a fault that a new golden would mend.
func (g *Golden) differs(format string, args ...any) error {
	return &FileError{File: FileName(g.Case), Reason: fmt.Sprintf(format, args...) + "; if the change is meant, regenerate it"}
}

// place names the block that holds a value, as the golden's lines do.
func place(s kpn.Shape, frames, i int) string {
	b := blockOf(s, frames, i)
	return fmt.Sprintf("%s %d %d %d", wordBlock, b.b, b.c, b.f)
}

// sameSections wants both goldens to be of the same things.
func (g *Golden) sameSections(got *Golden) error {
	switch {
	case g.Case != got.Case:
		return &FileError{File: FileName(g.Case), Reason: fmt.Sprintf("it is of case %q, want %q", g.Case, got.Case)}
	case g.Shape != got.Shape:
		return g.differs("the case has the shape %v, the golden %v", got.Shape, g.Shape)
	case g.CotangentSeed != got.CotangentSeed:
		return g.differs("the case's cotangents are of seed %d, the golden's of seed %d", got.CotangentSeed, g.CotangentSeed)
	}
	now, then := got.sections(), g.sections()
	for i := range max(len(now), len(then)) {
		switch {
		case i >= len(now):
			return g.differs("the golden has a section that the case has not: %s", then[i])
		case i >= len(then):
			return g.differs("the golden lacks the section %s", now[i])
		case now[i] != then[i]:
			return g.differs("section %d is %s in the case, %s in the golden", i+1, now[i], then[i])
		}
	}
	return nil
}

// sections names what a golden holds, in order.
func (g *Golden) sections() []string {
	var list []string
	for _, o := range g.Outputs {
		list = append(list, wordOutput+" "+o.Name)
	}
	for i := range g.Gradients {
		v := &g.Gradients[i]
		list = append(list, fmt.Sprintf("%s %s %v %v (%v)", wordGradient, refText(v.Ref), v.Rate, v.Shape, v.Code))
	}
	for _, p := range g.Peaks {
		list = append(list, wordPeaks+" "+p.Node)
	}
	return list
}

// gradientDifference compares the gradients, each by the norm of its
// difference.
func (g *Golden) gradientDifference(got *Golden) error {
	if len(g.Gradients) == 0 {
		return nil
	}
	for i := range g.Gradients {
		v := &g.Gradients[i]
		// A scale that does not fit the values would excuse anything.
		if now := got.Gradients[i].Scale; math.Abs(now-v.Scale) > 0.01*now && max(now, v.Scale) > v.Trifle*doubleUnit {
			return g.differs("what the gradient of %s sums up has the size %g, in the golden %g", refText(v.Ref), now, v.Scale)
		}
	}
	report, err := compare.Gradients(g.Case, g.Adjoint(), got.Adjoint(), g.DoubleTolerance())
	for i := range report.Lines {
		l := &report.Lines[i]
		if l.Pass() {
			continue
		}
		at := l.Shape.Index(l.Worst.B, l.Worst.C, l.Worst.F)
		return g.differs("gradient of %s, item %d, channel %d, frame %d (%s): the reference gives %v, the golden is %v; %s: the norm of the difference is %.3g, allowed is %.3g",
			refText(l.Ref), l.Worst.B, l.Worst.C, l.Worst.F, place(l.Shape, gradientBlock, at), l.Worst.Got, l.Worst.Want, l.Fault, l.Difference, l.Allowed)
	}
	return err
}
