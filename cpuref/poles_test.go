package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// pole is a test's filter behind an input: see forwardPole.
func pole() *kpn.Graph {
	return &kpn.Graph{
		Nodes:   []kpn.Node{{ID: "a", Kind: kpn.KindInput}, {ID: "pole", Kind: kpn.KindGain, Params: constants(map[string]float64{"gain": 0.7})}},
		Edges:   []kpn.Edge{{From: "a", To: "pole", Port: "in"}},
		Outputs: []string{"pole"},
	}
}

// TestMemory compares a filter with a loop over its row.
func TestMemory(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 1000}
	x := tensor(shape, 5, -1, 1)
	for _, block := range []int{1, 7, 64, 0} {
		got := render(t, pole(), &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": x}, BlockFrames: block})[0]
		for row := range shape.Rows() {
			last, before := 0., 0.
			for i := range shape.F {
				at := row*shape.F + i
				want := float64(x.Data[at]) + float64(0.7*math.Sin(last)) + before/8
				require.Equal(t, want, got[at], "row %d, frame %d", row, i)
				last, before = want, last
			}
		}
	}
}

// TestLateMemory starts a filter behind a late source where the source does.
func TestLateMemory(t *testing.T) {
	g := pole()
	g.Nodes = append(g.Nodes,
		kpn.Node{ID: "late", Kind: kpn.KindOsc, Oversample: 16, Params: constants(map[string]float64{"freq": 3000})},
		kpn.Node{ID: "sum", Kind: kpn.KindMix, Params: constants(map[string]float64{"level_1": 0.5})},
	)
	g.Edges = []kpn.Edge{
		{From: "a", To: "sum", Port: "in_0"}, {From: "late", To: "sum", Port: "in_1"}, {From: "sum", To: "pole", Port: "in"},
	}
	g.Outputs = []string{"pole", "sum"}
	shape := kpn.Shape{B: 1, C: 1, F: 1000}
	got := render(t, g, &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"a": tensor(shape, 5, -1, 1)}})
	last, before := 0., 0.
	for i, x := range got[1] {
		want := x + float64(0.7*math.Sin(last)) + before/8
		require.Equal(t, want, got[0][i], "frame %d", i)
		last, before = want, last
	}
}

// TestAdjointOfMemory compares with difference quotients, over several spans.
func TestAdjointOfMemory(t *testing.T) {
	for i, to := range bindings {
		shape := kpn.Shape{B: 2, C: 2, F: 600}
		g, job := bind(pole(), shape, to, uint64(230+i))
		requireGradients(t, to.name, g, job, cotangents(1, shape), 97)
	}
	shape := kpn.Shape{B: 1, C: 1, F: 14000}
	g, job := bind(pole(), shape, bindings[3], 240)
	requireGradients(t, "long", g, job, cotangents(1, shape), 1+shape.F/9)
}
