package conformance

import (
	"errors"
	"testing"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// Run is [Verify] as subtests, one for each case: it fails if an engine fails
// a check that is not waived. Without a reference it holds the engine to the
// committed goldens.
func Run(t *testing.T, engine, reference kpn.Engine, o Options) {
	t.Helper()
	t.Logf("engine: %+v", engine.Device())
	s, err := newSuite(engine, reference, o)
	if err != nil {
		t.Fatal(err)
	}
	r := s.report()
	t.Logf("reference: %+v", r.Reference)
	t.Run("refuses to be its own reference", func(t *testing.T) {
		var same *compare.SameDeviceError
		if _, err := Verify(t.Context(), engine, engine, o); !errors.As(err, &same) {
			t.Errorf("compared with itself: got %v, want an error that refuses", err)
		}
	})
	for i := range s.subjects {
		t.Run(s.subjects[i].name, func(t *testing.T) {
			c, err := s.check(t.Context(), &s.subjects[i])
			if err != nil {
				t.Fatal(err)
			}
			r.Cases = append(r.Cases, c)
			explain(t, &c)
		})
	}
	r.Unused = s.unused()
	for i := range r.Unused {
		t.Logf("waiver without use: %v", &r.Unused[i])
	}
	t.Logf("\n%v", r)
}

// explain logs what was seen of a case and fails the test for what fails.
func explain(t *testing.T, c *CaseReport) {
	t.Helper()
	for i := range c.Trials {
		t.Logf("%s:\n%s", c.Trials[i].Label, c.Trials[i].Report.String())
	}
	for i := range c.Gradients {
		t.Logf("gradients of %s:\n%s", c.Gradients[i].Label, c.Gradients[i].Report.String())
	}
	for _, what := range everything {
		f := c.Finding(what)
		for _, failure := range f.Failures {
			switch f.Verdict {
			case Waived:
				t.Logf("waived (%s: %s): %v", f.Waiver.Issue, f.Waiver.Reason, failure)
			case Failed:
				t.Error(failure)
			case Unchecked, Passed:
				t.Logf("reported only: %v", failure)
			}
		}
	}
}
