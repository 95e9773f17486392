package cpuref_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// by is an edge that modulates a parameter of the node.
func by(from, param string, mode kpn.ModulationMode, scale float64) kpn.Edge {
	return kpn.Edge{From: from, To: "node", Port: param, Modulation: &kpn.Modulation{Mode: mode, Scale: scale, Channel: kpn.AllChannels}}
}

// modulated is a node beside three inputs, and edges.
func modulated(kind kpn.Kind, ratio int, params map[string]float64, edges ...kpn.Edge) *kpn.Graph {
	g := single(kind, constants(params))
	g.Nodes[0].Oversample = ratio
	for _, id := range []string{"a", "b", "c"} {
		g.Nodes = append(g.Nodes, kpn.Node{ID: id, Kind: kpn.KindInput})
	}
	g.Edges = edges
	return g
}

// inputs are signals of few bits for the inputs of modulated.
func inputs(s kpn.Shape) map[string]*kpn.Tensor {
	all := map[string]*kpn.Tensor{}
	for i, id := range []string{"a", "b", "c"} {
		x := tensor(s, uint64(70+i), -1, 1)
		for k, v := range x.Data {
			x.Data[k] = float32(math.Round(float64(v)*64) / 64)
		}
		all[id] = x
	}
	return all
}

// TestModulationIsAPerFrameParameter compares modulated parameters with the
// same values bound per frame, to the bit: they are exact in a float32.
func TestModulationIsAPerFrameParameter(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 700}
	in := inputs(shape)
	const add, multiply = kpn.ModulationAdd, kpn.ModulationMultiply
	for _, ratio := range []int{1, 2, 16} {
		params := map[string]float64{"shape": kpn.OscPulse, "freq": 1024, "width": 0.25}
		late := by("b", "freq", add, 512)
		late.DelayFrames = 300
		only := by("b", "width", multiply, 2)
		only.Modulation.Channel = 1
		g := modulated(kpn.KindOsc, ratio, params,
			by("a", "freq", multiply, 0.5), late,
			by("c", "width", add, 1), only, by("a", "phase", add, 1),
		)
		freq, width, phase := kpn.NewTensor(shape), kpn.NewTensor(shape), kpn.NewTensor(shape)
		clamped := 0
		for i := range freq.Data {
			_, c, f := shape.Coordinates(i)
			a, b := in["a"].Data[i], in["b"].Data[i]
			freq.Data[i] = 1024 * 0.5 * a
			if f >= 300 {
				freq.Data[i] += 512 * in["b"].Data[i-300]
			}
			width.Data[i] = 0.25 + in["c"].Data[i]
			if c == 1 {
				width.Data[i] *= 2 * b
			}
			if freq.Data[i] < 0 || width.Data[i] > 1 {
				clamped++
			}
			freq.Data[i] = min(max(freq.Data[i], 0), 24000)
			width.Data[i] = min(max(width.Data[i], 0), 1)
			phase.Data[i] = a
		}
		require.Positive(t, clamped)
		job := &kpn.Job{Shape: shape, Rate: rate, Inputs: in}
		got := render(t, g, job)
		bound := single(kpn.KindOsc, constants(params))
		bound.Nodes[0].Oversample = ratio
		job = &kpn.Job{Shape: shape, Rate: rate, Frames: map[kpn.ParamRef]*kpn.Tensor{}}
		for name, x := range map[string]*kpn.Tensor{"freq": freq, "width": width, "phase": phase} {
			bound.Nodes[0].Params[name] = kpn.Param{Rate: kpn.PerFrame}
			job.Frames[kpn.ParamRef{Node: "node", Param: name}] = x
		}
		// The last frames of a decimator look ahead, where a parameter holds its
		// last value and an input is silent.
		heard := shape.F - 2*bound.Nodes[0].Latency()
		want := render(t, bound, job)
		for row := range shape.Rows() {
			at := row * shape.F
			require.True(t, slices.Equal(want[0][at:at+heard], got[0][at:at+heard]), "ratio %d, row %d", ratio, row)
		}
	}
}

// TestFrequencyModulationHasBesselSidebands modulates a sine's frequency by a
// sine. The phase is a sum, which has a deviation of β = π·d/rate/sin(π·f/rate)
// radians for d Hz at f Hz: k sidebands away the amplitude is |J_k(β)|.
func TestFrequencyModulationHasBesselSidebands(t *testing.T) {
	const frames, carrier, slow, deviation = 4800, 6000., 300., 900.
	g := single(kpn.KindOsc, constants(map[string]float64{"freq": carrier}))
	g.Nodes = append(g.Nodes, kpn.Node{ID: "slow", Kind: kpn.KindOsc, Params: constants(map[string]float64{"freq": slow})})
	g.Edges = []kpn.Edge{by("slow", "freq", kpn.ModulationAdd, deviation)}
	y := one(t, g, frames)
	beta := math.Pi * deviation / rate / math.Sin(math.Pi*slow/rate)
	for k := -10; k <= 10; k++ {
		sin, cos := 0., 0.
		for i, v := range y {
			s, c := math.Sincos(2 * math.Pi * (carrier + float64(k)*slow) * float64(i) / rate)
			sin, cos = sin+v*s, cos+v*c
		}
		require.InDelta(t, math.Abs(math.Jn(k, beta)), 2*math.Hypot(sin, cos)/frames, 1e-12, "sideband %d", k)
	}
}

// TestLateModulatorsDoNotMoveNodes has sources that change nothing, but are
// late: what they modulate is as it is without them, but for its latency.
func TestLateModulatorsDoNotMoveNodes(t *testing.T) {
	nodes := map[kpn.Kind]string{kpn.KindOsc: "freq", kpn.KindAdsr: "attack", kpn.KindConstant: "value"}
	for kind, param := range nodes {
		plain := single(kind, nil)
		late := single(kind, nil)
		late.Nodes = append(late.Nodes, kpn.Node{ID: "late", Kind: kpn.KindOsc, Oversample: 16})
		late.Edges = []kpn.Edge{by("late", param, kpn.ModulationAdd, 0)}
		shape := kpn.Shape{B: 1, C: 1, F: 700}
		want := render(t, plain, &kpn.Job{Shape: shape, Rate: rate})
		for _, block := range []int{1, 7, 64, 0} {
			require.Equal(t, want, render(t, late, &kpn.Job{Shape: shape, Rate: rate, BlockFrames: block}), "%s, blocks of %d", kind, block)
		}
	}
}
