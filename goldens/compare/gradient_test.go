package compare_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// thousandth is what gradients of float32 engines are held to.
var thousandth = compare.GradientTolerance{Relative: 1e-3, Reason: "made up for the test"}

var gradientShape = kpn.Shape{B: 3, C: 2, F: 64}

// bothSides runs a float64 and a float32 engine, and spoils the latter.
func bothSides(t *testing.T, change func(*kpn.Gradients), tolerance ...compare.GradientTolerance) (compare.GradientReport, error) {
	t.Helper()
	g, job := adjointCase(gradientShape)
	job.Cotangents = compare.RandomCotangents(1, 1, gradientShape)
	ref, dev := &adjointFake{name: "a", wide: true}, &adjointFake{name: "b", change: change}
	return compare.Adjoints(context.Background(), ref, dev, g, job, tolerance...)
}

func TestRoundedGradientsAreAllowed(t *testing.T) {
	for _, tolerance := range [][]compare.GradientTolerance{{thousandth}, nil} {
		report, err := bothSides(t, nil, tolerance...)
		require.NoError(t, err)
		assert.True(t, report.Pass())
		noise, _ := kpn.Lookup(kpn.KindNoise)
		require.Len(t, report.Lines, 2+len(noise.Params))
		a := report.Lines[0]
		assert.Equal(t, kpn.ParamRef{Node: "a"}, a.Ref)
		// Rounding to float32 costs up to 2⁻²⁴ of each value, and something.
		assert.Greater(t, a.Relative(), 0.0)
		assert.LessOrEqual(t, a.Relative(), 0x1p-24)
		assert.InEpsilon(t, a.Norm, a.CandidateNorm, 1e-6)
		assert.Equal(t, kpn.Unsupported, report.Lines[2].Code)
		assert.Equal(t, "a", report.Worst().Ref.Node)
		assert.Contains(t, report.String(), "pass without gradients: hiss.distribution")
	}
}

func find(all *kpn.Gradients, node string) *kpn.Gradient {
	i := slices.IndexFunc(all.List, func(g kpn.Gradient) bool { return g.Ref.Node == node })
	return &all.List[i]
}

func normOf32(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}

func TestPlantedErrorsInGradientsAreFound(t *testing.T) {
	row := gradientShape.F
	plants := map[string]struct {
		node  string
		plant func(*kpn.Gradients)
		// at is where the report must point, if that is certain.
		at []int
	}{
		"one value off by twice the tolerance": {"a", func(all *kpn.Gradients) {
			x := find(all, "a").F32
			x[gradientShape.Index(2, 1, 33)] += float32(2e-3 * normOf32(x))
		}, []int{2, 1, 33}},
		"one NaN": {"a", func(all *kpn.Gradients) {
			find(all, "a").F32[gradientShape.Index(1, 0, 63)] = float32(math.NaN())
		}, []int{1, 0, 63}},
		"one infinity": {"gain", func(all *kpn.Gradients) { find(all, "gain").F64[4] = math.Inf(-1) }, []int{2, 0, 0}},
		"channels swapped": {"a", func(all *kpn.Gradients) {
			x := find(all, "a").F32
			for f := range row {
				x[f], x[row+f] = x[row+f], x[f]
			}
		}, nil},
		"rows of a per-item gradient swapped": {"gain", func(all *kpn.Gradients) {
			x := find(all, "gain").F64
			x[0], x[1] = x[1], x[0]
		}, nil},
		"one frame late": {"a", func(all *kpn.Gradients) {
			x := find(all, "a").F32
			for r := range gradientShape.Rows() {
				copy(x[r*row+1:(r+1)*row], slices.Clone(x[r*row:(r+1)*row-1]))
				x[r*row] = 0
			}
		}, nil},
		"sign flipped": {"gain", func(all *kpn.Gradients) {
			for i, x := range find(all, "gain").F64 {
				find(all, "gain").F64[i] = -x
			}
		}, nil},
		"zeros": {"a", func(all *kpn.Gradients) { clear(find(all, "a").F32) }, nil},
		"another code": {"gain", func(all *kpn.Gradients) {
			find(all, "gain").Code = kpn.Unsupported
			clear(find(all, "gain").F64)
		}, nil},
		"a gradient of what has none":             {"hiss", func(all *kpn.Gradients) { find(all, "hiss").F64[0] = 1e-30 }, []int{0, 0, 0}},
		"a code that claims one":                  {"hiss", func(all *kpn.Gradients) { find(all, "hiss").Code = kpn.Done }, nil},
		"another shape":                           {"a", func(all *kpn.Gradients) { find(all, "a").Shape = kpn.Shape{B: 6, C: 1, F: row} }, nil},
		"another rate":                            {"gain", func(all *kpn.Gradients) { find(all, "gain").Rate = kpn.Constant }, nil},
		"a value missing":                         {"a", func(all *kpn.Gradients) { find(all, "a").F32 = find(all, "a").F32[1:] }, nil},
		"no values":                               {"a", func(all *kpn.Gradients) { find(all, "a").F32 = nil }, nil},
		"a gradient missing":                      {"hiss", func(all *kpn.Gradients) { all.List = all.List[:2] }, nil},
		"one too many":                            {"extra", func(all *kpn.Gradients) { all.List = append(all.List, kpn.Gradient{Ref: kpn.ParamRef{Node: "extra"}}) }, nil},
		"one twice":                               {"a", func(all *kpn.Gradients) { all.List = append(all.List, all.List[0]) }, nil},
		"both, of which the first must be named":  {"a", func(all *kpn.Gradients) { clear(find(all, "a").F32); clear(find(all, "gain").F64) }, nil},
		"a gradient times one and two thousandth": {"gain", func(all *kpn.Gradients) { scale(find(all, "gain").F64, 1.002) }, nil},
	}
	for name, p := range plants {
		// The derived tolerance has a floor, which must let none of these by.
		for _, tolerance := range [][]compare.GradientTolerance{{thousandth}, nil} {
			report, err := bothSides(t, p.plant, tolerance...)
			var mismatch *compare.GradientMismatchError
			require.ErrorAs(t, err, &mismatch, name)
			assert.Equal(t, p.node, mismatch.Ref.Node, name)
			assert.False(t, report.Pass(), name)
			assert.NotEmpty(t, mismatch.Reason, name)
			if p.at != nil {
				assert.Equal(t, p.at, []int{mismatch.B, mismatch.C, mismatch.F}, name)
			}
		}
	}
}

