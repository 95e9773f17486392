package cpuref_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// slowly is a graph of control nodes, two of which audio nodes read: as the
// signal of a port, and as a modulation. Of the audio nodes one is late.
func slowly(align bool) *kpn.Graph {
	mod := func(from, to, param string, mode kpn.ModulationMode, scale float64) kpn.Edge {
		return kpn.Edge{From: from, To: to, Port: param, Modulation: &kpn.Modulation{Mode: mode, Scale: scale, Channel: kpn.AllChannels}}
	}
	perItem := kpn.Param{Rate: kpn.PerItem}
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "speed", Kind: kpn.KindConstant, Control: true, Params: map[string]kpn.Param{"value": perItem}},
			{ID: "wobble", Kind: kpn.KindLfo, Control: true, Params: constants(map[string]float64{"freq": 10, "sin": 0.8, "tri": 0.6, "saw": 0.3, "rsaw": 0.2, "sqr": 0.1, "exponent": 2.7})},
			{ID: "shape", Kind: kpn.KindEnvelope, Control: true, Params: constants(map[string]float64{
				"attack": 0.0023, "decay": 0.0031, "sustain": 0.6, "release": 0.0047, "gate": 0.0077, "alpha": 1.7,
			})},
			{ID: "tone", Kind: kpn.KindOsc, Oversample: 4, Params: constants(map[string]float64{"freq": 700})},
			{ID: "out", Kind: kpn.KindMultiply},
		},
		Edges: []kpn.Edge{
			mod("speed", "wobble", "freq", kpn.ModulationAdd, 3),
			mod("shape", "wobble", "sin", kpn.ModulationMultiply, 1),
			mod("wobble", "tone", "freq", kpn.ModulationAdd, 50),
			{From: "tone", To: "out", Port: "in_0"},
			{From: "shape", To: "out", Port: "in_1"},
		},
		Outputs: []string{"out", "tone"},
		Control: kpn.Control{Rate: 1000, AlignEnds: align},
	}
	return g
}

// speeds are the items' values of the graph's only per-item parameter.
func speeds(b int) map[kpn.ParamRef][]float64 {
	list := make([]float64, b)
	for i := range list {
		list[i] = 2 + float64(i)*5
	}
	return map[kpn.ParamRef][]float64{{Node: "speed", Param: "value"}: list}
}

// TestControlSignalsAreInterpolated renders the control nodes as audio nodes of
// a graph at the control rate, and interpolates what comes out.
func TestControlSignalsAreInterpolated(t *testing.T) {
	shape := kpn.Shape{B: 3, C: 2, F: 700}
	for _, align := range []bool{false, true} {
		g := slowly(align)
		g.Edges = append(g.Edges, kpn.Edge{From: "wobble", To: "seen", Port: "in"})
		g.Nodes = append(g.Nodes, kpn.Node{ID: "seen", Kind: kpn.KindGain})
		g.Outputs = []string{"seen"}
		got := render(t, g, &kpn.Job{Shape: shape, Rate: rate, Items: speeds(3)})[0]
		slow := slowly(align)
		slow.Nodes, slow.Edges, slow.Outputs = slow.Nodes[:3], slow.Edges[:2], []string{"wobble"}
		for i := range slow.Nodes {
			slow.Nodes[i].Control = false
		}
		k := 16 // 700 frames are 14.6 control frames, of which 14.56 are between the first and the last.
		if align {
			k = 15
		}
		x := render(t, slow, &kpn.Job{Shape: kpn.Shape{B: 3, C: 2, F: k}, Rate: 1000, Items: speeds(3)})[0]
		for row := range shape.Rows() {
			for i := range shape.F {
				place := float64(i) / 48
				if align {
					place = float64(i) * 14 / 699
				}
				before := min(int(place+1e-9), k-2)
				w := place - float64(before)
				a, b := x[row*k+before], x[row*k+before+1]
				require.InDelta(t, a+w*(b-a), got[row*shape.F+i], 1e-13, "row %d, frame %d", row, i)
			}
		}
	}
}

// TestControlSignalsLast holds a signal where it is at the job's last frame: a
// late reader's decimator looks ahead.
func TestControlSignalsLast(t *testing.T) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "ramp", Kind: kpn.KindEnvelope, Control: true, Params: constants(map[string]float64{"attack": 1, "gate": 2})},
			{ID: "tone", Kind: kpn.KindOsc, Oversample: 16, Params: constants(map[string]float64{"shape": kpn.OscSaw, "freq": 0})},
		},
		Edges:   []kpn.Edge{{From: "ramp", To: "tone", Port: "phase", Modulation: &kpn.Modulation{Scale: 10, Channel: kpn.AllChannels}}},
		Outputs: []string{"tone"},
		Control: kpn.Control{Rate: 100},
	}
	shape := kpn.Shape{B: 1, C: 1, F: 1900}
	got := render(t, g, &kpn.Job{Shape: shape, Rate: rate})[0]
	bound := single(kpn.KindOsc, constants(map[string]float64{"shape": kpn.OscSaw, "freq": 0}))
	bound.Nodes[0].Oversample = 16
	bound.Nodes[0].Params["phase"] = kpn.Param{Rate: kpn.PerFrame}
	phase := kpn.NewTensor(shape)
	for i := range phase.Data {
		phase.Data[i] = float32(10 * (float64(i)/rate + 1.01e-6))
	}
	want := render(t, bound, &kpn.Job{Shape: shape, Rate: rate, Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "node", Param: "phase"}: phase}})[0]
	for i := range want {
		// The phase is rounded to a float32 of less than ½, 2⁻²⁵, in one of them; a
		// saw's slope is 2, and the taps' magnitudes add up to less than 4.
		require.InDelta(t, want[i], got[i], 8*0x1p-25+1e-6, "frame %d", i)
	}
}

