package scheduler

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

func TestSlotsFollowTheSteps(t *testing.T) {
	perItem, perFrame := kpn.Param{Rate: kpn.PerItem}, kpn.Param{Rate: kpn.PerFrame}
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "osc", Kind: kpn.KindOsc, Oversample: 2, Params: map[string]kpn.Param{
				"shape": perItem, "band_limit": kpn.Const(kpn.BandLimitPolyBLEP2), "freq": perFrame,
			}},
			{ID: "in", Kind: kpn.KindInput},
			{ID: "sum", Kind: kpn.KindMix, Params: map[string]kpn.Param{"level_1": perFrame}},
		},
		Edges: []kpn.Edge{
			edge("osc", "sum", "in_0"), edge("in", "sum", "in_1"),
			{From: "osc", To: "sum", Port: "in_2", DelayFrames: 5},
			{From: "in", To: "sum", Port: "in_3", DelayFrames: 2},
		},
		Outputs: []string{"sum"},
	}
	p := lower(t, g)
	var params, tensors []string
	for _, r := range p.Layout.RowParams {
		params = append(params, r.Ref.String())
	}
	for _, r := range p.Layout.Tensors {
		tensors = append(tensors, strings.TrimSuffix(r.Ref.String(), "."))
	}
	// Constant choices, and what is neutral, are baked into the source and
	// have no slot.
	require.Equal(t, []string{"osc.shape", "osc.phase", "osc.width", "sum.level_0", "sum.level_2", "sum.level_3"}, params)
	require.Equal(t, []string{"osc.freq", "in", "sum.level_1"}, tensors)
	for _, s := range p.Steps {
		for _, param := range s.Params {
			slots := 0
			if param.RowSlot >= 0 {
				require.Equal(t, params[param.RowSlot], s.Node.ID+"."+param.Name)
				slots++
			}
			if param.TensorSlot >= 0 {
				require.Equal(t, tensors[param.TensorSlot], s.Node.ID+"."+param.Name)
				slots++
			}
			if param.Spec.Choices != nil && param.Rate == kpn.Constant || param.Spec.Neutral {
				require.Zero(t, slots)
			} else {
				require.Equal(t, 1, slots, "%s", param.Name)
			}
		}
	}
	// A half-band stage of M pairs keeps 2M−1 odd and M−1 even samples; the
	// phase has two words. The samples start at a multiple of eight words, and
	// what they take is one.
	stages, _ := kpn.Decimator(2, kpn.Standard)
	require.Equal(t, 8+(3*stages[0].M-2+7)/8*8, p.Layout.StateWords)
	require.Equal(t, []int{0, 8}, []int{step(t, p, "osc").StateSlot, step(t, p, "osc").HistorySlot})
	require.Equal(t, 7, p.Layout.QueueFrames)
	sum := step(t, p, "sum")
	require.Equal(t, 0, sum.Inputs[2].QueueSlot)
	require.Equal(t, 5, sum.Inputs[3].QueueSlot)
}

func TestEveryWholeRowKindHasItsPeak(t *testing.T) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "osc", Kind: kpn.KindOsc},
			{ID: "left", Kind: kpn.KindNormalize},
			{ID: "right", Kind: kpn.KindNormalize},
			{ID: "sum", Kind: kpn.KindMix},
		},
		Edges:   []kpn.Edge{edge("osc", "left", "in"), edge("osc", "right", "in"), edge("left", "sum", "in_0"), edge("right", "sum", "in_1")},
		Outputs: []string{"sum"},
	}
	p := lower(t, g)
	require.Equal(t, 2, p.Layout.Peaks)
	require.ElementsMatch(t, []int{0, 1}, []int{step(t, p, "left").PeakSlot, step(t, p, "right").PeakSlot})
	require.Nil(t, p.Keep, "the output is no whole-row kind")
	require.Nil(t, p.Scale)
}

