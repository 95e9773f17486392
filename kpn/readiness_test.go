package kpn_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// pair is two constants, each through a gain, and their sum.
func pair() *kpn.Network {
	return &kpn.Network{
		Graph: &kpn.Graph{
			Nodes: []kpn.Node{
				{ID: "p", Kind: kpn.KindInput},
				{ID: "q", Kind: kpn.KindInput},
				{ID: "a", Kind: kpn.KindGain},
				{ID: "b", Kind: kpn.KindGain},
				{ID: "sum", Kind: kpn.KindMix},
			},
			Edges: []kpn.Edge{
				{From: "p", To: "a", Port: "in"},
				{From: "q", To: "b", Port: "in"},
				{From: "a", To: "sum", Port: "in_0"},
				{From: "b", To: "sum", Port: "in_1"},
			},
			Outputs: []string{"sum", "a", "b"},
		},
		Facts: map[string]kpn.NodeFacts{},
	}
}

func TestReadiness(t *testing.T) {
	type moments map[string]kpn.Readiness
	for name, c := range map[string]struct {
		change func(n *kpn.Network)
		want   moments
	}{
		"nothing declared": {func(*kpn.Network) {}, moments{"p": {}, "a": {}, "b": {}, "sum": {}}},
		"a declared delay": {
			func(n *kpn.Network) { n.Facts["a"] = kpn.NodeFacts{DeclaredDelay: 128} },
			moments{"a": {Start: 0, Visible: 128}, "b": {}, "sum": {Start: 128, Visible: 128}},
		},
		"delays in a row": {
			func(n *kpn.Network) {
				n.Facts["p"], n.Facts["a"] = kpn.NodeFacts{DeclaredDelay: 10}, kpn.NodeFacts{DeclaredDelay: 5}
				n.Facts["sum"] = kpn.NodeFacts{DeclaredDelay: 1}
			},
			moments{"a": {Start: 10, Visible: 15}, "b": {}, "sum": {Start: 15, Visible: 16}},
		},
		"a delayed edge": {
			func(n *kpn.Network) { n.Graph.Edges[0].DelayFrames = 20 },
			moments{"a": {}, "sum": {}},
		},
		"a delayed edge that holds": {
			func(n *kpn.Network) { n.Graph.Edges[0].DelayFrames, n.Hold = 20, true },
			moments{"a": {Start: 20, Visible: 20}, "b": {}, "sum": {Start: 20, Visible: 20}},
		},
		"a gate": {
			func(n *kpn.Network) {
				n.Facts["p"] = kpn.NodeFacts{DeclaredDelay: 30}
				n.Gates = []kpn.GatedEdge{
					{From: "p", To: "a", Port: "in", Gates: []string{"beat"}},
					{From: "q", To: "b", Port: "in", Gates: []string{"beat", "other"}},
				}
			},
			moments{"p": {Start: 0, Visible: 30}, "q": {}, "a": {Start: 30, Visible: 30}, "b": {Start: 30, Visible: 30}},
		},
		"a gated edge with a delay": {
			func(n *kpn.Network) {
				n.Graph.Edges[0].DelayFrames = 7
				n.Gates = []kpn.GatedEdge{{From: "p", To: "a", Port: "in", Gates: []string{"beat"}}, {From: "q", To: "b", Port: "in", Gates: []string{"beat"}}}
			},
			moments{"a": {Start: 7, Visible: 7}, "b": {Start: 7, Visible: 7}},
		},
		"a loop waits for nothing": {
			func(n *kpn.Network) {
				n.Hold = true
				n.Graph.Edges = append(n.Graph.Edges, kpn.Edge{From: "sum", To: "sum", Port: "in_2", DelayFrames: 9})
			},
			moments{"sum": {}},
		},
	} {
		n := pair()
		c.change(n)
		require.NoError(t, n.Validate(), name)
		got, err := n.Readiness()
		require.NoError(t, err, name)
		for id, want := range c.want {
			assert.Equal(t, want, got[id], "%s: %s", name, id)
		}
	}
}

