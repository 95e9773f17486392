package fuzz

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// Pair is two engines to hold to each other.
type Pair struct {
	// Reference is the one that tolerances are derived for.
	Reference, Candidate kpn.Engine
	// Limit says whether an error is a limit of the candidate's device, which
	// is no failure. Without it there are no such errors.
	Limit func(error) bool
	// Gradients compares adjoints too.
	Gradients bool
	// SelfTest allows both engines to be on the same device.
	SelfTest bool
	// Strict leaves no excuse to a gradient that is outside its tolerance,
	// although float32 cannot tell better: to look at what is excused.
	Strict bool
}

// blocks are the block sizes that the candidate is asked for; 0 leaves it to
// choose. Samples do not depend on it.
var blocks = []int{0, 7}

// Judge runs a trial: the first job that fails decides, and if none does, the
// last that could be judged.
func (p Pair) Judge(ctx context.Context, t *Trial) Verdict {
	var best Verdict
	kept := &sides{pair: p}
	defer kept.close()
	for i, j := range t.jobs() {
		s, err := t.on(j).specimen()
		if err != nil {
			return Verdict{Outcome: Unbuilt, Job: j, Err: err}
		}
		v := p.judge(ctx, s, kept)
		v.Job = j
		if v.Outcome != Agree && v.Outcome != Unjudged {
			return v
		}
		if i == 0 || v.Outcome == Agree {
			best = v
		}
	}
	return best
}

// JudgeSpecimen runs one job.
func (p Pair) JudgeSpecimen(ctx context.Context, s *Specimen) Verdict {
	kept := &sides{pair: p}
	defer kept.close()
	v := p.judge(ctx, s, kept)
	v.Job = Job{s.Case.Shape, s.Case.Seed, s.Case.FirstItem}
	return v
}

// judge runs one job; kept are the sides of the trial's jobs without a fault.
func (p Pair) judge(ctx context.Context, s *Specimen, kept *sides) Verdict {
	graph, job := copied(s.Case.Graph), s.Case.GoldenJob()
	if mar(s.Fault, s.FaultPlace, graph, job) {
		return p.judgeFault(ctx, graph, job)
	}
	kept.compile(graph)
	if p.Gradients {
		adjoint := adjointJob(graph, job)
		if marAdjoint(s.Fault, s.FaultPlace, graph, adjoint) {
			return p.judgeAdjointFault(ctx, kept, adjoint)
		}
	}
	v := p.judgeJob(ctx, kept, graph, job)
	if p.Gradients && v.Outcome == Agree {
		v = p.judgeAdjoint(ctx, kept, graph, job)
	}
	return v
}

// copied is a graph that may be changed.
func copied(g *kpn.Graph) *kpn.Graph {
	c := &kpn.Graph{Nodes: slices.Clone(g.Nodes), Edges: cloneEdges(g.Edges), Outputs: slices.Clone(g.Outputs), Control: g.Control}
	for i := range c.Nodes {
		c.Nodes[i].Params = maps.Clone(c.Nodes[i].Params)
	}
	return c
}

// sides is both engines with a graph compiled.
type sides struct {
	pair                 Pair
	reference, candidate *side
}

// compile compiles a graph, if none was before.
func (s *sides) compile(g *kpn.Graph) {
	if s.reference == nil {
		s.reference, s.candidate = newSide(s.pair.Reference, g), newSide(s.pair.Candidate, g)
	}
}

// close closes both. What goes wrong then is not this trial's concern.
func (s *sides) close() {
	if s.reference != nil {
		_ = s.reference.close()
		_ = s.candidate.close()
	}
}

// judgeFault runs a trial that must be refused.
func (p Pair) judgeFault(ctx context.Context, g *kpn.Graph, job *kpn.Job) Verdict {
	s := &sides{pair: p}
	s.compile(g)
	defer s.close()
	v := p.refusals(s.reference.refusal, s.candidate.refusal)
	if v.Outcome == Agree {
		v = p.refusals(s.reference.render(ctx, job), s.candidate.render(ctx, job))
	}
	if v.Outcome == Agree {
		v = Verdict{Outcome: FaultAccepted, Err: errors.New("neither engine notices")}
	}
	return v
}

// refusals judges a pair of errors: of compilers, or of renders. Two nils
// agree.
func (p Pair) refusals(reference, candidate error) Verdict {
	both := &refusalError{reference, candidate}
	switch {
	case isPanic(reference) || isPanic(candidate):
		return Verdict{Outcome: Panic, Err: both}
	case p.Limit != nil && candidate != nil && p.Limit(candidate):
		return Verdict{Outcome: Limited, Err: candidate}
	case reference == nil && candidate == nil:
		return Verdict{Outcome: Agree}
	case reference == nil || candidate == nil:
		return Verdict{Outcome: OneRefuses, Err: both}
	case errorTypes(reference) != errorTypes(candidate):
		return Verdict{Outcome: OtherRefusal, Err: both}
	}
	return Verdict{Outcome: Refuse, Err: reference}
}

// judgeJob runs one job of a valid graph.
func (p Pair) judgeJob(ctx context.Context, s *sides, g *kpn.Graph, job *kpn.Job) Verdict {
	v := p.refusals(s.reference.refusal, s.candidate.refusal)
	if v.Outcome == Refuse {
		v.Outcome = ValidRefused
	}
	if v.Outcome != Agree {
		return v
	}
	tolerances, unjudged, err := p.tolerances(ctx, g, job)
	if err != nil {
		if isPanic(err) {
			return Verdict{Outcome: Panic, Err: err}
		}
		return Verdict{Outcome: ValidRefused, Err: err}
	}
	run := compare.Run{Case: group, Reference: guarded{p.Reference}, Candidate: s.candidate, SelfTest: p.SelfTest}
	for _, size := range blocks {
		blocked := *job
		blocked.BlockFrames = size
		run.CandidateJob = &blocked
		_, err := run.Compare(ctx, g, job, unsigned(tolerances)...)
		if err == nil {
			continue
		}
		v := p.classify(ctx, s, job, err)
		if v.Failed() && unjudged != nil && (v.Outcome == Mismatch || v.Outcome == Broken) {
			break
		}
		return v
	}
	if unjudged != nil {
		return Verdict{Outcome: Unjudged, Err: unjudged}
	}
	return Verdict{Outcome: Agree}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// classify turns the error of a comparison into a verdict.
func (p Pair) classify(ctx context.Context, s *sides, job *kpn.Job, err error) Verdict {
	var mismatch *compare.MismatchError
	var extent *compare.ExtentError
	switch {
	case p.Limit != nil && p.Limit(err):
		return Verdict{Outcome: Limited, Err: err}
	case errors.As(err, &mismatch) && finite(mismatch.Got):
		return Verdict{Outcome: Mismatch, Err: err}
	case errors.As(err, &mismatch):
		return Verdict{Outcome: Broken, Err: err}
	case errors.As(err, &extent):
		return Verdict{Outcome: Extent, Err: err}
	}
	// Either engine failed, and the comparison may have stopped the other.
	v := p.refusals(s.reference.render(ctx, job), s.candidate.render(ctx, job))
	return alone(v, err)
}

// alone is the verdict of both engines by themselves, after a comparison of
// them failed with an error of its own.
func alone(v Verdict, comparison error) Verdict {
	if v.Outcome == Agree {
		// What failed did so once, or only in blocks of another size.
		return Verdict{Outcome: OneRefuses, Err: comparison}
	}
	if v.Outcome == Refuse {
		v.Outcome = ValidRefused
	}
	return v
}