func scale(x []float64, by float64) {
	for i := range x {
		x[i] *= by
	}
}

func TestAGradientWithinItsToleranceIsNotAMismatch(t *testing.T) {
	_, err := bothSides(t, func(all *kpn.Gradients) { scale(find(all, "gain").F64, 1.0009) }, thousandth)
	assert.NoError(t, err)
}

func TestEqualBitsOfGradients(t *testing.T) {
	exact := compare.GradientTolerance{Exact: true, Reason: "made up"}
	_, err := bothSides(t, nil, exact)
	require.NoError(t, err, "float64 and float32 are compared in float32")
	_, err = bothSides(t, func(all *kpn.Gradients) {
		x := find(all, "gain").F64
		x[3] = math.Nextafter(x[3], 9)
	}, exact)
	var mismatch *compare.GradientMismatchError
	require.ErrorAs(t, err, &mismatch)
	assert.Equal(t, [2]int{1, 1}, [2]int{mismatch.B, mismatch.C})
}

func TestNothingToCompareIsRefused(t *testing.T) {
	_, job := adjointCase(gradientShape)
	g, _ := adjointCase(gradientShape)
	one := kpn.NewGradients(g, job.Job)
	var config *compare.ConfigError
	for name, pair := range map[string][2]*kpn.Gradients{
		"itself":    {one, one},
		"nothing":   {nil, one},
		"no answer": {one, nil},
		"empty":     {{}, {}},
	} {
		_, err := compare.Gradients("case", pair[0], pair[1], thousandth)
		assert.ErrorAs(t, err, &config, name)
	}
	var bad *compare.ToleranceError
	for name, tolerance := range map[string]compare.GradientTolerance{
		"none":                  {},
		"anything":              {Relative: 1},
		"not a number":          {Relative: math.NaN()},
		"a floor above it":      {Relative: 1e-3, Share: 1},
		"exact and a bound":     {Exact: true, Relative: 1e-3},
		"a scale without limit": {Relative: 1e-3, Scale: map[kpn.ParamRef]float64{{Node: "a"}: math.Inf(1)}},
	} {
		_, err := compare.Gradients("case", one, kpn.NewGradients(g, job.Job), tolerance)
		assert.ErrorAs(t, err, &bad, name)
	}
}

func TestAnAdjointIsNotComparedWithItself(t *testing.T) {
	g, job := adjointCase(gradientShape)
	job.Cotangents = compare.RandomCotangents(1, 1, gradientShape)
	e := &adjointFake{name: "a"}
	_, err := compare.Adjoints(context.Background(), e, e, g, job)
	var same *compare.SameDeviceError
	require.ErrorAs(t, err, &same)
	assert.Empty(t, e.asked)
	_, err = compare.Run{Reference: e, Candidate: e, SelfTest: true}.Adjoints(context.Background(), g, job)
	assert.NoError(t, err)
}

func TestAdjointsReportTheEnginesErrors(t *testing.T) {
	g, job := adjointCase(gradientShape)
	job.Cotangents = compare.RandomCotangents(1, 1, gradientShape)
	broken := errors.New("the device is lost")
	for side, engines := range map[string][2]*adjointFake{
		"reference": {{name: "a", fail: broken}, {name: "b"}},
		"candidate": {{name: "a"}, {name: "b", fail: broken}},
	} {
		_, err := compare.Adjoints(context.Background(), engines[0], engines[1], g, job)
		require.ErrorIs(t, err, broken)
		assert.Contains(t, err.Error(), side)
	}
	job.Cotangents = nil
	_, err := compare.Adjoints(context.Background(), &adjointFake{name: "a"}, &adjointFake{name: "b"}, g, job)
	var bad *kpn.JobError
	assert.ErrorAs(t, err, &bad)
}
