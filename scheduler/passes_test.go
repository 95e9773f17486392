package scheduler

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

func lower(t *testing.T, g *kpn.Graph) *Program {
	t.Helper()
	p, err := Lower(g)
	require.NoError(t, err)
	return p
}

func step(t *testing.T, p *Program, id string) *Step {
	t.Helper()
	for _, s := range p.Steps {
		if s.Node.ID == id {
			return s
		}
	}
	t.Fatalf("no step %q", id)
	return nil
}

func edge(from, to, port string) kpn.Edge { return kpn.Edge{From: from, To: to, Port: port} }

func TestOrderPutsSourcesFirstAndDropsTheUnneeded(t *testing.T) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "out", Kind: kpn.KindGain},
			{ID: "unheard", Kind: kpn.KindNoise},
			{ID: "b", Kind: kpn.KindNoise},
			{ID: "a", Kind: kpn.KindNoise},
			{ID: "sum", Kind: kpn.KindMix},
		},
		Edges:   []kpn.Edge{edge("sum", "out", "in"), edge("a", "sum", "in_0"), edge("b", "sum", "in_1")},
		Outputs: []string{"out"},
	}
	var ids []string
	for _, s := range lower(t, g).Steps {
		ids = append(ids, s.Node.ID)
	}
	require.Equal(t, []string{"b", "a", "sum", "out"}, ids)
}

func TestInvalidGraphIsRefused(t *testing.T) {
	_, err := Lower(&kpn.Graph{Nodes: []kpn.Node{{ID: "a", Kind: "nothing"}}, Outputs: []string{"a"}})
	var fault *kpn.GraphError
	require.ErrorAs(t, err, &fault)
}

// diamond has a late branch, an early one, and a source that both an early
// and a wantedly late input share.
func diamond(delay int) *kpn.Graph {
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "late", Kind: kpn.KindOsc, Oversample: 4},
			{ID: "early", Kind: kpn.KindAdsr},
			{ID: "amp", Kind: kpn.KindMultiply},
			{ID: "sum", Kind: kpn.KindMix},
		},
		Edges: []kpn.Edge{
			edge("late", "amp", "in_0"), edge("early", "amp", "in_1"),
			edge("amp", "sum", "in_0"),
			{From: "early", To: "sum", Port: "in_1", DelayFrames: delay},
		},
		Outputs: []string{"sum"},
	}
}

func TestAlignDelaysTheEarlyBranch(t *testing.T) {
	_, latency := kpn.Decimator(4, kpn.Standard)
	p := lower(t, diamond(0))
	require.Equal(t, latency, p.Latency)
	early := step(t, p, "early")
	require.Equal(t, latency, early.Skew, "an early source starts late")
	require.Zero(t, p.Layout.QueueFrames, "and nothing queues")
	require.Equal(t, latency, step(t, p, "amp").Inputs[1].Align)
}

func TestWantedDelaysAreNotCompensated(t *testing.T) {
	_, latency := kpn.Decimator(4, kpn.Standard)
	p := lower(t, diamond(7))
	require.Equal(t, latency, p.Latency)
	require.Equal(t, latency, step(t, p, "early").Skew, "the least delayed consumer decides")
	require.Equal(t, 7, step(t, p, "sum").Inputs[1].Queue)
	require.Equal(t, 7, p.Layout.QueueFrames)
}

func TestEarlyOutputsWaitForTheLatest(t *testing.T) {
	g := diamond(0)
	g.Outputs = []string{"sum", "early"}
	p := lower(t, g)
	require.Equal(t, p.Latency, p.Outputs[1].Align)
	require.Zero(t, p.Outputs[1].Queue)
}

func TestStrategyCarriesStateWhereNothingCanSeek(t *testing.T) {
	g := &kpn.Graph{Nodes: []kpn.Node{{ID: "osc", Kind: kpn.KindOsc}}, Outputs: []string{"osc"}}
	require.True(t, lower(t, g).Strategy.Chunked)
	g.Nodes[0].Params = map[string]kpn.Param{"phase": {Rate: kpn.PerFrame}}
	require.True(t, lower(t, g).Strategy.Chunked, "an offset needs no history")
	g.Nodes[0].Params["freq"] = kpn.Param{Rate: kpn.PerFrame}
	p := lower(t, g)
	require.False(t, p.Strategy.Chunked)
	require.Equal(t, []string{"osc"}, p.Strategy.SeekBlockers)
	require.Equal(t, 8, p.Layout.StateWords, "the phase, two words, in eights")
	require.Zero(t, lower(t, diamond(0)).Layout.StateWords, "chunks carry nothing")
}

