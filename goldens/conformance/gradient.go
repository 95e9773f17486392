package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// CotangentSeed draws the cotangents that gradients are checked with, see
// [compare.RandomCotangents]. They are those of the goldens.
const CotangentSeed = cases.CotangentSeed

// gradients compares the subject's gradients with the reference's, and those
// of jobs that are cut up with those of whole ones.
func (s *suite) gradients(ctx context.Context, sub *subject, x kpn.Executable, r *CaseReport) error {
	if s.options.NoGradients {
		r.Gradient.Note = "not asked for"
		return nil
	}
	for i := range sub.trials {
		t := &sub.trials[i]
		if t.forwardOnly {
			r.Gradient.Note = "samples only"
			continue
		}
		all := s.compareGradients(ctx, sub, t, x, r)
		if i == 0 && all != nil && r.Digests.Samples != "" {
			r.Digests.Gradients = digestGradients(all)
		}
	}
	if sub.bind != nil && len(r.Gradient.Failures) == 0 {
		varyGradients(ctx, sub, x, r)
		r.Gradient.Verdict = Passed
	}
	return ctx.Err()
}

// compareGradients compares one job's gradients and returns the engine's.
func (s *suite) compareGradients(ctx context.Context, sub *subject, t *trial, x kpn.Executable, r *CaseReport) *kpn.Gradients {
	job := adjointJob(sub, t.job)
	if s.reference == nil {
		all, report, err := s.goldenGradients(ctx, sub, t, x)
		if len(report.Lines) > 0 {
			r.Gradients = append(r.Gradients, GradientTrial{Label: label(t.job), Report: report})
		}
		if err != nil {
			r.fail(Gradient, "gradients of "+label(t.job), err)
		}
		return all
	}
	seen := &kept{Engine: s.engine, executable: x}
	report, err := compare.Run{Reference: s.reference, Candidate: seen}.Adjoints(ctx, sub.graph, job)
	r.Gradients = append(r.Gradients, GradientTrial{Label: label(t.job), Report: report})
	if err != nil {
		r.fail(Gradient, "gradients of "+label(t.job), err)
	}
	return seen.gradients
}

// goldenGradients compares the gradients of a case's own job with its golden's.
// An engine of less than float64 is told the frames of the rows' largest
// magnitudes: where two are nearly as loud, it may rightly find the other.
func (s *suite) goldenGradients(ctx context.Context, sub *subject, t *trial, x kpn.Executable) (*kpn.Gradients, compare.GradientReport, error) {
	g, err := readGolden(sub, t)
	if err != nil {
		return nil, compare.GradientReport{}, err
	}
	want, job := g.Adjoint(), sub.of.GoldenAdjointJob()
	double := s.engine.Device().Class == kpn.Reference
	tolerance := g.DoubleTolerance()
	if !double {
		tolerance, job.PeakFrames = g.GradientTolerance(sub.of), want.PeakFrames
	}
	got, err := x.Adjoint(ctx, job)
	if err != nil {
		return nil, compare.GradientReport{}, err
	}
	report, err := compare.Gradients("", want, got, tolerance)
	report.Reference, report.Candidate = goldens, s.engine.Device()
	if double {
		err = errors.Join(g.PeakDifference(got.PeakFrames), err)
	}
	return got, report, err
}

// adjointJob gives a job cotangents.
func adjointJob(sub *subject, j *kpn.Job) *kpn.AdjointJob {
	return &kpn.AdjointJob{Job: j, Cotangents: compare.RandomCotangents(CotangentSeed, len(sub.graph.Outputs), j.Shape)}
}

