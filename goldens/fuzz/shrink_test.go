package fuzz

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// shrinkTrials bounds how many trials a test's shrinking may judge.
const shrinkTrials = 1000

// firstFailure is the trial of the first seed that fails as wanted, among those
// that have a chance to.
func firstFailure(t *testing.T, p Pair, want Outcome, chance ...func(*Trial) bool) (*Trial, Verdict) {
	t.Helper()
	for seed := range uint64(20000) {
		trial := FromSeed(seed)
		if slices.ContainsFunc(chance, func(has func(*Trial) bool) bool { return !has(trial) }) {
			continue
		}
		v := p.Judge(context.Background(), trial)
		if v.Failed() && v.Outcome == want {
			return trial, v
		}
	}
	t.Fatalf("no trial has the outcome %s", want)
	return nil, Verdict{}
}

// found shrinks the first failure of a pair, writes it, reads it back and
// judges what was read: it must fail alike.
func found(t *testing.T, p Pair, want Outcome, chance ...func(*Trial) bool) (*Specimen, Verdict) {
	t.Helper()
	ctx := context.Background()
	trial, v := firstFailure(t, p, want, chance...)
	small, shrunk := p.Shrink(ctx, trial, v, shrinkTrials)
	require.True(t, shrunk.alike(v), "%v became %v", v, shrunk)
	assert.True(t, p.Judge(ctx, small).alike(v))
	dir := t.TempDir()
	path, err := p.Write(ctx, dir, small, shrunk)
	require.NoError(t, err)
	assert.Equal(t, dir, filepath.Dir(path))
	s, err := Load(path)
	require.NoError(t, err)
	again := p.JudgeSpecimen(ctx, s)
	require.True(t, again.alike(v), "%v was read back as %v", v, again)
	for _, tolerance := range s.Case.Tolerances {
		assert.NotEmpty(t, tolerance.Reason)
	}
	return s, again
}

// TestOneKindIsFound plants an error in each kind by turns: what remains of the
// first trial that shows it is a node of that kind and what it cannot do
// without.
func TestOneKindIsFound(t *testing.T) {
	for _, spec := range kpn.Catalogue() {
		t.Run(string(spec.Kind), func(t *testing.T) {
			p := against(louder(spec.Kind))
			s, _ := found(t, p, Mismatch, has(spec.Kind))
			nodes := s.Case.Graph.Nodes
			least := 1
			for _, port := range spec.Inputs {
				least = 1 + max(1, port.Least)
			}
			assert.LessOrEqual(t, len(nodes), min(least, 2), "%+v", nodes)
			kinds := map[kpn.Kind]bool{}
			for i := range nodes {
				kinds[nodes[i].Kind] = true
				assert.Equal(t, 1, nodes[i].Ratio())
			}
			assert.True(t, kinds[spec.Kind], "%+v", nodes)
			assert.Len(t, s.Case.Graph.Outputs, 1)
			assert.LessOrEqual(t, s.Case.Shape.Len(), 2, "%v", s.Case.Shape)
			// The file's own tolerances show it as well.
			run := compare.Run{Reference: p.Reference, Candidate: p.Candidate}
			_, err := run.Compare(context.Background(), s.Case.Graph, s.Case.GoldenJob(), s.Case.Tolerances...)
			var mismatch *compare.MismatchError
			assert.ErrorAs(t, err, &mismatch)
		})
	}
}

// TestOneRateIsFound plants errors in how values of one rate are read.
func TestOneRateIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		engine planted
		rate   kpn.ParamRate
	}{
		"per frame": {lateFrames, kpn.PerFrame},
		"per item":  {neighbours, kpn.PerItem},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := found(t, against(c.engine), Mismatch)
			nodes := s.Case.Graph.Nodes
			require.LessOrEqual(t, len(nodes), 2, "%+v", nodes)
			of := map[kpn.ParamRate]int{}
			for i := range nodes {
				for _, p := range nodes[i].Params {
					of[p.Rate]++
				}
			}
			assert.Equal(t, 1, of[c.rate], "%+v", nodes)
			// It is greedy: what is left may need another that changes too.
			assert.LessOrEqual(t, of[kpn.PerItem]+of[kpn.PerFrame]-of[c.rate], 1, "%+v", nodes)
		})
	}
}