func TestWarmUpCoversFiltersAndQueues(t *testing.T) {
	p := lower(t, diamond(9))
	require.Equal(t, max(step(t, p, "late").Memory, 9), p.Strategy.WarmUp)
}

// A decimated sample depends on no more than decimatorMemory earlier frames:
// the span of the taps, counted one by one.
func TestDecimatorMemory(t *testing.T) {
	for ratio := 2; ratio <= kpn.MaxOversample; ratio *= 2 {
		stages, _ := kpn.Decimator(ratio, kpn.High)
		oldest := 0 // in samples of the stage's output, counted back from its newest
		for i := len(stages) - 1; i >= 0; i-- {
			oldest = 2*oldest + 1 + 4*stages[i].M - 2 + stages[i].Pad
		}
		memory := decimatorMemory(ratio, stages)
		require.GreaterOrEqual(t, (memory+1)*ratio-1, oldest-ratio+1, "ratio %d", ratio)
		require.Less(t, (memory-2)*ratio, oldest, "ratio %d: memory is not far more than needed", ratio)
	}
}

func TestNestedWholeRowsAreMeasuredInsideOut(t *testing.T) {
	g := &kpn.Graph{
		Nodes:   []kpn.Node{{ID: "outer", Kind: kpn.KindNormalize}, {ID: "inner", Kind: kpn.KindNormalize}, {ID: "osc", Kind: kpn.KindOsc}},
		Edges:   []kpn.Edge{edge("osc", "inner", "in"), edge("inner", "outer", "in")},
		Outputs: []string{"outer"},
	}
	p := lower(t, g)
	require.Len(t, p.Peaks, 2)
	require.Equal(t, "peak_inner", p.Peaks[0].Name)
	require.Equal(t, "peak_outer", p.Peaks[1].Name)
	require.NotNil(t, p.Keep)
	require.NotNil(t, p.Scale)
}

func TestTapsAreKaisersByAnotherIntegral(t *testing.T) {
	for _, q := range []kpn.Quality{kpn.Draft, kpn.Standard, kpn.High} {
		stages, _ := kpn.Decimator(kpn.MaxOversample, q)
		for _, h := range stages {
			sum, want := 0.0, 0.0
			weights := make([]float64, h.M)
			for i := range weights {
				k := float64(2*i + 1)
				x := k / float64(2*h.M-1)
				weights[i] = math.Sin(math.Pi*k/2) / k * besselByIntegral(h.Beta*math.Sqrt(1-x*x))
				want += 2 * weights[i]
			}
			for i, tap := range oddTaps(h) {
				// Rounded to float32, and the integral is good to 1e-12.
				require.InEpsilon(t, weights[i]/want/2, float64(tap), 0x1p-24+1e-10)
				sum += 2 * float64(tap)
			}
			require.InDelta(t, 0.5, sum, float64(h.M)*0x1p-24)
		}
	}
}

// besselByIntegral is I₀(x) = (1/π)∫₀^π exp(x cos θ) dθ by the trapezoid rule,
// which converges geometrically on a period.
func besselByIntegral(x float64) float64 {
	const n = 400
	sum := 0.0
	for i := range n {
		sum += math.Exp(x * math.Cos(2*math.Pi*float64(i)/n))
	}
	return sum / n
}

func TestLiteralsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float32Range(-1, 1).Draw(t, "x")
		back, err := strconv.ParseFloat(floatLiteral(x), 32)
		require.NoError(t, err)
		require.Equal(t, math.Float32bits(x), math.Float32bits(float32(back)))
		require.Regexp(t, `[.e]`, floatLiteral(x))
	})
}

func TestNamesAvoidWhatGLSLReserves(t *testing.T) {
	for id, want := range map[string]string{"osc": "n3_osc", "a__b": "n3_a_b", "_x_": "n3_x", "__": "n3"} {
		s := Step{Index: 3, Node: &kpn.Node{ID: id}}
		require.Equal(t, want, s.name())
	}
}

func TestQuadPlaces(t *testing.T) {
	require.Equal(t, []int{2, 3, 0, 1}, []int{place(0, 6), place(1, 6), place(2, 6), place(3, 6)})
	require.Equal(t, "n - 6u", ownFrame(0, 6))
	require.Equal(t, "n", ownFrame(2, 2))
	require.Equal(t, "n + 1u", ownFrame(3, 2))
}
