package scheduler

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

// drawGraph draws a graph of oscillators with decimators and of mixes of
// earlier nodes, with delays here and there.
func drawGraph(t *rapid.T) *kpn.Graph {
	g := &kpn.Graph{}
	for i := range rapid.IntRange(1, 12).Draw(t, "nodes") {
		id := fmt.Sprintf("n%d", i)
		if i == 0 || rapid.Bool().Draw(t, "source") {
			ratio := rapid.SampledFrom([]int{1, 1, 2, 4, 64}).Draw(t, "ratio")
			quality := rapid.SampledFrom([]kpn.Quality{kpn.Draft, kpn.Standard, kpn.High}).Draw(t, "quality")
			g.Nodes = append(g.Nodes, kpn.Node{ID: id, Kind: kpn.KindOsc, Oversample: ratio, Quality: quality})
			continue
		}
		g.Nodes = append(g.Nodes, kpn.Node{ID: id, Kind: kpn.KindMix})
		for k := range rapid.IntRange(1, 4).Draw(t, "inputs") {
			from := fmt.Sprintf("n%d", rapid.IntRange(0, i-1).Draw(t, "from"))
			delay := rapid.SampledFrom([]int{0, 0, 1, 7, 1000}).Draw(t, "delay")
			g.Edges = append(g.Edges, kpn.Edge{From: from, To: id, Port: fmt.Sprintf("in_%d", k), DelayFrames: delay})
		}
	}
	// Listed backwards, so that order has something to do.
	for i, j := 0, len(g.Nodes)-1; i < j; i, j = i+1, j-1 {
		g.Nodes[i], g.Nodes[j] = g.Nodes[j], g.Nodes[i]
	}
	outputs := rapid.SliceOfNDistinct(rapid.IntRange(0, len(g.Nodes)-1), 1, 3, rapid.ID[int]).Draw(t, "outputs")
	for _, i := range outputs {
		g.Outputs = append(g.Outputs, g.Nodes[i].ID)
	}
	return g
}

// Whatever the graph, what meets at a node or leaves at once is of one time,
// but for the delays that were asked for, and queues are never shorter than
// nothing nor longer than they need to be.
func TestPathsMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, err := Lower(drawGraph(t))
		require.NoError(t, err)
		slackless := map[*Step]bool{}
		for i, s := range p.Steps {
			require.Equal(t, i, s.Index)
			require.GreaterOrEqual(t, s.Skew, 0)
			for _, e := range s.Inputs {
				require.Less(t, e.From.Index, s.Index, "sources come first")
				require.GreaterOrEqual(t, e.Align, 0)
				require.Equal(t, s.Arrival-s.Node.Latency(), e.From.Arrival+e.Align, "all inputs arrive at once")
				require.GreaterOrEqual(t, e.Queue, 0)
				// At loop frame n the edge hands over the source's frame
				// n − Skew(source) − Queue; the step, at its own frame
				// n − Skew, wants that frame less the delay.
				require.Equal(t, s.Skew+e.Delay+e.Align, e.From.Skew+e.Queue)
				slackless[e.From] = slackless[e.From] || e.Queue == 0
			}
		}
		for _, o := range p.Outputs {
			require.Equal(t, p.Latency, o.From.Arrival+o.Align, "all outputs leave at once")
			require.GreaterOrEqual(t, o.Queue, 0)
			require.Equal(t, o.Align, o.From.Skew+o.Queue)
			slackless[o.From] = slackless[o.From] || o.Queue == 0
		}
		for _, s := range p.Steps {
			require.True(t, slackless[s], "%s could start later: all of its consumers queue", s.Node.ID)
		}
	})
}

// A chunk's warm-up is the longest way through memories and queues that any
// output looks back, path by path.
func TestWarmUpIsTheLongestLookBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, err := Lower(drawGraph(t))
		require.NoError(t, err)
		var look func(s *Step) int
		look = func(s *Step) int {
			back := 0
			for _, e := range s.Inputs {
				back = max(back, e.Queue+look(e.From))
			}
			return s.Memory + back
		}
		want := 0
		for _, o := range p.Outputs {
			want = max(want, o.Queue+look(o.From))
		}
		require.Equal(t, want, p.Strategy.WarmUp)
	})
}

func TestOutputsOfThreeLatencies(t *testing.T) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "plain", Kind: kpn.KindOsc},
			{ID: "twice", Kind: kpn.KindOsc, Oversample: 2},
			{ID: "most", Kind: kpn.KindOsc, Oversample: 64},
			{ID: "quiet", Kind: kpn.KindGain},
		},
		Edges:   []kpn.Edge{edge("plain", "quiet", "in")},
		Outputs: []string{"plain", "twice", "most", "quiet"},
	}
	_, twice := kpn.Decimator(2, kpn.Standard)
	_, most := kpn.Decimator(64, kpn.Standard)
	require.Less(t, twice, most)
	p := lower(t, g)
	require.Equal(t, most, p.Latency)
	for i, want := range []int{most, most - twice, 0, most} {
		require.Equal(t, want, p.Outputs[i].Align, "%s", g.Outputs[i])
		require.Equal(t, want, p.Outputs[i].From.Skew, "%s", g.Outputs[i])
		require.Zero(t, p.Outputs[i].Queue, "%s", g.Outputs[i])
	}
}
