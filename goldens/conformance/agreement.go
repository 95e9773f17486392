package conformance

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// oddJobs are shapes and seeds that every case is also rendered with: a
// single sample, a prime number of frames, items far into a dataset and a
// seed of 64 bits.
var oddJobs = []struct {
	shape     kpn.Shape
	seed      uint64
	firstItem uint64
}{
	{kpn.Shape{B: 1, C: 1, F: 1}, 2, 5},
	{kpn.Shape{B: 3, C: 2, F: 113}, 0xC0FFEE0123456789, 1<<32 - 2},
}

// agrees compares a case on both engines, at its own shape within the case's
// tolerances and at odd ones within derived ones.
func agrees(t *testing.T, c *cases.Case, engine, reference kpn.Engine) {
	t.Helper()
	run := compare.Run{Case: c.Name, Reference: reference, Candidate: engine}
	report, err := run.Compare(context.Background(), c.Graph, c.GoldenJob(), c.Tolerances...)
	t.Log(report.String())
	assert.NoError(t, err, "shape %v", c.Shape)
	for _, odd := range oddJobs {
		report, err := run.Compare(context.Background(), c.Graph, c.Job(odd.shape, odd.seed, odd.firstItem))
		t.Log(report.String())
		assert.NoError(t, err, "shape %v, seed %d", odd.shape, odd.seed)
	}
}

// agreesOnManyRows compares a second of 64 saws: more rows, chunks and frames
// than the cases have.
func agreesOnManyRows(t *testing.T, engine, reference kpn.Engine) {
	t.Helper()
	graph := &kpn.Graph{
		Nodes: []kpn.Node{{ID: "saw", Kind: kpn.KindOsc, Params: map[string]kpn.Param{
			"shape": kpn.Const(kpn.OscSaw),
			"freq":  {Rate: kpn.PerItem},
		}}},
		Outputs: []string{"saw"},
	}
	job := &kpn.Job{Shape: kpn.Shape{B: 64, C: 1, F: 48000}, Rate: 48000, Items: map[kpn.ParamRef][]float64{}}
	ref := kpn.ParamRef{Node: "saw", Param: "freq"}
	for item := range job.Shape.B {
		job.Items[ref] = append(job.Items[ref], 20+5000*kpn.UnitDraw(1, uint64(item), "freq"))
	}
	report, err := compare.Run{Case: "many rows", Reference: reference, Candidate: engine}.Compare(context.Background(), graph, job)
	t.Log(report.String())
	require.NoError(t, err)
}

// refusesItself checks that equal engines fail.
func refusesItself(t *testing.T, engine kpn.Engine) {
	t.Helper()
	all, err := cases.All()
	require.NoError(t, err)
	_, err = compare.Engines(context.Background(), engine, engine, all[0].Graph, all[0].GoldenJob())
	var same *compare.SameDeviceError
	require.ErrorAs(t, err, &same)
}
