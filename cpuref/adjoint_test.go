package cpuref_test

import (
	"context"
	"math"
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

// loss is the scalar that the adjoint differentiates.
func loss(t *testing.T, g *kpn.Graph, job *kpn.Job) float64 {
	t.Helper()
	sum := 0.0
	for o, samples := range render(t, g, job) {
		for i, c := range weights(job)[o].Data {
			sum += float64(c) * samples[i]
		}
	}
	return sum
}

// smooth is everything without an envelope whose stages end on a frame, where
// it has a corner, and with all processors' spans passed.
func smooth() *kpn.Graph {
	g := everything()
	for i := range g.Nodes {
		if g.Nodes[i].ID == "shape" {
			g.Nodes[i].Params["attack"] = kpn.Const(0.0010137)
			g.Nodes[i].Params["gate"] = kpn.Const(0.2010291)
		}
	}
	return g
}

// nudged is a job whose frequencies and levels are off every corner.
func nudged(frames int) *kpn.Job {
	job := items(1, 2, frames)
	for ref, v := range job.Items {
		if ref.Param == "shape" || ref.Param == "distribution" {
			continue
		}
		for i := range v {
			v[i] += 1e-3 * (1.1 + float64(i))
		}
	}
	return job
}

// TestAdjointIsTheDerivative moves one value at a time, over a render that is
// longer than the distance of two checkpoints. The step is small against what
// a waveform's step is smoothed over, and the error of a central difference
// falls with its square: 1e-6 of the gradients' own size is left.
func TestAdjointIsTheDerivative(t *testing.T) {
	const long = 17000
	g := smooth()
	all := gradients(t, g, nudged(long))
	size := 0.0
	moved := map[kpn.ParamRef]float64{
		{Node: "pulse", Param: "freq"}: 1e-6, {Node: "any", Param: "phase"}: 1e-6,
		{Node: "shape", Param: "decay"}: 1e-8, {Node: "level", Param: "value"}: 1e-4, {Node: "out", Param: "peak"}: 1e-5,
	}
	for ref, h := range moved {
		v, ok := all.Find(ref)
		require.True(t, ok)
		for i := range v.F64 {
			up, down := nudged(long), nudged(long)
			up.Items[ref][i] += h
			down.Items[ref][i] -= h
			want := (loss(t, g, up) - loss(t, g, down)) / (up.Items[ref][i] - down.Items[ref][i])
			require.InDelta(t, want, v.F64[i], 1e-6*max(math.Abs(want), 1), "%v of item %d", ref, i)
			size += math.Abs(v.F64[i])
		}
	}
	require.Greater(t, size, 1.0, "gradients of nothing prove nothing")
	for _, ref := range []kpn.ParamRef{{Node: "saw", Param: "freq"}, {Node: "pulse", Param: "width"}, {Node: "soft", Param: "gain"}, {Node: "outside"}} {
		v, ok := all.Find(ref)
		require.True(t, ok)
		for _, at := range []int{0, 1, 300, 16383, 16384, long - 1, long + 77, v.Shape.Len() - 1} {
			up, down := nudged(long), nudged(long)
			a, b := bound(up, ref), bound(down, ref)
			h := max(1e-3, 1e-4*a.Data[at])
			if ref.Param == "width" {
				h = 1e-4
			}
			a.Data[at] += h
			b.Data[at] -= h
			if a.Data[at] > 1 && ref.Param == "width" || b.Data[at] < 0 && ref.Param != "gain" && ref.Node != "outside" {
				continue
			}
			want := (loss(t, g, up) - loss(t, g, down)) / (float64(a.Data[at]) - float64(b.Data[at]))
			// A wide step of one frame bends: 1e-3 of a unit's gradient.
			require.InDelta(t, want, v.F64[at], 2e-3*max(math.Abs(want), 0.1), "%v, value %d", ref, at)
		}
	}
}

// bound is the tensor that a job binds to a reference, its own copy.
func bound(job *kpn.Job, ref kpn.ParamRef) *kpn.Tensor {
	t := job.Frames[ref]
	if ref.Param == "" {
		t = job.Inputs[ref.Node]
	}
	own := kpn.NewTensor(t.Shape)
	copy(own.Data, t.Data)
	if ref.Param == "" {
		job.Inputs[ref.Node] = own
	} else {
		job.Frames[ref] = own
	}
	return own
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
