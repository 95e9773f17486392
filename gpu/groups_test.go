package gpu

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/goldens/conformance"
	"sawmill/kpn"
)

// cachingDevice keeps programs for the next run of the tests: make mutants
// runs them often.
func cachingDevice(t *testing.T) *Device {
	t.Helper()
	d, err := Open(tested(), Debug())
	conformance.RequireGPU(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

// littleDevice claims that a buffer holds no more than some bytes, so that an
// adjoint takes few items at a time.
func littleDevice(t *testing.T, bytes int64) *Device {
	t.Helper()
	d := cachingDevice(t)
	d.description.Limits.StorageBytes = bytes
	return d
}

// prepared compiles a graph.
func prepared(t *testing.T, d *Device, g *kpn.Graph) *Executable {
	t.Helper()
	compiled, err := EngineOn(d).Compile(g)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, compiled.Close()) })
	x, ok := compiled.(*Executable)
	require.True(t, ok)
	return x
}

// groupsOf cuts an adjoint as the device does.
func groupsOf(t *testing.T, x *Executable, job *kpn.Job) backPlan {
	t.Helper()
	lowered, err := x.lowerAdjoint()
	require.NoError(t, err)
	own, controls, err := x.split(context.Background(), job)
	require.NoError(t, err)
	p, err := newBackPlan(lowered, own, controls, x.device.Describe(), x.workgroup)
	require.NoError(t, err)
	return p
}

// meetsReference compares the adjoint of a job with the reference's.
func meetsReference(t *testing.T, d *Device, g *kpn.Graph, asked *kpn.AdjointJob) {
	t.Helper()
	_, err := compare.Run{Case: t.Name(), Reference: cpuref.New(), Candidate: EngineOn(d)}.Adjoints(context.Background(), g, asked)
	require.NoError(t, err)
}

// arbitraryFrames names a frame of each row that is hardly that of its largest
// magnitude.
func arbitraryFrames(shape kpn.Shape) []int {
	frames := make([]int, shape.Rows())
	for row := range frames {
		frames[row] = (7 + 31*row) % shape.F
	}
	return frames
}

// Groups after the first have their own cotangents, wherever they lie, their
// own peaks and their own part of every gradient. Segments of a graph that
// cannot seek hand queues on, in both directions.
func TestAdjointsOfManyGroups(t *testing.T) {
	d := littleDevice(t, 192<<10)
	shape := kpn.Shape{B: 47, C: 2, F: 205}
	for name, g := range map[string]*kpn.Graph{"seeking": seeking(), "carrying": carrying()} {
		t.Run(name, func(t *testing.T) {
			x := prepared(t, d, g)
			job := drawnJob(g, shape)
			job.BlockFrames = 64
			p := groupsOf(t, x, job)
			require.Less(t, p.items, shape.B)
			require.Greater(t, len(p.segments()), 2)
			lowered, err := x.lowerAdjoint()
			require.NoError(t, err)
			require.Positive(t, lowered.TapeQueueFrames)
			require.Greater(t, lowered.QueueFrames, lowered.TapeQueueFrames)
			dense := compare.RandomCotangents(5, len(g.Outputs), shape)
			asked := &kpn.AdjointJob{Job: job, Cotangents: dense, PeakFrames: map[string][]int{"level": arbitraryFrames(shape)}}
			meetsReference(t, d, g, asked)
			want, err := x.Adjoint(context.Background(), asked)
			require.NoError(t, err)
			require.Equal(t, asked.PeakFrames["level"], want.PeakFrames["level"])
			asked.Cotangents = residentOf(t, d, dense)
			got, err := x.Adjoint(context.Background(), asked)
			require.NoError(t, err)
			require.Equal(t, want, got, "with cotangents on the device")
			// Peaks that the engine finds itself.
			meetsReference(t, d, g, &kpn.AdjointJob{Job: job, Cotangents: dense})
		})
	}
}

// residentOf brings cotangents to a device.
func residentOf(t *testing.T, d *Device, dense kpn.TensorCotangents) Cotangents {
	t.Helper()
	var list Cotangents
	for _, from := range dense {
		to, err := newTensor(d, from.Shape)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, to.Close()) })
		require.NoError(t, to.Write(from))
		list = append(list, to)
	}
	return list
}

// Groups have their own control signals too.
func TestAdjointsOfControlInManyGroups(t *testing.T) {
	d := littleDevice(t, 32<<10)
	g := echo(3)
	g.Nodes = append(g.Nodes,
		kpn.Node{ID: "slow", Kind: kpn.KindLfo, Control: true, Params: map[string]kpn.Param{"freq": {Rate: kpn.PerItem}}},
		kpn.Node{ID: "fast", Kind: kpn.KindLfo, Control: true, Params: constants(map[string]float64{"freq": 400})},
	)
	g.Edges = append(g.Edges, by("slow", "amp", "gain", multiply, 1.5, 0), by("fast", "sum", "level_1", add, 0.5, 0))
	g.Control.Rate = 6000
	shape := kpn.Shape{B: 17, C: 2, F: 205}
	job := gains(shape)
	ref := kpn.ParamRef{Node: "slow", Param: "freq"}
	job.Items = map[kpn.ParamRef][]float64{ref: nil}
	for row := range shape.Rows() {
		job.Items[ref] = append(job.Items[ref], 100+float64(50*row))
	}
	require.Less(t, groupsOf(t, prepared(t, d, g), job).items, shape.B)
	meetsReference(t, d, g, &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(3, 1, shape)})
}

