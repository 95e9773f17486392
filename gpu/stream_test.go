package gpu_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// streamOf starts a session for a job.
func streamOf(t *testing.T, x kpn.Executable, job *kpn.Job) kpn.Session {
	t.Helper()
	streamer, ok := x.(kpn.Streamer)
	require.True(t, ok)
	s, err := streamer.Stream(&kpn.StreamJob{
		Items: job.Shape.B, Channels: job.Shape.C, Rate: job.Rate, Seed: job.Seed, FirstItem: job.FirstItem, Values: job.Items,
	})
	require.NoError(t, err)
	return s
}

// streamed renders a job as a session, with as many frames more as it is late,
// and gives each output's rows one after the other.
func streamed(t *testing.T, x kpn.Executable, outputs int, job *kpn.Job, lengths ...int) [][]float32 {
	t.Helper()
	s := streamOf(t, x, job)
	total, rows := job.Shape.F+x.Latency(), job.Shape.Rows()
	all := make([][]float32, outputs)
	for o := range all {
		all[o] = make([]float32, rows*total)
	}
	for first, k := 0, 0; first < total; k++ {
		n := min(lengths[k%len(lengths)], total-first)
		b := &kpn.StreamBlock{Frames: n, Params: map[kpn.ParamRef]*kpn.Values{}, Inputs: map[string]*kpn.Values{}}
		for ref, v := range job.Frames {
			b.Params[ref] = part(v, first, n, true)
		}
		for id, v := range job.Inputs {
			b.Inputs[id] = part(v, first, n, false)
		}
		blocks, err := s.Next(context.Background(), b)
		require.NoError(t, err)
		for o := range blocks {
			require.Equal(t, first, blocks[o].First)
			for row := range rows {
				copy(all[o][row*total+first:], blocks[o].F32[row*n:(row+1)*n])
			}
		}
		first += n
	}
	require.NoError(t, s.Close())
	return all
}

// part is a tensor's frames from first on, which holds its last or falls
// silent.
func part(v *kpn.Tensor, first, n int, holds bool) *kpn.Values {
	p := &kpn.Values{Shape: kpn.Shape{B: v.B, C: v.C, F: n}}
	for b := range v.B {
		for c := range v.C {
			for f := first; f < first+n; f++ {
				x := float64(v.Row(b, c)[min(f, v.F-1)])
				if f >= v.F && !holds {
					x = 0
				}
				p.Data = append(p.Data, x)
			}
		}
	}
	return p
}

// streamGraph makes a graph and binds its parameters.
type streamGraph func(job *kpn.Job) *kpn.Graph

