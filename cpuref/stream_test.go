package cpuref_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// streamed renders a job as a session in blocks whose lengths repeat, with what
// the executable's latency adds, and gives each output's dense frames.
func streamed(t *testing.T, g *kpn.Graph, job *kpn.Job, lengths ...int) [][]float64 {
	t.Helper()
	x, err := compiled(g)
	require.NoError(t, err)
	s, err := streamer(t, x).Stream(&kpn.StreamJob{
		Items: job.Shape.B, Channels: job.Shape.C, Rate: job.Rate, Seed: job.Seed, FirstItem: job.FirstItem, Values: job.Items,
	})
	require.NoError(t, err)
	total := job.Shape.F + x.Latency()
	all := make([][]float64, len(g.Outputs))
	for o := range all {
		all[o] = make([]float64, job.Shape.Rows()*total)
	}
	for first, k := 0, 0; first < total; k++ {
		n := min(lengths[k%len(lengths)], total-first)
		b := &kpn.StreamBlock{Frames: n, Params: map[kpn.ParamRef]*kpn.Values{}, Inputs: map[string]*kpn.Values{}}
		for ref, v := range job.Frames {
			b.Params[ref] = part(v, first, n, true)
		}
		for id, v := range job.Inputs {
			b.Inputs[id] = part(v, first, n, false)
		}
		blocks, err := s.Next(context.Background(), b)
		require.NoError(t, err)
		for o := range blocks {
			require.Equal(t, first, blocks[o].First)
			for row := range job.Shape.Rows() {
				copy(all[o][row*total+first:], blocks[o].F64[row*n:(row+1)*n])
			}
		}
		first += n
	}
	require.NoError(t, s.Close())
	return all
}

// part is a tensor's frames from first on; past its last it holds its last or
// is silent.
func part(v *kpn.Tensor, first, n int, holds bool) *kpn.Values {
	p := &kpn.Values{Shape: kpn.Shape{B: v.B, C: v.C, F: n}}
	for b := range v.B {
		for c := range v.C {
			row := v.Row(b, c)
			for f := first; f < first+n; f++ {
				switch {
				case f < v.F:
					p.Data = append(p.Data, float64(row[f]))
				case holds:
					p.Data = append(p.Data, float64(row[v.F-1]))
				default:
					p.Data = append(p.Data, 0)
				}
			}
		}
	}
	return p
}

