package kpn_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// ring is a loop of gains in a row, the last of which feeds the first through
// an edge of some delay, behind an oversampled source.
func ring(nodes, delay int) *kpn.Graph {
	g := &kpn.Graph{Nodes: []kpn.Node{{ID: "late", Kind: kpn.KindOsc, Oversample: 8}, {ID: "sum", Kind: kpn.KindMix}}}
	g.Edges = []kpn.Edge{{From: "late", To: "sum", Port: "in_0"}}
	last := "sum"
	for i := range nodes {
		id := fmt.Sprintf("g%d", i)
		g.Nodes = append(g.Nodes, kpn.Node{ID: id, Kind: kpn.KindGain})
		g.Edges = append(g.Edges, kpn.Edge{From: last, To: id, Port: "in"})
		last = id
	}
	g.Edges = append(g.Edges, kpn.Edge{From: last, To: "sum", Port: "in_1", DelayFrames: delay})
	g.Outputs = []string{"sum"}
	return g
}

func TestLoops(t *testing.T) {
	g := ring(3, 1)
	require.Equal(t, [][]string{{"sum", "g0", "g1", "g2"}}, g.Loops())
	require.NoError(t, g.Validate())
	require.ErrorIs(t, ring(3, 0).Validate(), kpn.ErrCycle)
	// A node that reads itself, and two loops that do not meet.
	g = &kpn.Graph{
		Nodes: []kpn.Node{{ID: "a", Kind: kpn.KindGain}, {ID: "b", Kind: kpn.KindMix}, {ID: "c", Kind: kpn.KindGain}},
		Edges: []kpn.Edge{
			{From: "a", To: "a", Port: "in", DelayFrames: 1},
			{From: "a", To: "b", Port: "in_0"},
			{From: "c", To: "b", Port: "in_1", DelayFrames: 2},
			{From: "b", To: "c", Port: "in"},
		},
		Outputs: []string{"c"},
	}
	require.Equal(t, [][]string{{"a"}, {"b", "c"}}, g.Loops())
	require.NoError(t, g.Validate())
	require.Empty(t, (&kpn.Graph{Nodes: g.Nodes}).Loops())
	// Of two edges back one is not delayed.
	g.Edges = append(g.Edges, kpn.Edge{From: "c", To: "b", Port: "in_2"})
	require.ErrorIs(t, g.Validate(), kpn.ErrCycle)
	// A graph as long as may be does not exhaust the stack.
	require.Len(t, ring(kpn.MaxNodes-2, 1).Loops()[0], kpn.MaxNodes-1)
}

// TestLoopsMustNotBeLate has an oversampled node in a loop, whose latency the
// delay must exceed. The error names the least that does.
func TestLoopsMustNotBeLate(t *testing.T) {
	back := kpn.Edge{From: "gain", To: "osc", Port: "phase", Modulation: &kpn.Modulation{Channel: kpn.AllChannels}}
	g := &kpn.Graph{
		Nodes:   []kpn.Node{{ID: "osc", Kind: kpn.KindOsc, Oversample: 4}, {ID: "gain", Kind: kpn.KindGain}, {ID: "late", Kind: kpn.KindOsc, Oversample: 64}},
		Edges:   []kpn.Edge{{From: "osc", To: "gain", Port: "in"}, {From: "late", To: "gain", Port: "gain", Modulation: &kpn.Modulation{Scale: 1, Channel: kpn.AllChannels}}, back},
		Outputs: []string{"gain"},
	}
	latency := g.Nodes[0].Latency()
	for _, delay := range []int{1, latency} {
		g.Edges[2].DelayFrames = delay
		var fault *kpn.GraphError
		require.ErrorAs(t, g.Validate(), &fault)
		require.Equal(t, []string{"osc", "phase"}, []string{fault.Node, fault.Field})
		require.Contains(t, fault.Reason, fmt.Sprintf("is %d frames late by itself: delay_frames is %d and must be at least %d", latency, delay, latency+1))
		require.NotErrorIs(t, fault, kpn.ErrCycle)
	}
	// What is late outside of the loop does not count.
	g.Edges[2].DelayFrames = latency + 1
	require.NoError(t, g.Validate())
}

func TestWholeRowsAreNotInLoops(t *testing.T) {
	g := ring(2, 100)
	g.Nodes[2].Kind = kpn.KindNormalize
	var fault *kpn.GraphError
	require.ErrorAs(t, g.Validate(), &fault)
	require.Equal(t, "g0", fault.Node)
	require.Contains(t, fault.Reason, "sum, g0, g1")
}