// TestControlChangesNoBit renders with other blocks, batches and processors.
func TestControlChangesNoBit(t *testing.T) {
	shape := kpn.Shape{B: 4, C: 2, F: 1500}
	g := slowly(true)
	job := &kpn.Job{Shape: shape, Rate: rate, Items: speeds(4)}
	want := render(t, g, job)
	for _, n := range []int{1, 7, 64, shape.F} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			before := runtime.GOMAXPROCS(1 + n%3)
			t.Cleanup(func() { runtime.GOMAXPROCS(before) })
			other := *job
			other.BlockFrames = n
			require.Equal(t, want, render(t, g, &other))
		})
	}
	for first := range shape.B {
		for o, part := range render(t, g, job.Slice(first, 1)) {
			size := shape.C * shape.F
			require.Equal(t, want[o][first*size:(first+1)*size], part)
		}
	}
}

// TestControlSignalsAreBounded asks for more control frames than there may be.
func TestControlSignalsAreBounded(t *testing.T) {
	g := slowly(false)
	g.Control.Rate = kpn.MaxSampleRate / 4
	shape := kpn.Shape{B: 40, C: 1, F: 1 << 23}
	job := &kpn.Job{Shape: shape, Rate: kpn.MaxSampleRate, Items: speeds(40)}
	x, err := compiled(g)
	require.NoError(t, err)
	var fault *kpn.JobError
	require.ErrorAs(t, x.Forward(t.Context(), job, nil), &fault)
	require.Contains(t, fault.Reason, fmt.Sprint(kpn.MaxControlFrames))
	w := kpn.NewTensor(kpn.Shape{B: 1, C: 1, F: shape.F})
	_, err = x.Adjoint(t.Context(), &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{w, w}})
	require.ErrorAs(t, err, &fault)
}

// TestAdjointOfControl compares the gradients of control nodes' parameters
// with difference quotients.
func TestAdjointOfControl(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 700}
	for _, align := range []bool{false, true} {
		for i, to := range bindings {
			base := slowly(align)
			base.Nodes[0].Params = constants(map[string]float64{"value": 20})
			g, job := bind(base, shape, to, uint64(260+i))
			norms := requireGradientsBut(t, to.name, g, job, cotangents(2, shape), 97, "pitch")
			for _, id := range []string{"speed", "wobble", "shape"} {
				n, _ := g.Node(id)
				for _, p := range g.Parameters(n) {
					if p.Name == "turn" {
						continue // Jumps only in other shapes.
					}
					require.Positive(t, norms[kpn.ParamRef{Node: id, Param: p.Name}], "%s: %s.%s", to.name, id, p.Name)
				}
			}
		}
	}
}

// TestCotangentsOfControlAreFloat64 has a control constant, of which every
// frame's weights add up to 1: its gradient is the sum of all cotangents. In
// float32 it would be off by about 1e-7 of their magnitudes.
func TestCotangentsOfControlAreFloat64(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 1, F: 5000}
	for _, align := range []bool{false, true} {
		g := single(kpn.KindGain, nil)
		g.Nodes = append(g.Nodes, kpn.Node{ID: "level", Kind: kpn.KindConstant, Control: true, Params: constants(map[string]float64{"value": 0.3})})
		g.Edges = []kpn.Edge{{From: "level", To: "node", Port: "in"}}
		g.Control = kpn.Control{Rate: 441, AlignEnds: align}
		w := cotangents(1, shape)
		all := adjoint(t, g, &kpn.AdjointJob{Job: &kpn.Job{Shape: shape, Rate: 44100}, Cotangents: w})
		want, magnitude := 0., 0.
		for _, x := range w[0].Data {
			want += float64(x)
			magnitude += math.Abs(float64(x))
		}
		got, _ := all.Find(kpn.ParamRef{Node: "level", Param: "value"})
		require.InDelta(t, want, got.F64[0], 1e-13*magnitude)
	}
}

// TestAdjointOfControlKeepsItsBits goes back with other processors.
func TestAdjointOfControlKeepsItsBits(t *testing.T) {
	shape := kpn.Shape{B: 4, C: 2, F: 5000}
	g := slowly(true)
	a := &kpn.AdjointJob{Job: &kpn.Job{Shape: shape, Rate: rate, Items: speeds(4)}, Cotangents: cotangents(2, shape)}
	want := adjoint(t, g, a)
	for _, n := range []int{1, 3, 16} {
		before := runtime.GOMAXPROCS(n)
		t.Cleanup(func() { runtime.GOMAXPROCS(before) })
		require.Equal(t, want, adjoint(t, g, a))
		runtime.GOMAXPROCS(before)
	}
}
