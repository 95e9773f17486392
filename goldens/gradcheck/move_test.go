package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

var length = kpn.Shape{B: 1, C: 1, F: 96000}

func oscJob(ratio int, freq ...float64) (*target, *kpn.Job) {
	spec, _ := kpn.Lookup(kpn.KindOsc)
	p, _, _ := spec.Param("freq")
	n := &kpn.Node{ID: "osc", Kind: kpn.KindOsc, Oversample: ratio}
	return &target{ref: kpn.ParamRef{Node: "osc", Param: "freq"}, rate: kpn.PerItem, node: n, hertz: 44100, most: 44100, spec: p, values: freq},
		&kpn.Job{Shape: length, Rate: 44100}
}

func always(int) float64 { return 1 }

// TestFrequencyStepsAreThoseOfTheIncrement: a step of a frequency is what its
// 64-bit increments are apart, however coarse they make it.
func TestFrequencyStepsAreThoseOfTheIncrement(t *testing.T) {
	for _, ratio := range []int{1, 8, 64} {
		target, job := oscJob(ratio, 30, 441, 9999.9)
		m := newMove(target, job, always)
		for i := range m.values {
			for s := 1.0; s <= reach; s *= factor {
				a, b := m.value(i, -s), m.value(i, s)
				// The phase at the end of the job, in cycles.
				moved := m.change(i, s) * float64(length.F) / job.Rate
				assert.GreaterOrEqual(t, moved, 2*s*stepCycles*0.999)
				assert.Less(t, moved, 1e-4)
				assert.InEpsilon(t, b-a, m.change(i, s), 1e-2)
			}
		}
	}
}

// TestFloat32StepsAreWhatTheEngineIsGiven draws values of tensors and wants
// the steps to be the exact differences of float32 values, growing in
// proportion, and inside the range.
func TestFloat32StepsAreWhatTheEngineIsGiven(t *testing.T) {
	spec, _ := kpn.Lookup(kpn.KindOsc)
	width, _, _ := spec.Param("width")
	job := &kpn.Job{Shape: length, Rate: 48000}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.OneOf(rapid.Float32Range(0, 1), rapid.SampledFrom([]float32{0, 0.25, 0.5, 1, 0.49999997, 1e-30})).Draw(t, "x")
		tensor := &kpn.Tensor{Shape: kpn.Shape{B: 1, C: 1, F: 1}, Data: []float32{x}}
		weight := rapid.SampledFrom([]float64{1, -1, 0.5, -0.7}).Draw(t, "weight")
		m := newMove((&target{ref: kpn.ParamRef{Node: "osc", Param: "width"}, rate: kpn.PerFrame, spec: width}).of(tensor), job, func(int) float64 { return weight })
		if m.base[0] == 0 {
			// Next to a power of two some steps round; few values are.
			return
		}
		smallest := m.change(0, 1)
		require.NotZero(t, smallest)
		require.Equal(t, weight > 0, smallest > 0)
		for s := 1.0; s <= reach; s *= factor {
			a, b := m.value(0, -s), m.value(0, s)
			require.Equal(t, a, float64(float32(a)))
			require.Equal(t, b, float64(float32(b)))
			require.Equal(t, b-a, m.change(0, s))
			require.InEpsilon(t, s*smallest, b-a, 1e-3)
			require.True(t, 0 <= min(a, b) && max(a, b) <= 1)
		}
	})
}