// varyGradients computes one job's gradients in different ways: the same bits.
func varyGradients(ctx context.Context, sub *subject, x kpn.Executable, r *CaseReport) {
	job := adjointJob(sub, sub.bind(wholeJob, 0))
	whole, err := x.Adjoint(ctx, job)
	if err != nil {
		r.fail(Gradient, "gradients of "+wholeJob.String(), err)
		return
	}
	exact := func(check string, want, got *kpn.Gradients) {
		if len(want.List) == 0 {
			return
		}
		if _, err := compare.Gradients("", want, got, compare.GradientTolerance{Exact: true, Reason: check + " must change no bit"}); err != nil {
			r.fail(Gradient, check, err)
		}
	}
	for _, size := range blockSizes {
		check := fmt.Sprintf("gradients of %v in blocks of %d frames", wholeJob, size)
		again := adjointJob(sub, sub.bind(wholeJob, 0))
		again.BlockFrames = size
		got, err := x.Adjoint(ctx, again)
		if err != nil {
			r.fail(Gradient, check, err)
			continue
		}
		exact(check, whole, got)
	}
	for _, split := range splits {
		check := fmt.Sprintf("gradients of %v in batches of %v items", wholeJob, split)
		mine := ofItems(whole)
		got, err := gradientBatches(ctx, sub, x, job, split)
		if err != nil {
			r.fail(Gradient, check, err)
			continue
		}
		exact(check, mine, only(mine, got))
	}
}

// gradientBatches computes the gradients of wholeJob's items in several jobs
// and joins them.
func gradientBatches(ctx context.Context, sub *subject, x kpn.Executable, whole *kpn.AdjointJob, split []int) (*kpn.Gradients, error) {
	joined := &kpn.Gradients{}
	first := 0
	for _, items := range split {
		shape := wholeJob
		shape.B = items
		job := &kpn.AdjointJob{Job: sub.bind(shape, uint64(first)), Cotangents: someItems{whole.Cotangents, first}}
		part, err := x.Adjoint(ctx, job)
		if err != nil {
			return nil, err
		}
		join(joined, part)
		first += items
	}
	return joined, nil
}

// someItems are the cotangents of a job's items from first on.
type someItems struct {
	kpn.Cotangents
	first int
}

// Validate implements [kpn.Cotangents]. What it is of was made for the whole
// job.
func (someItems) Validate(int, kpn.Shape) error { return nil }

// Read implements [kpn.Cotangents].
func (s someItems) Read(output int, w kpn.Window, dst []float32) error {
	w.Item += s.first
	return s.Cotangents.Read(output, w, dst)
}

// join appends the items of part to all.
func join(all, part *kpn.Gradients) {
	if len(all.List) == 0 {
		all.List = slices.Clone(part.List)
		for i := range all.List {
			g := &all.List[i]
			g.F32, g.F64 = slices.Clone(g.F32), slices.Clone(g.F64)
		}
		return
	}
	for i := range min(len(all.List), len(part.List)) {
		to, from := &all.List[i], &part.List[i]
		to.Shape.B += from.Shape.B
		to.F32, to.F64 = append(to.F32, from.F32...), append(to.F64, from.F64...)
	}
}

// ofItems are the gradients of wholeJob that each item has for itself: not
// those of constants, or of tensors that serve all items.
func ofItems(all *kpn.Gradients) *kpn.Gradients {
	some := &kpn.Gradients{}
	for _, g := range all.List {
		if g.Rate != kpn.Constant && g.Shape.B == wholeJob.B {
			some.List = append(some.List, g)
		}
	}
	return some
}

// only are the gradients that are also in another list.
func only(others, all *kpn.Gradients) *kpn.Gradients {
	some := &kpn.Gradients{}
	for _, g := range all.List {
		if _, ok := others.Find(g.Ref); ok {
			some.List = append(some.List, g)
		}
	}
	return some
}

// kept is an engine that has compiled its graph already, and keeps the
// gradients that it gave last.
type kept struct {
	kpn.Engine
	executable kpn.Executable
	gradients  *kpn.Gradients
}

// Compile implements [kpn.Engine].
func (k *kept) Compile(*kpn.Graph) (kpn.Executable, error) {
	return &lent{k.executable, &k.gradients}, nil
}

// lent is an executable that its borrower cannot close.
type lent struct {
	kpn.Executable
	gradients **kpn.Gradients
}

// Adjoint implements [kpn.Executable].
func (l *lent) Adjoint(ctx context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	all, err := l.Executable.Adjoint(ctx, job)
	*l.gradients = all
	return all, err
}

// Close implements [kpn.Executable].
func (l *lent) Close() error { return nil }
