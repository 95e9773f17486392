package conformance

import (
	"context"
	"errors"
	"fmt"
	"math"

	"sawmill/goldens/compare"
	"sawmill/goldens/data"
	"sawmill/kpn"
)

// goldenTolerance is how far a float64 engine may be from its golden, relative
// to the signal's peak or 1: see package data, which is as strict.
const goldenTolerance = 1e-12

// keptSamples is the largest signal that a report keeps for plots.
const keptSamples = 1 << 14

// forward compares the subject's trials with the reference.
func (s *suite) forward(ctx context.Context, sub *subject, x kpn.Executable, r *CaseReport) error {
	expect, done, err := s.expectation(sub)
	if err != nil {
		return err
	}
	defer done()
	for i := range sub.trials {
		t := &sub.trials[i]
		want, tolerances, err := expect(ctx, t)
		if err != nil {
			return fmt.Errorf("reference: %s, %s: %w", sub.name, label(t.job), err)
		}
		report := r.addTrial(t.job)
		comparator, err := compare.New(compare.Config{
			Outputs: sub.graph.Outputs, Shape: t.job.Shape, Tolerances: tolerances,
			Reference: s.report().Reference, Candidate: s.engine.Device(),
		})
		if err != nil {
			return err
		}
		if err = feedWhole(comparator, compare.Reference, t.job.Shape, want); err != nil {
			return err
		}
		got := newSignals(len(want), t.job.Shape)
		failed := x.Forward(ctx, t.job, got.sink(func(b *kpn.Block) error { return comparator.Feed(compare.Candidate, b) }))
		report.Report, err = comparator.Finish()
		if err = worse(failed, err); err != nil {
			r.fail(Forward, report.Label, err)
		}
		if failed == nil && i == 0 && !got.wide {
			r.Digests.Samples = digestSamples(got.outputs)
		}
		if s.options.Signals && t.job.Shape.Len() <= keptSamples {
			report.Want, report.Got = want, got.outputs
		}
	}
	r.Forward.Verdict = Passed
	return nil
}

// worse picks the error that says more: an engine that stops has given too few
// samples, which is then not worth saying.
func worse(engine, comparison error) error {
	var extent *compare.ExtentError
	if engine != nil && !errors.As(engine, &extent) {
		return engine
	}
	return comparison
}

// expectation returns what gives the reference's signals of a trial, and how
// near the engine must come; and what to call in the end.
func (s *suite) expectation(sub *subject) (func(context.Context, *trial) ([][]float64, []compare.Tolerance, error), func(), error) {
	if s.reference == nil {
		return func(_ context.Context, t *trial) ([][]float64, []compare.Tolerance, error) {
			return s.golden(sub, t)
		}, func() {}, nil
	}
	x, err := s.reference.Compile(sub.graph)
	if err != nil {
		return nil, nil, fmt.Errorf("reference: %s: %w", sub.name, err)
	}
	return func(ctx context.Context, t *trial) ([][]float64, []compare.Tolerance, error) {
		tolerances := t.tolerances
		if tolerances == nil {
			var err error
			if tolerances, err = compare.DeriveRanged(ctx, s.reference, sub.graph, t.job); err != nil {
				return nil, nil, err
			}
		}
		want := newSignals(len(sub.graph.Outputs), t.job.Shape)
		err := x.Forward(ctx, t.job, want.sink(want.structure(sub.graph.Outputs)))
		return want.outputs, tolerances, err
	}, func() { _ = x.Close() }, nil
}

// golden returns the committed signals of a case. An engine that computes in
// less than float64 has the case's own tolerances.
func (s *suite) golden(sub *subject, t *trial) ([][]float64, []compare.Tolerance, error) {
	g, err := readGolden(sub, t)
	if err != nil {
		return nil, nil, err
	}
	var want [][]float64
	tolerances := t.tolerances
	if s.engine.Device().Class == kpn.Reference {
		tolerances = nil
	}
	for o := range g.Outputs {
		want = append(want, g.Outputs[o].Samples)
		if len(tolerances) < len(sub.graph.Outputs) {
			peak := 1.0
			for _, y := range g.Outputs[o].Samples {
				peak = max(peak, math.Abs(y))
			}
			tolerances = append(tolerances, compare.Tolerance{MaxAbs: goldenTolerance * peak, Reason: "a few roundings of float64, for mathematical functions that are not the same on every processor"})
		}
	}
	return want, tolerances, nil
}

// readGolden reads a case's golden, which must be of the job.
func readGolden(sub *subject, t *trial) (*data.Golden, error) {
	g, err := data.Read(sub.name)
	if err != nil {
		return nil, err
	}
	if g.Case != sub.name || g.Shape != t.job.Shape || len(g.Outputs) != len(sub.graph.Outputs) {
		return nil, &data.FileError{File: data.FileName(sub.name), Reason: fmt.Sprintf("it is of case %s, shape %v, with %d outputs, which is not what the case says now; regenerate it", g.Case, g.Shape, len(g.Outputs))}
	}
	return g, nil
}

// signals are dense outputs as they come.
type signals struct {
	shape   kpn.Shape
	outputs [][]float64
	// wide says that they came in float64.
	wide bool
}

func newSignals(outputs int, s kpn.Shape) *signals {
	g := &signals{shape: s, outputs: make([][]float64, outputs)}
	for o := range g.outputs {
		g.outputs[o] = make([]float64, s.Len())
	}
	return g
}

// sink keeps blocks that a check lets through.
func (g *signals) sink(check func(*kpn.Block) error) kpn.Sink {
	return func(b *kpn.Block) error {
		if err := check(b); err != nil {
			return err
		}
		g.wide = g.wide || b.F64 != nil
		for row := range b.Shape.Rows() {
			to := g.outputs[b.Output][row*g.shape.F+b.First:]
			for f := range b.Shape.F {
				to[f] = b.At(row*b.Shape.F + f)
			}
		}
		return nil
	}
}

// structure is a check of blocks with nothing to compare them to.
func (g *signals) structure(outputs []string) func(*kpn.Block) error {
	c, err := compare.New(compare.Config{
		Outputs: outputs, Shape: g.shape, Tolerances: []compare.Tolerance{compare.BitEqual("structure only")}, SelfTest: true,
	})
	if err != nil {
		return func(*kpn.Block) error { return err }
	}
	return func(b *kpn.Block) error { return c.Feed(compare.Candidate, b) }
}

// feedWhole gives a comparator all outputs of one side.
func feedWhole(c *compare.Comparator, side compare.Side, s kpn.Shape, outputs [][]float64) error {
	for o, samples := range outputs {
		if err := c.Feed(side, &kpn.Block{Output: o, Shape: s, F64: samples}); err != nil {
			return err
		}
	}
	return nil
}
