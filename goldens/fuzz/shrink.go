package fuzz

import "context"

// Shrink makes a trial that failed as v says smaller, for as long as it fails
// alike: fewer nodes, edges and outputs, plainer values, smaller jobs. It
// judges at most so many trials, and returns the smallest that failed with its
// verdict.
//
// It is greedy: it takes the first change that keeps the failure, until none
// does.
func (p Pair) Shrink(ctx context.Context, t *Trial, v Verdict, most int) (*Trial, Verdict) {
	s := &shrinker{pair: p, ctx: ctx, best: t.clone(), first: v, verdict: v, left: most, seen: map[string]bool{}}
	if t.Fault == "" {
		s.try(t.on(v.Job))
	} else {
		s.try(t.on(t.jobs()[0]))
	}
	for s.left > 0 && ctx.Err() == nil {
		if !s.round() {
			break
		}
	}
	return s.best, s.verdict
}

// shrinker is the state of one call of Shrink.
type shrinker struct {
	pair    Pair
	ctx     context.Context
	best    *Trial
	first   Verdict
	verdict Verdict
	left    int
	// seen holds what was judged already, as text.
	seen map[string]bool
}

// passes are ways to make a trial smaller, those that take off most first.
// Each gives all that it could do to a trial, and is asked again from the
// start after each success.
var passes = []func(t *Trial, try func(*Trial) bool){
	fewerOutputs, noDeadNodes, fewerNodes, fewerEdges, fewerSources, fewerModulations, smallerJob,
	noControl, noOversampling, noDelays, fewerParams, plainerModulations, plainerValues, plainerNames,
}

// round goes through all passes and says whether any got further.
func (s *shrinker) round() bool {
	further := false
	for _, pass := range passes {
		for s.left > 0 && s.ctx.Err() == nil {
			found := false
			pass(s.best, func(t *Trial) bool {
				found = found || s.try(t)
				return found || s.left <= 0
			})
			if !found {
				break
			}
			further = true
		}
	}
	return further
}

// try judges a trial, and takes it if it fails alike.
func (s *shrinker) try(t *Trial) bool {
	key := string(t.Draft.Encode(t.Fault))
	if s.left <= 0 || s.seen[key] {
		return false
	}
	s.seen[key] = true
	if _, err := t.specimen(); err != nil {
		return false
	}
	s.left--
	v := s.pair.Judge(s.ctx, t)
	if !v.alike(s.first) {
		return false
	}
	s.best, s.verdict = t, v
	return true
}
