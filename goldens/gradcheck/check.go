package gradcheck

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// checker is a check under way.
type checker struct {
	options    Options
	reference  kpn.Engine
	cotangents kpn.TensorCotangents
	point      point
	// gradients are the adjoint's at the point.
	gradients *kpn.Gradients
	// samples are the outputs at the point, dense, and meanSquares those of
	// their rows; rough is what [value] calls so if all samples change.
	samples, meanSquares [][]float64
	rough                []float64
	// base holds the frames of the largest magnitudes at the point.
	base    *value
	renders int
}

// Check holds the adjoint of a job to finite differences and to the
// dot-product identity on the reference, and that of a device, unless it is
// nil, to the reference's. The package comment says how.
//
// It fails with the engines' errors and those of validation, or, if the report
// has lines that fail, with the *[MismatchError], *[compare.PeakError] or
// *[compare.GradientMismatchError] of the first one; all of these are joined.
func Check(ctx context.Context, reference, device kpn.Engine, g *kpn.Graph, job *kpn.Job, o Options) (Report, error) {
	o, err := o.filled()
	if err != nil {
		return Report{}, err
	}
	if err := g.Validate(); err != nil {
		return Report{}, err
	}
	if err := job.Validate(g); err != nil {
		return Report{}, err
	}
	if err := checkSize(g, job); err != nil {
		return Report{}, err
	}
	given := point{g, job}
	c := &checker{
		options: o, reference: reference, point: nudged(given, o),
		cotangents: compare.RandomCotangents(o.Seed, len(g.Outputs), job.Shape),
	}
	r := Report{Case: o.Case, Reference: reference.Device(), Shape: job.Shape, Rate: job.Rate, Options: o}
	var mismatches []error
	if mismatch, err := c.differentiate(ctx, &r); err != nil {
		return r, err
	} else if mismatch != nil {
		mismatches = append(mismatches, mismatch)
	}
	if device != nil {
		against, err := compare.Run{Case: o.Case, Reference: reference, Candidate: device}.
			Adjoints(ctx, g, &kpn.AdjointJob{Job: job, Cotangents: c.cotangents})
		if len(against.Lines) == 0 && !isPeak(err) {
			return r, errors.Join(append(mismatches, err)...)
		}
		r.Device = &against
		mismatches = append(mismatches, err)
	}
	return r, errors.Join(mismatches...)
}

func isPeak(err error) bool {
	var peak *compare.PeakError
	return errors.As(err, &peak)
}

// differentiate fills in the report's lines. It returns the first mismatch
// apart from errors that end the check.
func (c *checker) differentiate(ctx context.Context, r *Report) (mismatch, err error) {
	x, err := c.reference.Compile(c.point.graph)
	if err != nil {
		return nil, err
	}
	c.gradients, err = x.Adjoint(ctx, &kpn.AdjointJob{Job: c.point.job, Cotangents: c.cotangents})
	if err = errors.Join(err, x.Close()); err != nil {
		return nil, err
	}
	if err = c.remember(ctx); err != nil {
		return nil, err
	}
	all := targets(c.point)
	r.Lines, r.Unsupported = c.declared(all)
	r.Lines = append(r.Lines, c.peaks()...)
	if len(r.Lines) > 0 {
		// Without gradients for everything there is nothing to go on with.
		return r.mismatch(), nil
	}
	for i, t := range all {
		if c.options.Progress != nil {
			c.options.Progress(i, len(all)+1)
		}
		l, err := c.line(ctx, t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", label(t.ref), err)
		}
		r.Lines = append(r.Lines, l)
	}
	if len(all) > 0 {
		l, err := c.together(ctx, all)
		if err != nil {
			return nil, err
		}
		r.Lines = append(r.Lines, l)
	}
	r.Renders = c.renders
	return r.mismatch(), nil
}

// declared returns a failing line for each gradient that is missing or should
// not be there, and the parameters that rightly have none.
func (c *checker) declared(all []*target) (faults []Line, unsupported []kpn.ParamRef) {
	wanted := map[kpn.ParamRef]*target{}
	for _, t := range all {
		wanted[t.ref] = t
	}
	seen := map[kpn.ParamRef]bool{}
	for i := range c.gradients.List {
		g := &c.gradients.List[i]
		fault := ""
		switch t := wanted[g.Ref]; {
		case seen[g.Ref]:
			fault = "its gradient is there twice"
		case len(g.F32)+len(g.F64) != g.Shape.Len():
			fault = fmt.Sprintf("its gradient has %d values of %v", len(g.F32)+len(g.F64), g.Shape)
		case t == nil && g.Code == kpn.Done:
			fault = "it has a gradient but is not differentiable"
		case t == nil:
			unsupported = append(unsupported, g.Ref)
		case g.Code != kpn.Done:
			fault = fmt.Sprintf("it is differentiable but its gradient's code is %q", g.Code)
		case g.Shape.Len() != len(t.values):
			fault = fmt.Sprintf("its gradient is of %v, but it has %d values", g.Shape, len(t.values))
		}
		seen[g.Ref] = true
		if fault != "" {
			faults = append(faults, Line{Ref: g.Ref, Fault: fault})
		}
	}
	for _, t := range all {
		if !seen[t.ref] {
			faults = append(faults, Line{Ref: t.ref, Fault: "it has no gradient"})
		}
	}
	return faults, unsupported
}

// peaks returns a failing line for each normalize node whose adjoint took
// another frame for the largest magnitude than where it is.
func (c *checker) peaks() []Line {
	var faults []Line
	for i, id := range normalizers(c.point.graph) {
		named, ok := c.gradients.PeakFrames[id]
		if ok && !slices.Equal(named, c.base.peaks[i]) {
			faults = append(faults, Line{
				Ref:   kpn.ParamRef{Node: id},
				Fault: "the adjoint takes other frames for the rows' largest magnitudes than the render has them at",
			})
		}
	}
	return faults
}