// TestEveryKindOfFailureIsFound plants one error for each outcome that is a
// failure.
func TestEveryKindOfFailureIsFound(t *testing.T) {
	refuses := errors.New("made up")
	for name, c := range map[string]struct {
		engine planted
		want   Outcome
		check  func(t *testing.T, s *Specimen)
		chance func(*Trial) bool
	}{
		"in short blocks": {shortBlocksOnly, Mismatch, func(t *testing.T, s *Specimen) {
			t.Helper()
			assert.Equal(t, blocks[1]+1, s.Case.Shape.F)
		}, always},
		"a NaN":       {notANumber, Broken, func(t *testing.T, s *Specimen) { t.Helper(); assert.Equal(t, 5, s.Case.Shape.F) }, always},
		"ends early":  {endsEarly, Extent, func(t *testing.T, s *Specimen) { t.Helper(); assert.Equal(t, 11, s.Case.Shape.F) }, always},
		"one refuses": {noRatio(refuses), OneRefuses, func(t *testing.T, s *Specimen) { t.Helper(); assert.Equal(t, 8, s.Case.Graph.Nodes[0].Oversample) }, highRatio},
		"a panic": {noDelay, Panic, func(t *testing.T, s *Specimen) {
			t.Helper()
			require.Len(t, s.Case.Graph.Edges, 1)
			assert.Equal(t, 1, s.Case.Graph.Edges[0].DelayFrames)
		}, always},
		"a fault accepted": {lenient, OneRefuses, func(t *testing.T, s *Specimen) { t.Helper(); assert.Equal(t, "no_such_source", s.Fault) }, faulted("no_such_source")},
		"another refusal":  {otherwise, OtherRefusal, func(t *testing.T, s *Specimen) { t.Helper(); assert.Equal(t, "repeated_output", s.Fault) }, faulted("repeated_output")},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := found(t, against(c.engine), c.want, c.chance)
			// Which edge a fault takes depends on how many there are.
			assert.LessOrEqual(t, len(s.Case.Graph.Nodes), 3, "%+v", s.Case.Graph.Nodes)
			c.check(t, s)
		})
	}
}

func always(*Trial) bool { return true }

// has says whether a trial is valid and has a node of a kind: others are not
// worth a look.
func has(kind kpn.Kind) func(*Trial) bool {
	return func(t *Trial) bool {
		live := t.clone()
		live.noDead()
		return t.Fault == "" && slices.ContainsFunc(live.Draft.Nodes, func(n cases.DraftNode) bool { return n.Kind == kind })
	}
}

func faulted(name string) func(*Trial) bool {
	return func(t *Trial) bool { return t.Fault == name }
}

func highRatio(t *Trial) bool {
	return slices.ContainsFunc(t.Draft.Nodes, func(n cases.DraftNode) bool { return n.Oversample > 4 })
}

// TestBothWrongIsFound plants faults that both engines share.
func TestBothWrongIsFound(t *testing.T) {
	reference, candidate := lenient, lenient
	reference.Engine = against(lenient).Reference
	candidate.Engine = reference.Engine
	p := Pair{Reference: reference, Candidate: candidate, SelfTest: true}
	_, v := found(t, p, FaultAccepted, faulted("no_such_source"))
	assert.Equal(t, FaultAccepted, v.Outcome)
	refuses := noRatio(errors.New("made up"))
	refuses.Engine = reference.Engine
	_, v = found(t, Pair{Reference: refuses, Candidate: refuses, SelfTest: true}, ValidRefused, highRatio)
	assert.Equal(t, ValidRefused, v.Outcome)
}

// TestLimitsAreNoFailures tells what a device cannot do from what it does
// wrong.
func TestLimitsAreNoFailures(t *testing.T) {
	p := against(noRatio(errLimit))
	limited := 0
	for seed := range uint64(300) {
		v := p.Judge(context.Background(), FromSeed(seed))
		require.False(t, v.Failed(), "%v", v)
		if v.Outcome == Limited {
			limited++
			assert.ErrorIs(t, v.Err, errLimit)
		}
	}
	assert.NotZero(t, limited)
}

// TestShrinkingEnds: after as many trials as it may judge, whatever is left.
func TestShrinkingEnds(t *testing.T) {
	p := against(louder(kpn.KindGain))
	trial, v := firstFailure(t, p, Mismatch)
	small, w := p.Shrink(context.Background(), trial, v, 3)
	assert.True(t, w.alike(v))
	assert.NotEmpty(t, small.Draft.Nodes)
	none, w := p.Shrink(context.Background(), trial, v, 0)
	assert.Equal(t, trial, none)
	assert.Equal(t, v, w)
}
