package compare

import (
	"context"
	"errors"
	"fmt"

	"sawmill/kpn"
)

// Adjoints runs the adjoint of a job on two engines and compares all
// gradients. With no tolerance it derives one, see [DeriveGradients].
//
// The candidate runs first. Where its largest magnitudes of whole rows are at
// other frames than the reference's, the reference's forward must confirm that
// rounding explains it, and the reference's adjoint then takes the candidate's
// frames. The floor is measured only if a gradient fails without.
//
// It fails with *[SameDeviceError], with the engines' own errors, with
// *[PeakError], or with *[GradientMismatchError], for which the report is
// valid.
func Adjoints(ctx context.Context, ref, dev kpn.Engine, g *kpn.Graph, job *kpn.AdjointJob, tolerance ...GradientTolerance) (GradientReport, error) {
	return Run{Reference: ref, Candidate: dev}.Adjoints(ctx, g, job, tolerance...)
}

// Adjoints does what the function [Adjoints] does.
func (r Run) Adjoints(ctx context.Context, g *kpn.Graph, job *kpn.AdjointJob, tolerance ...GradientTolerance) (GradientReport, error) {
	reference, candidate := r.Reference.Device(), r.Candidate.Device()
	switch {
	case reference == candidate && !r.SelfTest:
		return GradientReport{}, &SameDeviceError{Case: r.Case, Device: reference}
	case len(tolerance) > 1:
		return GradientReport{}, &ConfigError{r.Case, fmt.Sprintf("got %d tolerances of gradients, want one", len(tolerance))}
	}
	if err := g.Validate(); err != nil {
		return GradientReport{}, err
	}
	if err := job.Validate(g); err != nil {
		return GradientReport{}, err
	}
	asked := *job
	if r.CandidateJob != nil {
		asked.Job = r.CandidateJob
	}
	got, err := adjoint(ctx, r.Candidate, g, &asked)
	if err != nil {
		return GradientReport{}, fmt.Errorf("%s: %w", Candidate, err)
	}
	named := *job
	if named.PeakFrames, err = r.confirmPeaks(ctx, g, job, got.PeakFrames); err != nil {
		return GradientReport{}, err
	}
	want, err := adjoint(ctx, r.Reference, g, &named)
	if err != nil {
		return GradientReport{}, fmt.Errorf("%s: %w", Reference, err)
	}
	report, err := r.gradients(ctx, g, job, want, got, tolerance)
	report.Reference, report.Candidate = reference, candidate
	return report, err
}

// gradients compares within the tolerance that was given, or a derived one.
func (r Run) gradients(ctx context.Context, g *kpn.Graph, job *kpn.AdjointJob, want, got *kpn.Gradients, given []GradientTolerance) (GradientReport, error) {
	if len(given) == 1 {
		return Gradients(r.Case, want, got, given[0])
	}
	t := DeriveGradients(g, job.Job)
	report, err := Gradients(r.Case, want, got, t)
	var mismatch *GradientMismatchError
	if !errors.As(err, &mismatch) {
		return report, err
	}
	// Only now, as it costs several adjoints.
	var failed error
	if t.Scale, failed = GradientScales(ctx, r.Reference, g, job); failed != nil {
		return report, errors.Join(err, failed)
	}
	if t.Trifle, failed = Trifles(ctx, r.Reference, g, job); failed != nil {
		return report, errors.Join(err, failed)
	}
	return Gradients(r.Case, want, got, t)
}

func adjoint(ctx context.Context, engine kpn.Engine, g *kpn.Graph, job *kpn.AdjointJob) (all *kpn.Gradients, err error) {
	executable, err := engine.Compile(g)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, executable.Close()) }()
	return executable.Adjoint(ctx, job)
}
