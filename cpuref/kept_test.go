package cpuref_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// TestKeptSignalsAreTheSame renders with what the last measuring pass kept, and
// without: a chain of whole-row nodes, one beside it, delays and outputs that
// come later than anything that was measured.
func TestKeptSignalsAreTheSame(t *testing.T) {
	g, job := bind(tangled(), kpn.Shape{B: 2, C: 2, F: 700}, bindings[1], 4)
	x, err := compiled(g)
	require.NoError(t, err)
	for _, block := range []int{0, 1, 7, 300} {
		job.BlockFrames = block
		var with, without []float64
		gather := func(all *[]float64) kpn.Sink {
			return func(b *kpn.Block) error { *all = append(*all, b.F64...); return nil }
		}
		nodes, err := cpuref.ForwardTest(context.Background(), x, job, true, gather(&with))
		require.NoError(t, err)
		require.NotEmpty(t, nodes, "nothing was kept")
		_, err = cpuref.ForwardTest(context.Background(), x, job, false, gather(&without))
		require.NoError(t, err)
		require.Equal(t, without, with, "blocks of %d", block)
	}
}
