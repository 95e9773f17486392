package compare_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

func ranged(t *testing.T, g *kpn.Graph, j *kpn.Job) compare.Tolerance {
	t.Helper()
	all, err := compare.DeriveRanged(context.Background(), cpuref.New(), g, j)
	require.NoError(t, err)
	return all[0]
}

// TestRangesBoundFrequencies: a saw whose frequency is 0 and what a pitch adds
// to it never stands still, which interval arithmetic cannot know.
func TestRangesBoundFrequencies(t *testing.T) {
	g := only(
		kpn.Node{ID: "note", Kind: kpn.KindPitch, Params: map[string]kpn.Param{"note": {Rate: kpn.PerItem}}},
		osc("saw", kpn.OscSaw, 1, 0),
	)
	g.Nodes[1].Params["freq"] = kpn.Const(0)
	g.Edges = []kpn.Edge{modulation("note", "saw", "freq", kpn.ModulationAdd, 1)}
	ref := kpn.ParamRef{Node: "note", Param: "note"}
	of := func(notes ...float64) *kpn.Job {
		return &kpn.Job{Shape: kpn.Shape{B: len(notes), C: 1, F: 480}, Rate: 48000, Items: map[kpn.ParamRef][]float64{ref: notes}}
	}
	_, err := compare.Derive(g, of(57), nil)
	require.ErrorContains(t, err, "no tolerance makes sense")
	// 220 Hz is off by a rounding, 480 times, and a step by 4/3 of a sample for
	// a sample; and the same tolerance as of a saw at 220 Hz.
	low := ranged(t, g, of(57))
	still := osc("saw", kpn.OscSaw, 1, 0)
	still.Params["freq"] = kpn.Const(220)
	own := ranged(t, only(still), &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 480}, Rate: 48000})
	assert.InEpsilon(t, 220*0x1p-24*480/48000*(2+4./3*48000/220), low.MaxAbs-own.MaxAbs, 0.1)
	// The loosest of the items' counts, and none knows of the others.
	high := ranged(t, g, of(93))
	both := ranged(t, g, of(57, 93))
	assert.Equal(t, max(low.MaxAbs, high.MaxAbs), both.MaxAbs)
	assert.Equal(t, max(low.RMSdB, high.RMSdB), both.RMSdB)
}

// TestRangesBoundFilters: what rings in a filter after a click is as large as
// the click's energy allows, and not as if it had gone on and on.
func TestRangesBoundFilters(t *testing.T) {
	g := only(
		kpn.Node{ID: "in", Kind: kpn.KindInput},
		kpn.Node{ID: "coil", Kind: kpn.KindRLC, Params: map[string]kpn.Param{
			"resistance": kpn.Const(5), "inductance": kpn.Const(100), "capacitance": kpn.Const(200),
		}},
	)
	g.Edges = []kpn.Edge{{From: "in", To: "coil", Port: "in"}}
	in := kpn.NewTensor(kpn.Shape{B: 1, C: 1, F: 24000})
	in.Data[0] = 1
	j := &kpn.Job{Shape: in.Shape, Rate: 48000, Inputs: map[string]*kpn.Tensor{"in": in}}
	assert.Less(t, ranged(t, g, j).MaxAbs, derive(t, g, j, nil).MaxAbs/50)
	// A signal of as much all the time is bounded by what it is.
	for f := range in.Data {
		in.Data[f] = float32(1 - 2*(f%2))
	}
	assert.LessOrEqual(t, ranged(t, g, j).MaxAbs, derive(t, g, j, nil).MaxAbs)
}

// TestRangesAreNoTighterThanErrors: what is off by errors is out of its range by
// them, so that a candidate at the end of both still passes.
func TestRangesAreNoTighterThanErrors(t *testing.T) {
	g := only(
		kpn.Node{ID: "in", Kind: kpn.KindInput},
		kpn.Node{ID: "half", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(0.1)}},
		kpn.Node{ID: "out", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(0)}},
	)
	g.Edges = []kpn.Edge{
		{From: "in", To: "half", Port: "in"},
		{From: "in", To: "out", Port: "in"},
		modulation("half", "out", "gain", kpn.ModulationAdd, 1),
	}
	j := inputJob(32)
	assert.Equal(t, derive(t, g, j, nil).MaxAbs, ranged(t, g, j).MaxAbs)
	assert.False(t, math.IsInf(ranged(t, g, j).RMSdB, 0))
}

// TestRangesKnowQuietChannels: the smallest peak of an item's rows is what an
// error grows by, and what a delay leaves of a row is its signal.
func TestRangesKnowQuietChannels(t *testing.T) {
	g := only(
		kpn.Node{ID: "in", Kind: kpn.KindInput},
		kpn.Node{ID: "half", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(0.3)}},
		kpn.Node{ID: "out", Kind: kpn.KindNormalize},
	)
	g.Edges = []kpn.Edge{{From: "in", To: "half", Port: "in"}, {From: "half", To: "out", Port: "in", DelayFrames: 2}}
	in := kpn.NewTensor(kpn.Shape{B: 1, C: 2, F: 4})
	copy(in.Row(0, 0), []float32{1, -1, 1, 1})
	copy(in.Row(0, 1), []float32{0.001, -0.001, 1, 1}) // the last two are delayed past the end
	j := &kpn.Job{Shape: in.Shape, Rate: 48000, Inputs: map[string]*kpn.Tensor{"in": in}}
	both := ranged(t, g, j).MaxAbs
	copy(in.Row(0, 1), in.Row(0, 0))
	assert.Less(t, 100*ranged(t, g, j).MaxAbs, both)
	assert.Greater(t, both, 1000*0x1p-25)
}
