package gpu_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

func edge(from, to, port string, delay int) kpn.Edge {
	return kpn.Edge{From: from, To: to, Port: port, DelayFrames: delay}
}

// perFrame binds a parameter that jumps at every frame, so that a value a
// frame early or late is a plain error.
func perFrame(job *kpn.Job, node, param string, lo, hi float64) kpn.Param {
	tensor := kpn.NewTensor(job.Shape)
	for i := range tensor.Data {
		tensor.Data[i] = float32(lo + (hi-lo)*kpn.UnitDraw(5, uint64(i), node+"."+param))
	}
	job.Frames[kpn.ParamRef{Node: node, Param: param}] = tensor
	return kpn.Param{Rate: kpn.PerFrame}
}

func saw(id string, oversample int, quality kpn.Quality) kpn.Node {
	return kpn.Node{ID: id, Kind: kpn.KindOsc, Oversample: oversample, Quality: quality, Params: map[string]kpn.Param{
		"shape": kpn.Const(kpn.OscSaw), "freq": kpn.Const(1003),
	}}
}

// agree compares the software device with the reference, as one segment and
// in several.
func agree(t *testing.T, g *kpn.Graph, job *kpn.Job) {
	t.Helper()
	engine := testedEngine(t)
	for _, block := range []int{0, 128} {
		cut := *job
		cut.BlockFrames = block
		_, err := compare.Engines(context.Background(), cpuref.New(), engine, g, &cut)
		require.NoError(t, err, "in blocks of %d frames", block)
	}
}

func newJob() *kpn.Job {
	return &kpn.Job{Shape: kpn.Shape{B: 2, C: 2, F: 701}, Rate: 44100, Seed: 3, Frames: map[kpn.ParamRef]*kpn.Tensor{}}
}

// Values given per frame meet the content of their own frame: behind one
// decimator, behind a slower one, and before any.
func TestPerFrameValuesWaitForWhatIsLate(t *testing.T) {
	job := newJob()
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			saw("fast", 2, kpn.Draft), saw("slow", 8, kpn.High),
			{ID: "hiss", Kind: kpn.KindNoise},
			{ID: "amp", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": perFrame(job, "amp", "gain", -1, 1)}},
			{ID: "sum", Kind: kpn.KindMix, Params: map[string]kpn.Param{
				"level_0": perFrame(job, "sum", "level_0", -1, 1), "level_2": perFrame(job, "sum", "level_2", 0, 1),
			}},
		},
		Edges: []kpn.Edge{
			edge("fast", "amp", "in", 0), edge("amp", "sum", "in_0", 0),
			edge("slow", "sum", "in_1", 0), edge("hiss", "sum", "in_2", 0),
		},
		Outputs: []string{"sum", "amp", "hiss"},
	}
	agree(t, g, job)
}

// The state of an oversampled oscillator and of its decimator goes from
// segment to segment while its frequency jumps and its phase is late for
// nobody.
func TestCarriedOscillatorsInOtherCompany(t *testing.T) {
	job := newJob()
	glide := saw("glide", 4, kpn.Standard)
	glide.Params["freq"] = perFrame(job, "glide", "freq", 20, 9000)
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			glide, saw("steady", 2, kpn.Draft), {ID: "hiss", Kind: kpn.KindNoise}, {ID: "ring", Kind: kpn.KindMultiply},
		},
		Edges: []kpn.Edge{
			edge("glide", "ring", "in_0", 0), edge("steady", "ring", "in_1", 2), edge("hiss", "ring", "in_2", 5),
		},
		Outputs: []string{"ring", "steady"},
	}
	agree(t, g, job)
}

// A source that a decimator made late reaches its consumers at three different
// times, one of them past the end.
func TestSharedLateSourceWithDelays(t *testing.T) {
	job := newJob()
	g := &kpn.Graph{
		Nodes: []kpn.Node{saw("osc", 2, kpn.Standard), {ID: "sum", Kind: kpn.KindMix}},
		Edges: []kpn.Edge{
			edge("osc", "sum", "in_0", 61), edge("osc", "sum", "in_1", 1), edge("osc", "sum", "in_2", 5000),
		},
		Outputs: []string{"sum"},
	}
	agree(t, g, job)
}

// A row's peak is that of all its frames, also where a delay keeps the last of
// them from being heard, and where one whole-row kind feeds another.
func TestPeaksOfDelayedAndNestedRows(t *testing.T) {
	job := newJob()
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			saw("osc", 4, kpn.Draft),
			{ID: "ramp", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
			{ID: "inner", Kind: kpn.KindNormalize, Params: map[string]kpn.Param{"peak": kpn.Const(0.5)}},
			{ID: "hiss", Kind: kpn.KindNoise},
			{ID: "sum", Kind: kpn.KindMix},
			{ID: "outer", Kind: kpn.KindNormalize},
		},
		Edges: []kpn.Edge{
			edge("osc", "ramp", "in", 0), edge("ramp", "inner", "in", 0),
			edge("inner", "sum", "in_0", 300), edge("hiss", "sum", "in_1", 0), edge("sum", "outer", "in", 40),
		},
		Outputs: []string{"outer"},
	}
	// The loudest frames are the last, which the delays push out.
	ramp := kpn.NewTensor(job.Shape)
	for i := range ramp.Data {
		_, _, f := job.Shape.Coordinates(i)
		ramp.Data[i] = float32(f)
	}
	job.Frames[kpn.ParamRef{Node: "ramp", Param: "gain"}] = ramp
	agree(t, g, job)
	g.Outputs = []string{"outer", "inner"} // no keep and scale kernels
	agree(t, g, job)
}

// A delayed normalize whose source also feeds an undelayed path: its peak is
// found late in the loop, and the source must not run out of its tensors
// between segments.
func TestDelayedWholeRowAcrossSegments(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 1, F: 20000}
	g, job := glide(shape)
	gain := kpn.NewTensor(shape)
	for i := range gain.Data {
		gain.Data[i] = float32(i%5000) / 5000
	}
	g.Nodes[0].Oversample = 1
	g.Nodes = append(g.Nodes,
		kpn.Node{ID: "gain", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
		kpn.Node{ID: "level", Kind: kpn.KindNormalize}, kpn.Node{ID: "sum", Kind: kpn.KindMix})
	g.Edges = []kpn.Edge{
		{From: "osc", To: "gain", Port: "in"},
		{From: "gain", To: "level", Port: "in"},
		{From: "gain", To: "sum", Port: "in_0"},
		{From: "level", To: "sum", Port: "in_1", DelayFrames: 1000},
	}
	g.Outputs = []string{"sum"}
	job.Frames[kpn.ParamRef{Node: "gain", Param: "gain"}] = gain
	job.BlockFrames = 4096
	_, err := compare.Engines(context.Background(), cpuref.New(), testedEngine(t), g, job)
	require.NoError(t, err)
}

// A job that is kept for normalize is one segment, but where lanes may not go
// through all of it at once it takes several dispatches, which carry state.
func TestKeptRowsAreCutIntoDispatches(t *testing.T) {
	job := newJob()
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "tone", Kind: kpn.KindAdditive, Params: map[string]kpn.Param{"freq": perFrame(job, "tone", "freq", 900, 1100), "count": kpn.Const(3)}},
			{ID: "out", Kind: kpn.KindNormalize},
		},
		Edges: []kpn.Edge{edge("tone", "out", "in", 0)}, Outputs: []string{"out"},
	}
	agree(t, g, job)
}
