package cases

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// drafted is a draft that uses everything a file can say.
func drafted() *Draft {
	return &Draft{
		Name: "all", Shape: kpn.Shape{B: 2, C: 3, F: 5}, Rate: 22050.5, Seed: 1<<64 - 1, FirstItem: 1 << 40,
		Nodes: []DraftNode{
			{ID: "in", Kind: kpn.KindInput, Signal: &Values{Form: PerFrame, Low: -1, High: 1, OneItem: true}},
			{ID: "osc", Kind: kpn.KindOsc, Oversample: 4, Quality: kpn.High, Params: map[string]Values{
				"shape":      {Low: kpn.OscPulse},
				"band_limit": {Form: PerItem, Low: 0, High: 2},
				"freq":       {Form: PerRow, Low: 1.25, High: 2},
				"phase":      {Form: PerFrame, Low: 0, High: 1, OneChannel: true},
				"width":      {Form: List, List: []float64{0, 5e-324, 1 - 0x1p-53}},
			}},
			{ID: "curve", Kind: kpn.KindController, Table: &kpn.Table{Rows: 2, Columns: 2, Data: []float64{-1, 0.1, 1e-9, -3}, Rate: 8000.5}},
			{ID: "mix", Kind: kpn.KindMix, Params: map[string]Values{"level_1": {Low: -1e9}, "level_0": {Low: math.Copysign(0, -1)}}},
		},
		Edges: []kpn.Edge{
			{From: "in", To: "mix", Port: "in_0"},
			{From: "osc", To: "mix", Port: "in_1", DelayFrames: 7},
		},
		Outputs:    []string{"mix", "osc"},
		Tolerances: []compare.Tolerance{{MaxAbs: 1e-7, RMSdB: -140, Reason: `a "reason", and more`}, {Exact: true, Reason: "x < y"}},
	}
}

// TestWhatIsWrittenIsRead holds every part of a draft to the case that its file
// makes.
func TestWhatIsWrittenIsRead(t *testing.T) {
	d := drafted()
	list, err := Parse("made_up.json", d.Encode("a, <b> & c"))
	require.NoError(t, err)
	require.Len(t, list, 1)
	c := list[0]
	assert.Equal(t, "made_up/all", c.Name)
	assert.Equal(t, d.Shape, c.Shape)
	assert.Equal(t, d.Rate, c.Rate)
	assert.Equal(t, d.Seed, c.Seed)
	assert.Equal(t, d.FirstItem, c.FirstItem)
	assert.Equal(t, d.Outputs, c.Graph.Outputs)
	assert.Equal(t, d.Edges, c.Graph.Edges)
	assert.Equal(t, d.Tolerances, c.Tolerances)
	require.Len(t, c.Graph.Nodes, 4)
	assert.Equal(t, d.Nodes[2].Table, c.Graph.Nodes[2].Table)
	osc := c.Graph.Nodes[1]
	assert.Equal(t, 4, osc.Oversample)
	assert.Equal(t, kpn.High, osc.Quality)
	assert.Equal(t, map[string]kpn.Param{
		"shape": kpn.Const(kpn.OscPulse), "band_limit": {Rate: kpn.PerItem}, "freq": {Rate: kpn.PerItem},
		"phase": {Rate: kpn.PerFrame}, "width": {Rate: kpn.PerItem},
	}, osc.Params)
	levels := c.Graph.Nodes[3].Params
	assert.Equal(t, -1e9, levels["level_1"].Value)
	assert.True(t, math.Signbit(levels["level_0"].Value))
	job := c.GoldenJob()
	assert.Equal(t, kpn.Shape{B: 1, C: 3, F: 5}, job.Inputs["in"].Shape)
	assert.Equal(t, kpn.Shape{B: 2, C: 1, F: 5}, job.Frames[kpn.ParamRef{Node: "osc", Param: "phase"}].Shape)
	assert.Len(t, job.Items[kpn.ParamRef{Node: "osc", Param: "freq"}], 6)
	assert.Len(t, job.Items[kpn.ParamRef{Node: "osc", Param: "band_limit"}], 2)
	// Item 2⁴⁰ takes the second value of three.
	assert.Equal(t, []float64{5e-324, 1 - 0x1p-53}, job.Items[kpn.ParamRef{Node: "osc", Param: "width"}])
}

// TestDraftsAreWrittenLikeTheFiles shows the form to a reader.
func TestDraftsAreWrittenLikeTheFiles(t *testing.T) {
	d := &Draft{
		Name: "one", Shape: kpn.Shape{B: 6, C: 1, F: 32}, Rate: 48000, Seed: 1,
		Nodes: []DraftNode{{ID: "osc", Kind: kpn.KindOsc, Params: map[string]Values{
			"phase": {Form: PerRow, High: 1}, "freq": {Form: List, List: []float64{55, 441}}, "shape": {Low: 1},
		}}},
		Outputs:    []string{"osc"},
		Tolerances: []compare.Tolerance{{MaxAbs: 1.03e-07, RMSdB: -139.7, Reason: "made up"}},
	}
	assert.Equal(t, `{
  "doc": "x",
  "cases": [
    {
      "name": "one", "shape": [6, 1, 32], "rate": 48000, "seed": 1,
      "nodes": [
        {"id": "osc", "kind": "osc", "params": {"shape": "saw", "freq": {"list": [55, 441]}, "phase": {"per_row": [0, 1]}}}
      ],
      "outputs": ["osc"],
      "tolerances": [
        {"max_abs": 1.03e-7, "rms_db": -139.7, "reason": "made up"}
      ]
    }
  ]
}
`, string(d.Encode("x")))
}
