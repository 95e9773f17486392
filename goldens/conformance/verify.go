package conformance

import (
	"context"
	"fmt"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// goldens is what stands as the reference where the committed goldens do.
var goldens = kpn.Device{Class: kpn.Reference, Name: "committed goldens", Backend: "file"}

// Verify holds an engine to a reference, and to itself. Without a reference it
// holds it to the committed goldens, at the cases' own shapes only.
//
// It fails with *[FailureError] if a check fails that no waiver excuses; the
// report is valid then. Other errors mean that the suite could not run: both
// engines on one device (*[compare.SameDeviceError]), faulty options, a
// reference that fails, or the context's.
func Verify(ctx context.Context, engine, reference kpn.Engine, o Options) (*Report, error) {
	s, err := newSuite(engine, reference, o)
	if err != nil {
		return nil, err
	}
	r := s.report()
	r.Started = o.now()
	for i := range s.subjects {
		if o.Progress != nil {
			o.Progress(i, len(s.subjects), s.subjects[i].name)
		}
		c, err := s.check(ctx, &s.subjects[i])
		if err != nil {
			return nil, err
		}
		r.Cases = append(r.Cases, c)
	}
	r.Took = o.now().Sub(r.Started)
	r.Unused = s.unused()
	return r, r.Err()
}

// suite is one run of the checks.
type suite struct {
	engine kpn.Engine
	// reference is nil where goldens stand for it.
	reference kpn.Engine
	options   Options
	subjects  []subject
	// waivers are those of the engine's device.
	waivers []Waiver
	used    []bool
	bits    *BitTable
}

func newSuite(engine, reference kpn.Engine, o Options) (*suite, error) {
	device := engine.Device()
	if reference != nil && reference.Device() == device {
		return nil, &compare.SameDeviceError{Case: "conformance", Device: device}
	}
	s := &suite{engine: engine, reference: reference, options: o, bits: o.Bits}
	var err error
	if s.subjects, err = subjects(&o, reference == nil); err != nil {
		return nil, err
	}
	all := o.Waivers
	if all == nil {
		if all, err = CommittedWaivers(); err != nil {
			return nil, err
		}
	}
	for i := range all {
		w := all[i]
		if err = w.validate("waivers", fmt.Sprintf("waiver %d", i+1)); err != nil {
			return nil, err
		}
		if w.of(device.Name) {
			s.waivers = append(s.waivers, w)
		}
	}
	s.used = make([]bool, len(s.waivers))
	if s.bits == nil {
		if s.bits, err = CommittedBits(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// report starts a report.
func (s *suite) report() *Report {
	r := &Report{Engine: s.engine.Device(), Reference: goldens, BitsOf: s.bits.Device}
	if s.reference != nil {
		r.Reference = s.reference.Device()
	}
	return r
}

// check runs all checks of a subject. The error is one that ends the suite.
func (s *suite) check(ctx context.Context, sub *subject) (CaseReport, error) {
	r := CaseReport{Name: sub.name}
	started := s.options.now()
	x, err := s.engine.Compile(sub.graph)
	if err != nil {
		r.fail(Forward, "compiling", err)
		r.Gradient.Note = "the graph did not compile"
		r.Bits.Note = r.Gradient.Note
	} else {
		if err := s.run(ctx, sub, x, &r); err != nil {
			_ = x.Close()
			return r, err
		}
		if err := x.Close(); err != nil {
			r.fail(Forward, "closing", err)
		}
	}
	if err := ctx.Err(); err != nil {
		return r, err
	}
	s.judge(&r)
	r.Took = s.options.now().Sub(started)
	return r, nil
}

func (s *suite) run(ctx context.Context, sub *subject, x kpn.Executable, r *CaseReport) error {
	if err := s.forward(ctx, sub, x, r); err != nil {
		return err
	}
	if sub.bind != nil {
		vary(ctx, sub, x, r)
	}
	if err := s.gradients(ctx, sub, x, r); err != nil {
		return err
	}
	s.compareBits(r)
	return nil
}

// judge turns failures into verdicts.
func (s *suite) judge(r *CaseReport) {
	for _, what := range everything {
		f := r.Finding(what)
		if len(f.Failures) == 0 {
			continue
		}
		f.Verdict = Failed
		if what == Bits && !s.options.RequireBits {
			f.Verdict, f.Note = Unchecked, "reported only: on this device other bits are no failure"
		}
		for i := range s.waivers {
			if w := &s.waivers[i]; w.What == what && w.Covers(r.Name) {
				f.Verdict, f.Waiver = Waived, w
				s.used[i] = true
				break
			}
		}
	}
}

// unused lists the waivers that excused nothing, of those that a case of this
// run could have used.
func (s *suite) unused() []Waiver {
	var list []Waiver
	for i := range s.waivers {
		if !s.used[i] && s.concerns(&s.waivers[i]) {
			list = append(list, s.waivers[i])
		}
	}
	return list
}

// concerns says whether a waiver could be used in this run: all of those for
// this renderer in a run of all cases, so that one whose case is gone or
// misspelt is found.
func (s *suite) concerns(w *Waiver) bool {
	if len(s.options.Cases) == 0 {
		return true
	}
	for i := range s.subjects {
		if w.Covers(s.subjects[i].name) {
			return true
		}
	}
	return false
}
