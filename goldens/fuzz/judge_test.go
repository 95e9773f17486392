package fuzz

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
)

// TestEnginesThatAreRightAgree: the reference against itself under another
// name. Most trials must be judged, or nothing would be held; a third are not,
// where a modulation makes an error grow beyond any tolerance.
func TestEnginesThatAreRightAgree(t *testing.T) {
	p := against(planted{})
	count := map[Outcome]int{}
	for seed := range uint64(300) {
		v := p.Judge(context.Background(), FromSeed(seed))
		require.False(t, v.Failed(), "seed %d: %v", seed, v)
		count[v.Outcome]++
	}
	t.Log(count)
	assert.Greater(t, count[Agree], 180)
	assert.Greater(t, count[Refuse], 10)
}

// TestEveryFaultIsRefused looks for places for each fault, and holds the
// reference to refusing it wherever it goes.
func TestEveryFaultIsRefused(t *testing.T) {
	p := Pair{Reference: cpuref.New(), Candidate: cpuref.New(), SelfTest: true, Gradients: true}
	for _, name := range FaultNames() {
		placed := 0
		for seed := range uint64(40) {
			trial := FromSeed(seed)
			trial.Fault, trial.FaultPlace, trial.More = name, seed*0x9e3779b97f4a7c15, nil
			s, err := trial.specimen()
			require.NoError(t, err)
			graph, job := s.Case.Graph, s.Case.GoldenJob()
			if !mar(s.Fault, s.FaultPlace, graph, job) && !marAdjoint(s.Fault, s.FaultPlace, graph, adjointJob(graph, job)) {
				continue
			}
			placed++
			v := p.Judge(context.Background(), trial)
			assert.Equal(t, Refuse, v.Outcome, "%s, seed %d: %v", name, seed, v)
		}
		assert.NotZero(t, placed, "no trial has a place for %s", name)
	}
}
