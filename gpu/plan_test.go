package gpu

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
	"sawmill/scheduler"
)

func lowered(t require.TestingT, params map[string]kpn.Param) *scheduler.Program {
	p, err := scheduler.Lower(&kpn.Graph{
		Nodes:   []kpn.Node{{ID: "osc", Kind: kpn.KindOsc, Oversample: 4, Params: params}},
		Outputs: []string{"osc"},
	})
	require.NoError(t, err)
	return p
}

func described(storage int64, software bool) Description {
	return Description{Software: software, Limits: Limits{StorageBytes: storage, GroupCount: [3]int64{65535, 65535, 65535}}}
}

// Whatever the job and the limits, a plan's buffers fit, its segments and
// chunks are whole quads, and its lanes cover every frame of every row.
func TestPlanFitsAndCovers(t *testing.T) {
	program := lowered(t, nil)
	rapid.Check(t, func(t *rapid.T) {
		shape := kpn.Shape{
			B: rapid.IntRange(1, 3000).Draw(t, "B"),
			C: rapid.IntRange(1, 8).Draw(t, "C"),
			F: rapid.IntRange(1, 1<<20).Draw(t, "F"),
		}
		storage := rapid.Int64Range(1<<20, 1<<31).Draw(t, "storage")
		job := &kpn.Job{Shape: shape, Rate: 48000, BlockFrames: rapid.SampledFrom([]int{0, 1, 7, 64}).Draw(t, "block")}
		p, err := newPlan(program, job, nil, described(storage, rapid.Bool().Draw(t, "software")), 64)
		require.NoError(t, err)
		require.Zero(t, p.segmentFrames%4)
		require.Zero(t, p.chunkFrames%4)
		require.LessOrEqual(t, 4*int64(shape.Rows())*int64(p.segmentFrames), storage)
		require.GreaterOrEqual(t, p.chunks(p.segmentFrames)*p.chunkFrames, p.segmentFrames)
		x, y := p.groups(p.segmentFrames)
		require.GreaterOrEqual(t, x*y*p.workgroup, p.lanes(p.segmentFrames))
		require.Less(t, (x*(y-1))*p.workgroup, p.lanes(p.segmentFrames))
		require.LessOrEqual(t, int64(x), p.groupsX)
		if job.BlockFrames > 0 {
			require.LessOrEqual(t, p.segmentFrames, roundUp4(job.BlockFrames))
		}
	})
}

func TestPlanRefusesWhatCannotFit(t *testing.T) {
	job := &kpn.Job{Shape: kpn.Shape{B: 1 << 20, C: 1, F: 100}, Rate: 48000}
	_, err := newPlan(lowered(t, nil), job, nil, described(1<<20, true), 64)
	var limit *LimitError
	require.ErrorAs(t, err, &limit)
	require.EqualValues(t, 1<<20, limit.Got)
	require.EqualValues(t, 1<<16, limit.Max)
}

func TestPlanKeepsOneLaneARowWhereStateIsCarried(t *testing.T) {
	program := lowered(t, map[string]kpn.Param{"freq": {Rate: kpn.PerFrame}})
	job := &kpn.Job{Shape: kpn.Shape{B: 2, C: 1, F: 1 << 20}, Rate: 48000}
	p, err := newPlan(program, job, nil, described(1<<27, true), 16)
	require.NoError(t, err)
	require.Equal(t, 2, p.lanes(p.dispatchFrames))
	// A software renderer ends lanes that go on for too long.
	require.LessOrEqual(t, p.dispatchFrames/4*program.Loops(), softwareRounds)
	require.Less(t, p.dispatchFrames, p.segmentFrames)
}

// A window holds, at the layout's offsets, exactly the tensor's frames that a
// segment may read.
func TestTensorWindowHoldsWhatASegmentReads(t *testing.T) {
	program := lowered(t, map[string]kpn.Param{"freq": {Rate: kpn.PerFrame}, "width": {Rate: kpn.PerFrame}})
	rapid.Check(t, func(t *rapid.T) {
		shape := kpn.Shape{B: rapid.IntRange(1, 4).Draw(t, "B"), C: rapid.IntRange(1, 3).Draw(t, "C"), F: rapid.IntRange(1, 700).Draw(t, "F")}
		job := &kpn.Job{Shape: shape, Rate: 48000, Frames: map[kpn.ParamRef]*kpn.Tensor{}}
		for i, ref := range []kpn.ParamRef{{Node: "osc", Param: "freq"}, {Node: "osc", Param: "width"}} {
			s := shape
			if rapid.Bool().Draw(t, "one item") {
				s.B = 1
			}
			if rapid.Bool().Draw(t, "one channel") {
				s.C = 1
			}
			tensor := kpn.NewTensor(s)
			for j := range tensor.Data {
				tensor.Data[j] = float32(100000*i + j)
			}
			job.Frames[ref] = tensor
		}
		w := newTensorWindow(program, job)
		first := rapid.IntRange(0, shape.F-1).Draw(t, "first") &^ 3
		frames := min(rapid.IntRange(1, 64).Draw(t, "frames"), shape.F-first)
		data := w.fill(first, frames)
		require.LessOrEqual(t, len(data), w.len(frames))
		for i, tensor := range w.tensors {
			at := w.layout[i]
			for b := range shape.B {
				for c := range shape.C {
					row := tensor.Row(b, c)
					for f := w.first; f < min(shape.F, first+frames+program.Latency+4); f++ {
						require.Equal(t, row[f], data[int(at[0])+b*int(at[1])+c*int(at[2])+f-w.first])
					}
				}
			}
		}
		require.LessOrEqual(t, w.first, max(0, first-program.Strategy.WarmUp-program.Latency))
	})
}
