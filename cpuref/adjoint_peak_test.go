package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// lateNormalize normalizes an input beside a source whose decimator makes all
// of it late, at level 0.
func lateNormalize(ratio int) *kpn.Graph {
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "x", Kind: kpn.KindInput},
			{ID: "late", Kind: kpn.KindOsc, Oversample: ratio},
			{ID: "sum", Kind: kpn.KindMix, Params: constants(map[string]float64{"level_1": 0})},
			{ID: "n", Kind: kpn.KindNormalize, Params: constants(map[string]float64{"peak": 0.5})},
		},
		Edges: []kpn.Edge{
			{From: "x", To: "sum", Port: "in_0"},
			{From: "late", To: "sum", Port: "in_1"},
			{From: "sum", To: "n", Port: "in"},
		},
		Outputs: []string{"n"},
	}
}

// TestAdjointOfThePeak has rows with two frames of the largest magnitude 2, of
// either sign, and compares with the closed form: y = x·p/m gives frame k
// c·p/m, and the frame that m is from −sign·Σ c·x·p/m² on top. That is the
// first, or the one that the job names.
func TestAdjointOfThePeak(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 1, F: 600}
	x := tensor(shape, 1, -1, 1)
	x.Data[31], x.Data[400] = -2, 2
	x.Data[600], x.Data[600+599] = 2, 2
	w := cotangents(1, shape)
	for _, ratio := range []int{1, 8, 64} {
		for _, named := range [][]int{nil, {31, 0}, {400, 599}, {7, 8}} {
			job := &kpn.AdjointJob{
				Job:        &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"x": x}},
				Cotangents: w,
			}
			at := []int{31, 0}
			if named != nil {
				job.PeakFrames = map[string][]int{"n": named}
				at = named
			}
			all := adjoint(t, lateNormalize(ratio), job)
			require.Equal(t, map[string][]int{"n": at}, all.PeakFrames)
			got, _ := all.Find(kpn.ParamRef{Node: "x"})
			for row := range 2 {
				moment := 0.
				for f := range shape.F {
					i := row*shape.F + f
					moment -= float64(w[0].Data[i]) * float64(x.Data[i]) * 0.5 / 4
				}
				for f := range shape.F {
					i := row*shape.F + f
					want := float64(w[0].Data[i]) * 0.5 / 2
					if f == at[row] {
						want += math.Copysign(moment, moment*float64(x.Data[i]))
					}
					require.InDelta(t, want, got.F64[i], 1e-12, "ratio %d, peaks %v, row %d, frame %d", ratio, named, row, f)
				}
			}
		}
	}
}

// TestAdjointReportsTheRendersPeaks: the frame that an adjoint reports is one
// that the render brings to the peak.
func TestAdjointReportsTheRendersPeaks(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 700}
	g, job := bind(tangled(), shape, bindings[2], 3)
	all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: cotangents(len(g.Outputs), shape)})
	outputs := render(t, g, job)
	require.Len(t, all.PeakFrames, 3)
	for o, id := range g.Outputs {
		for row, f := range all.PeakFrames[id] {
			y := outputs[o][row*shape.F:][:shape.F]
			require.InDelta(t, largest(y), math.Abs(y[f]), 1e-15, "%s, row %d", id, row)
		}
	}
}

// TestAdjointOfARowOfZeros passes cotangents unchanged.
func TestAdjointOfARowOfZeros(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 2, F: 300}
	x := kpn.NewTensor(shape)
	x.Data[450] = 1
	w := cotangents(1, shape)
	all := adjoint(t, lateNormalize(8), &kpn.AdjointJob{
		Job:        &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"x": x}},
		Cotangents: w,
	})
	require.Equal(t, []int{0, 150}, all.PeakFrames["n"])
	got, _ := all.Find(kpn.ParamRef{Node: "x"})
	for f := range shape.F {
		require.Equal(t, float64(w[0].Data[f]), got.F64[f])
	}
	// Nor does such a row give the peak anything: the other's one frame does.
	peak, _ := all.Find(kpn.ParamRef{Node: "n", Param: "peak"})
	require.Equal(t, float64(w[0].Data[450]), peak.F64[0])
}