// Whoever cannot read cotangents on their device gets the same windows of them
// as of those in memory.
func TestCotangentsOfAWindow(t *testing.T) {
	shape := kpn.Shape{B: 3, C: 2, F: 13}
	dense := compare.RandomCotangents(1, 2, shape)
	resident := residentOf(t, cachingDevice(t), dense)
	for _, w := range []kpn.Window{{Items: 3, Frames: 13}, {Item: 1, Items: 2, First: 5, Frames: 7}, {Item: 2, Items: 1, First: 12, Frames: 1}} {
		for o := range dense {
			want, got := make([]float32, w.Items*shape.C*w.Frames), make([]float32, w.Items*shape.C*w.Frames)
			require.NoError(t, dense.Read(o, w, want))
			require.NoError(t, resident.Read(o, w, got))
			require.Equal(t, want, got, "%+v of output %d", w, o)
		}
	}
}

// echo is a gain that differs from frame to frame, with an echo of itself: a
// queue, and so chunks that warm up.
func echo(delay int) *kpn.Graph {
	return &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "one", Kind: kpn.KindConstant, Params: map[string]kpn.Param{"value": kpn.Const(0.8)}},
			{ID: "amp", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
			{ID: "sum", Kind: kpn.KindMix},
		},
		Edges: []kpn.Edge{
			{From: "one", To: "amp", Port: "in"},
			{From: "amp", To: "sum", Port: "in_0"},
			{From: "amp", To: "sum", Port: "in_1", DelayFrames: delay},
		},
		Outputs: []string{"sum"},
	}
}

// gains are a job of an echo.
func gains(shape kpn.Shape) *kpn.Job {
	tensor := kpn.NewTensor(shape)
	for i := range tensor.Data {
		tensor.Data[i] = float32(kpn.UnitDraw(3, uint64(i), "gain"))
	}
	return &kpn.Job{Shape: shape, Rate: 48000, Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "amp", Param: "gain"}: tensor}}
}

// What a chunk's warm-up finds is the next chunk's to store. Behind a segment
// it would be the first frames of the next row, which another lane stored long
// before: there are many more chunks than a device takes at once.
func TestAdjointsOfManyChunks(t *testing.T) {
	d := cachingDevice(t)
	g := echo(3)
	shape := kpn.Shape{B: 4, C: 2, F: 25600}
	job := gains(shape)
	job.BlockFrames = shape.F / 2
	p := groupsOf(t, prepared(t, d, g), job)
	require.Len(t, p.segments(), 2)
	require.Positive(t, p.warmUp)
	require.Greater(t, p.lanes(p.segmentFrames, shape.Rows()), 16*p.workgroup)
	meetsReference(t, d, g, &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(2, 1, shape)})
}

// Where the loop's last frame is one of the job's, its cotangents wait in
// queues too.
func TestAdjointsOfWholeGranules(t *testing.T) {
	d := cachingDevice(t)
	g := echo(3)
	shape := kpn.Shape{B: 2, C: 1, F: 64}
	job := gains(shape)
	require.Equal(t, shape.F, groupsOf(t, prepared(t, d, g), job).frames)
	meetsReference(t, d, g, &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(2, 1, shape)})
}

// A source that is delayed is silent at first, also where its values are
// reckoned again and not read from a tape.
func TestAdjointsOfDelayedSources(t *testing.T) {
	d := cachingDevice(t)
	g := echo(5)
	g.Nodes[1].Params["gain"] = kpn.Const(0.5)
	g.Edges[0].DelayFrames = 4
	shape := kpn.Shape{B: 2, C: 2, F: 11}
	job := &kpn.Job{Shape: shape, Rate: 48000}
	meetsReference(t, d, g, &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(2, 1, shape)})
}

// Of equal magnitudes the first is the row's largest, in whatever chunk.
func TestAdjointsOfEqualPeaks(t *testing.T) {
	g := &kpn.Graph{
		Nodes:   []kpn.Node{{ID: "one", Kind: kpn.KindConstant, Params: map[string]kpn.Param{"value": kpn.Const(0.8)}}, {ID: "level", Kind: kpn.KindNormalize}},
		Edges:   []kpn.Edge{{From: "one", To: "level", Port: "in", DelayFrames: 2}},
		Outputs: []string{"level"},
	}
	x := prepared(t, cachingDevice(t), g)
	shape := kpn.Shape{B: 2, C: 1, F: 205}
	job := &kpn.Job{Shape: shape, Rate: 48000}
	all, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(2, 1, shape)})
	require.NoError(t, err)
	require.Equal(t, []int{2, 2}, all.PeakFrames["level"])
}
