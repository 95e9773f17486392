package cpuref_test

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

func TestAdjointRefusesBadJobs(t *testing.T) {
	shape := kpn.Shape{B: 1, C: 1, F: 4}
	g := lateNormalize(1)
	good := func() *kpn.AdjointJob {
		return &kpn.AdjointJob{
			Job:        &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"x": kpn.NewTensor(shape)}},
			Cotangents: cotangents(1, shape),
		}
	}
	adjoint(t, g, good())
	var (
		jobFault *kpn.JobError
		extent   *kpn.ShapeError
		outside  *kpn.RangeError
	)
	cases := map[string]struct {
		spoil  func(*kpn.AdjointJob)
		target any
	}{
		"no job":              {func(j *kpn.AdjointJob) { j.Job = nil }, &jobFault},
		"no cotangents":       {func(j *kpn.AdjointJob) { j.Cotangents = nil }, &jobFault},
		"too many cotangents": {func(j *kpn.AdjointJob) { j.Cotangents = cotangents(2, shape) }, &jobFault},
		"short cotangents":    {func(j *kpn.AdjointJob) { j.Cotangents = cotangents(1, kpn.Shape{B: 1, C: 1, F: 3}) }, &extent},
		"infinite cotangents": {func(j *kpn.AdjointJob) {
			w := cotangents(1, shape)
			w[0].Data[2] = float32(math.Inf(1))
			j.Cotangents = w
		}, &outside},
		"no input":         {func(j *kpn.AdjointJob) { j.Inputs = nil }, &jobFault},
		"no such node":     {func(j *kpn.AdjointJob) { j.PeakFrames = map[string][]int{"m": {0}} }, &jobFault},
		"no peak":          {func(j *kpn.AdjointJob) { j.PeakFrames = map[string][]int{"sum": {0}} }, &jobFault},
		"too many peaks":   {func(j *kpn.AdjointJob) { j.PeakFrames = map[string][]int{"n": {0, 0}} }, &jobFault},
		"a peak beyond":    {func(j *kpn.AdjointJob) { j.PeakFrames = map[string][]int{"n": {4}} }, &jobFault},
		"a peak before":    {func(j *kpn.AdjointJob) { j.PeakFrames = map[string][]int{"n": {-1}} }, &jobFault},
		"too many rows":    {func(j *kpn.AdjointJob) { j.Shape = kpn.Shape{B: kpn.MaxBatch, C: kpn.MaxChannels, F: 1} }, &extent},
		"no sample rate":   {func(j *kpn.AdjointJob) { j.Rate = 0 }, &jobFault},
		"unused parameter": {func(j *kpn.AdjointJob) { j.Items = map[kpn.ParamRef][]float64{{Node: "n", Param: "x"}: {1}} }, &jobFault},
	}
	x, err := engine.Compile(g)
	require.NoError(t, err)
	for name, c := range cases {
		job := good()
		c.spoil(job)
		all, err := x.Adjoint(t.Context(), job)
		require.Nil(t, all, name)
		require.ErrorAs(t, err, c.target, name)
	}
}

// TestAdjointRefusesWhatItCannotKeep has edges whose delays are too long for
// checkpoints, though not for a render.
func TestAdjointRefusesWhatItCannotKeep(t *testing.T) {
	g := delayed()
	g.Nodes[1].Kind = kpn.KindMix
	g.Edges = nil
	for i := range 40 {
		g.Edges = append(g.Edges, kpn.Edge{From: "a", To: "b", Port: describe("in_", i), DelayFrames: kpn.MaxEdgeDelay})
	}
	x, err := engine.Compile(g)
	require.NoError(t, err)
	job := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 1 << 20}, Rate: rate}
	_, err = x.Adjoint(t.Context(), &kpn.AdjointJob{Job: job, Cotangents: cotangents(1, job.Shape)})
	var fault *kpn.JobError
	require.ErrorAs(t, err, &fault)
	assert.Equal(t, "frames", fault.Field)
}

// watched are cotangents that check how they are read.
type watched struct {
	kpn.TensorCotangents
	t     *testing.T
	shape kpn.Shape
	busy  atomic.Int32
	reads int
	each  func(read int) error
}

func (w *watched) Read(output int, window kpn.Window, dst []float32) error {
	assert.EqualValues(w.t, 1, w.busy.Add(1), "calls overlap")
	defer w.busy.Add(-1)
	w.reads++
	assert.Positive(w.t, window.Frames)
	assert.GreaterOrEqual(w.t, window.First, 0)
	assert.LessOrEqual(w.t, window.First+window.Frames, w.shape.F)
	assert.GreaterOrEqual(w.t, window.Item, 0)
	assert.LessOrEqual(w.t, window.Item+window.Items, w.shape.B)
	assert.Len(w.t, dst, window.Items*w.shape.C*window.Frames)
	// A part is never the whole of a large job.
	assert.LessOrEqual(w.t, 4*len(dst), 1<<20)
	if err := w.each(w.reads); err != nil {
		return err
	}
	return w.TensorCotangents.Read(output, window, dst)
}

// watch is a job of many channels and what reads its cotangents.
func watch(t *testing.T, each func(read int) error) (kpn.Executable, *kpn.AdjointJob, *watched) {
	t.Helper()
	shape := kpn.Shape{B: 3, C: 100, F: 4000}
	x, err := engine.Compile(single(kpn.KindConstant, map[string]kpn.Param{"value": {Rate: kpn.PerFrame}}))
	require.NoError(t, err)
	w := &watched{TensorCotangents: cotangents(1, shape), t: t, shape: shape, each: each}
	return x, &kpn.AdjointJob{
		Job:        &kpn.Job{Shape: shape, Rate: rate, Frames: map[kpn.ParamRef]*kpn.Tensor{{Node: "node", Param: "value"}: kpn.NewTensor(shape)}},
		Cotangents: w,
	}, w
}

func TestAdjointReadsCotangentsInParts(t *testing.T) {
	x, job, w := watch(t, func(int) error { return nil })
	all, err := x.Adjoint(t.Context(), job)
	require.NoError(t, err)
	// The gradient of a constant's value is the output's cotangent.
	for i, want := range w.TensorCotangents[0].Data {
		if float64(want) != all.List[0].F64[i] {
			require.Equal(t, float64(want), all.List[0].F64[i], "value %d", i)
		}
	}
}

func TestAdjointStopsAtTheCotangentsError(t *testing.T) {
	gone := errors.New("the file is gone")
	x, job, w := watch(t, func(read int) error {
		if read == 5 {
			return gone
		}
		return nil
	})
	all, err := x.Adjoint(t.Context(), job)
	require.ErrorIs(t, err, gone)
	require.Nil(t, all)
	require.Less(t, w.reads, 600)
}

func TestAdjointStopsWhenCancelledHalfway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	x, job, w := watch(t, func(read int) error {
		if read == 5 {
			cancel()
		}
		return nil
	})
	all, err := x.Adjoint(ctx, job)
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, all)
	require.Less(t, w.reads, 600)
}
