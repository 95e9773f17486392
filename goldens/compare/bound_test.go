package compare

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

// worstError is the largest difference of a computation in float32 from the
// same in float64, over many random draws.
func worstError(f func(r *rand.Rand) (got float32, want float64)) float64 {
	r := rand.New(rand.NewPCG(1, 2))
	worst := 0.0
	for range 200000 {
		got, want := f(r)
		worst = max(worst, math.Abs(float64(got)-want))
	}
	return worst
}

// holds checks that a bound covers what happens, and is not so far above it
// that it would let faults through. Bounds of n roundings that all fall the
// same way lie a few times above what random draws reach.
func holds(t *testing.T, bound, worst float64, name string) {
	t.Helper()
	assert.LessOrEqual(t, worst, bound, name)
	assert.GreaterOrEqual(t, worst, bound/6, name)
}

func TestStepRoundings(t *testing.T) {
	// The distance is a phase times a reciprocal, both rounded.
	distance := func(r *rand.Rand, reach float64) (rounded float32, exact float64) {
		increment := 0.01 + 0.2*r.Float64()
		phase := reach * increment * r.Float64()
		return float32(phase) * (1 / float32(increment)), phase / increment
	}
	polyBLEP2 := func(r *rand.Rand) (float32, float64) {
		x, d := distance(r, 1)
		v := max(1-x, 0)
		w := max(1-d, 0)
		return v * v * 0.5, w * w / 2
	}
	polyBLEP4 := func(r *rand.Rand) (float32, float64) {
		x, d := distance(r, 2)
		u, v := max(2-x, 0), max(1-x, 0)
		u, v = u*u, v*v
		u, v = u*u, v*v
		got := float32(u*(1./24)) - float32(v*(1./6))
		return got, math.Pow(max(2-d, 0), 4)/24 - math.Pow(max(1-d, 0), 4)/6
	}
	holds(t, stepRoundings(kpn.BandLimitPolyBLEP2, false).worst, worstError(polyBLEP2), "polyblep2")
	holds(t, stepRoundings(kpn.BandLimitPolyBLEP4, false).worst, worstError(polyBLEP4), "polyblep4")
	blamp4 := func(r *rand.Rand) (float32, float64) {
		x, d := distance(r, 2)
		u, v := max(2-x, 0), max(1-x, 0)
		u2, v2 := u*u, v*v
		u2, v2 = u2*u2, v2*v2
		u2, v2 = u2*u, v2*v
		got := float32(u2*(1./120)) - float32(v2*(1./30))
		return got, math.Pow(max(2-d, 0), 5)/120 - math.Pow(max(1-d, 0), 5)/30
	}
	holds(t, cornerRoundings(kpn.BandLimitPolyBLEP4, false).worst, worstError(blamp4), "blamp4")
}

// TestHalfBandRoundings filters noise of full scale, whose outputs err most.
func TestHalfBandRoundings(t *testing.T) {
	for _, q := range []kpn.Quality{kpn.Draft, kpn.Standard, kpn.High} {
		stages, _ := kpn.Decimator(2, q)
		odd := oddTaps(stages[0])
		r := halfBandRoundings(odd, 1)
		worst, squares := 0.0, 0.0
		const draws = 20000
		random := rand.New(rand.NewPCG(3, 4))
		for range draws {
			sum, exact := float32(0), 0.0
			for i := len(odd) - 1; i >= 0; i-- {
				a, b := 2*random.Float32()-1, 2*random.Float32()-1
				sum += float32(float32(odd[i]) * (a + b))
				exact += float64(odd[i] * (float64(a) + float64(b)))
			}
			e := math.Abs(float64(sum) - exact)
			worst = max(worst, e)
			squares += e * e
		}
		assert.LessOrEqual(t, worst, r.worst)
		rms := math.Sqrt(squares / draws)
		// sigma is for sums as large as they can be; noise gives a fifth.
		assert.LessOrEqual(t, rms, math.Sqrt(r.variance))
		assert.GreaterOrEqual(t, rms, math.Sqrt(r.variance)/12)
	}
}

// TestCascade checks the composite response against its definition: unity at
// 0 Hz, and the length of stages that each double the step.
func TestCascade(t *testing.T) {
	stages, _ := kpn.Decimator(8, kpn.High)
	response := cascade(stages)
	sum, length, step := 0.0, 1, 1
	for _, x := range response {
		sum += x
	}
	for _, s := range stages {
		length += step * (4*s.M - 2)
		step *= 2
	}
	assert.InDelta(t, 1, sum, 1e-12)
	assert.Len(t, response, length)
	assert.Equal(t, []float64{1}, cascade(nil))
}

// TestStageEndsOfSteepCurves checks the bound where a curve below 1 is
// steepest, at the last frame of a release.
func TestStageEndsOfSteepCurves(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		release := 1 + 50*r.Float64()
		gate := 100 * r.Float64()
		curve := 0.05 + r.Float64()
		e := newEnvelope(0, 0, release, gate, curve)
		last := math.Ceil(e.releaseEnd)
		n := last - 1
		exact := math.Pow(1-(n-gate)/release, curve)
		x := (float32(1) + float32(e.releaseEnd-last)) / float32(release)
		got := math.Pow(float64(x), curve)
		// The relative error of x is another part of the bound: 6 roundings.
		assert.LessOrEqual(t, math.Abs(got-exact), e.endError()+6*unit*curve, "release %v, gate %v, curve %v", release, gate, curve)
	}
}
