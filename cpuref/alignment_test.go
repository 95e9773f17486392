package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

// gated is a sine times an envelope that is 1 until its gate, at frame 300.
func gated(ratio int) *kpn.Graph {
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "tone", Kind: kpn.KindOsc, Oversample: ratio, Params: constants(map[string]float64{"shape": kpn.OscSine, "freq": 1000})},
			{ID: "envelope", Kind: kpn.KindAdsr, Params: constants(map[string]float64{
				"attack": 0, "decay": 0, "sustain": 1, "release": 0, "gate": 300. / rate,
			})},
			{ID: "out", Kind: kpn.KindMultiply},
		},
		Edges: []kpn.Edge{
			{From: "tone", To: "out", Port: "in_0"},
			{From: "envelope", To: "out", Port: "in_1"},
		},
		Outputs: []string{"out", "tone", "envelope"},
	}
}

// TestOversampledPathIsAligned compares an oversampled sine with the closed
// form: its decimator's delay is trimmed, and the envelope waits for it.
func TestOversampledPathIsAligned(t *testing.T) {
	for _, q := range []kpn.Quality{kpn.Draft, kpn.Standard, kpn.High} {
		for ratio := 1; ratio <= kpn.MaxOversample; ratio *= 2 {
			g := gated(ratio)
			g.Nodes[0].Quality = q
			x, err := engine.Compile(g)
			require.NoError(t, err)
			_, latency := kpn.Decimator(ratio, q)
			require.Equal(t, latency, x.Latency())
			got := forward(t, x, 3, &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 500}, Rate: rate})
			ripple := math.Pow(10, -q.StopbandDB()/20) + 1e-14
			for i := range 500 {
				gate := 1.
				if i >= 300 {
					gate = 0
				}
				require.Equal(t, gate, got[2][i])
				// Before that the filter still sees the silence before frame 0.
				if i >= latency {
					want := math.Sin(2 * math.Pi * 1000 * float64(i) / rate)
					require.InDelta(t, want, got[1][i], ripple, "%v, ratio %d, frame %d", q, ratio, i)
				}
				require.Equal(t, got[1][i]*gate, got[0][i])
			}
		}
	}
}

// TestAlignmentThroughSeveralPaths mixes paths with three latencies: all
// carry the same sine, so that the last cancels the first two.
func TestAlignmentThroughSeveralPaths(t *testing.T) {
	sine := constants(map[string]float64{"shape": kpn.OscSine, "freq": 997})
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "plain", Kind: kpn.KindOsc, Params: sine},
			{ID: "late", Kind: kpn.KindOsc, Params: sine, Oversample: 2, Quality: kpn.High},
			{ID: "later", Kind: kpn.KindOsc, Params: sine, Oversample: 16, Quality: kpn.High},
			{ID: "some", Kind: kpn.KindMix},
			{ID: "all", Kind: kpn.KindMix, Params: constants(map[string]float64{"level_1": -2})},
		},
		Edges: []kpn.Edge{
			{From: "plain", To: "some", Port: "in_0"},
			{From: "late", To: "some", Port: "in_1"},
			{From: "some", To: "all", Port: "in_0"},
			{From: "later", To: "all", Port: "in_1"},
		},
		Outputs: []string{"all"},
	}
	for _, y := range one(t, g, 1000)[100:] {
		// A ripple of 1e-7 for each of four units of amplitude.
		require.InDelta(t, 0, y, 4e-7)
	}
}

