package fuzz

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// againstGradients holds the gradients of a planted engine to the reference's.
func againstGradients(change func(kind kpn.Kind, p *kpn.Parameter, v *kpn.Gradient)) Pair {
	p := against(planted{gradient: change})
	p.Gradients = true
	return p
}

// TestWrongSignsAreFound flips the sign of one parameter's gradient by turns:
// no excuse may hide it, and what remains is a node of that kind and what it
// cannot do without.
func TestWrongSignsAreFound(t *testing.T) {
	for _, spec := range kpn.Catalogue() {
		names := []string{}
		for i := range spec.Params {
			if spec.Params[i].Differentiable {
				names = append(names, spec.Params[i].Name)
			}
		}
		if spec.Kind == kpn.KindInput {
			names = append(names, "")
		}
		for _, name := range names {
			t.Run(string(spec.Kind)+"."+name, func(t *testing.T) {
				p := againstGradients(func(kind kpn.Kind, q *kpn.Parameter, v *kpn.Gradient) {
					if kind == spec.Kind && (q == nil && name == "" || q != nil && q.Name == name) {
						for k := range v.F64 {
							v.F64[k] = -v.F64[k]
						}
					}
				})
				s, _ := found(t, p, Gradient, has(spec.Kind))
				nodes := s.Case.Graph.Nodes
				assert.LessOrEqual(t, len(nodes), 2, "%+v", nodes)
			})
		}
	}
}

// TestLateGradientsAreFound moves the gradients of per-frame values by a frame,
// and those of per-item values by an item.
func TestLateGradientsAreFound(t *testing.T) {
	late := func(rate kpn.ParamRate) func(kpn.Kind, *kpn.Parameter, *kpn.Gradient) {
		return func(_ kpn.Kind, _ *kpn.Parameter, v *kpn.Gradient) {
			if v.Rate == rate && len(v.F64) > 1 {
				copy(v.F64[1:], append([]float64(nil), v.F64...))
			}
		}
	}
	for name, rate := range map[string]kpn.ParamRate{"per frame": kpn.PerFrame, "per item": kpn.PerItem} {
		t.Run(name, func(t *testing.T) {
			s, _ := found(t, againstGradients(late(rate)), Gradient)
			assert.LessOrEqual(t, len(s.Case.Graph.Nodes), 2)
			assert.LessOrEqual(t, s.Case.Shape.Len(), 4)
		})
	}
}

// TestFewGradientsAreExcused: with 2 % too much everywhere, most trials that have
// gradients at all must show it. The rest stands at corners (steps of a
// quantize, ends of stages and ranges), or at values so extreme that float32
// cannot tell.
func TestFewGradientsAreExcused(t *testing.T) {
	any := false
	wrong := againstGradients(func(_ kpn.Kind, _ *kpn.Parameter, v *kpn.Gradient) {
		for k := range v.F64 {
			any = any || v.F64[k] != 0
			v.F64[k] *= 1.02
		}
	})
	strict := wrong
	strict.Strict = true
	shown, hidden := 0, 0
	for seed := range uint64(160) {
		any = false
		v := wrong.Judge(context.Background(), FromSeed(seed))
		switch {
		case v.Failed():
			shown++
		case any && v.Outcome != Refuse:
			hidden++
			if v.Outcome == Unjudged {
				assert.Equal(t, Gradient, strict.Judge(context.Background(), FromSeed(seed)).Outcome, "seed %d: %v", seed, v)
			}
		}
	}
	t.Logf("%d show it, %d do not", shown, hidden)
	assert.Greater(t, shown, 3*hidden)
}

// TestNaNsAreFound makes gradients NaN: that is excused only where cotangents
// outgrow float32.
func TestNaNsAreFound(t *testing.T) {
	p := againstGradients(func(kind kpn.Kind, _ *kpn.Parameter, v *kpn.Gradient) {
		if kind == kpn.KindGain {
			for k := range v.F64 {
				v.F64[k] = math.NaN()
			}
		}
	})
	found(t, p, Gradient, has(kpn.KindGain))
	for gain, want := range map[float64]bool{2: false, -1e9: true} {
		g := &kpn.Graph{
			Nodes: []kpn.Node{
				{ID: "tone", Kind: kpn.KindOsc, Params: map[string]kpn.Param{"freq": kpn.Const(1000), "phase": kpn.Const(0.2)}},
				{ID: "loop", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(gain)}},
			},
			Edges: []kpn.Edge{
				{From: "tone", To: "loop", Port: "in"},
				{From: "loop", To: "loop", Port: "gain", DelayFrames: 1, Modulation: &kpn.Modulation{Mode: kpn.ModulationMultiply, Scale: 1, Channel: kpn.AllChannels}},
			},
			Outputs: []string{"tone", "loop"},
		}
		job := adjointJob(g, &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 6}, Rate: 48000})
		beyond, err := p.overflow(context.Background(), g, job)
		require.NoError(t, err)
		assert.Equal(t, want, beyond, "a gain of %g", gain)
	}
}