// Graphs that can start anywhere, and graphs that carry state in oscillators,
// filters, queues and loops.
var streamGraphs = map[string]streamGraph{
	"reads no control signal": func(job *kpn.Job) *kpn.Graph {
		job.Items = map[kpn.ParamRef][]float64{{Node: "slow", Param: "freq"}: {1, 2}}
		slow := kpn.Node{ID: "slow", Kind: kpn.KindLfo, Control: true, Params: map[string]kpn.Param{"freq": {Rate: kpn.PerItem}}}
		return &kpn.Graph{Control: kpn.Control{Rate: 441}, Nodes: []kpn.Node{slow, saw("tone", 1, kpn.Standard)}, Outputs: []string{"tone"}}
	},
	"seeks": func(job *kpn.Job) *kpn.Graph {
		return &kpn.Graph{
			Nodes: []kpn.Node{
				saw("fast", 2, kpn.Draft), saw("slow", 8, kpn.High),
				{ID: "hiss", Kind: kpn.KindNoise},
				{ID: "amp", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": perFrame(job, "amp", "gain", -1, 1)}},
				{ID: "sum", Kind: kpn.KindMix},
			},
			Edges: []kpn.Edge{
				edge("fast", "amp", "in", 3), edge("amp", "sum", "in_0", 25), edge("slow", "sum", "in_1", 0), edge("hiss", "sum", "in_2", 40),
			},
			Outputs: []string{"sum", "hiss"},
		}
	},
	"carries phases": func(job *kpn.Job) *kpn.Graph {
		tone := saw("tone", 4, kpn.Standard)
		tone.Params["freq"] = perFrame(job, "tone", "freq", 100, 4000)
		return &kpn.Graph{
			Nodes: []kpn.Node{
				tone,
				{ID: "hiss", Kind: kpn.KindNoise},
				{ID: "amp", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": perFrame(job, "amp", "gain", -1, 1)}},
				{ID: "sum", Kind: kpn.KindMix},
			},
			Edges:   []kpn.Edge{edge("tone", "amp", "in", 5), edge("amp", "sum", "in_0", 0), edge("hiss", "sum", "in_1", 30)},
			Outputs: []string{"sum", "hiss"},
		}
	},
	"filters in a loop": func(job *kpn.Job) *kpn.Graph {
		job.Items = map[kpn.ParamRef][]float64{{Node: "filter", Param: "cutoff"}: {400, 900}}
		job.Inputs = map[string]*kpn.Tensor{"in": kpn.NewTensor(kpn.Shape{B: 2, C: 1, F: job.Shape.F})}
		for i := range job.Inputs["in"].Data {
			job.Inputs["in"].Data[i] = float32(kpn.UnitDraw(7, uint64(i), "in"))
		}
		return &kpn.Graph{
			Nodes: []kpn.Node{
				{ID: "in", Kind: kpn.KindInput},
				{ID: "sum", Kind: kpn.KindMix, Params: map[string]kpn.Param{"level_1": kpn.Const(0.6)}},
				{ID: "filter", Kind: kpn.KindSVF, Params: map[string]kpn.Param{"cutoff": {Rate: kpn.PerItem}}},
			},
			Edges:   []kpn.Edge{edge("in", "sum", "in_0", 0), edge("filter", "sum", "in_1", 5), edge("sum", "filter", "in", 0)},
			Outputs: []string{"filter"},
		}
	},
	"control signals":                  controlled(false),
	"control signals that are carried": controlled(true),
}

// controlled has control nodes that shape a tone, and sway its frequency if it
// carries state.
func controlled(carries bool) streamGraph {
	return func(job *kpn.Job) *kpn.Graph {
		job.Items = map[kpn.ParamRef][]float64{{Node: "lfo", Param: "freq"}: {7, 31}}
		g := &kpn.Graph{
			Control: kpn.Control{Rate: 441},
			Nodes: []kpn.Node{
				{ID: "lfo", Kind: kpn.KindLfo, Control: true, Params: map[string]kpn.Param{"freq": {Rate: kpn.PerItem}}},
				{ID: "env", Kind: kpn.KindEnvelope, Control: true},
				{ID: "shape", Kind: kpn.KindMultiply, Control: true},
				saw("osc", 2, kpn.Draft),
				{ID: "out", Kind: kpn.KindMultiply},
			},
			Edges: []kpn.Edge{
				edge("lfo", "shape", "in_0", 0), edge("env", "shape", "in_1", 0),
				edge("osc", "out", "in_0", 3), edge("shape", "out", "in_1", 0),
			},
			Outputs: []string{"out"},
		}
		if carries {
			g.Edges = append(g.Edges, kpn.Edge{From: "lfo", To: "osc", Port: "freq", Modulation: &kpn.Modulation{Scale: 300, Channel: kpn.AllChannels}})
		}
		return g
	}
}

// However frames are cut, they are the bits that Forward gives.
func TestSessionsGiveForwardsBits(t *testing.T) {
	engine := testedEngine(t)
	for name, build := range streamGraphs {
		checkStream(t, engine, name, newJob(), build, []int{64}, []int{7}, []int{1, 2, 300}, []int{1})
	}
}

// Sessions that are longer than what is rendered at a time.
func TestLongSessionsGiveForwardsBits(t *testing.T) {
	engine := testedEngine(t)
	for name, build := range streamGraphs {
		job := newJob()
		job.Shape.F = 40003
		checkStream(t, engine, name, job, build, []int{17000, 999})
	}
}

// checkStream compares sessions in blocks of all lengths, and all at once, with
// what Forward gives.
func checkStream(t *testing.T, engine kpn.Engine, name string, job *kpn.Job, build streamGraph, lengths ...[]int) {
	t.Helper()
	g := build(job)
	x, err := engine.Compile(g)
	require.NoError(t, err, name)
	want := make([][]float32, len(g.Outputs))
	for o := range want {
		want[o] = make([]float32, job.Shape.Len())
	}
	require.NoError(t, x.Forward(context.Background(), job, func(b *kpn.Block) error {
		for row := range b.Shape.Rows() {
			copy(want[b.Output][row*job.Shape.F+b.First:], b.F32[row*b.Shape.F:(row+1)*b.Shape.F])
		}
		return nil
	}))
	late := x.Latency()
	total, known := job.Shape.F+late, job.Shape.F
	if g.Control.Rate > 0 {
		// Forward holds control signals after its last frame, which decimators
		// look at; a session does not know of a last.
		known -= late
	}
	for _, cut := range append(lengths, []int{total}) {
		got := streamed(t, x, len(g.Outputs), job, cut...)
		for o := range want {
			for row := range job.Shape.Rows() {
				all := got[o][row*total:][:total]
				require.Equal(t, make([]float32, late), all[:late], "%s: %v", name, cut)
				require.Equal(t, want[o][row*job.Shape.F:][:known], all[late:][:known], "%s: %v: output %d, row %d", name, cut, o, row)
			}
		}
	}
	require.NoError(t, x.Close())
}

func TestSessionsRefuse(t *testing.T) {
	engine := testedEngine(t)
	var unsupported *kpn.UnsupportedError
	job := newJob()
	x, err := engine.Compile(streamGraphs["seeks"](job))
	require.NoError(t, err)
	s := streamOf(t, x, job)
	require.NoError(t, s.Accepts(kpn.ParamRef{Node: "amp", Param: "gain"}))
	ref := kpn.ParamRef{Node: "fast", Param: "freq"}
	require.ErrorAs(t, s.Accepts(ref), &unsupported)
	assert.Equal(t, "fast", unsupported.Node)
	_, err = s.Next(context.Background(), &kpn.StreamBlock{Frames: 1, Params: map[kpn.ParamRef]*kpn.Values{
		ref: kpn.Number(1), {Node: "amp", Param: "gain"}: kpn.Number(1),
	}})
	require.ErrorAs(t, err, &unsupported)
	done, cancel := context.WithCancel(context.Background())
	cancel()
	var interrupted *kpn.InterruptedError
	for _, ctx := range []context.Context{done, context.Background()} {
		_, err = s.Next(ctx, &kpn.StreamBlock{Frames: 1, Params: map[kpn.ParamRef]*kpn.Values{{Node: "amp", Param: "gain"}: kpn.Number(1)}})
		require.ErrorAs(t, err, &interrupted)
		require.ErrorIs(t, err, context.Canceled)
	}
	require.NoError(t, s.Close())
	require.NoError(t, x.Close())

	custom := &kpn.Graph{
		Custom: map[kpn.Kind]*kpn.CustomKind{"own": {
			Spec: kpn.Spec{Kind: "own"}, New: func(*kpn.Node) (kpn.NodeV2, error) { return nil, nil },
		}},
		Nodes: []kpn.Node{{ID: "node", Kind: "own"}}, Outputs: []string{"node"},
	}
	_, err = engine.Compile(custom)
	require.ErrorAs(t, err, &unsupported)
	assert.Equal(t, "node", unsupported.Node)
	assert.Equal(t, kpn.Kind("own"), unsupported.Kind)
}

// A runtime on a device gives the same bits however its blocks are cut, and
// says which parameters it cannot change.
func TestRuntimeOnADevice(t *testing.T) {
	engine := testedEngine(t)
	shape := kpn.Shape{B: 2, C: 1, F: 16}
	ramp := &kpn.Values{Shape: shape}
	for i := range shape.Len() {
		ramp.Data = append(ramp.Data, float64(i)/32)
	}
	tone := saw("tone", 2, kpn.Standard)
	n := &kpn.Network{
		Graph: &kpn.Graph{
			Nodes: []kpn.Node{
				tone, {ID: "ring", Kind: kpn.KindGain}, {ID: "number", Kind: kpn.KindGain}, {ID: "live", Kind: kpn.KindGain},
			},
			Edges:   []kpn.Edge{edge("tone", "ring", "in", 0), edge("ring", "number", "in", 0), edge("number", "live", "in", 0)},
			Outputs: []string{"live"},
		},
		Params: map[kpn.ParamRef]*kpn.Values{{Node: "ring", Param: "gain"}: ramp, {Node: "number", Param: "gain"}: kpn.Number(0.5)},
	}
	var first []float64
	for _, length := range []int{200, 64, 7, 1} {
		r, err := kpn.NewRuntime(engine, n, kpn.RuntimeOptions{Live: []kpn.ParamRef{{Node: "live", Param: "gain"}}})
		require.NoError(t, err)
		require.NoError(t, r.Configure(2, 1, 16, 48000))
		require.NoError(t, r.SetParam("number", "gain", kpn.Number(0.25)), "nothing is compiled yet")
		var all []float64
		run := func(frames int) {
			for done := 0; done < frames; {
				part := min(length, frames-done)
				got, err := r.Execute(context.Background(), part, nil)
				require.NoError(t, err)
				all = append(all, got.Outputs[0].Data...)
				done += part
			}
		}
		run(100)
		require.Equal(t, kpn.Unsupported, kpn.CodeOf(r.SetParam("number", "gain", kpn.Number(1))))
		require.NoError(t, r.SetParam("live", "gain", kpn.Number(-2)))
		run(100)
		require.NoError(t, r.Close())
		if first == nil {
			first = all
		}
		require.Equal(t, first, all, length)
	}
}

// Where a descriptor has a tensor, a host may set another at any time, on a
// device too.
func TestTensorsOfDescriptorsAreLiveOnADevice(t *testing.T) {
	n, err := (&kpn.Descriptor{Nodes: []kpn.DescriptorNode{
		{Name: "one", Type: "ConstantNode", JSON: []byte(`{"value":1}`)},
		{Name: "the gain", Type: "GainNode", Inputs: []string{"one"}, Params: []kpn.BlobParam{
			{Name: "gain", Shape: kpn.Shape{B: 1, C: 2, F: 1}, Data: []float64{2, 3}},
		}},
	}}).Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	r, err := kpn.NewRuntime(testedEngine(t), n, kpn.RuntimeOptions{})
	require.NoError(t, err)
	require.NoError(t, r.Configure(1, 2, 4, 48000))
	run := func(frames int) []float64 {
		got, failed := r.Execute(context.Background(), frames, nil)
		require.NoError(t, failed)
		return got.Outputs[0].Data
	}
	require.Equal(t, []float64{2, 3, 2, 3, 2, 3}, run(3))
	require.NoError(t, r.SetParam("the gain", "gain", &kpn.Values{Shape: kpn.Shape{B: 1, C: 2, F: 2}, Data: []float64{4, 5, 6, 7}}))
	require.Equal(t, []float64{4, 6, 5, 7, 4, 6}, run(3))
	require.NoError(t, r.Close())
}