func TestMostFloat32ValuesCanBeMoved(t *testing.T) {
	spec, _ := kpn.Lookup(kpn.KindGain)
	gain, _, _ := spec.Param("gain")
	tensor := kpn.NewTensor(kpn.Shape{B: 2, C: 2, F: 1000})
	for i := range tensor.Data {
		tensor.Data[i] = float32(2*kpn.UnitDraw(3, uint64(i), "x") - 1)
	}
	tensor.Data[0], tensor.Data[1], tensor.Data[2] = 0, 1, -0.5
	for _, target := range []*target{
		(&target{spec: gain, rate: kpn.PerFrame}).of(tensor),
		(&target{rate: kpn.PerFrame}).of(tensor),
	} {
		m := newMove(target, &kpn.Job{Shape: length, Rate: 48000}, always)
		still := 0
		for i := range m.base {
			if m.base[i] == 0 {
				still++
			}
		}
		assert.LessOrEqual(t, still, 40)
		for i := range 3 {
			assert.NotZero(t, m.base[i])
			// Both ways by the same.
			assert.InEpsilon(t, m.value(i, 1)-m.values[i], m.values[i]-m.value(i, -1), 1e-3)
		}
	}
}

func TestStepsAtABoundAreOneSided(t *testing.T) {
	spec, _ := kpn.Lookup(kpn.KindAdsr)
	sustain, _, _ := spec.Param("sustain")
	job := &kpn.Job{Shape: length, Rate: 48000}
	for _, p := range []struct{ x, down, up float64 }{{0, 0, 1}, {1, 1, 0}, {0.5, 1, 1}, {1 - stepPlain, 1, 0}} {
		m := newMove(&target{spec: sustain, rate: kpn.PerItem, values: []float64{p.x}}, job, always)
		assert.InDelta(t, p.up*stepPlain, m.value(0, 1)-p.x, 1e-15)
		assert.InDelta(t, p.down*stepPlain, p.x-m.value(0, -1), 1e-15)
	}
}

func TestLongTimesCanBeMoved(t *testing.T) {
	spec, _ := kpn.Lookup(kpn.KindAdsr)
	decay, _, _ := spec.Param("decay")
	for _, x := range []float64{0, 1e-9, 1e-3, 1, 99999} {
		m := newMove(&target{spec: decay, rate: kpn.PerItem, hertz: kpn.MaxSampleRate, values: []float64{x}}, &kpn.Job{Shape: length, Rate: kpn.MaxSampleRate}, always)
		assert.NotZero(t, m.base[0], x)
	}
}

// TestNudgesLeaveCornersButStayInRange looks at all parameters of all kinds,
// at their bounds and defaults.
func TestNudgesLeaveCornersButStayInRange(t *testing.T) {
	job := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 1}, Rate: 48000}
	for _, spec := range kpn.Catalogue() {
		for i := range spec.Params {
			q := &spec.Params[i]
			if !q.Differentiable || q.PerInput {
				continue
			}
			for _, x := range []float64{q.Min, q.Upper(job.Rate), q.Default} {
				g := &kpn.Graph{Nodes: []kpn.Node{{ID: "n", Kind: spec.Kind, Params: map[string]kpn.Param{q.Name: kpn.Const(x)}}}}
				for seed := range uint64(20) {
					moved := nudged(point{g, job}, Options{Seed: seed, Nudge: DefaultNudge})
					y := moved.graph.Nodes[0].Params[q.Name].Value
					size := math.Abs(x)
					if size == 0 {
						size = max(math.Abs(q.Default), 0)
					}
					if size == 0 {
						size = 1
					}
					assert.GreaterOrEqual(t, math.Abs(y-x), size*DefaultNudge/2*0.999, "%s.%s %g", spec.Kind, q.Name, x)
					assert.LessOrEqual(t, math.Abs(y-x), size*DefaultNudge*1.001, "%s.%s %g", spec.Kind, q.Name, x)
					assert.True(t, q.Min <= y && y <= q.Upper(job.Rate))
					// Seeded, and the graph that was given stays as it was.
					again := nudged(point{g, job}, Options{Seed: seed, Nudge: DefaultNudge})
					assert.Equal(t, y, again.graph.Nodes[0].Params[q.Name].Value)
					assert.Equal(t, x, g.Nodes[0].Params[q.Name].Value)
				}
			}
		}
	}
}
