package fuzz

import (
	"context"
	"errors"
	"math"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// adjointJob is the job with cotangents that its seed makes.
func adjointJob(g *kpn.Graph, job *kpn.Job) *kpn.AdjointJob {
	return &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(job.Seed, len(g.Outputs), job.Shape)}
}

// judgeAdjoint compares the gradients of a job whose outputs agree.
func (p Pair) judgeAdjoint(ctx context.Context, s *sides, g *kpn.Graph, job *kpn.Job) Verdict {
	run := compare.Run{Case: group, Reference: guarded{p.Reference}, Candidate: s.candidate, SelfTest: p.SelfTest}
	for _, size := range blocks {
		blocked := *job
		blocked.BlockFrames = size
		run.CandidateJob = &blocked
		adjoint := adjointJob(g, job)
		report, err := run.Adjoints(ctx, g, adjoint)
		if err != nil {
			return p.classifyAdjoint(ctx, s, g, adjoint, report, err)
		}
	}
	return Verdict{Outcome: Agree}
}

// classifyAdjoint turns the error of a comparison of gradients into a verdict.
func (p Pair) classifyAdjoint(ctx context.Context, s *sides, g *kpn.Graph, job *kpn.AdjointJob, report compare.GradientReport, err error) Verdict {
	var mismatch *compare.GradientMismatchError
	var peak *compare.PeakError
	var config *compare.ConfigError
	var tolerance *compare.ToleranceError
	switch {
	case p.Limit != nil && p.Limit(err):
		return Verdict{Outcome: Limited, Err: err}
	case errors.As(err, &mismatch):
		return p.gradientVerdict(ctx, s, g, job, report, err)
	case errors.As(err, &peak):
		return Verdict{Outcome: Gradient, Err: err, severity: (peak.WantMagnitude - peak.GotMagnitude) / peak.Allowed}
	case errors.As(err, &config), errors.As(err, &tolerance):
		return Verdict{Outcome: Unjudged, Err: err}
	}
	return alone(p.refusals(s.reference.adjoint(ctx, job), s.candidate.adjoint(ctx, job)), err)
}

// gradientVerdict judges gradients outside their tolerance.
func (p Pair) gradientVerdict(ctx context.Context, s *sides, g *kpn.Graph, job *kpn.AdjointJob, report compare.GradientReport, mismatch error) Verdict {
	bad, err := p.unexcused(ctx, s, g, job, report)
	if err != nil {
		return Verdict{Outcome: Gradient, Err: errors.Join(mismatch, err)}
	}
	if len(bad) == 0 {
		return Verdict{Outcome: Unjudged, Err: mismatch}
	}
	v := Verdict{Outcome: Gradient}
	for i := range bad {
		v.Err = errors.Join(v.Err, errors.New(bad[i].String()))
		v.severity = max(v.severity, bad[i].Difference/bad[i].Allowed)
	}
	return v
}

// adjoint runs an adjoint and drops what it gives.
func (s *side) adjoint(ctx context.Context, job *kpn.AdjointJob) error {
	_, err := s.executable.Adjoint(ctx, job)
	return err
}

// adjointFault makes a valid adjoint job one that every engine must refuse.
type adjointFault struct {
	name  string
	apply func(p *place, job *kpn.AdjointJob) bool
}

// adjointFaults has one line each. They are faults only where gradients are
// compared.
var adjointFaults = []adjointFault{
	{"no_cotangents", func(_ *place, j *kpn.AdjointJob) bool { j.Cotangents = nil; return true }},
	{"cotangent_missing", func(_ *place, j *kpn.AdjointJob) bool { j.Cotangents = cotangents(j)[1:]; return true }},
	{"cotangent_nil", cotangentFault(func(*place, *kpn.Tensor) *kpn.Tensor { return nil })},
	{"cotangent_too_short", cotangentFault(func(_ *place, t *kpn.Tensor) *kpn.Tensor {
		return kpn.NewTensor(kpn.Shape{B: t.B, C: t.C, F: t.F - 1})
	})},
	{"cotangent_nan", cotangentFault(func(p *place, t *kpn.Tensor) *kpn.Tensor {
		t.Data[p.pick(len(t.Data))] = float32(math.NaN())
		return t
	})},
	{"peak_of_nothing", func(_ *place, j *kpn.AdjointJob) bool {
		j.PeakFrames = map[string][]int{"nobody": make([]int, j.Shape.Rows())}
		return true
	}},
	{"peak_of_no_whole_row", peakFault(false, func(_ *place, j *kpn.AdjointJob) []int { return make([]int, j.Shape.Rows()) })},
	{"peaks_of_other_rows", peakFault(true, func(_ *place, j *kpn.AdjointJob) []int { return make([]int, j.Shape.Rows()+1) })},
	{"peak_behind_the_end", peakFault(true, func(p *place, j *kpn.AdjointJob) []int {
		frames := make([]int, j.Shape.Rows())
		frames[p.pick(len(frames))] = j.Shape.F
		return frames
	})},
}

func cotangents(j *kpn.AdjointJob) kpn.TensorCotangents {
	all, _ := j.Cotangents.(kpn.TensorCotangents)
	return all
}

func cotangentFault(mar func(p *place, t *kpn.Tensor) *kpn.Tensor) func(p *place, j *kpn.AdjointJob) bool {
	return func(p *place, j *kpn.AdjointJob) bool {
		all := cotangents(j)
		k := p.pick(len(all))
		all[k] = mar(p, all[k])
		return true
	}
}

// peakFault names frames of a node that looks at whole rows, or of one that
// does not.
func peakFault(wholeRow bool, frames func(p *place, j *kpn.AdjointJob) []int) func(p *place, j *kpn.AdjointJob) bool {
	return func(p *place, j *kpn.AdjointJob) bool {
		for i := range p.graph.Nodes {
			n := &p.graph.Nodes[i]
			if spec, ok := kpn.Lookup(n.Kind); ok && spec.WholeRow == wholeRow {
				j.PeakFrames = map[string][]int{n.ID: frames(p, j)}
				return true
			}
		}
		return false
	}
}

// judgeAdjointFault runs an adjoint that must be refused.
func (p Pair) judgeAdjointFault(ctx context.Context, s *sides, job *kpn.AdjointJob) Verdict {
	v := p.refusals(s.reference.refusal, s.candidate.refusal)
	if v.Outcome == Agree {
		v = p.refusals(s.reference.adjoint(ctx, job), s.candidate.adjoint(ctx, job))
		if v.Outcome == Agree {
			v = Verdict{Outcome: FaultAccepted, Err: errors.New("neither engine notices")}
		}
	}
	return v
}
