package conformance

import (
	"math"
	"strings"
	"time"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// Report says how an engine passes the suite.
type Report struct {
	// Engine and Reference are the devices that really ran.
	Engine, Reference kpn.Device
	// BitsOf is the device that the committed bits are of.
	BitsOf string
	Cases  []CaseReport
	// Unused are waivers for the engine's device that excused nothing: their
	// causes are gone, or their cases are misspelt.
	Unused []Waiver
	// Started and Took are set if the options have a clock.
	Started time.Time
	Took    time.Duration
}

// CaseReport says it for one case.
type CaseReport struct {
	Name                    string
	Forward, Gradient, Bits Finding
	// Trials are the jobs that were compared, the case's own first.
	Trials []Trial
	// Gradients are those whose gradients were compared.
	Gradients []GradientTrial
	// Digests are the engine's own, and Samples and GradientBits how they
	// compare with the committed ones.
	Digests               Digests
	Samples, GradientBits BitState
	Took                  time.Duration
}

// Trial is one job of a case, on both engines.
type Trial struct {
	// Label is the job's shape and seed.
	Label  string
	Rate   float64
	Report compare.Report
	// Want and Got are dense [B, C, F] tensors, one for each output, if the
	// options ask for signals and they are not too large.
	Want, Got [][]float64
}

// GradientTrial is one job's gradients on both engines.
type GradientTrial struct {
	Label  string
	Report compare.GradientReport
}

// Finding returns the finding about one thing.
func (c *CaseReport) Finding(what What) *Finding {
	switch what {
	case Forward:
		return &c.Forward
	case Gradient:
		return &c.Gradient
	case Bits:
		return &c.Bits
	}
	return nil
}

// Verdict is the worst of the findings.
func (c *CaseReport) Verdict() Verdict {
	return max(c.Forward.Verdict, c.Gradient.Verdict, c.Bits.Verdict)
}

// Kind is the part of the name in front of the slash: a kind of node, or the
// name of another group of cases.
func (c *CaseReport) Kind() string {
	kind, _, _ := strings.Cut(c.Name, "/")
	return kind
}

// Failures are all checks of the case that fail, waived or not.
func (c *CaseReport) Failures() []*CheckError {
	var list []*CheckError
	for _, what := range everything {
		list = append(list, c.Finding(what).Failures...)
	}
	return list
}

// MaxError is the largest error of a sample; infinite if one is no number, and
// NaN if no sample was compared.
func (c *CaseReport) MaxError() float64 {
	if !c.compared() {
		return math.NaN()
	}
	largest := 0.0
	for i := range c.Trials {
		for _, o := range c.Trials[i].Report.Outputs {
			largest = max(largest, o.MaxAbs)
			if o.NotFinite > 0 {
				return math.Inf(1)
			}
		}
	}
	return largest
}

// compared says whether any sample was.
func (c *CaseReport) compared() bool {
	for i := range c.Trials {
		for _, o := range c.Trials[i].Report.Outputs {
			if o.Samples > 0 {
				return true
			}
		}
	}
	return false
}

// Margin is how far, in dB, the case's errors are below what is allowed, at
// the least: +Inf where there are none, and negative if one is above. NaN if no
// sample was compared.
func (c *CaseReport) Margin() float64 {
	if !c.compared() {
		return math.NaN()
	}
	least := math.Inf(1)
	for i := range c.Trials {
		least = min(least, c.Trials[i].Margin())
	}
	return least
}

// Margin is that of one job.
func (t *Trial) Margin() float64 {
	least := math.Inf(1)
	for i := range t.Report.Outputs {
		o := &t.Report.Outputs[i]
		switch {
		case o.NotFinite > 0, o.Tolerance.Exact && !o.Pass():
			return math.Inf(-1)
		case o.Tolerance.Exact:
			continue
		}
		if o.MaxAbs > 0 {
			least = min(least, compare.DB(o.Tolerance.MaxAbs/o.MaxAbs))
		}
		if o.Tolerance.RMSdB != 0 && o.RMS > 0 {
			least = min(least, o.Tolerance.RMSdB-o.RMSDB())
		}
	}
	return least
}

// GradientError is the largest error of a gradient relative to its norm, of
// those whose norm is not small by cancellation: where the allowed error is
// given by the norm and not by what the gradient sums up. NaN if no gradient
// was compared.
func (c *CaseReport) GradientError() float64 {
	largest := math.NaN()
	c.eachGradient(func(l *compare.GradientLine, t *compare.GradientTolerance) {
		e := l.Relative()
		if l.NotFinite > 0 {
			e = math.Inf(1)
		}
		if l.Pass() && l.Allowed > 2*t.Relative*l.Norm {
			return
		}
		if !(e <= largest) {
			largest = e
		}
	})
	return largest
}

// GradientMargin is how far, in dB, gradients' errors are below what is
// allowed, as [CaseReport.Margin] is. NaN if no gradient was compared.
func (c *CaseReport) GradientMargin() float64 {
	least := math.NaN()
	c.eachGradient(func(l *compare.GradientLine, _ *compare.GradientTolerance) {
		m := math.Inf(1)
		switch {
		case !l.Pass() && !(l.Difference > l.Allowed):
			m = math.Inf(-1)
		case l.Difference > 0:
			m = compare.DB(l.Allowed / l.Difference)
		}
		if !(m >= least) {
			least = m
		}
	})
	return least
}

// eachGradient calls visit for all gradients that exist.
func (c *CaseReport) eachGradient(visit func(*compare.GradientLine, *compare.GradientTolerance)) {
	for i := range c.Gradients {
		r := &c.Gradients[i].Report
		for k := range r.Lines {
			if l := &r.Lines[k]; l.Code == kpn.Done || !l.Pass() {
				visit(l, &r.Tolerance)
			}
		}
	}
}

// Severe are the cases where something fails or differs: those that fail
// first, then those that are waived, then those whose other bits are only
// reported.
func (r *Report) Severe() []*CaseReport {
	var list []*CaseReport
	for _, v := range []Verdict{Failed, Waived, Passed, Unchecked} {
		for i := range r.Cases {
			if c := &r.Cases[i]; c.Verdict() == v && len(c.Failures()) > 0 {
				list = append(list, c)
			}
		}
	}
	return list
}

// Count says how many cases have a verdict.
func (r *Report) Count(v Verdict) int {
	n := 0
	for i := range r.Cases {
		if r.Cases[i].Verdict() == v {
			n++
		}
	}
	return n
}

// Err is a *[FailureError] if a case fails, else nil.
func (r *Report) Err() error {
	e := &FailureError{Engine: r.Engine, Cases: len(r.Cases), Failed: r.Count(Failed)}
	if e.Failed == 0 {
		return nil
	}
	for i := range r.Cases {
		for _, what := range everything {
			if f := r.Cases[i].Finding(what); f.Verdict == Failed {
				e.Failures = append(e.Failures, f.Failures...)
			}
		}
	}
	return e
}

// Bits are the digests that the engine gave, for [BitTable.Encode].
func (r *Report) Bits() *BitTable {
	t := &BitTable{Device: r.Engine.Name + ", " + r.Engine.Version}
	for i := range r.Cases {
		if c := &r.Cases[i]; c.Digests != (Digests{}) {
			t.Lines = append(t.Lines, BitLine{Case: c.Name, Digests: c.Digests})
		}
	}
	return t
}

func (c *CaseReport) fail(what What, check string, err error) {
	f := c.Finding(what)
	f.Failures = append(f.Failures, &CheckError{Case: c.Name, What: what, Check: check, Cause: err})
}

func (c *CaseReport) addTrial(j *kpn.Job) *Trial {
	c.Trials = append(c.Trials, Trial{Label: label(j), Rate: j.Rate})
	return &c.Trials[len(c.Trials)-1]
}

// compareBits compares the case's digests with the committed ones.
func (s *suite) compareBits(c *CaseReport) {
	want, _ := s.bits.find(c.Name)
	c.Samples = state(c.Digests.Samples, want.Samples)
	c.GradientBits = state(c.Digests.Gradients, want.Gradients)
	pairs := []struct {
		of        string
		state     BitState
		got, want string
		// committed says that the table has such digests at all.
		committed bool
	}{
		{"samples", c.Samples, c.Digests.Samples, want.Samples, true},
		{"gradients", c.GradientBits, c.Digests.Gradients, want.Gradients, s.bits.hasGradients()},
	}
	for _, p := range pairs {
		lacking := p.state == NoValue && p.got != "" && p.committed && s.options.RequireBits
		switch {
		case p.state == Differ || lacking:
			c.fail(Bits, p.of, &DigestError{Of: p.of, Got: p.got, Want: p.want, Device: s.bits.Device, Required: s.options.RequireBits})
		case p.state == Same:
			c.Bits.Verdict = Passed
		}
	}
}