// streamGraphs are graphs whose nodes remember in all ways that there are.
func streamGraphs() map[string]struct {
	graph *kpn.Graph
	job   *kpn.Job
} {
	shape := kpn.Shape{B: 2, C: 2, F: 700}
	perFrame := kpn.Param{Rate: kpn.PerFrame}
	type entry = struct {
		graph *kpn.Graph
		job   *kpn.Job
	}
	return map[string]entry{
		"a control signal that nobody reads": {
			&kpn.Graph{
				Control: kpn.Control{Rate: 441},
				Nodes:   []kpn.Node{{ID: "slow", Kind: kpn.KindLfo, Control: true, Params: map[string]kpn.Param{"freq": {Rate: kpn.PerItem}}}, {ID: "osc", Kind: kpn.KindOsc}},
				Outputs: []string{"osc"},
			},
			&kpn.Job{Shape: shape, Rate: rate, Items: map[kpn.ParamRef][]float64{{Node: "slow", Param: "freq"}: {1, 2}}},
		},
		"oversampled, aligned and delayed": {
			&kpn.Graph{
				Nodes: []kpn.Node{
					{ID: "osc", Kind: kpn.KindOsc, Oversample: 4, Params: map[string]kpn.Param{"shape": kpn.Const(kpn.OscSaw), "freq": perFrame}},
					{ID: "noise", Kind: kpn.KindNoise},
					{ID: "level", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": perFrame}},
					{ID: "sum", Kind: kpn.KindMix},
				},
				Edges: []kpn.Edge{
					{From: "osc", To: "level", Port: "in", DelayFrames: 3},
					{From: "level", To: "sum", Port: "in_0"},
					{From: "noise", To: "sum", Port: "in_1", DelayFrames: 300},
				},
				Outputs: []string{"sum", "noise"},
			},
			&kpn.Job{Shape: shape, Rate: rate, Seed: 3, Frames: map[kpn.ParamRef]*kpn.Tensor{
				{Node: "osc", Param: "freq"}:   tensor(shape, 1, 100, 1000),
				{Node: "level", Param: "gain"}: tensor(kpn.Shape{B: 1, C: 2, F: 700}, 2, -1, 1),
			}},
		},
		"filters in a loop": {
			&kpn.Graph{
				Nodes: []kpn.Node{
					{ID: "in", Kind: kpn.KindInput},
					{ID: "sum", Kind: kpn.KindMix, Params: map[string]kpn.Param{"level_1": kpn.Const(0.7)}},
					{ID: "filter", Kind: kpn.KindSVF, Params: map[string]kpn.Param{"cutoff": {Rate: kpn.PerItem}}},
					{ID: "lfo", Kind: kpn.KindLfo, Params: map[string]kpn.Param{"freq": kpn.Const(30)}},
				},
				Edges: []kpn.Edge{
					{From: "in", To: "sum", Port: "in_0"},
					{From: "filter", To: "sum", Port: "in_1", DelayFrames: 5},
					{From: "sum", To: "filter", Port: "in"},
					{From: "lfo", To: "filter", Port: "cutoff", Modulation: &kpn.Modulation{Scale: 500, Channel: 1}},
				},
				Outputs: []string{"filter"},
			},
			&kpn.Job{
				Shape: shape, Rate: rate,
				Items:  map[kpn.ParamRef][]float64{{Node: "filter", Param: "cutoff"}: {400, 900}},
				Inputs: map[string]*kpn.Tensor{"in": tensor(kpn.Shape{B: 2, C: 1, F: 700}, 4, -1, 1)},
			},
		},
		"control rate": {
			&kpn.Graph{
				Control: kpn.Control{Rate: 441},
				Nodes: []kpn.Node{
					{ID: "lfo", Kind: kpn.KindLfo, Control: true, Params: map[string]kpn.Param{"freq": kpn.Const(20)}},
					{ID: "env", Kind: kpn.KindEnvelope, Control: true},
					{ID: "osc", Kind: kpn.KindOsc, Oversample: 2},
					{ID: "out", Kind: kpn.KindMultiply},
				},
				Edges: []kpn.Edge{
					{From: "lfo", To: "osc", Port: "freq", Modulation: &kpn.Modulation{Scale: 300, Channel: kpn.AllChannels}},
					{From: "osc", To: "out", Port: "in_0"},
					{From: "env", To: "out", Port: "in_1"},
				},
				Outputs: []string{"out"},
			},
			&kpn.Job{Shape: shape, Rate: rate},
		},
	}
}

// However the frames are cut, they are the bits that Forward gives.
func TestSessionsGiveForwardsBits(t *testing.T) {
	for name, c := range streamGraphs() {
		t.Run(name, func(t *testing.T) {
			x, err := compiled(c.graph)
			require.NoError(t, err)
			late, total := x.Latency(), c.job.Shape.F+x.Latency()
			// Forward holds control signals after its last frame, which
			// decimators look at; a session does not know of a last.
			known := c.job.Shape.F
			if c.graph.Control.Rate > 0 {
				known -= late
			}
			want := forward(t, x, len(c.graph.Outputs), c.job)
			for _, lengths := range [][]int{{total}, {64}, {7}, {1}, {1, 300, 17}} {
				got := streamed(t, c.graph, c.job, lengths...)
				for o := range want {
					for row := range c.job.Shape.Rows() {
						all := got[o][row*total:][:total]
						require.Equal(t, make([]float64, late), all[:late], "%v", lengths)
						require.Equal(t, want[o][row*c.job.Shape.F:][:known], all[late:][:known], "%v: output %d, row %d", lengths, o, row)
					}
				}
			}
		})
	}
}

// What a block brings to a constant holds from there on; where none does, the
// constant is back. Lateness looks back to the values of then.
func TestSessionsTakeValuesForConstants(t *testing.T) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "osc", Kind: kpn.KindOsc, Oversample: 8, Params: map[string]kpn.Param{"freq": kpn.Const(0), "phase": kpn.Const(0.25)}},
			{ID: "gain", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(1)}},
		},
		Edges:   []kpn.Edge{{From: "osc", To: "gain", Port: "in"}},
		Outputs: []string{"gain"},
	}
	x, err := cpuref.New().Compile(g)
	require.NoError(t, err)
	late := x.Latency()
	require.Positive(t, late)
	s, err := streamer(t, x).Stream(&kpn.StreamJob{Items: 1, Channels: 1, Rate: rate})
	require.NoError(t, err)
	ref := kpn.ParamRef{Node: "gain", Param: "gain"}
	require.NoError(t, s.Accepts(ref))
	var all []float64
	next := func(b *kpn.StreamBlock) {
		blocks, err := s.Next(context.Background(), b)
		require.NoError(t, err)
		all = append(all, blocks[0].F64...)
	}
	next(&kpn.StreamBlock{Frames: 200})
	next(&kpn.StreamBlock{Frames: 3, Params: map[kpn.ParamRef]*kpn.Values{ref: {Shape: kpn.Shape{B: 1, C: 1, F: 3}, Data: []float64{2, 3, 4}}}})
	next(&kpn.StreamBlock{Frames: 200})
	// The steady part is 1 but for the decimator's rounding.
	for _, c := range []struct {
		frame int
		want  float64
	}{{199, 1}, {200, 2}, {201, 3}, {202, 4}, {203, 1}} {
		assert.InDelta(t, c.want, all[c.frame+late], 1e-3, "frame %d", c.frame)
	}
}

