package gpu

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// guard is how many bytes of NaN lie behind what a job needs of each buffer.
const guard = 1024

// seeking is a graph whose every node can start anywhere: a filter's memory, a
// queue behind it, a parameter that waits for it and a row's peak.
func seeking() *kpn.Graph {
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "osc", Kind: kpn.KindOsc, Oversample: 2, Quality: kpn.Draft, Params: map[string]kpn.Param{
				"shape": kpn.Const(kpn.OscSaw), "freq": kpn.Const(1234.5),
			}},
			{ID: "hiss", Kind: kpn.KindNoise},
			{ID: "level", Kind: kpn.KindNormalize},
			{ID: "amp", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
			{ID: "sum", Kind: kpn.KindMix},
		},
		Edges: []kpn.Edge{
			{From: "osc", To: "level", Port: "in"},
			{From: "level", To: "amp", Port: "in", DelayFrames: 3},
			{From: "amp", To: "sum", Port: "in_0"},
			{From: "osc", To: "sum", Port: "in_1", DelayFrames: 30},
			{From: "hiss", To: "sum", Port: "in_2", DelayFrames: 1},
		},
		Outputs: []string{"sum", "hiss"},
	}
}

// carrying is the same with a state that segments hand on.
func carrying() *kpn.Graph {
	g := seeking()
	g.Nodes[0].Params["freq"] = kpn.Param{Rate: kpn.PerFrame}
	return g
}

// levelled ends in a whole-row kind, so that a job of one segment takes the
// keep and scale kernels.
func levelled() *kpn.Graph {
	g := seeking()
	g.Nodes = append(g.Nodes, kpn.Node{ID: "out", Kind: kpn.KindNormalize})
	g.Edges = append(g.Edges, kpn.Edge{From: "sum", To: "out", Port: "in"})
	g.Outputs = []string{"out"}
	return g
}

// drawnJob fills all tensors with values that differ from frame to frame.
func drawnJob(g *kpn.Graph, shape kpn.Shape) *kpn.Job {
	job := &kpn.Job{Shape: shape, Rate: 48000, Seed: 7, FirstItem: 1<<32 - 1, Frames: map[kpn.ParamRef]*kpn.Tensor{}}
	for _, ref := range []kpn.ParamRef{{Node: "osc", Param: "freq"}, {Node: "amp", Param: "gain"}} {
		n, _ := g.Node(ref.Node)
		if n.Params[ref.Param].Rate != kpn.PerFrame {
			continue
		}
		tensor := kpn.NewTensor(shape)
		for i := range tensor.Data {
			tensor.Data[i] = float32(kpn.UnitDraw(3, uint64(i), ref.Param))
			if ref.Param == "freq" {
				tensor.Data[i] = 100 + 5000*tensor.Data[i]
			}
		}
		job.Frames[ref] = tensor
	}
	return job
}

// forwardIn renders a job as the plan cuts it, in memory that holds NaN
// wherever nothing was written yet and behind what the job needs.
func forwardIn(t *testing.T, x *Executable, job *kpn.Job, p plan) [][]float32 {
	t.Helper()
	d := x.device
	r := &render{device: d, program: x.program, job: job, plan: p, memory: &memory{device: d}, tensors: newTensorWindow(x.program, job)}
	defer r.memory.free()
	used := r.sizes()
	require.NoError(t, d.do(func() error { return poison(r.memory, used) }))
	require.NoError(t, r.prepare())
	kernels, err := x.load(x.kernelsFor(p.segmentFrames >= job.Shape.F))
	require.NoError(t, err)
	last := len(kernels) - 1
	for _, kernel := range kernels[:last] {
		for first := 0; first < job.Shape.F; first += p.segmentFrames {
			require.NoError(t, r.dispatch(kernel, first, 0))
		}
	}
	out := make([][]float32, len(x.program.Outputs))
	for o := range out {
		out[o] = make([]float32, job.Shape.Len())
	}
	require.NoError(t, r.renderAll(context.Background(), kernels[last], nil, func(b *kpn.Block) error {
		for i, v := range b.F32 {
			item, c, f := b.Shape.Coordinates(i)
			out[b.Output][job.Shape.Index(item, c, b.First+f)] = v
		}
		return nil
	}))
	require.NoError(t, d.do(func() error {
		untouched(t, r.memory.samples[0], used[bindSamples], "samples 0")
		untouched(t, r.memory.samples[1], used[bindSamples], "samples 1")
		untouched(t, r.memory.shared[bindState], used[bindState], "state")
		untouched(t, r.memory.shared[bindFifo], used[bindFifo], "fifo")
		return nil
	}))
	return out
}

