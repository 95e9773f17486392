package gpu_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// TestAdjointsOfEnvelopesThatHaveHardlyBegun: of the first frames of a long
// attack or decay, little has gone. What a gradient is then is small and not 0,
// and is right to its own size.
func TestAdjointsOfEnvelopesThatHaveHardlyBegun(t *testing.T) {
	engine := testedEngine(t)
	shape := kpn.Shape{B: 1, C: 1, F: 64}
	for _, times := range []struct{ attack, decay float64 }{{10, 1}, {0, 0.2}} {
		g := &kpn.Graph{Nodes: []kpn.Node{{ID: "e", Kind: kpn.KindEnvelope, Params: map[string]kpn.Param{
			"attack": kpn.Const(times.attack), "decay": kpn.Const(times.decay), "sustain": kpn.Const(0.5),
			"gate": kpn.Const(20), "alpha": kpn.Const(1.3),
		}}}, Outputs: []string{"e"}}
		sustain := func(e kpn.Engine) float64 {
			x, err := e.Compile(g)
			require.NoError(t, err)
			ones := kpn.NewTensor(shape)
			for i := range ones.Data {
				ones.Data[i] = 1
			}
			all, err := x.Adjoint(context.Background(), &kpn.AdjointJob{
				Job: &kpn.Job{Shape: shape, Rate: 48000}, Cotangents: kpn.TensorCotangents{ones},
			})
			require.NoError(t, err)
			require.NoError(t, x.Close())
			own, ok := all.Find(kpn.ParamRef{Node: "e", Param: "sustain"})
			require.True(t, ok)
			return own.F64[0]
		}
		want := sustain(cpuref.New())
		require.NotZero(t, want)
		require.InEpsilon(t, want, sustain(engine), 1e-3, "%+v", times)
	}
}

// TestAdjointsOfSubharmonicsThatJustTurn: a lowpass that is above the threshold
// by its last bits alone turns the flip-flop, in the adjoint too, which reads
// what it was before from three floats. The inputs were searched for: without any
// of the three the flip-flop would stay, or turn.
func TestAdjointsOfSubharmonicsThatJustTurn(t *testing.T) {
	cutoff, rate := 1000., 48000.
	inputs := []float32{-1, 0.8691003322601318, -0.53046966, 0.46103134751319885}
	part := 2 * math.Pi * (cutoff * (1. / rate))
	turns := func(before float64, x float32) bool {
		return before+float64(part*(float64(x)-before)) > kpn.SubharmonicQuiet
	}
	for i := 0; i < len(inputs); i += 2 {
		before := part * float64(inputs[i])
		high := float64(float32(before))
		middle := float64(float32(before - high))
		without := high
		if i > 0 {
			without += middle
		}
		require.NotEqual(t, turns(without, inputs[i+1]), turns(before, inputs[i+1]))
	}
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "in", Kind: kpn.KindInput},
			{ID: "out", Kind: kpn.KindSubharmonic, Params: map[string]kpn.Param{"cutoff": kpn.Const(cutoff), "level": kpn.Const(1)}},
		},
		Edges:   []kpn.Edge{{From: "in", To: "out", Port: "in"}},
		Outputs: []string{"out"},
	}
	shape := kpn.Shape{B: 2, C: 1, F: 2}
	job := &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"in": {Shape: shape, Data: inputs}}}
	asked := &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(1, 1, shape)}
	_, err := compare.Run{Case: "just turning", Reference: cpuref.New(), Candidate: testedEngine(t)}.Adjoints(context.Background(), g, asked)
	require.NoError(t, err)
}
