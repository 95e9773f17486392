package shaders_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// samples is the number of random arguments of a function where not every
// argument is tried.
const samples = 1 << 21

// accuracy is the worst that a function does over its arguments.
type accuracy struct {
	ulp, absolute, relative float64 // the largest errors
	rms                     float64
	worst                   int // the index of the largest error in ulp
}

// ulp is the distance of the float32 numbers around x, which is normal.
func ulp(x float64) float64 {
	const exponent = 0x7ff << 52
	return math.Float64frombits(math.Float64bits(x)&exponent) * 0x1p-23
}

// measure compares got with want, element by element. A NaN anywhere makes
// every error infinite, so that no bound holds.
func measure(got []float32, want func(i int) float64) accuracy {
	var a accuracy
	var sum float64
	for i, g := range got {
		w := want(i)
		e := math.Abs(float64(g) - w)
		if float64(g) == w {
			e = 0 // infinities
		}
		if math.IsNaN(e) {
			e = math.Inf(1)
		}
		sum += e * e
		a.absolute = max(a.absolute, e)
		if w == 0 {
			continue
		}
		a.relative = max(a.relative, e/math.Abs(w))
		if u := e / ulp(w); u > a.ulp {
			a.ulp, a.worst = u, i
		}
	}
	a.rms = math.Sqrt(sum / float64(len(got)))
	return a
}

// decibels is a ratio of amplitudes in decibels.
func decibels(ratio float64) float64 { return 20 * math.Log10(ratio) }

// source is a generator of test arguments, the same in every run.
func source(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(20, stream)) }

// everyFloat lists all float32 numbers from lo up to hi, both positive.
func everyFloat(lo, hi float32) []float32 {
	first, last := math.Float32bits(lo), math.Float32bits(hi)
	xs := make([]float32, 0, last-first+1)
	for b := first; b <= last; b++ {
		xs = append(xs, math.Float32frombits(b))
	}
	return xs
}

// generate makes n arguments.
func generate(n int, next func() float32) []float32 {
	xs := make([]float32, n)
	for i := range xs {
		xs[i] = next()
	}
	return xs
}

// of is the reference of a function of one argument.
func of(xs []float32, f func(float64) float64) func(int) float64 {
	return func(i int) float64 { return f(float64(xs[i])) }
}

func TestMeasureSeesPlantedErrors(t *testing.T) {
	want := func(int) float64 { return 1.5 }
	got := []float32{1.5, 1.5, 1.5 + 3*0x1p-23}
	a := measure(got, want)
	assert.Equal(t, accuracy{ulp: 3, absolute: 3 * 0x1p-23, relative: 0x1p-22, rms: a.rms, worst: 2}, a)
	assert.InEpsilon(t, 3*0x1p-23/math.Sqrt(3), a.rms, 1e-12)

	got[1] = float32(math.NaN())
	a = measure(got, want)
	assert.Equal(t, 1, a.worst)
	assert.True(t, math.IsInf(a.ulp, 1) && math.IsInf(a.absolute, 1) && math.IsInf(a.relative, 1) && math.IsInf(a.rms, 1))

	assert.Equal(t, accuracy{}, measure([]float32{float32(math.Inf(1))}, func(int) float64 { return math.Inf(1) }))
}
