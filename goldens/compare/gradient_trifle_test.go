package compare_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

func TestTriflesAreOnlyForWhatIsNoMore(t *testing.T) {
	g, job := adjointCase(gradientShape)
	ref := kpn.ParamRef{Node: "gain", Param: "gain"}
	off := func(by float64, tolerance compare.GradientTolerance) error {
		one, other := kpn.NewGradients(g, job.Job), kpn.NewGradients(g, job.Job)
		one.List[0].F64, other.List[0].F64 = make([]float64, gradientShape.Len()), make([]float64, gradientShape.Len())
		other.List[1].F64[0] = by
		_, err := compare.Gradients("case", one, other, tolerance)
		return err
	}
	with := func(scale, trifle float64) compare.GradientTolerance {
		return compare.GradientTolerance{
			Relative: 1e-3, Share: 1e-5,
			Scale:  map[kpn.ParamRef]float64{ref: scale},
			Trifle: map[kpn.ParamRef]float64{ref: trifle},
		}
	}
	require.NoError(t, off(0.9e-6, with(0, 1e-6)))
	require.Error(t, off(2e-6, with(0, 1e-6)))
	// What could be more than a trifle has to be right.
	require.Error(t, off(0.9e-6, with(2e-6, 1e-6)))
	require.NoError(t, off(1e-11, with(2e-6, 1e-6)))
	// A scale that was not measured proves nothing.
	bare := with(0, 1e-6)
	bare.Scale = nil
	require.Error(t, off(0.9e-6, bare))
	var bad *compare.ToleranceError
	require.ErrorAs(t, off(0, with(0, math.NaN())), &bad)
}

// TestTriflesFollowTheOutputs: the derived error of the output, as much of it
// as the cotangents take, over the size of the parameter.
func TestTriflesFollowTheOutputs(t *testing.T) {
	g, job := adjointCase(gradientShape)
	job.Cotangents = compare.RandomCotangents(1, 1, gradientShape)
	c := compare.RandomCotangents(1, 1, gradientShape)[0]
	trifles, err := compare.Trifles(context.Background(), cpuref.New(), g, job)
	require.NoError(t, err)
	tolerances, err := compare.DeriveRanged(context.Background(), cpuref.New(), g, job.Job)
	require.NoError(t, err)
	tau := math.Pow(10, tolerances[0].RMSdB/20)
	input, gain := 0.0, 0.0
	for row := range gradientShape.Rows() {
		squares, size := 0.0, 0.0
		for f, w := range c.Row(row/2, row%2) {
			squares += float64(w) * float64(w)
			size = max(size, math.Abs(float64(job.Inputs["a"].Row(row/2, row%2)[f])))
		}
		input += squares * tau * tau / (size * size)
		// The gain of row i is 1+i, and the default 1.
		gain += squares * tau * tau / float64((row+1)*(row+1))
	}
	assert.InEpsilon(t, math.Sqrt(input), trifles[kpn.ParamRef{Node: "a"}], 1e-9)
	assert.InEpsilon(t, math.Sqrt(gain), trifles[kpn.ParamRef{Node: "gain", Param: "gain"}], 1e-9)
}

// TestWhatNoCotangentShowsIsHeldToTheOutputs: a normalize of a single frame
// gives the same whatever comes in, so that all gradients before it are zero,
// and float32 leaves some rounding of the two terms that make up the zero.
func TestWhatNoCotangentShowsIsHeldToTheOutputs(t *testing.T) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "tone", Kind: kpn.KindOsc, Params: map[string]kpn.Param{"phase": kpn.Const(0.1)}},
			{ID: "gain", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(0.7)}},
			{ID: "out", Kind: kpn.KindNormalize},
		},
		Edges:   []kpn.Edge{{From: "tone", To: "gain", Port: "in"}, {From: "gain", To: "out", Port: "in"}},
		Outputs: []string{"out"},
	}
	s := kpn.Shape{B: 1, C: 1, F: 1}
	job := &kpn.AdjointJob{Job: &kpn.Job{Shape: s, Rate: 48000}, Cotangents: compare.RandomCotangents(1, 1, s)}
	for by, want := range map[float64]bool{0x1p-24: true, 1e-3: false} {
		dev := rounded{cpuref.New(), func(all *kpn.Gradients) { find(all, "gain").F64[0] += by }}
		_, err := compare.Adjoints(context.Background(), cpuref.New(), dev, g, job)
		if want {
			assert.NoError(t, err)
			continue
		}
		var mismatch *compare.GradientMismatchError
		require.ErrorAs(t, err, &mismatch)
		assert.Equal(t, "gain", mismatch.Ref.Node)
	}
}

// rounded is an engine whose gradients are off.
type rounded struct {
	kpn.Engine
	change func(*kpn.Gradients)
}

func (e rounded) Device() kpn.Device { return kpn.Device{Name: "rounded"} }

func (e rounded) Compile(g *kpn.Graph) (kpn.Executable, error) {
	x, err := e.Engine.Compile(g)
	return roundedExecutable{x, e.change}, err
}

type roundedExecutable struct {
	kpn.Executable
	change func(*kpn.Gradients)
}

func (x roundedExecutable) Adjoint(ctx context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	all, err := x.Executable.Adjoint(ctx, job)
	if err == nil {
		x.change(all)
	}
	return all, err
}