func TestSessionsRefuse(t *testing.T) {
	var unsupported *kpn.UnsupportedError
	g := &kpn.Graph{
		Nodes:   []kpn.Node{{ID: "osc", Kind: kpn.KindOsc}, {ID: "whole", Kind: kpn.KindNormalize}},
		Edges:   []kpn.Edge{{From: "osc", To: "whole", Port: "in"}},
		Outputs: []string{"whole"},
	}
	x, err := cpuref.New().Compile(g)
	require.NoError(t, err)
	_, err = streamer(t, x).Stream(&kpn.StreamJob{Items: 1, Channels: 1, Rate: rate})
	require.ErrorAs(t, err, &unsupported)
	assert.Equal(t, "whole", unsupported.Node)
	assert.Equal(t, kpn.KindNormalize, unsupported.Kind)

	c := streamGraphs()["control rate"]
	c.graph.Control.AlignEnds = true
	x, err = cpuref.New().Compile(c.graph)
	require.NoError(t, err)
	_, err = streamer(t, x).Stream(&kpn.StreamJob{Items: 1, Channels: 1, Rate: rate})
	require.ErrorAs(t, err, &unsupported)
	assert.Equal(t, "lfo", unsupported.Node)
}

func TestSessionsCheckBlocks(t *testing.T) {
	c := streamGraphs()["filters in a loop"]
	x, err := cpuref.New().Compile(c.graph)
	require.NoError(t, err)
	s, err := streamer(t, x).Stream(&kpn.StreamJob{Items: 2, Channels: 2, Rate: rate, Values: c.job.Items})
	require.NoError(t, err)
	in := map[string]*kpn.Values{"in": kpn.Number(0)}
	var shape *kpn.ShapeError
	var ranged *kpn.RangeError
	var job *kpn.JobError
	var unsupported *kpn.UnsupportedError
	for i, fault := range []struct {
		block  kpn.StreamBlock
		target any
	}{
		{kpn.StreamBlock{Frames: 0, Inputs: in}, &job},
		{kpn.StreamBlock{Frames: 8}, &job},
		{kpn.StreamBlock{Frames: 8, Inputs: map[string]*kpn.Values{"in": kpn.Number(0), "other": kpn.Number(0)}}, &job},
		{kpn.StreamBlock{Frames: 8, Inputs: map[string]*kpn.Values{"in": {Shape: kpn.Shape{B: 1, C: 1, F: 7}, Data: make([]float64, 7)}}}, &shape},
		{kpn.StreamBlock{Frames: 8, Inputs: in, Params: map[kpn.ParamRef]*kpn.Values{{Node: "filter", Param: "cutoff"}: kpn.Number(-1)}}, &ranged},
		{kpn.StreamBlock{Frames: 8, Inputs: in, Params: map[kpn.ParamRef]*kpn.Values{{Node: "filter", Param: "cutoff"}: nil}}, &shape},
		{kpn.StreamBlock{Frames: 8, Inputs: in, Params: map[kpn.ParamRef]*kpn.Values{{Node: "filter", Param: "output"}: kpn.Number(1)}}, &unsupported},
	} {
		_, err = s.Next(context.Background(), &fault.block)
		require.ErrorAs(t, err, fault.target, fmt.Sprint(i))
	}
	blocks, err := s.Next(context.Background(), &kpn.StreamBlock{Frames: 1, Inputs: in})
	require.NoError(t, err)
	assert.Zero(t, blocks[0].First)
}

func streamer(t *testing.T, x kpn.Executable) kpn.Streamer {
	t.Helper()
	s, ok := x.(kpn.Streamer)
	require.True(t, ok)
	return s
}
