package cpuref_test

import (
	"fmt"
	"testing"

	"sawmill/kpn"
)

// voice is two oscillators whose pitch and level follow six envelopes and two
// low-frequency oscillators, all of them control nodes.
func voice() *kpn.Graph {
	g := &kpn.Graph{Outputs: []string{"out"}, Control: kpn.Control{Rate: 441, AlignEnds: true}}
	slow := func(id string, kind kpn.Kind, params map[string]float64) {
		g.Nodes = append(g.Nodes, kpn.Node{ID: id, Kind: kind, Control: true, Params: constants(params)})
	}
	mod := func(from, to, param string, mode kpn.ModulationMode, scale float64) {
		g.Edges = append(g.Edges, kpn.Edge{From: from, To: to, Port: param, Modulation: &kpn.Modulation{Mode: mode, Scale: scale, Channel: kpn.AllChannels}})
	}
	for i := range 6 {
		slow(fmt.Sprintf("adsr_%d", i), kpn.KindEnvelope, map[string]float64{"attack": 0.1, "decay": 0.2, "gate": 0.6, "alpha": 2})
	}
	for i := range 2 {
		id := fmt.Sprintf("lfo_%d", i)
		slow(id, kpn.KindLfo, map[string]float64{"freq": 3, "tri": 0.5})
		mod(fmt.Sprintf("adsr_%d", i), id, "freq", kpn.ModulationAdd, 2)
		osc, level := fmt.Sprintf("vco_%d", i), fmt.Sprintf("vca_%d", i)
		g.Nodes = append(g.Nodes,
			kpn.Node{ID: osc, Kind: kpn.KindOsc, Params: constants(map[string]float64{"freq": 220})},
			kpn.Node{ID: level, Kind: kpn.KindGain})
		mod(id, osc, "pitch", kpn.ModulationAdd, 2)
		mod(fmt.Sprintf("adsr_%d", i+2), osc, "pitch", kpn.ModulationAdd, 12)
		mod(fmt.Sprintf("adsr_%d", i+4), level, "gain", kpn.ModulationMultiply, 1)
		g.Edges = append(g.Edges,
			kpn.Edge{From: osc, To: level, Port: "in"},
			kpn.Edge{From: level, To: "out", Port: fmt.Sprintf("in_%d", i)})
	}
	g.Nodes = append(g.Nodes, kpn.Node{ID: "out", Kind: kpn.KindMix})
	return g
}

// BenchmarkVoice renders sixteen rows of a second of a voice, and goes back.
func BenchmarkVoice(b *testing.B) {
	for _, shape := range []float64{kpn.OscSine, kpn.OscSaw} {
		g := voice()
		for i := range g.Nodes {
			if g.Nodes[i].Kind == kpn.KindOsc {
				g.Nodes[i].Params["shape"] = kpn.Const(shape)
			}
		}
		x, err := compiled(g)
		if err != nil {
			b.Fatal(err)
		}
		job := &kpn.Job{Shape: kpn.Shape{B: 16, C: 1, F: 44100}, Rate: 44100}
		samples := func(b *testing.B) {
			b.Helper()
			b.ReportMetric(float64(b.N*job.Shape.Len())/b.Elapsed().Seconds(), "samples/s")
		}
		b.Run(fmt.Sprintf("forward/%v", shape), func(b *testing.B) {
			for b.Loop() {
				if err := x.Forward(b.Context(), job, func(*kpn.Block) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
			samples(b)
		})
		b.Run(fmt.Sprintf("adjoint/%v", shape), func(b *testing.B) {
			w := cotangents(1, job.Shape)
			for b.Loop() {
				if _, err := x.Adjoint(b.Context(), &kpn.AdjointJob{Job: job, Cotangents: w}); err != nil {
					b.Fatal(err)
				}
			}
			samples(b)
		})
	}
}
