package cpuref_test

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// everything is a graph with every kind, parameters of every rate, late
// paths, delays and two levels of normalize.
func everything() *kpn.Graph {
	perItem, perFrame := kpn.Param{Rate: kpn.PerItem}, kpn.Param{Rate: kpn.PerFrame}
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "saw", Kind: kpn.KindOsc, Oversample: 8, Params: map[string]kpn.Param{"shape": kpn.Const(kpn.OscSaw), "freq": perFrame}},
			{ID: "pulse", Kind: kpn.KindOsc, Oversample: 2, Quality: kpn.High, Params: map[string]kpn.Param{"shape": kpn.Const(kpn.OscPulse), "freq": perItem, "width": perFrame}},
			{ID: "any", Kind: kpn.KindOsc, Params: map[string]kpn.Param{"shape": perItem, "band_limit": perFrame, "phase": perItem}},
			{ID: "hiss", Kind: kpn.KindNoise, Params: map[string]kpn.Param{"distribution": perItem}},
			{ID: "shape", Kind: kpn.KindAdsr, Params: map[string]kpn.Param{"attack": kpn.Const(0.001), "decay": perItem, "gate": kpn.Const(0.01), "sustain": perFrame, "curve": kpn.Const(2)}},
			{ID: "outside", Kind: kpn.KindInput},
			{ID: "level", Kind: kpn.KindConstant, Params: map[string]kpn.Param{"value": perItem}},
			{ID: "shaped", Kind: kpn.KindMultiply},
			{ID: "soft", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": perFrame}},
			{ID: "even", Kind: kpn.KindNormalize},
			{ID: "sum", Kind: kpn.KindMix, Params: map[string]kpn.Param{"level_1": perFrame}},
			{ID: "out", Kind: kpn.KindNormalize, Params: map[string]kpn.Param{"mode": kpn.Const(kpn.NormalizeLimit), "peak": perItem}},
		},
		Edges: []kpn.Edge{
			{From: "saw", To: "shaped", Port: "in_0"},
			{From: "shape", To: "shaped", Port: "in_1"},
			{From: "level", To: "shaped", Port: "in_2"},
			{From: "hiss", To: "soft", Port: "in", DelayFrames: 29},
			{From: "pulse", To: "even", Port: "in"},
			{From: "shaped", To: "sum", Port: "in_0"},
			{From: "soft", To: "sum", Port: "in_1"},
			{From: "even", To: "sum", Port: "in_2"},
			{From: "any", To: "sum", Port: "in_3"},
			{From: "outside", To: "sum", Port: "in_4", DelayFrames: 311},
			{From: "sum", To: "out", Port: "in"},
		},
		Outputs: []string{"out", "any", "shaped"},
	}
}

// items makes a job of the items from first on, of a dataset of 8 with two
// channels. Whatever an item is bound to depends on its index only.
func items(first, count, frames int) *kpn.Job {
	full := kpn.Shape{B: 8, C: 2, F: frames}
	job := &kpn.Job{
		Shape: kpn.Shape{B: count, C: 2, F: frames}, Rate: rate, Seed: 99, FirstItem: uint64(first),
		Items: map[kpn.ParamRef][]float64{}, Frames: map[kpn.ParamRef]*kpn.Tensor{}, Inputs: map[string]*kpn.Tensor{},
	}
	cut := func(t *kpn.Tensor) *kpn.Tensor {
		return &kpn.Tensor{Shape: job.Shape, Data: t.Data[first*2*frames : (first+count)*2*frames]}
	}
	bind := func(node, param string, seed uint64, low, high float64) {
		job.Frames[kpn.ParamRef{Node: node, Param: param}] = cut(tensor(full, seed, low, high))
	}
	bind("saw", "freq", 1, 0, 5000)
	bind("pulse", "width", 2, 0, 1)
	bind("shape", "sustain", 3, 0, 1)
	bind("soft", "gain", 4, -1, 1)
	bind("sum", "level_1", 5, -1, 1)
	job.Inputs["outside"] = cut(tensor(full, 6, -1, 1))
	limits := kpn.NewTensor(full)
	for i := range limits.Data {
		limits.Data[i] = float32(i % 3)
	}
	job.Frames[kpn.ParamRef{Node: "any", Param: "band_limit"}] = cut(limits)
	list := func(node, param string, value func(i float64) float64) {
		for i := range count {
			ref := kpn.ParamRef{Node: node, Param: param}
			job.Items[ref] = append(job.Items[ref], value(float64(first+i)))
		}
	}
	list("pulse", "freq", func(i float64) float64 { return 100 * i })
	list("any", "shape", func(i float64) float64 { return math.Mod(i, 4) })
	list("any", "phase", func(i float64) float64 { return i / 8 })
	list("hiss", "distribution", func(i float64) float64 { return math.Mod(i, 2) })
	list("shape", "decay", func(i float64) float64 { return i / 1000 })
	list("level", "value", func(i float64) float64 { return i - 3 })
	list("out", "peak", func(i float64) float64 { return i / 4 })
	return job
}

