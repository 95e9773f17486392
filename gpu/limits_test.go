package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// crowded is a graph with two tensors, state, a queue, a peak and two outputs:
// everything that takes a buffer's room.
func crowded(t require.TestingT) *scheduler.Program {
	p, err := scheduler.Lower(&kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "glide", Kind: kpn.KindOsc, Oversample: 64, Params: map[string]kpn.Param{
				"freq": {Rate: kpn.PerFrame}, "width": {Rate: kpn.PerItem},
			}},
			{ID: "level", Kind: kpn.KindNormalize},
			{ID: "amp", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": {Rate: kpn.PerFrame}}},
			{ID: "sum", Kind: kpn.KindMix},
		},
		Edges: []kpn.Edge{
			{From: "glide", To: "level", Port: "in"},
			{From: "level", To: "amp", Port: "in"},
			{From: "amp", To: "sum", Port: "in_0"},
			{From: "glide", To: "sum", Port: "in_1", DelayFrames: 9},
		},
		Outputs: []string{"sum", "glide"},
	})
	require.NoError(t, err)
	return p
}

// Whatever the limits, a plan is refused or every buffer that it asks for fits.
func TestEveryBufferOfAPlanFits(t *testing.T) {
	program := crowded(t)
	rapid.Check(t, func(t *rapid.T) {
		shape := kpn.Shape{
			B: rapid.IntRange(1, 200).Draw(t, "B"),
			C: rapid.IntRange(1, 3).Draw(t, "C"),
			F: rapid.IntRange(1, 1<<16).Draw(t, "F"),
		}
		storage := rapid.Int64Range(1<<8, 1<<20).Draw(t, "storage")
		ones := kpn.NewTensor(shape)
		job := &kpn.Job{Shape: shape, Rate: 48000, Frames: map[kpn.ParamRef]*kpn.Tensor{
			{Node: "glide", Param: "freq"}: ones, {Node: "amp", Param: "gain"}: ones,
		}}
		p, err := newPlan(program, job, nil, described(storage, true), 16)
		if err != nil {
			var limit *LimitError
			require.ErrorAs(t, err, &limit)
			require.Greater(t, limit.Got, limit.Max)
			return
		}
		r := &render{program: program, job: job, plan: p, tensors: newTensorWindow(program, job)}
		for binding, size := range r.sizes() {
			require.LessOrEqual(t, int64(size), storage, "binding %d", binding)
		}
	})
}

func TestLittleStorageMakesManySegments(t *testing.T) {
	// Noise has no row parameters, so that the samples alone decide.
	program, err := scheduler.Lower(&kpn.Graph{Nodes: []kpn.Node{{ID: "hiss", Kind: kpn.KindNoise}}, Outputs: []string{"hiss"}})
	require.NoError(t, err)
	job := &kpn.Job{Shape: kpn.Shape{B: 2, C: 2, F: 1001}, Rate: 48000}
	for storage, frames := range map[int64]int{1 << 20: 1004, 1 << 12: 256, 1000: 60, 64: 4} {
		p, planErr := newPlan(program, job, nil, described(storage, true), 16)
		require.NoError(t, planErr)
		// 16 bytes a frame, four rows of one output, in whole quads.
		require.Equal(t, frames, p.segmentFrames, "%d bytes", storage)
	}
	_, err = newPlan(program, job, nil, described(63, true), 16)
	var limit *LimitError
	require.ErrorAs(t, err, &limit)
	require.EqualValues(t, 4, limit.Got)
	require.EqualValues(t, 3, limit.Max)
}

// As many rows as fit four frames at a time are no reason to refuse a job,
// although a segment that comfortable would rather be smaller.
func TestManyRowsArePlannedUpToTheDevice(t *testing.T) {
	program := lowered(t, nil)
	const storage = 1 << 31
	job := &kpn.Job{Shape: kpn.Shape{B: kpn.MaxBatch, C: 1, F: 48}, Rate: 48000}
	p, err := newPlan(program, job, nil, described(storage, false), 64)
	require.NoError(t, err)
	require.Equal(t, 4, p.segmentFrames)
	require.Equal(t, kpn.MaxBatch, p.lanes(4))
}

// A dispatch fills x before it goes to y, and stays within x's limit.
func TestGroupsBeyondTheLimitOfX(t *testing.T) {
	for _, c := range []struct {
		rows, chunks, workgroup int
		groupsX                 int64
		x, y                    int
	}{
		{1, 1, 16, 65535, 1, 1},
		{16, 1, 16, 65535, 1, 1},
		{17, 1, 16, 65535, 2, 1},
		{7, 3, 4, 65535, 6, 1},
		{7, 3, 4, 5, 5, 2},
		{7, 3, 4, 1, 1, 6},
		{1 << 15, 64, 64, 65535, 1 << 15, 1},
		{1<<15 + 1, 64, 64, 65535, 1 << 15, 2},
		{1 << 20, 64, 16, 1 << 31, 1 << 15, 1 << 7},
	} {
		p := plan{shape: kpn.Shape{B: c.rows, C: 1, F: 4 * c.chunks}, segmentFrames: 4 * c.chunks, dispatchFrames: 4 * c.chunks, chunkFrames: 4, workgroup: c.workgroup, groupsX: c.groupsX}
		require.Equal(t, c.rows*c.chunks, p.lanes(p.segmentFrames))
		x, y := p.groups(p.segmentFrames)
		require.Equal(t, []int{c.x, c.y}, []int{x, y}, "%+v", c)
	}
}

// The last segment is shorter: fewer lanes, none of them empty.
func TestLanesOfAPartSegment(t *testing.T) {
	p := plan{shape: kpn.Shape{B: 3, C: 2, F: 1000}, segmentFrames: 64, dispatchFrames: 64, chunkFrames: 16, workgroup: 16, groupsX: 65535}
	for frames, chunks := range map[int]int{64: 4, 63: 4, 49: 4, 48: 3, 17: 2, 16: 1, 1: 1} {
		require.Equal(t, 6*chunks, p.lanes(frames), "%d frames", frames)
	}
}

func TestRowParamsLieSlotBySlot(t *testing.T) {
	program := lowered(t, map[string]kpn.Param{
		"shape": {Rate: kpn.PerItem}, "freq": {Rate: kpn.PerItem}, "width": kpn.Const(0.25),
	})
	job := &kpn.Job{Shape: kpn.Shape{B: 2, C: 3, F: 1}, Rate: 48000, Items: map[kpn.ParamRef][]float64{
		{Node: "osc", Param: "shape"}: {1, 2},
		{Node: "osc", Param: "freq"}:  {10, 11, 12, 13, 14, 15},
	}}
	want := map[string][]float64{
		"shape": {1, 1, 1, 2, 2, 2}, // one for each item serves its channels
		"freq":  {10, 11, 12, 13, 14, 15},
		"phase": {0, 0, 0, 0, 0, 0}, // constants are row parameters too
		"width": {0.25, 0.25, 0.25, 0.25, 0.25, 0.25},
	}
	values := rowParams(program, job)
	require.Len(t, program.Layout.RowParams, len(want))
	require.Len(t, values, len(want)*6)
	for slot, p := range program.Layout.RowParams {
		require.Equal(t, want[p.Ref.Param], values[slot*6:slot*6+6], "%v", p.Ref)
	}
}