// poison fills buffers larger than needed with NaN.
func poison(m *memory, used [bindings]int) error {
	sizes := used
	for binding := range sizes {
		sizes[binding] += guard
	}
	if err := m.reserve(sizes, len(m.samples)); err != nil {
		return err
	}
	for _, b := range append(m.samples[:], m.shared[bindRowParams:]...) {
		nans := make([]uint32, b.size/4)
		for i := range nans {
			nans[i] = math.Float32bits(float32(math.NaN()))
		}
		upload(b, 0, nans)
	}
	return nil
}

func untouched(t *testing.T, b *buffer, used int, name string) {
	t.Helper()
	behind := make([]float32, (b.size-used)/4)
	require.GreaterOrEqual(t, len(behind), guard/4)
	read(b, used, behind)
	for i, v := range behind {
		require.True(t, math.IsNaN(float64(v)), "%s: word %d behind its end was written", name, i)
	}
}

// However a job is cut into segments, chunks and workgroups, the bits are the
// same, nothing is read before it was written and nothing beyond its end.
func TestCutsDoNotMatter(t *testing.T) {
	d := openTest(t, tested())
	shape := kpn.Shape{B: 3, C: 2, F: 205}
	for name, g := range map[string]*kpn.Graph{"seeking": seeking(), "carrying": carrying(), "levelled": levelled()} {
		t.Run(name, func(t *testing.T) {
			compiled, err := EngineOn(d).Compile(g)
			require.NoError(t, err)
			defer func() { require.NoError(t, compiled.Close()) }()
			x, ok := compiled.(*Executable)
			require.True(t, ok)
			require.Equal(t, name != "carrying", x.program.Strategy.Chunked)
			require.Positive(t, x.program.Latency)
			require.Positive(t, x.program.Layout.QueueFrames)
			job := drawnJob(g, shape)
			whole := plan{shape: shape, segmentFrames: 208, dispatchFrames: 208, chunkFrames: 208, workgroup: x.workgroup, groupsX: 65535}
			want := forwardIn(t, x, job, whole)
			noNaN(t, want)
			for _, cut := range []struct {
				segment, chunk int
				groupsX        int64
			}{{208, 208, 1}, {208, 64, 65535}, {208, 4, 5}, {204, 12, 65535}, {64, 16, 1}, {100, 28, 2}, {8, 4, 65535}, {4, 4, 65535}} {
				p := whole
				p.segmentFrames, p.chunkFrames, p.groupsX = cut.segment, cut.chunk, cut.groupsX
				p.dispatchFrames = p.segmentFrames
				if !x.program.Strategy.Chunked {
					// Lanes that carry state may not run through a segment at once.
					p.dispatchFrames = min(p.segmentFrames, max(4, cut.chunk))
					p.chunkFrames = p.dispatchFrames
				}
				require.Equal(t, want, forwardIn(t, x, job, p), "%+v", cut)
			}
		})
	}
}

func noNaN(t *testing.T, outputs [][]float32) {
	t.Helper()
	for o, out := range outputs {
		for i, v := range out {
			require.False(t, math.IsNaN(float64(v)), "output %d, sample %d", o, i)
		}
	}
}
