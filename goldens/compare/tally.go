package compare

import (
	"math"

	"sawmill/kpn"
)

// tally adds up the errors of one output.
type tally struct {
	report        OutputReport
	error, signal float64 // sums of squares
}

// span is a block seen from one of its frames on.
type span struct {
	block *kpn.Block
	from  int
}

// add compares n frames of both spans.
func (t *tally) add(ref, cand span, n int) {
	s := ref.block.Shape
	wide := ref.block.F64 != nil && cand.block.F64 != nil
	r := &t.report
	// first is the first bad sample of these frames, which all come after
	// those of earlier calls.
	var first *Sample
	for row := range s.Rows() {
		i := row*s.F + ref.from
		j := row*cand.block.Shape.F + cand.from
		for f := range n {
			want, got := ref.block.At(i+f), cand.block.At(j+f)
			e := math.Abs(got - want)
			finite := !math.IsNaN(e) && !math.IsInf(e, 0)
			if finite {
				t.error += float64(e * e)
				t.signal += float64(want * want)
			} else {
				r.NotFinite++
			}
			bad := !finite || !r.Tolerance.allows(got, want, wide)
			if !bad && e <= r.MaxAbs {
				continue
			}
			at := Sample{B: row / s.C, C: row % s.C, F: ref.block.First + ref.from + f, Got: got, Want: want}
			if finite && e > r.MaxAbs {
				r.MaxAbs, r.Worst = e, at
			}
			if bad {
				r.Bad++
				if first == nil || at.F < first.F {
					first = &at
				}
			}
		}
	}
	r.Samples += s.Rows() * n
	if r.First == nil {
		r.First = first
	}
}

// finish returns the report with its means.
func (t *tally) finish() OutputReport {
	r := t.report
	if n := float64(r.Samples - r.NotFinite); n > 0 {
		r.RMS = math.Sqrt(t.error / n)
		r.SignalRMS = math.Sqrt(t.signal / n)
	}
	return r
}