// A member of a gate that is behind a delay of another waits for ever.
func TestGatesThatWaitForEachOther(t *testing.T) {
	n := pair()
	n.Facts["a"] = kpn.NodeFacts{DeclaredDelay: 1}
	n.Gates = []kpn.GatedEdge{
		{From: "p", To: "a", Port: "in", Gates: []string{"beat"}},
		{From: "b", To: "sum", Port: "in_1", Gates: []string{"beat"}},
	}
	_, err := n.Readiness()
	var fault *kpn.GraphError
	require.ErrorAs(t, err, &fault)
	assert.Contains(t, fault.Reason, "beat")
	r, err := kpn.NewRuntime(cpuref.New(), n, kpn.RuntimeOptions{})
	require.NoError(t, err)
	require.ErrorAs(t, r.Configure(1, 1, 1, runtimeRate), &fault)
}

// What goes round a loop is no earlier than what its nodes declare.
func TestLoopsWaitForWhatNodesDeclare(t *testing.T) {
	n := pair()
	n.Facts["a"] = kpn.NodeFacts{DeclaredDelay: 5}
	n.Graph.Edges = append(n.Graph.Edges, kpn.Edge{From: "sum", To: "a", Port: "gain", DelayFrames: 5, Modulation: &kpn.Modulation{Scale: 1, Channel: kpn.AllChannels}})
	var fault *kpn.GraphError
	require.ErrorAs(t, n.Validate(), &fault)
	require.Contains(t, fault.Reason, "delay_frames is 5 and must be at least 6")
	n.Graph.Edges[len(n.Graph.Edges)-1].DelayFrames = 6
	require.NoError(t, n.Validate())
}

// Until an output is visible, executions are pending; then its frames come, the
// same ones in the same order, and frames that were made of the same frames
// meet. Gated members become visible together.
func TestRuntimeIsPending(t *testing.T) {
	const total = 100
	for name, c := range map[string]struct {
		change          func(n *kpn.Network)
		sum, left, rest int
	}{
		"a declared delay": {func(n *kpn.Network) { n.Facts["a"] = kpn.NodeFacts{DeclaredDelay: 20} }, 20, 20, 0},
		"a gate": {func(n *kpn.Network) {
			n.Facts["p"] = kpn.NodeFacts{DeclaredDelay: 20}
			n.Gates = []kpn.GatedEdge{{From: "p", To: "a", Port: "in", Gates: []string{"beat"}}, {From: "q", To: "b", Port: "in", Gates: []string{"beat"}}}
		}, 20, 20, 20},
		"a delayed edge that holds": {func(n *kpn.Network) {
			n.Graph.Edges[0].DelayFrames, n.Hold = 20, true
			n.Graph.Outputs = []string{"sum", "a", "b"}
		}, 20, 20, 0},
		"delayed edges in a row": {func(n *kpn.Network) {
			n.Graph.Edges[0].DelayFrames, n.Graph.Edges[2].DelayFrames, n.Hold = 7, 13, true
			n.Graph.Outputs = []string{"sum", "a", "b"}
		}, 20, 7, 0},
		"a gated edge with a delay": {func(n *kpn.Network) {
			n.Graph.Edges[0].DelayFrames = 20
			n.Gates = []kpn.GatedEdge{{From: "p", To: "a", Port: "in", Gates: []string{"beat"}}, {From: "q", To: "b", Port: "in", Gates: []string{"beat"}}}
		}, 20, 20, 20},
	} {
		for _, length := range []int{total, 64, 7, 1} {
			n := pair()
			n.Graph.Outputs = []string{"sum"}
			if c.rest > 0 {
				n.Graph.Outputs = []string{"sum", "a", "b"}
			}
			c.change(n)
			r := started(t, n, kpn.Shape{B: 1, C: 1, F: total}, kpn.RuntimeOptions{})
			at := 0
			for at < total {
				frames := min(length, total-at)
				p, q := make([]float64, frames), make([]float64, frames)
				for f := range frames {
					p[f], q[f] = float64(1+at+f), float64(1000*(1+at+f))
				}
				got, err := r.Execute(context.Background(), frames, map[string][]float64{"p": p, "q": q})
				require.NoError(t, err)
				code := kpn.Done
				if at+frames <= slices.Min([]int{c.sum, c.left, c.rest}[:len(got.Outputs)]) {
					code = kpn.Pending
				}
				require.Equal(t, code, got.Code, "%s: blocks of %d, frame %d", name, length, at)
				for o, late := range []int{c.sum, c.left, c.rest}[:len(got.Outputs)] {
					b := &got.Outputs[o]
					require.Equal(t, at-late, b.First)
					require.Equal(t, min(max(late-at, 0), frames), b.Pending)
					factor := []float64{1001, 1, 1000}[o]
					for f := range frames {
						require.Equal(t, factor*float64(max(1+at+f-late, 0)), b.At(0, 0, f), "%s: blocks of %d, output %d, frame %d", name, length, o, at+f)
					}
				}
				at += frames
			}
			assert.Equal(t, 20, describe(t, r, "sum").Readiness.Start)
		}
	}
}

