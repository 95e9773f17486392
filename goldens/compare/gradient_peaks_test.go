package compare_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// peakCase is a normalized input whose rows peak at frame 9, a hair below it
// at frame 3, and clearly below at frame 5.
func peakCase(candidate map[string][]int) (*kpn.Graph, *kpn.AdjointJob, *adjointFake, *adjointFake) {
	g, job := adjointCase(gradientShape)
	g.Nodes = append(g.Nodes, kpn.Node{ID: "out", Kind: kpn.KindNormalize})
	g.Edges = append(g.Edges, kpn.Edge{From: "gain", To: "out", Port: "in"})
	g.Outputs = []string{"out"}
	job.Cotangents = compare.RandomCotangents(1, 1, gradientShape)
	signal := func(row, f int) float64 {
		switch f {
		case 9:
			return -float64(row+1) * 0.9
		case 3:
			return float64(row+1) * (0.9 - 0x1p-26)
		}
		return 0.8
	}
	// The job's own signal is what tolerances are derived from.
	ref := &adjointFake{name: "a", wide: true, signal: signal}
	return g, job, ref, &adjointFake{name: "b", peaks: candidate}
}

func frames(f int) map[string][]int {
	all := make([]int, gradientShape.Rows())
	for i := range all {
		all[i] = f
	}
	return map[string][]int{"out": all}
}

func TestTheReferenceTakesTheCandidatesPeakFrames(t *testing.T) {
	for _, f := range []int{9, 3} {
		g, job, ref, dev := peakCase(frames(f))
		_, err := compare.Adjoints(context.Background(), ref, dev, g, job)
		require.NoError(t, err, "frame %d", f)
		require.Len(t, ref.asked, 1)
		assert.Equal(t, frames(f), ref.asked[0].PeakFrames)
		assert.Nil(t, dev.asked[0].PeakFrames, "the candidate finds its own")
	}
}

func TestWrongPeakFramesAreFound(t *testing.T) {
	one := frames(9)
	one["out"][4] = 5
	beyond := frames(9)
	beyond["out"][0] = gradientShape.F
	for name, p := range map[string]struct {
		peaks map[string][]int
		row   int
		got   int
	}{
		"a smaller one":          {frames(5), 0, 5},
		"a smaller one, one row": {one, 4, 5},
		"none":                   {nil, 0, -1},
		"of another node":        {map[string][]int{"gain": frames(9)["out"]}, 0, -1},
		"too few":                {map[string][]int{"out": {9}}, 0, -1},
		"beyond the end":         {beyond, 0, -1},
	} {
		g, job, ref, dev := peakCase(p.peaks)
		_, err := compare.Adjoints(context.Background(), ref, dev, g, job)
		var wrong *compare.PeakError
		require.ErrorAs(t, err, &wrong, name)
		assert.Equal(t, "out", wrong.Node, name)
		assert.Equal(t, p.row, wrong.B*gradientShape.C+wrong.C, name)
		assert.Equal(t, p.got, wrong.Got, name)
		assert.Equal(t, 9, wrong.Want, name)
		assert.Empty(t, ref.asked, name)
	}
}

func TestPeaksOfTheJobAreKept(t *testing.T) {
	g, job, ref, dev := peakCase(nil)
	job.PeakFrames = frames(5)
	_, err := compare.Adjoints(context.Background(), ref, dev, g, job)
	require.NoError(t, err)
	assert.Equal(t, frames(5), ref.asked[0].PeakFrames)
	assert.Equal(t, frames(5), dev.asked[0].PeakFrames)
}

func TestPeaksThatNoOutputDependsOnDoNotCount(t *testing.T) {
	g, job, ref, dev := peakCase(nil)
	g.Outputs = []string{"gain"}
	_, err := compare.Adjoints(context.Background(), ref, dev, g, job)
	assert.NoError(t, err)
}
