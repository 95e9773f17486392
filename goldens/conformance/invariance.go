package conformance

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// wholeJob is the shape that jobs are cut up from.
var wholeJob = kpn.Shape{B: 7, C: 2, F: 113}

// blockSizes are those compared with the engine's own choice.
var blockSizes = []int{1, 7, 64}

// granularity is how much longer than asked for a block may be: engines store
// several frames at a time.
const granularity = 8

// splits are batches of the items of wholeJob.
var splits = [][]int{{1, 1, 1, 1, 1, 1, 1}, {3, 4}}

// blocksDoNotMatter renders a job in blocks of several sizes: the same bits.
func blocksDoNotMatter(t *testing.T, c *cases.Case, x kpn.Executable) {
	t.Helper()
	job := c.Job(wholeJob, c.Seed, 0)
	want := render(t, c, x, job)
	for _, size := range blockSizes {
		job.BlockFrames = size
		for o, got := range render(t, c, x, job) {
			sameBits(t, wholeJob, want[o], got, "output %s in blocks of %d frames", c.Graph.Outputs[o], size)
		}
	}
}

// batchesDoNotMatter renders the items of a job in several jobs: the same
// bits.
func batchesDoNotMatter(t *testing.T, c *cases.Case, x kpn.Executable) {
	t.Helper()
	want := render(t, c, x, c.Job(wholeJob, c.Seed, 0))
	for _, split := range splits {
		got := make([][]float64, len(want))
		first := 0
		for _, items := range split {
			shape := wholeJob
			shape.B = items
			for o, part := range render(t, c, x, c.Job(shape, c.Seed, uint64(first))) {
				got[o] = append(got[o], part...)
			}
			first += items
		}
		for o := range got {
			sameBits(t, wholeJob, want[o], got[o], "output %s in batches of %v items", c.Graph.Outputs[o], split)
		}
	}
}

// render collects the dense tensors of all outputs, and checks the blocks on
// the way.
func render(t *testing.T, c *cases.Case, x kpn.Executable, job *kpn.Job) [][]float64 {
	t.Helper()
	outputs := make([][]float64, len(c.Graph.Outputs))
	next := make([]int, len(outputs))
	for o := range outputs {
		outputs[o] = make([]float64, job.Shape.Len())
	}
	err := x.Forward(context.Background(), job, func(b *kpn.Block) error {
		if b.First != next[b.Output] {
			return fmt.Errorf("a block of output %d starts at frame %d, want %d", b.Output, b.First, next[b.Output])
		}
		if most := job.BlockFrames + granularity; job.BlockFrames > 0 && b.Shape.F > most {
			return fmt.Errorf("a block has %d frames, asked for were about %d", b.Shape.F, job.BlockFrames)
		}
		next[b.Output] += b.Shape.F
		for i := range b.Shape.Len() {
			item, channel, f := b.Shape.Coordinates(i)
			outputs[b.Output][job.Shape.Index(item, channel, b.First+f)] = b.At(i)
		}
		return nil
	})
	require.NoError(t, err)
	for o := range next {
		require.Equal(t, job.Shape.F, next[o], "every output is whole")
	}
	return outputs
}

// sameBits compares two tensors bit for bit.
func sameBits(t *testing.T, s kpn.Shape, want, got []float64, format string, args ...any) {
	t.Helper()
	require.Len(t, got, len(want))
	for i := range want {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
			b, c, f := s.Coordinates(i)
			t.Errorf("item %d, channel %d, frame %d: got %v, want %v: "+format, append([]any{b, c, f, got[i], want[i]}, args...)...)
			return
		}
	}
}
