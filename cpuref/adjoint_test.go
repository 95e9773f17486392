package cpuref_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// weights are dense cotangents of three outputs; an item's depend on its index
// only.
func weights(job *kpn.Job) kpn.TensorCotangents {
	full := kpn.Shape{B: 8, C: 2, F: job.Shape.F}
	var list kpn.TensorCotangents
	for o := range uint64(3) {
		whole := tensor(full, 100+o, -1, 1)
		from := int(job.FirstItem) * 2 * full.F
		list = append(list, &kpn.Tensor{Shape: job.Shape, Data: whole.Data[from : from+job.Shape.Len()]})
	}
	return list
}

func gradients(t *testing.T, g *kpn.Graph, job *kpn.Job) *kpn.Gradients {
	t.Helper()
	x, err := engine.Compile(g)
	require.NoError(t, err)
	all, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: weights(job)})
	require.NoError(t, err)
	return all
}

func TestAdjointKeepsItsBits(t *testing.T) {
	g := everything()
	whole := gradients(t, g, items(0, 8, frames))
	for _, n := range []int{1, 7, 64} {
		job := items(0, 8, frames)
		job.BlockFrames = n
		require.Equal(t, whole, gradients(t, g, job), "blocks of %d", n)
	}
	for _, n := range []int{1, 3, 16} {
		before := runtime.GOMAXPROCS(n)
		got := gradients(t, g, items(0, 8, frames))
		runtime.GOMAXPROCS(before)
		require.Equal(t, whole, got, "%d processors", n)
	}
	first := 0
	for _, n := range []int{3, 1, 4} {
		part := gradients(t, g, items(first, n, frames))
		for i, v := range whole.List {
			if v.Shape.B != 8 {
				continue
			}
			per := v.Shape.Len() / 8
			require.Equal(t, v.F64[first*per:(first+n)*per], part.List[i].F64, "%v of items %d to %d", v.Ref, first, first+n)
		}
		first += n
	}
}

func TestAdjointStopsWhenItsContextDoes(t *testing.T) {
	x, err := engine.Compile(everything())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	job := items(0, 8, frames)
	_, err = x.Adjoint(ctx, &kpn.AdjointJob{Job: job, Cotangents: weights(job)})
	require.ErrorIs(t, err, context.Canceled)
}

func TestAdjointOfSharedTensors(t *testing.T) {
	g := single(kpn.KindConstant, map[string]kpn.Param{"value": {Rate: kpn.PerFrame}})
	job := &kpn.Job{Shape: kpn.Shape{B: 3, C: 2, F: 5}, Rate: rate, Frames: map[kpn.ParamRef]*kpn.Tensor{
		{Node: "node", Param: "value"}: kpn.NewTensor(kpn.Shape{B: 1, C: 2, F: 5}),
	}}
	c := tensor(job.Shape, 1, -1, 1)
	x, err := engine.Compile(g)
	require.NoError(t, err)
	all, err := x.Adjoint(context.Background(), &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{c}})
	require.NoError(t, err)
	for channel := range 2 {
		for f := range 5 {
			want := 0.0
			for item := range 3 {
				want += float64(c.Row(item, channel)[f])
			}
			require.InDelta(t, want, all.List[0].At(channel*5+f), 0, "the sum over three items, in their order")
		}
	}
}
