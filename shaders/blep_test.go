package shaders_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// residual is the polynomial pieces of a residual at distance a >= 0, before
// the discontinuity where it is odd.
type residual struct {
	function string
	odd      bool
	bound    float64
	pieces   func(a float64) float64
}

var residuals = []residual{
	{"blep2", true, 5e-8, func(a float64) float64 {
		if a < 1 {
			return 0.5 - a + a*a/2
		}
		return 0
	}},
	{"blep4", true, 2e-7, func(a float64) float64 {
		switch {
		case a < 1:
			return 0.5 - 2*a/3 + a*a*a/3 - a*a*a*a/8
		case a < 2:
			return math.Pow(2-a, 4) / 24
		}
		return 0
	}},
	{"blamp2", false, 4e-8, func(a float64) float64 {
		if a < 1 {
			return (1 - a) * (1 - a) * (1 - a) / 6
		}
		return 0
	}},
	{"blamp4", false, 1.1e-7, func(a float64) float64 {
		switch {
		case a < 1:
			return 7.0/30 - a/2 + a*a/3 - math.Pow(a, 4)/12 + math.Pow(a, 5)/40
		case a < 2:
			return math.Pow(2-a, 5) / 120
		}
		return 0
	}},
}

// at is the residual at any distance.
func (r residual) at(d float64) float64 {
	y := r.pieces(math.Abs(d))
	if r.odd && d >= 0 {
		return -y
	}
	return y
}

func TestResiduals(t *testing.T) {
	d := openDevice(t)
	xs := uniform(17, -2.1, 2.1)
	infinity := float32(math.Inf(1))
	for _, x := range []float32{0, 1, 2, 3, 0x1p-126, 1e30, infinity} {
		for _, y := range []float32{x, math.Nextafter32(x, 10), math.Nextafter32(x, -10)} {
			if a := math.Abs(float64(y)); a == 0 || a >= 0x1p-126 {
				xs = append(xs, y, -y)
			}
		}
	}
	for _, r := range residuals {
		got := d.apply(t, r.function, xs)
		a := measure(got, of(xs, r.at))
		t.Logf("%s: %+v", r.function, a)
		assert.LessOrEqual(t, a.absolute, r.bound, r.function)
		support := float32(1)
		if r.function[len(r.function)-1] == '4' {
			support = 2
		}
		for i, g := range got {
			if (xs[i] >= support || xs[i] <= -support) && g != 0 {
				t.Fatalf("%s(%v) is %v outside its support", r.function, xs[i], g)
			}
		}
	}
}

func TestStepResidualsAtZeroAreHalf(t *testing.T) {
	d := openDevice(t)
	for _, function := range []string{"blep2", "blep4"} {
		assert.Equal(t, []float32{-0.5, 0.5}, d.apply(t, function, []float32{0, -0x1p-100}), function)
	}
}

// TestResidualsIntegrate derives the residuals from the kernel itself: the
// B-spline of n points is n boxes of one sample convolved, so its n-th
// difference of truncated powers; a step's residual is its integral less the
// step, a corner's the integral of that.
func TestResidualsIntegrate(t *testing.T) {
	factorial := []float64{1, 1, 2, 6, 24, 120}
	integral := func(points, times int, d float64) float64 {
		degree, sum, binomial := points-1+times, 0.0, 1.0
		for k := range points + 1 {
			sum += binomial * math.Pow(max(d+float64(points)/2-float64(k), 0), float64(degree))
			binomial *= -float64(points-k) / float64(k+1)
		}
		return sum / factorial[degree]
	}
	for x := -2.5; x <= 2.5; x += 1.0 / 64 {
		step, ramp := 0.0, 0.0
		if x >= 0 {
			step, ramp = 1, x
		}
		for i, want := range []float64{
			integral(2, 1, x) - step, integral(4, 1, x) - step, integral(2, 2, x) - ramp, integral(4, 2, x) - ramp,
		} {
			assert.InDelta(t, want, residuals[i].at(x), 1e-12, "%s(%v)", residuals[i].function, x)
		}
	}
}