// The oldest and the newest sample that a decimated sample depends on, sent
// one by one through taps that are all 1.
func TestDecimatorMemoryTapByTap(t *testing.T) {
	for ratio := 2; ratio <= kpn.MaxOversample; ratio *= 2 {
		for _, q := range []kpn.Quality{kpn.Draft, kpn.Standard, kpn.High} {
			stages, _ := kpn.Decimator(ratio, q)
			// Output 0 of the last stage, in samples of each stage's input: its
			// newest is the second of its pair, 1.
			oldest := 0
			for i := len(stages) - 1; i >= 0; i-- {
				h := stages[i]
				oldest = 2*oldest + 1 - (4*h.M - 2) - h.Pad
			}
			// Frame f makes samples [f·ratio, (f+1)·ratio).
			frames := int(math.Ceil(float64(-oldest) / float64(ratio)))
			memory := decimatorMemory(ratio, stages)
			require.GreaterOrEqual(t, memory, frames, "%dx %v", ratio, q)
			// It reckons two samples a stage too many: 2·(ratio−1) of the first
			// stage's input in all, less than two frames.
			require.LessOrEqual(t, memory, frames+2, "%dx %v", ratio, q)
		}
	}
	require.Zero(t, decimatorMemory(1, nil))
}

func TestRatesFollowTheNode(t *testing.T) {
	g := &kpn.Graph{Nodes: []kpn.Node{
		{ID: "fast", Kind: kpn.KindOsc, Oversample: 16, Quality: kpn.Draft}, {ID: "plain", Kind: kpn.KindOsc},
	}, Outputs: []string{"fast", "plain"}}
	p := lower(t, g)
	stages, latency := kpn.Decimator(16, kpn.Draft)
	fast, plain := step(t, p, "fast"), step(t, p, "plain")
	require.Equal(t, stages, fast.Stages)
	require.Equal(t, latency, fast.Arrival)
	require.Equal(t, 16, fast.Ratio)
	require.Equal(t, 1, plain.Ratio)
	require.Empty(t, plain.Stages)
	require.Zero(t, plain.Memory)
	require.Zero(t, plain.Arrival)
}

func TestDoublesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-1e300, 1e300).Draw(t, "x")
		text, ok := strings.CutSuffix(doubleLiteral(x), "LF")
		require.True(t, ok)
		require.Regexp(t, `[.e]`, text)
		back, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		require.Equal(t, math.Float64bits(x), math.Float64bits(back))
	})
}

// No identifier of any kernel has the double underscore that GLSL reserves,
// and nodes whose names differ only by underscores stay apart.
func TestKernelsAvoidReservedNames(t *testing.T) {
	g := &kpn.Graph{Outputs: []string{"__"}}
	for i, id := range []string{"a_b", "a__b", "_a_b_", "gl_x"} {
		g.Nodes = append(g.Nodes, kpn.Node{ID: id, Kind: kpn.KindOsc, Oversample: 2})
		g.Edges = append(g.Edges, edge(id, "__", fmt.Sprintf("in_%d", i)))
	}
	g.Nodes = append(g.Nodes, kpn.Node{ID: "__", Kind: kpn.KindMix})
	source := lower(t, g).Render.Source(16)
	seen := map[string]bool{}
	for line := range strings.Lines(source) {
		code, _, _ := strings.Cut(line, "//")
		require.NotContains(t, code, "__", "%s", line)
		if head, ok := strings.CutPrefix(code, "void "); ok {
			name, _, _ := strings.Cut(head, "(")
			require.False(t, seen[name] && strings.HasPrefix(name, "n"), "%s is defined twice", name)
			seen[name] = true
			require.False(t, strings.HasPrefix(name, "gl_"))
		}
	}
	require.True(t, seen["n0_a_b_seek"])
	require.True(t, seen["n1_a_b_seek"])
	require.True(t, seen["n2_a_b_seek"])
}
