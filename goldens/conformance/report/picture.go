package report

import (
	"math"

	"sawmill/goldens/compare"
	"sawmill/goldens/conformance"
)

// picture is one row of one output of one job, on both sides.
type picture struct {
	trial  *conformance.Trial
	output int
	// item and channel are the row, frame where it is worst.
	item, channel, frame int
	want, got            []float64
}

// choose picks what to show of a case: of the jobs that fail, or of all if
// none does, the longest, as a picture of a few frames has no spectrum; there
// the output nearest to its tolerance, or farthest beyond; there the row with
// the worst sample. It returns nil if the report has no signals of the case.
func choose(c *conformance.CaseReport) *picture {
	var best *conformance.Trial
	for i := range c.Trials {
		t := &c.Trials[i]
		if t.Got == nil {
			continue
		}
		switch {
		case best == nil,
			fails(t) && !fails(best),
			fails(t) == fails(best) && t.Report.Shape.F > best.Report.Shape.F:
			best = t
		}
	}
	if best == nil {
		return nil
	}
	p := &picture{trial: best}
	least := math.Inf(1)
	for o := range best.Report.Outputs {
		m := (&conformance.Trial{Report: compare.Report{Outputs: best.Report.Outputs[o : o+1]}}).Margin()
		if m < least {
			least, p.output = m, o
		}
	}
	at := best.Report.Outputs[p.output].Worst
	if first := best.Report.Outputs[p.output].First; first != nil {
		at = *first
	}
	p.item, p.channel, p.frame = at.B, at.C, at.F
	s := best.Report.Shape
	row := s.Index(p.item, p.channel, 0)
	p.want = best.Want[p.output][row : row+s.F]
	p.got = best.Got[p.output][row : row+s.F]
	return p
}

func fails(t *conformance.Trial) bool { return !t.Report.Pass() }

// tolerance is what the picture's output is allowed.
func (p *picture) tolerance() compare.Tolerance { return p.trial.Report.Outputs[p.output].Tolerance }

// difference is candidate less reference.
func (p *picture) difference() []float64 {
	d := make([]float64, len(p.want))
	for f := range d {
		d[f] = p.got[f] - p.want[f]
	}
	return d
}
