package gpu

import (
	"testing"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// resonance is a loop of a mix and two gains, whose echoes come back after a few
// frames.
func resonance() *kpn.Graph {
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "hiss", Kind: kpn.KindNoise},
			{ID: "sum", Kind: kpn.KindMix},
			{ID: "amp", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
			{ID: "back", Kind: kpn.KindGain, Params: constants(map[string]float64{"gain": 0.7})},
		},
		Edges: []kpn.Edge{
			{From: "hiss", To: "sum", Port: "in_0"},
			{From: "sum", To: "amp", Port: "in"},
			{From: "amp", To: "back", Port: "in", DelayFrames: 2},
			{From: "back", To: "sum", Port: "in_1", DelayFrames: 3},
		},
		Outputs: []string{"amp"},
	}
}

// What closes a loop has its part of the cotangents as many frames earlier as
// it comes back late, from segment to segment too.
func TestAdjointsOfLoops(t *testing.T) {
	d := cachingDevice(t)
	shape := kpn.Shape{B: 2, C: 2, F: 205}
	job := gains(shape)
	job.BlockFrames = 64
	meetsReference(t, d, resonance(), &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(4, 1, shape)})
}
