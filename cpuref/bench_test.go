package cpuref_test

import (
	"testing"

	"sawmill/kpn"
)

// BenchmarkForward renders four rows of a second.
func BenchmarkForward(b *testing.B) {
	osc := func(shape float64, ratio int) *kpn.Graph {
		g := single(kpn.KindOsc, constants(map[string]float64{"shape": shape}))
		g.Nodes[0].Oversample = ratio
		return g
	}
	cases := []struct {
		name  string
		graph *kpn.Graph
	}{
		{"sine", osc(kpn.OscSine, 1)},
		{"saw", osc(kpn.OscSaw, 1)},
		{"saw_8x", osc(kpn.OscSaw, 8)},
		{"noise", noise(kpn.NoiseGaussian)},
		{"adsr", single(kpn.KindAdsr, constants(map[string]float64{"curve": 2}))},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			x, err := engine.Compile(c.graph)
			if err != nil {
				b.Fatal(err)
			}
			job := &kpn.Job{Shape: kpn.Shape{B: 4, C: 1, F: rate}, Rate: rate}
			for b.Loop() {
				if err := x.Forward(b.Context(), job, func(*kpn.Block) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*job.Shape.Len())/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

// BenchmarkAdjoint compares a render of four rows of ten seconds of the demo
// preset with a render and an adjoint of them.
func BenchmarkAdjoint(b *testing.B) {
	p, err := kpn.ReadPreset("../presets/demo.json")
	if err != nil {
		b.Fatal(err)
	}
	x, err := engine.Compile(p.Graph)
	if err != nil {
		b.Fatal(err)
	}
	job := &kpn.Job{Shape: kpn.Shape{B: 4, C: 1, F: 10 * rate}, Rate: rate}
	p.Bind(job)
	back := &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{tensor(kpn.Shape{B: 1, C: 1, F: 10 * rate}, 1, -1, 1)}}
	b.Run("forward", func(b *testing.B) {
		for b.Loop() {
			if err := x.Forward(b.Context(), job, func(*kpn.Block) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("forward_and_adjoint", func(b *testing.B) {
		for b.Loop() {
			if err := x.Forward(b.Context(), job, func(*kpn.Block) error { return nil }); err != nil {
				b.Fatal(err)
			}
			if _, err := x.Adjoint(b.Context(), back); err != nil {
				b.Fatal(err)
			}
		}
	})
}
