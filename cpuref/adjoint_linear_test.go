package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

// TestAdjointOfInputsIsATranspose draws graphs that are linear in their two
// inputs, with gains, products with late sources, delays and several outputs,
// and holds them to ⟨Jv, w⟩ = ⟨v, Jᵀw⟩, with J the matrix that the render
// multiplies the inputs v with. The bound is 1e-12 of ‖v‖·‖w‖·gain: 1e4 sums
// and products at 1e-16 each.
func TestAdjointOfInputsIsATranspose(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		delay := rapid.OneOf(rapid.IntRange(0, 8), rapid.IntRange(0, 400), rapid.Just(kpn.MaxEdgeDelay))
		at := func(name string) int { return delay.Draw(r, name) }
		ratio := 1 << rapid.IntRange(0, 6).Draw(r, "ratio")
		g := &kpn.Graph{
			Nodes: []kpn.Node{
				{ID: "x", Kind: kpn.KindInput},
				{ID: "y", Kind: kpn.KindInput},
				{ID: "tone", Kind: kpn.KindOsc, Oversample: ratio},
				{ID: "product", Kind: kpn.KindMultiply},
				{ID: "gain", Kind: kpn.KindGain, Params: constants(map[string]float64{"gain": -0.7})},
				{ID: "mix", Kind: kpn.KindMix, Params: constants(map[string]float64{"level_0": 0.3, "level_1": -1.1, "level_2": 0.6})},
			},
			Edges: []kpn.Edge{
				{From: "x", To: "product", Port: "in_0", DelayFrames: at("x to product")},
				{From: "tone", To: "product", Port: "in_1", DelayFrames: at("tone to product")},
				{From: "y", To: "gain", Port: "in", DelayFrames: at("y to gain")},
				{From: "product", To: "mix", Port: "in_0", DelayFrames: at("product to mix")},
				{From: "gain", To: "mix", Port: "in_1", DelayFrames: at("gain to mix")},
				{From: "x", To: "mix", Port: "in_2", DelayFrames: at("x to mix")},
			},
			Outputs: []string{"mix", "gain", "product", "x"},
		}
		shape := kpn.Shape{B: 1, C: 2, F: rapid.IntRange(1, 700).Draw(r, "frames")}
		seed := rapid.Uint64().Draw(r, "seed")
		job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{
			"x": tensor(shape, seed, -1, 1), "y": tensor(kpn.Shape{B: 1, C: 1, F: shape.F}, seed+1, -1, 1),
		}}
		w := cotangents(len(g.Outputs), shape)
		left, norm := 0., 0.
		for o, samples := range render(t, g, job) {
			for i, y := range samples {
				left += y * float64(w[o].Data[i])
				norm = math.Hypot(norm, float64(w[o].Data[i]))
			}
		}
		all := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: w})
		right, size := 0., 0.
		for id, v := range job.Inputs {
			gradient, _ := all.Find(kpn.ParamRef{Node: id})
			for i, x := range v.Data {
				right += float64(x) * gradient.F64[i]
				size = math.Hypot(size, float64(x))
			}
		}
		if math.Abs(left-right) > 1e-12*norm*size {
			r.Fatalf("⟨Jv, w⟩ = %v, ⟨v, Jᵀw⟩ = %v", left, right)
		}
	})
}

// TestAdjointOfAStandingTone has a saw at 0 Hz, which is 2·phase−1 throughout.
// What leaves the decimator is that times the sum of the taps that it has
// reached, and so is what its phase gets back.
func TestAdjointOfAStandingTone(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 400}
	w := cotangents(1, shape)
	for ratio := 1; ratio <= kpn.MaxOversample; ratio *= 2 {
		g := single(kpn.KindOsc, constants(map[string]float64{"shape": kpn.OscSaw, "freq": 0, "phase": 0.75}))
		g.Nodes[0].Oversample = ratio
		job := &kpn.Job{Shape: shape, Rate: rate}
		want := 0.
		for i, y := range render(t, g, job)[0] {
			want += float64(w[0].Data[i]) * y * 4
		}
		v, _ := adjoint(t, g, &kpn.AdjointJob{Job: job, Cotangents: w}).Find(kpn.ParamRef{Node: "node", Param: "phase"})
		// At phase ¾ the saw is ½, and its slope is 2.
		require.InEpsilon(t, want, v.F64[0], 1e-12, "ratio %d", ratio)
	}
}
