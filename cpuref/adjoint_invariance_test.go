package cpuref_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// TestAdjointOfLongRowsKeepsItsBits has rows of two checkpoints, and values
// that rows share, which are added up whichever row is done first.
func TestAdjointOfLongRowsKeepsItsBits(t *testing.T) {
	shape := kpn.Shape{B: 4, C: 2, F: 5000}
	for _, to := range []binding{bindings[2], bindings[3], bindings[6]} {
		g, base := bind(tangled(), shape, to, 5)
		w := cotangents(len(g.Outputs), shape)
		want := adjoint(t, g, &kpn.AdjointJob{Job: base, Cotangents: w})
		for _, n := range []int{1, 3, 16} {
			t.Run(fmt.Sprintf("%s, %d processors", to.name, n), func(t *testing.T) {
				before := runtime.GOMAXPROCS(n)
				t.Cleanup(func() { runtime.GOMAXPROCS(before) })
				job := *base
				job.BlockFrames = []int{1, 7, 64}[n%3]
				require.Equal(t, want, adjoint(t, g, &kpn.AdjointJob{Job: &job, Cotangents: w}))
			})
		}
		for first, count := 0, 1; first < shape.B; first, count = first+count, count+1 {
			requireSameItems(t, to.name, g, base, w, want, first, min(count, shape.B-first))
		}
	}
}

// requireSameItems renders some of a job's items by themselves.
func requireSameItems(t *testing.T, name string, g *kpn.Graph, whole *kpn.Job, w kpn.TensorCotangents, want *kpn.Gradients, first, count int) {
	t.Helper()
	var part kpn.TensorCotangents
	per := w[0].Len() / w[0].B
	for _, v := range w {
		part = append(part, &kpn.Tensor{Shape: kpn.Shape{B: count, C: v.C, F: v.F}, Data: v.Data[first*per : (first+count)*per]})
	}
	got := adjoint(t, g, &kpn.AdjointJob{Job: whole.Slice(first, count), Cotangents: part})
	for i := range want.List {
		v := &want.List[i]
		if v.Shape.B == 1 {
			continue // The sum over the items.
		}
		size := v.Shape.Len() / v.Shape.B
		require.Equal(t, v.F64[first*size:(first+count)*size], got.List[i].F64, "%s: %v of items from %d", name, v.Ref, first)
	}
	for id, frames := range want.PeakFrames {
		require.Equal(t, frames[first*whole.Shape.C:(first+count)*whole.Shape.C], got.PeakFrames[id])
	}
}

// TestSimultaneousAdjoints shares one executable.
func TestSimultaneousAdjoints(t *testing.T) {
	shape := kpn.Shape{B: 3, C: 2, F: 700}
	g, job := bind(tangled(), shape, bindings[6], 6)
	a := &kpn.AdjointJob{Job: job, Cotangents: cotangents(len(g.Outputs), shape)}
	want := adjoint(t, g, a)
	x, err := engine.Compile(g)
	require.NoError(t, err)
	got, errs := make([]*kpn.Gradients, 4), make([]error, 4)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i], errs[i] = x.Adjoint(t.Context(), a) })
	}
	all.Wait()
	for i := range got {
		require.NoError(t, errs[i])
		require.Equal(t, want, got[i])
	}
}