const frames = 700

func TestBlockSizeChangesNoBit(t *testing.T) {
	want := render(t, everything(), items(0, 8, frames))
	for _, n := range []int{1, 7, 64, 256, 257, frames, 10 * frames} {
		job := items(0, 8, frames)
		job.BlockFrames = n
		require.Equal(t, want, render(t, everything(), job), "blocks of %d", n)
	}
}

func TestBatchSplitChangesNoBit(t *testing.T) {
	whole := render(t, everything(), items(0, 8, frames))
	for _, sizes := range [][]int{{4, 4}, {1, 7}, {3, 3, 2}, {1, 1, 1, 1, 1, 1, 1, 1}} {
		joined := make([][]float64, len(whole))
		first := 0
		for _, n := range sizes {
			for o, part := range render(t, everything(), items(first, n, frames)) {
				joined[o] = append(joined[o], part...)
			}
			first += n
		}
		require.Equal(t, whole, joined, "batches of %v", sizes)
	}
}

func TestProcessorsChangeNoBit(t *testing.T) {
	want := render(t, everything(), items(0, 8, frames))
	for _, n := range []int{1, 3, 16} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			before := runtime.GOMAXPROCS(n)
			t.Cleanup(func() { runtime.GOMAXPROCS(before) })
			require.Equal(t, want, render(t, everything(), items(0, 8, frames)))
		})
	}
}

// TestOrderOfListingsChangesNoBit reverses the nodes and edges.
func TestOrderOfListingsChangesNoBit(t *testing.T) {
	want := render(t, everything(), items(0, 8, frames))
	g := everything()
	for i, j := 0, len(g.Nodes)-1; i < j; i, j = i+1, j-1 {
		g.Nodes[i], g.Nodes[j] = g.Nodes[j], g.Nodes[i]
	}
	for i, j := 0, len(g.Edges)-1; i < j; i, j = i+1, j-1 {
		g.Edges[i], g.Edges[j] = g.Edges[j], g.Edges[i]
	}
	require.Equal(t, want, render(t, g, items(0, 8, frames)))
}

// TestSimultaneousRenders shares one executable.
func TestSimultaneousRenders(t *testing.T) {
	x, err := engine.Compile(everything())
	require.NoError(t, err)
	want := forward(t, x, 3, items(0, 8, frames))
	var all sync.WaitGroup
	got := make([][][]float64, 4)
	for i := range got {
		all.Go(func() { got[i] = forward(t, x, 3, items(0, 8, frames)) })
	}
	all.Wait()
	for i := range got {
		require.Equal(t, want, got[i])
	}
}

func TestShortRendersArePrefixes(t *testing.T) {
	g := everything()
	// A normalize looks at the whole row, so it is left out.
	g.Outputs = []string{"any", "shaped"}
	long := items(0, 1, frames)
	want := render(t, g, long)
	for _, n := range []int{1, 2, 255, 256, 300} {
		short := items(0, 1, frames)
		short.Shape.F = n
		trim := func(x *kpn.Tensor) *kpn.Tensor {
			cut := kpn.NewTensor(short.Shape)
			for c := range 2 {
				copy(cut.Row(0, c), x.Row(0, c))
			}
			return cut
		}
		for ref, x := range short.Frames {
			short.Frames[ref] = trim(x)
		}
		short.Inputs["outside"] = trim(short.Inputs["outside"])
		got := render(t, g, short)
		// The last frames of a decimator look ahead, where parameters hold
		// their last value.
		ahead := 2 * g.Nodes[0].Latency()
		for c := range 2 {
			require.Equal(t, want[0][c*frames:][:n], got[0][c*n:][:n])
			if n > ahead {
				require.Equal(t, want[1][c*frames:][:n-ahead], got[1][c*n:][:n-ahead])
			}
		}
	}
}
