package compare_test

import (
	"context"
	"errors"
	"math"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// loose is a tolerance with room for errors of half its size.
var loose = compare.Tolerance{MaxAbs: 1e-4, RMSdB: -85, Reason: "made up for the test"}

var shape = kpn.Shape{B: 3, C: 2, F: 113}

func TestNoiseWithinToleranceIsAllowed(t *testing.T) {
	ref := signal("a", shape, 64)
	candidate := ref.copied("b")
	for _, data := range candidate.outputs {
		for i := range data {
			w := kpn.Philox4x32([4]uint32{uint32(i)}, kpn.SeedKey(2))
			data[i] += 0.5e-4 * float32(int32(w[0])) / (1 << 31)
		}
	}
	report, err := against(ref, candidate, loose)
	require.NoError(t, err)
	assert.True(t, report.Pass())
	require.Len(t, report.Outputs, 2)
	for _, o := range report.Outputs {
		assert.Equal(t, shape.Len(), o.Samples)
		// Rounding in the sum adds up to 2⁻²⁴ to the half tolerance.
		assert.LessOrEqual(t, o.MaxAbs, 0.5e-4+0x1p-24)
		assert.Greater(t, o.MaxAbs, 0.4e-4)
		// Uniform noise has an RMS of its peak over √3; 678 samples give that
		// to a few per cent.
		assert.InEpsilon(t, 0.5e-4/math.Sqrt(3), o.RMS, 0.1)
		assert.InEpsilon(t, 1/math.Sqrt(3), o.SignalRMS, 0.1)
		assert.InDelta(t, compare.DB(0.5e-4), o.RelativeDB(), 2)
	}
}

func TestPlantedErrorsAreFound(t *testing.T) {
	plants := map[string]struct {
		plant   func(e *fake)
		b, c, f int
		samples int
	}{
		"one sample off by twice the tolerance": {func(e *fake) { *e.at(2, 1, 57) += 2e-4 }, 2, 1, 57, 1},
		"the first sample":                      {func(e *fake) { *e.at(0, 0, 0) -= 2e-4 }, 0, 0, 0, 1},
		"the last sample":                       {func(e *fake) { *e.at(2, 1, 112) -= 2e-4 }, 2, 1, 112, 1},
		"one NaN":                               {func(e *fake) { *e.at(1, 0, 99) = float32(math.NaN()) }, 1, 0, 99, 1},
		"one Inf":                               {func(e *fake) { *e.at(1, 1, 3) = float32(math.Inf(1)) }, 1, 1, 3, 1},
		"the earlier frame of two, though in a later row": {func(e *fake) {
			*e.at(0, 0, 80) += 1
			*e.at(2, 0, 70) += 1
		}, 2, 0, 70, 2},
		"channels swapped": {func(e *fake) {
			for f := range shape.F {
				p, q := e.at(1, 0, f), e.at(1, 1, f)
				*p, *q = *q, *p
			}
		}, 1, 0, 0, 2 * shape.F},
		"items swapped": {func(e *fake) {
			for f := range shape.F {
				p, q := e.at(0, 1, f), e.at(2, 1, f)
				*p, *q = *q, *p
			}
		}, 0, 1, 0, 2 * shape.F},
		"one frame late": {func(e *fake) {
			for row := range shape.Rows() {
				data := e.outputs[0][row*shape.F:][:shape.F]
				copy(data[1:], data)
				data[0] = 0
			}
		}, 0, 0, 0, shape.Len()},
	}
	for name, p := range plants {
		for _, block := range []int{1, 7, 113} {
			ref := signal("a", shape, 64)
			candidate := ref.copied("b")
			candidate.block = block
			p.plant(candidate)
			report, err := against(ref, candidate, loose)
			var mismatch *compare.MismatchError
			require.ErrorAs(t, err, &mismatch, name)
			assert.False(t, report.Pass(), name)
			assert.Equal(t, [3]int{p.b, p.c, p.f}, [3]int{mismatch.B, mismatch.C, mismatch.F}, name)
			assert.Equal(t, "one", mismatch.Output, name)
			assert.Equal(t, p.samples, report.Outputs[0].Bad, name)
			assert.True(t, report.Outputs[1].Pass(), name)
		}
	}
}

func TestNaNInTheReferenceIsNoExcuse(t *testing.T) {
	ref := signal("a", shape, 64)
	*ref.at(0, 1, 9) = float32(math.NaN())
	for _, tolerance := range []compare.Tolerance{loose, compare.BitEqual("made up")} {
		report, err := against(ref, ref.copied("b"), tolerance)
		var mismatch *compare.MismatchError
		require.ErrorAs(t, err, &mismatch)
		assert.Equal(t, 1, report.Outputs[0].NotFinite)
	}
}

func TestLowErrorEverywhereFailsByItsRMS(t *testing.T) {
	ref := signal("a", shape, 64)
	candidate := ref.copied("b")
	for i := range candidate.outputs[1] {
		candidate.outputs[1][i] += 0.9e-4 // −80.9 dB RMS, within MaxAbs
	}
	_, err := against(ref, candidate, loose)
	var mismatch *compare.MismatchError
	require.ErrorAs(t, err, &mismatch)
	assert.Equal(t, "two", mismatch.Output)
	assert.Zero(t, mismatch.Bad)
	assert.Contains(t, err.Error(), "RMS")
}

func TestEqualBitsAllowNoDifference(t *testing.T) {
	exact := compare.BitEqual("made up")
	ref := signal("a", shape, 64)
	ref.wide = true
	candidate := ref.copied("b")
	candidate.wide = false
	_, err := against(ref, candidate, exact)
	require.NoError(t, err)
	p := candidate.at(0, 0, 5)
	*p = math.Nextafter32(*p, 2)
	_, err = against(ref, candidate, exact)
	var mismatch *compare.MismatchError
	require.ErrorAs(t, err, &mismatch)
	assert.Equal(t, 5, mismatch.F)
}

func TestADeviceIsNotComparedWithItself(t *testing.T) {
	ref := signal("a", shape, 64)
	_, err := against(ref, ref.copied("a"), loose)
	var same *compare.SameDeviceError
	require.ErrorAs(t, err, &same)
	assert.Equal(t, ref.Device(), same.Device)
	_, err = compare.Run{Reference: ref, Candidate: ref.copied("a"), SelfTest: true}.
		Compare(context.Background(), twoOutputs(), &kpn.Job{Shape: shape, Rate: 48000}, loose)
	assert.NoError(t, err)
}

func TestExtentsMustMatch(t *testing.T) {
	for name, other := range map[string]kpn.Shape{
		"truncated":       {B: 3, C: 2, F: 112},
		"too long":        {B: 3, C: 2, F: 114},
		"half the items":  {B: 1, C: 2, F: 113},
		"axes exchanged":  {B: 2, C: 3, F: 113},
		"channels folded": {B: 6, C: 1, F: 113},
	} {
		for _, sides := range [][2]kpn.Shape{{shape, other}, {other, shape}} {
			ref, candidate := signal("a", sides[0], 10), signal("b", sides[1], 16)
			job := &kpn.Job{Shape: shape, Rate: 48000}
			_, err := compare.Engines(context.Background(), ref, candidate, twoOutputs(), job, compare.Tolerance{MaxAbs: 10, Reason: "only the extents matter"})
			var extent *compare.ExtentError
			require.ErrorAs(t, err, &extent, name)
			assert.NotEqual(t, extent.Got, extent.Want, name)
		}
	}
}

func TestBlocksMustContinueTheirOutput(t *testing.T) {
	ref := signal("a", shape, 16)
	for name, b := range map[string]*kpn.Block{
		"skips frames":    ref.cut(0, 16, 16),
		"unknown output":  {Output: 2, Shape: ref.cut(0, 0, 1).Shape, F32: make([]float32, 6)},
		"no samples":      {Shape: kpn.Shape{B: 3, C: 2, F: 4}},
		"too few samples": {Shape: kpn.Shape{B: 3, C: 2, F: 4}, F32: make([]float32, 23)},
		"both precisions": {Shape: kpn.Shape{B: 3, C: 2, F: 1}, F32: make([]float32, 6), F64: make([]float64, 6)},
		"empty":           {Shape: kpn.Shape{B: 3, C: 2}, F32: []float32{}},
	} {
		c, err := compare.New(compare.Config{Outputs: []string{"one", "two"}, Shape: shape, Tolerances: []compare.Tolerance{loose}, SelfTest: true})
		require.NoError(t, err)
		var extent *compare.ExtentError
		require.ErrorAs(t, c.Feed(compare.Candidate, b), &extent, name)
		_, err = c.Finish()
		require.ErrorAs(t, err, &extent, name)
	}
}

func TestAnEnginesErrorEndsTheComparison(t *testing.T) {
	broken := errors.New("the device is lost")
	for _, failing := range []compare.Side{compare.Reference, compare.Candidate} {
		engines := [2]*fake{signal("a", shape, 16), signal("b", shape, 7)}
		engines[failing].fail = broken
		_, err := against(engines[0], engines[1], loose)
		require.ErrorIs(t, err, broken)
		assert.Contains(t, err.Error(), failing.String())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := compare.Engines(ctx, signal("a", shape, 16), signal("b", shape, 7), twoOutputs(), &kpn.Job{Shape: shape, Rate: 48000}, loose)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestTolerancesThatMeanNothingAreRefused(t *testing.T) {
	for name, tolerance := range map[string]compare.Tolerance{
		"none":       {Reason: "forgotten"},
		"negative":   {MaxAbs: -1},
		"infinite":   {MaxAbs: math.Inf(1)},
		"not finite": {MaxAbs: math.NaN()},
		"RMS":        {MaxAbs: 1, RMSdB: math.NaN()},
		"both":       {MaxAbs: 1, Exact: true},
	} {
		_, err := against(signal("a", shape, 16), signal("b", shape, 16), tolerance)
		var bad *compare.ToleranceError
		assert.ErrorAs(t, err, &bad, name)
	}
	_, err := compare.New(compare.Config{Outputs: []string{"one"}, Shape: shape, SelfTest: true})
	var config *compare.ConfigError
	assert.ErrorAs(t, err, &config)
}

// TestBlocksMayBeCutAnywhere checks that what is found does not depend on how
// either side cuts its output.
func TestBlocksMayBeCutAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := kpn.Shape{
			B: rapid.IntRange(1, 3).Draw(t, "B"),
			C: rapid.IntRange(1, 3).Draw(t, "C"),
			F: rapid.IntRange(1, 70).Draw(t, "F"),
		}
		ref := signal("a", s, rapid.IntRange(1, 80).Draw(t, "reference block"))
		ref.wide = rapid.Bool().Draw(t, "wide")
		candidate := ref.copied("b")
		candidate.block = rapid.IntRange(1, 80).Draw(t, "candidate block")
		candidate.wide = false
		at := rapid.IntRange(0, s.Len()-1).Draw(t, "at")
		candidate.outputs[0][at] += 1
		report, err := against(ref, candidate, loose)
		var mismatch *compare.MismatchError
		require.ErrorAs(t, err, &mismatch)
		b, c, f := s.Coordinates(at)
		require.Equal(t, [3]int{b, c, f}, [3]int{mismatch.B, mismatch.C, mismatch.F})
		for _, o := range report.Outputs {
			require.Equal(t, s.Len(), o.Samples)
		}
		require.Equal(t, 1, report.Outputs[0].Bad)
		require.InDelta(t, 1/math.Sqrt(float64(s.Len())), report.Outputs[0].RMS, 1e-6)
		require.Zero(t, report.Outputs[1].MaxAbs)
	})
}

// TestAFastEngineWaits checks what bounds the memory of a comparison: the
// engine that is ahead gives at most one more block of each output.
func TestAFastEngineWaits(t *testing.T) {
	s := kpn.Shape{B: 1, C: 1, F: 4000}
	ref, candidate := signal("a", s, 10), signal("b", s, 10)
	// The slow one's progress, read by the fast one: it may be one block
	// further by now, never less.
	var slow atomic.Int64
	lead := 0
	ref.before = func(first int) {
		for range 10 {
			runtime.Gosched()
		}
		slow.Store(int64(first))
	}
	candidate.before = func(first int) { lead = max(lead, first-int(slow.Load())) }
	_, err := against(ref, candidate, loose)
	require.NoError(t, err)
	assert.LessOrEqual(t, lead, 2*candidate.block)
}
