package compare_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// cancelling is the fakes' case with cotangents whose products with the
// signal cancel from pair to pair of frames, so that the gain's gradient is
// next to nothing.
func cancelling(s kpn.Shape) (*kpn.Graph, *kpn.AdjointJob) {
	g, job := adjointCase(s)
	c := compare.RandomCotangents(1, 1, s)
	signal := job.Inputs["a"]
	for i := 0; i < s.Len(); i += 2 {
		signal.Data[i+1] = signal.Data[i]
		c[0].Data[i+1] = -c[0].Data[i]
	}
	job.Cotangents = c
	return g, job
}

// TestCancelledGradientsAreHeldToWhatTheySumUp: 384 terms cancel to nothing,
// and a float32 sum leaves an error of a few roundings of single terms.
func TestCancelledGradientsAreHeldToWhatTheySumUp(t *testing.T) {
	g, job := cancelling(gradientShape)
	run := func(off float64, tolerance ...compare.GradientTolerance) (compare.GradientReport, error) {
		dev := &adjointFake{name: "b", change: func(all *kpn.Gradients) {
			gain := find(all, "gain")
			for i := range gain.F64 {
				gain.F64[i] += off
			}
		}}
		return compare.Adjoints(context.Background(), &adjointFake{name: "a", wide: true}, dev, g, job, tolerance...)
	}
	_, err := run(0x1p-24, thousandth)
	var mismatch *compare.GradientMismatchError
	require.ErrorAs(t, err, &mismatch, "without a floor, rounding fails")
	report, err := run(0x1p-24)
	require.NoError(t, err)
	require.Equal(t, "gain", report.Lines[1].Ref.Node)
	assert.Positive(t, report.Lines[1].Allowed)

	// What a row's terms are when they do not cancel: the root of the sum of
	// their squares, over all rows. Three draws estimate it.
	squares := 0.0
	signal, c := job.Inputs["a"], make([]float32, gradientShape.Len())
	require.NoError(t, job.Cotangents.Read(0, kpn.Window{Items: gradientShape.B, Frames: gradientShape.F}, c))
	for i := range signal.Data {
		x := float64(signal.Data[i]) * float64(c[i])
		squares += x * x
	}
	scales, err := compare.GradientScales(context.Background(), &adjointFake{name: "a", wide: true}, g, job)
	require.NoError(t, err)
	scale := scales[kpn.ParamRef{Node: "gain", Param: "gain"}]
	// 18 independent draws, 3 of 6 rows: their mean square is off by a third
	// one time in three, and never by a factor of 3.
	assert.Greater(t, scale*scale, squares/3)
	assert.Less(t, scale*scale, squares*3)

	// A thousandth of that is far above the floor, and any true fault larger.
	_, err = run(1e-3 * scale / math.Sqrt(6))
	require.ErrorAs(t, err, &mismatch)
	assert.Equal(t, "gain", mismatch.Ref.Node)
	// Twice what is allowed fails, half passes.
	allowed := report.Lines[1].Allowed / math.Sqrt(6)
	_, err = run(2 * allowed)
	require.ErrorAs(t, err, &mismatch)
	_, err = run(allowed / 2)
	require.NoError(t, err)
}

func TestTheDerivedFloorIsBelowThePromise(t *testing.T) {
	g, job := adjointCase(gradientShape)
	for _, frames := range []int{1, 64, 48000, 48000 * 60 * 60, kpn.MaxFrames} {
		long := *job.Job
		long.Shape.F = frames
		tolerance := compare.DeriveGradients(g, &long)
		require.NoError(t, tolerance.Validate())
		assert.LessOrEqual(t, tolerance.Share, tolerance.Relative)
		assert.GreaterOrEqual(t, tolerance.Share, 8*0x1p-24)
	}
}

// TestScalesUndoCancellationForAllCotangents: a gain before a normalize in
// mode always has no effect. The engines' adjoint has to find a zero from two
// large terms, which random frames of the peak show.
func TestScalesAskForRandomSignsAndFrames(t *testing.T) {
	g, job := adjointCase(gradientShape)
	g.Nodes = append(g.Nodes, kpn.Node{ID: "out", Kind: kpn.KindNormalize})
	g.Edges = append(g.Edges, kpn.Edge{From: "gain", To: "out", Port: "in"})
	g.Outputs = []string{"out"}
	given := compare.RandomCotangents(1, 1, gradientShape)
	job.Cotangents = given
	e := &adjointFake{name: "a", wide: true}
	_, err := compare.GradientScales(context.Background(), e, g, job)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(e.asked), 2)
	seen := map[int]bool{}
	for _, asked := range e.asked {
		require.NoError(t, asked.Validate(g))
		for _, f := range asked.PeakFrames["out"] {
			seen[f] = true
		}
		// The same magnitudes, half of the signs, whatever the window.
		whole := make([]float32, gradientShape.Len())
		require.NoError(t, asked.Cotangents.Read(0, kpn.Window{Items: 3, Frames: 64}, whole))
		flipped := 0
		for i, x := range whole {
			require.Equal(t, math.Abs(float64(given[0].Data[i])), math.Abs(float64(x)))
			if x != given[0].Data[i] {
				flipped++
			}
		}
		// 384 throws of a coin: 10 is their deviation.
		assert.InDelta(t, 192, flipped, 60)
		part := make([]float32, 2*7)
		require.NoError(t, asked.Cotangents.Read(0, kpn.Window{Item: 1, Items: 1, First: 13, Frames: 7}, part))
		for channel := range 2 {
			at := gradientShape.Index(1, channel, 13)
			assert.Equal(t, whole[at:at+7], part[7*channel:7*channel+7])
		}
	}
	assert.Greater(t, len(seen), 6)
}

func TestRandomCotangentsAreDenseAndSeeded(t *testing.T) {
	s := kpn.Shape{B: 2, C: 3, F: 1001}
	one := compare.RandomCotangents(7, 2, s)
	require.NoError(t, one.Validate(2, s))
	assert.Equal(t, one, compare.RandomCotangents(7, 2, s))
	assert.NotEqual(t, one[0].Data, one[1].Data)
	assert.NotEqual(t, one, compare.RandomCotangents(8, 2, s))
	assert.NotEqual(t, one[0].Row(0, 0), one[0].Row(1, 0))
	assert.NotEqual(t, one[0].Row(0, 0), one[0].Row(0, 1))
	sum, squares, zeros := 0.0, 0.0, 0
	for _, x := range one[0].Data {
		sum += float64(x)
		squares += float64(x) * float64(x)
		if x == 0 {
			zeros++
		}
	}
	n := float64(s.Len())
	// Uniform in [−1, 1): mean 0 and mean square ⅓, to five deviations.
	assert.InDelta(t, 0, sum/n, 5/math.Sqrt(3*n))
	assert.InDelta(t, 1./3, squares/n, 5*math.Sqrt(4./45/n))
	assert.LessOrEqual(t, zeros, 1)
}
