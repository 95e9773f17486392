package fuzz

import (
	"context"
	"errors"
	"flag"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/conformance"
	"sawmill/gpu"
)

// How many random graphs TestEngines runs, and from which seed on:
//
//	go test ./goldens/fuzz -run TestEngines -timeout 0 -seeds 5000 -first 1000
var (
	seedCount = flag.Uint64("seeds", 16, "how many random graphs to run")
	firstSeed = flag.Uint64("first", 0, "the first one's seed")
	strict    = flag.Bool("strict", false, "excuse no gradient")
)

// foundDir is where what failed is written: commit it, and it is run from then on.
const foundDir = "testdata/cases"

// shrinkBudget bounds how many trials a failure's shrinking may judge: a
// software renderer takes up to a second for each.
const shrinkBudget = 300

// openPair is the software renderer, which is the same everywhere, and the
// reference.
func openPair(tb testing.TB) Pair {
	tb.Helper()
	engine, err := gpu.NewEngine(gpu.Selector{Class: gpu.Class(conformance.DeviceClass())}, gpu.Debug(), gpu.NoProgramCache())
	conformance.RequireGPU(tb, err)
	tb.Cleanup(func() { assert.NoError(tb, engine.Close()) })
	return Pair{
		Reference: cpuref.New(),
		Candidate: engine,
		Gradients: true,
		Strict:    *strict,
		Limit: func(err error) bool {
			var limit *gpu.LimitError
			return errors.As(err, &limit)
		},
	}
}

// written is the case that this process has written, if it has: the fuzzer
// minimizes an input by running it over and over.
var written string

// hold judges a trial. The case of a failure is shrunk and written.
func hold(t *testing.T, p Pair, trial *Trial) Verdict {
	t.Helper()
	v := p.Judge(context.Background(), trial)
	if !v.Failed() {
		return v
	}
	if written != "" {
		t.Errorf("the engines do not agree: %v\nthe smallest case of an earlier failure is %s", v, written)
		return v
	}
	small, smallest := p.Shrink(context.Background(), trial, v, shrinkBudget)
	path, err := p.Write(context.Background(), foundDir, small, smallest)
	require.NoError(t, err)
	written = "goldens/fuzz/" + filepath.ToSlash(path)
	t.Errorf("the engines do not agree: %v\nthe smallest case of it is %s: %v", v, written, smallest)
	return v
}

// FuzzEngines holds the software renderer to the reference on graphs made of
// whatever the fuzzer comes up with.
func FuzzEngines(f *testing.F) {
	p := openPair(f)
	f.Add([]byte(nil))
	for seed := range uint64(3) {
		f.Add(seedTape(1<<32 + seed))
	}
	f.Fuzz(func(t *testing.T, tape []byte) { hold(t, p, FromBytes(tape)) })
}

// TestEngines does so on the graphs of some seeds. Were less than half of them
// judged, it would hold nothing.
func TestEngines(t *testing.T) {
	p := openPair(t)
	count := map[Outcome]uint64{}
	for seed := *firstSeed; seed < *firstSeed+*seedCount; seed++ {
		v := hold(t, p, FromSeed(seed))
		if v.Failed() {
			t.Errorf("that was seed %d", seed)
		}
		if v.Outcome == Limited || v.Outcome == Unjudged {
			t.Logf("seed %d: %v", seed, v)
		}
		count[v.Outcome]++
	}
	t.Log(count)
	assert.Greater(t, 2*(count[Agree]+count[Refuse]), *seedCount)
}

// TestWhatWasFound runs every case that was ever found: each was a failure
// once.
func TestWhatWasFound(t *testing.T) {
	paths, err := filepath.Glob(foundDir + "/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	p := openPair(t)
	for _, path := range paths {
		s, err := Load(path)
		require.NoError(t, err)
		v := p.JudgeSpecimen(context.Background(), s)
		assert.Contains(t, []Outcome{Agree, Refuse}, v.Outcome, "%s: %v", path, v)
	}
}