func TestMeasuredDelays(t *testing.T) {
	late := &kpn.CustomKind{
		Spec: kpn.Spec{Kind: "late", Inputs: []kpn.Port{{Name: "in", Least: 1}}, Params: []kpn.Parameter{{Name: "frames", Max: 1000}}},
		NewV1: func(n *kpn.Node) (kpn.NodeV1, error) {
			return line(int(n.Params["frames"].Value)), nil
		},
	}
	n := pair()
	n.Graph.Custom = map[kpn.Kind]*kpn.CustomKind{"late": late}
	n.Graph.Nodes = append(n.Graph.Nodes,
		kpn.Node{ID: "honest", Kind: "late", Delay: 40, Params: map[string]kpn.Param{"frames": kpn.Const(40)}},
		kpn.Node{ID: "liar", Kind: "late", Delay: 40, Params: map[string]kpn.Param{"frames": kpn.Const(60)}})
	n.Graph.Edges = append(n.Graph.Edges, kpn.Edge{From: "sum", To: "honest", Port: "in"}, kpn.Edge{From: "honest", To: "liar", Port: "in"})
	n.Graph.Outputs = []string{"liar"}
	n.Facts["a"] = kpn.NodeFacts{DeclaredDelay: 128}
	reports := map[string]kpn.DelayReport{}
	r := started(t, n, kpn.Shape{B: 1, C: 1, F: 8}, kpn.RuntimeOptions{DelayHook: func(d kpn.DelayReport) { reports[d.Node] = d }})
	_, err := r.Execute(context.Background(), 1, map[string][]float64{"p": {0}, "q": {0}})
	require.NoError(t, err)
	assert.Equal(t, map[string]kpn.DelayReport{
		"a":      {Node: "a", Declared: 128, Measured: 128},
		"b":      {Node: "b"},
		"sum":    {Node: "sum"},
		"honest": {Node: "honest", Declared: 40, Measured: 40},
		"liar":   {Node: "liar", Declared: 40, Measured: 60},
	}, reports)
	_, err = kpn.MeasureDelay(context.Background(), cpuref.New(), n, "p", runtimeRate)
	var unsupported *kpn.UnsupportedError
	require.ErrorAs(t, err, &unsupported)
}

// line is a version-1 entry that is so many frames late, for one row.
type line int

func (l line) Run(c *kpn.Call) (*kpn.FrameTensor, any, error) {
	held, ok := c.State.([]float64)
	if !ok {
		held = make([]float64, l)
	}
	all := append(append([]float64(nil), held...), c.Inputs[0].Data...)
	return &kpn.FrameTensor{Shape: c.Shape, Data: all[:c.Shape.Len()]}, all[c.Shape.Len():], nil
}
