package shaders_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// ofRoot is f(√x)/√x, 1 at 0.
func ofRoot(f func(float64) float64) func(float64) float64 {
	return func(x float64) float64 {
		if x < 1e-20 {
			return 1
		}
		return f(math.Sqrt(x)) / math.Sqrt(x)
	}
}

func lnCoshRest(x float64) float64 { return math.Log1p(math.Exp(-2 * math.Abs(x))) }

func tanhShort(x float64) float64 {
	e := math.Exp(-2 * math.Abs(x))
	return 2 * e / (1 + e)
}

func tanhSlope(x float64) float64 {
	c := math.Cosh(x)
	return 1 / (c * c)
}

// TestPartsOfLnCosh holds the functions of lib/cosh to their comments' bounds.
func TestPartsOfLnCosh(t *testing.T) {
	const u = 0x1p-24
	for _, tt := range []struct {
		function string
		xs       []float32
		want     func(float64) float64
		// absolute and relative are the bounds, as in the function's comment; the
		// relative one grows with |x|.
		absolute, relative, perX float64
	}{
		{"tanh_ratio", everyFloat(0x1p-3, 0.25), ofRoot(math.Tanh), 1, 1.4e-7, 0},
		{"tanh_ratio", spread(40, -60, -3), ofRoot(math.Tanh), 1, 1.4e-7, 0},
		{"artanh_ratio", everyFloat(0x1p-3, 0.2136), ofRoot(math.Atanh), 1, 1.4e-7, 0},
		{"artanh_ratio", spread(41, -60, -3), ofRoot(math.Atanh), 1, 1.4e-7, 0},
		{"ln_cosh_rest", uniform(42, -1, 1), lnCoshRest, 2.5e-7, 1, 0},
		{"ln_cosh_rest", uniform(43, -60, 60), lnCoshRest, 2.5e-7, 2, 0},
		{"tanh_short", uniform(44, -40, 40), tanhShort, 1, 5 * u, 3 * u},
		{"tanh_slope", uniform(45, -40, 40), tanhSlope, 1, 8 * u, 3 * u},
	} {
		t.Run(tt.function, func(t *testing.T) {
			d := openDevice(t)
			got := d.apply(t, tt.function, tt.xs)
			absolute, relative := 0.0, 0.0
			for i, x := range tt.xs {
				want := tt.want(float64(x))
				e := math.Abs(float64(got[i]) - want)
				absolute = max(absolute, e)
				relative = max(relative, e/want/(tt.relative+tt.perX*math.Abs(float64(x))))
			}
			t.Logf("absolute %.3g of %.3g, relative %.3g of the bound", absolute, tt.absolute, relative)
			assert.LessOrEqual(t, absolute, tt.absolute)
			assert.LessOrEqual(t, relative, 1.0)
		})
	}
	d := openDevice(t)
	infinity := float32(math.Inf(1))
	for _, function := range []string{"tanh_ratio", "artanh_ratio"} {
		assert.Equal(t, []float32{1}, d.apply(t, function, []float32{0}), function)
	}
	for _, function := range []string{"ln_cosh_rest", "tanh_short", "tanh_slope"} {
		assert.Equal(t, []float32{0, 0, 0}, d.apply(t, function, []float32{-45, 1e30, infinity}), function)
	}
	assert.Equal(t, []float32{1}, d.apply(t, "tanh_short", []float32{0}))
	assert.Equal(t, []float32{1}, d.apply(t, "tanh_slope", []float32{0}))
}
