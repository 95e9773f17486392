package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

const add, multiply = kpn.ModulationAdd, kpn.ModulationMultiply

// by is an edge that modulates.
func by(from, to, param string, mode kpn.ModulationMode, scale float64, delay int) kpn.Edge {
	return kpn.Edge{From: from, To: to, Port: param, DelayFrames: delay, Modulation: &kpn.Modulation{Mode: mode, Scale: scale, Channel: kpn.AllChannels}}
}

// constants are parameters.
func constants(pairs map[string]float64) map[string]kpn.Param {
	params := map[string]kpn.Param{}
	for name, v := range pairs {
		params[name] = kpn.Const(v)
	}
	return params
}

// envelope is an envelope that ends within a few milliseconds.
func envelope(id string) kpn.Node {
	return kpn.Node{ID: id, Kind: kpn.KindAdsr, Params: constants(map[string]float64{
		"attack": 0.00056, "decay": 0.00056, "sustain": 0.6, "release": 0.00067, "gate": 0.00217, "curve": 1.7,
	})}
}

// vibrato has two oversampled oscillators, one of which moves the other's
// frequency. What else moves that comes late, and is late for both.
func vibrato() *kpn.Graph {
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "outside", Kind: kpn.KindInput},
			envelope("shape"),
			{ID: "slow", Kind: kpn.KindOsc, Oversample: 2, Quality: kpn.Draft, Params: constants(map[string]float64{"freq": 700, "phase": 0.1})},
			{ID: "tone", Kind: kpn.KindOsc, Oversample: 2, Quality: kpn.Draft, Params: constants(map[string]float64{"freq": 900, "phase": 0.4})},
			{ID: "level", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
		},
		Edges: []kpn.Edge{
			by("slow", "tone", "freq", add, 100, 0),
			by("outside", "tone", "freq", multiply, 0.5, 5),
			by("shape", "tone", "phase", add, 0.05, 0),
			by("shape", "slow", "phase", multiply, 0.9, 3),
			{From: "tone", To: "level", Port: "in"},
			by("slow", "level", "gain", add, 0.2, 0),
		},
		Outputs: []string{"level"},
	}
}

// tremolo has what moves a gain, the levels of a mix and a row's peak: signals
// that are delayed, shared, moved themselves and for one channel only.
func tremolo() *kpn.Graph {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "outside", Kind: kpn.KindInput},
			envelope("shape"),
			{ID: "tone", Kind: kpn.KindOsc, Params: constants(map[string]float64{"freq": 500, "phase": 0.3})},
			{ID: "level", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
			{ID: "sum", Kind: kpn.KindMix, Params: constants(map[string]float64{"level_0": 0.7, "level_1": -0.6})},
			{ID: "peak", Kind: kpn.KindNormalize, Params: constants(map[string]float64{"peak": 0.9})},
		},
		Edges: []kpn.Edge{
			by("outside", "sum", "level_0", multiply, 0.7, 0),
			by("outside", "shape", "sustain", add, 0.4, 3),
			by("shape", "tone", "phase", add, 0.05, 0),
			{From: "tone", To: "level", Port: "in"},
			by("shape", "level", "gain", multiply, 1.5, 0),
			by("outside", "level", "gain", add, 0.2, 0),
			by("tone", "level", "gain", multiply, 0.9, 5),
			{From: "level", To: "sum", Port: "in_0"},
			{From: "tone", To: "sum", Port: "in_1", DelayFrames: 2},
			by("level", "sum", "level_1", add, 0.3, 0),
			{From: "sum", To: "peak", Port: "in"},
			by("shape", "peak", "peak", add, 0.1, 0),
		},
		Outputs: []string{"peak", "level"},
	}
	g.Edges[0].Modulation.Channel, g.Edges[9].Modulation.Channel = 1, 0
	return g
}

// movedJob binds noise to what the graphs take from outside.
func movedJob(shape kpn.Shape) *kpn.Job {
	noise := func(name string) *kpn.Tensor {
		tensor := kpn.NewTensor(shape)
		for i := range tensor.Data {
			tensor.Data[i] = float32(0.2 + 1.6*kpn.UnitDraw(4, uint64(i), name))
		}
		return tensor
	}
	return &kpn.Job{
		Shape: shape, Rate: 48000, BlockFrames: 64, Inputs: map[string]*kpn.Tensor{"outside": noise("in")},
		Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "level", Param: "gain"}: noise("gain")},
	}
}

// What modulates is walked after what it modulates, group by group, and has its
// part of the derivatives from the frame that it met. Some of the sustain levels
// are beyond their range, where nothing has a part.
func TestAdjointsOfModulation(t *testing.T) {
	d := cachingDevice(t)
	shape := kpn.Shape{B: 3, C: 2, F: 205}
	for name, g := range map[string]*kpn.Graph{"vibrato": vibrato(), "tremolo": tremolo()} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, name == "tremolo", prepared(t, d, g).program.Strategy.Chunked)
			meetsReference(t, d, g, &kpn.AdjointJob{Job: movedJob(shape), Cotangents: compare.RandomCotangents(6, len(g.Outputs), shape)})
		})
	}
}