// TestEdgeDelays compares sums of delayed copies of an input with the same
// sums in Go, for delays up to and beyond the render.
func TestEdgeDelays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		frames := rapid.IntRange(1, 700).Draw(r, "frames")
		delays := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 8), rapid.IntRange(0, 900), rapid.Just(kpn.MaxEdgeDelay)), 1, 4).Draw(r, "delays")
		chained := rapid.IntRange(0, 300).Draw(r, "chained")
		g := &kpn.Graph{
			Nodes: []kpn.Node{
				{ID: "x", Kind: kpn.KindInput},
				{ID: "sum", Kind: kpn.KindMix},
				{ID: "out", Kind: kpn.KindGain},
			},
			Edges:   []kpn.Edge{{From: "sum", To: "out", Port: "in", DelayFrames: chained}},
			Outputs: []string{"out"},
		}
		ports := []string{"in_0", "in_1", "in_2", "in_3"}
		for k, d := range delays {
			g.Edges = append(g.Edges, kpn.Edge{From: "x", To: "sum", Port: ports[k], DelayFrames: d})
		}
		shape := kpn.Shape{B: 1, C: 1, F: frames}
		x := tensor(shape, 1, -1, 1)
		got := render(t, g, &kpn.Job{
			Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"x": x},
			BlockFrames: rapid.IntRange(0, frames).Draw(r, "block"),
		})[0]
		for i, y := range got {
			want := 0.
			for _, d := range delays {
				if at := i - d - chained; at >= 0 {
					want += float64(x.Data[at])
				}
			}
			if want != y {
				r.Fatalf("frame %d: got %v, want %v", i, y, want)
			}
		}
	})
}

// TestDelayOfAnOversampledSource adds a wanted delay to a compensated one.
func TestDelayOfAnOversampledSource(t *testing.T) {
	g := gated(8)
	g.Edges[0].DelayFrames = 11
	got := render(t, g, &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 300}, Rate: rate})
	for i := 11; i < 300; i++ {
		require.Equal(t, got[1][i-11], got[0][i])
	}
}

// TestParametersMeetTheContentOfTheirFrame has a gain and a normalize behind a
// late source: frame n of their parameters meets frame n of what they carry.
func TestParametersMeetTheContentOfTheirFrame(t *testing.T) {
	g := gated(8)
	g.Nodes = append(g.Nodes,
		kpn.Node{ID: "gain", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
		kpn.Node{ID: "scaled", Kind: kpn.KindNormalize, Params: map[string]kpn.Param{"peak": {Rate: kpn.PerFrame}}},
	)
	g.Edges = append(g.Edges,
		kpn.Edge{From: "tone", To: "gain", Port: "in"},
		kpn.Edge{From: "tone", To: "scaled", Port: "in"},
	)
	g.Outputs = []string{"gain", "scaled", "tone"}
	shape := kpn.Shape{B: 1, C: 1, F: 200}
	gain, peak := tensor(shape, 1, 1, 2), tensor(shape, 2, 1, 2)
	got := render(t, g, &kpn.Job{Shape: shape, Rate: rate, Frames: map[kpn.ParamRef]*kpn.Tensor{
		{Node: "gain", Param: "gain"}: gain, {Node: "scaled", Param: "peak"}: peak,
	}})
	tone := got[2]
	for i := range shape.F {
		require.Equal(t, tone[i]*float64(gain.Data[i]), got[0][i], "frame %d", i)
		require.InDelta(t, tone[i]*float64(peak.Data[i])/largest(tone), got[1][i], 1e-15, "frame %d", i)
	}
}

// TestDelayDoesNotMoveParameters: a wanted delay is part of the content.
func TestDelayDoesNotMoveParameters(t *testing.T) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "x", Kind: kpn.KindInput},
			{ID: "gain", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
		},
		Edges:   []kpn.Edge{{From: "x", To: "gain", Port: "in", DelayFrames: 3}},
		Outputs: []string{"gain"},
	}
	shape := kpn.Shape{B: 1, C: 1, F: 20}
	x, gain := tensor(shape, 1, 1, 2), tensor(shape, 2, 1, 2)
	got := render(t, g, &kpn.Job{
		Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"x": x},
		Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "gain", Param: "gain"}: gain},
	})[0]
	for i := 3; i < shape.F; i++ {
		require.Equal(t, float64(x.Data[i-3])*float64(gain.Data[i]), got[i])
	}
}
