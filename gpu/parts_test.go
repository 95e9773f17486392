package gpu

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// A job that no buffer holds is rendered some items at a time rather than
// twice, to the bits that either way gives.
func TestJobsInPartsHaveTheSameBits(t *testing.T) {
	shape := kpn.Shape{B: 7, C: 2, F: 1001}
	job := drawnJob(levelled(), shape)
	whole := collected(t, prepared(t, cachingDevice(t), levelled()), job)
	little := prepared(t, littleDevice(t, 3*2*4*1004), levelled())
	require.Equal(t, 3, little.partItems(job))
	require.Equal(t, whole, collected(t, little, job))
	require.NoError(t, little.RenderOnly(context.Background(), job))

	blocks := *job
	blocks.BlockFrames = 500
	require.Equal(t, shape.B, little.partItems(&blocks), "blocks are wanted before the last is rendered")
	require.Equal(t, whole, collected(t, little, &blocks))

	long := *job
	long.Shape.F = 4 << 20
	require.Equal(t, shape.B, little.partItems(&long), "one item is too large")
	require.Equal(t, shape.B, prepared(t, cachingDevice(t), seeking()).partItems(job), "nothing is rendered twice")
}

func TestPartsStopAtErrors(t *testing.T) {
	little := prepared(t, littleDevice(t, 2*4*1004), levelled())
	job := drawnJob(levelled(), kpn.Shape{B: 4, C: 1, F: 1001})
	require.Equal(t, 2, little.partItems(job))
	full := errors.New("the disk is full")
	require.ErrorIs(t, little.Forward(context.Background(), job, func(*kpn.Block) error { return full }), full)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, little.Forward(gone, job, func(*kpn.Block) error { return nil }), context.Canceled)
}

// collected renders a job of one output into a tensor.
func collected(t *testing.T, x *Executable, job *kpn.Job) []float32 {
	t.Helper()
	all := make([]float32, job.Shape.Len())
	require.NoError(t, x.Forward(context.Background(), job, func(b *kpn.Block) error {
		for row := range b.Shape.Rows() {
			copy(all[row*job.Shape.F+b.First:], b.F32[row*b.Shape.F:(row+1)*b.Shape.F])
		}
		return nil
	}))
	return all
}
