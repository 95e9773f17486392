package shaders_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// spread makes positive numbers, their logarithms uniform from 2^lo to 2^hi.
func spread(stream uint64, lo, hi float64) []float32 {
	r := source(stream)
	return generate(samples, func() float32 { return float32(math.Exp2(lo + (hi-lo)*r.Float64())) })
}

// uniform makes numbers from lo to hi.
func uniform(stream uint64, lo, hi float64) []float32 {
	r := source(stream)
	return generate(samples, func() float32 { return float32(lo + (hi-lo)*r.Float64()) })
}

// log2 keeps its relative precision near 1.
func log2(x float64) float64 {
	if math.Abs(x-1) < 0.5 {
		return math.Log1p(x-1) / math.Ln2
	}
	return math.Log2(x)
}

func reciprocal(x float64) float64 { return 1 / x }

func TestElementaryFunctions(t *testing.T) {
	infinity := float32(math.Inf(1))
	for _, tt := range []struct {
		function  string
		arguments string
		xs        []float32
		want      func(float64) float64
		ulp       float64 // the bound, as in the function's comment
	}{
		{"recip", "every mantissa", everyFloat(1, 2), reciprocal, 1.25},
		{"recip", "every binade", spread(2, -126, 101), reciprocal, 1.25},
		{"recip", "ends", []float32{0x1p-126, 0x1p101, 1, 2, 0.5}, reciprocal, 0},
		{"sqrt_pos", "every mantissa, both parities", everyFloat(1, math.Nextafter32(4, 0)), math.Sqrt, 1.25},
		{"sqrt_pos", "every binade", spread(3, -126, 128), math.Sqrt, 1.25},
		{"sqrt_pos", "largest", []float32{math.MaxFloat32}, math.Sqrt, 1.25},
		{"sqrt_pos", "exact", []float32{0, 1, 4, 0.25, 0x1p-126, 0x1p126}, math.Sqrt, 0},
		{"exp2_precise", "range", uniform(4, -126, 128), math.Exp2, 1.25},
		{"exp2_precise", "near 0", uniform(5, -1, 1), math.Exp2, 1.25},
		{"exp2_precise", "tiny", spread(6, -126, 0), math.Exp2, 1.25},
		{"exp2_precise", "beside halves", everyFloat(0.4999, 0.5001), math.Exp2, 1.25},
		{"exp2_precise", "last", []float32{math.Nextafter32(128, 0)}, math.Exp2, 1.25},
		{"exp2_precise", "exact", []float32{-126, -1, 0, 1, 10, 127, 128, 1000, infinity}, func(x float64) float64 {
			return float64(float32(math.Exp2(x)))
		}, 0},
		{"exp2_precise", "nothing", []float32{math.Nextafter32(-126, -200), -127, -1e30, -infinity}, func(float64) float64 { return 0 }, 0},
		{"log2_precise", "every mantissa", everyFloat(math.Sqrt2/2, math.Sqrt2), log2, 2.5},
		{"log2_precise", "every binade", spread(7, -126, 128), log2, 2.5},
		{"log2_precise", "exact", []float32{0x1p-126, 0.5, 1, 2, 0x1p127}, math.Log2, 0},
		{"tanh_precise", "middle", uniform(8, -3, 3), math.Tanh, 5},
		{"tanh_precise", "range", uniform(9, -10, 10), math.Tanh, 5},
		{"tanh_precise", "small", spread(10, -125, 0), math.Tanh, 5},
		{"tanh_precise", "beside the seam", everyFloat(0.545, 0.555), math.Tanh, 5},
		{"tanh_precise", "exact", []float32{0, 9.1, -9.1, 1e30, -1e30, infinity, -infinity}, func(x float64) float64 {
			return math.Copysign(min(math.Abs(x), 1), x)
		}, 0},
	} {
		t.Run(tt.function+" "+tt.arguments, func(t *testing.T) {
			d := openDevice(t)
			a := measure(d.apply(t, tt.function, tt.xs), of(tt.xs, tt.want))
			t.Logf("%+v, at %v", a, tt.xs[a.worst])
			assert.LessOrEqual(t, a.ulp, tt.ulp)
			if tt.ulp == 0 {
				assert.Zero(t, a.absolute)
			}
		})
	}
}

func TestTanhIsOddAndBounded(t *testing.T) {
	d := openDevice(t)
	xs := spread(11, -125, 5)
	negated := make([]float32, len(xs))
	for i, x := range xs {
		negated[i] = -x
	}
	above, below := d.apply(t, "tanh_precise", xs), d.apply(t, "tanh_precise", negated)
	for i, y := range above {
		if y != -below[i] || y > 1 {
			t.Fatalf("tanh(%v) is %v, of the opposite %v", xs[i], y, below[i])
		}
	}
}

// wordsOfAllSizes are words near both ends on every scale, at the seam of ln_uint, and
// random ones.
func wordsOfAllSizes(n int) []uint32 {
	ws := []uint32{0, 1, 2, 3, math.MaxUint32}
	for d := range uint32(1 << 16) {
		ws = append(ws, d, ^d, 0xb504f334+d-1<<15, 1<<31+d-1<<15)
	}
	for r := source(12); len(ws) < n; {
		w := r.Uint32()
		shift := r.UintN(32)
		ws = append(ws, w, w>>shift, ^(w >> shift))
	}
	return ws
}

func TestLogarithmOfWord(t *testing.T) {
	d := openDevice(t)
	ws := wordsOfAllSizes(samples)
	got := floats(d.evaluate(t, "O[i] = floatBitsToUint(ln_uint(I[i]));", ws, 1, 1))
	a := measure(got, func(i int) float64 { return logarithm(ws[i]) })
	t.Logf("%+v at %#x", a, ws[a.worst])
	assert.LessOrEqual(t, a.ulp, 2.8)
	assert.LessOrEqual(t, a.relative, 2.2e-7)
}

// logarithm is ln((n + 0.5) / 2^32).
func logarithm(n uint32) float64 {
	if n >= 1<<31 {
		return math.Log1p(-math.Ldexp(float64(^n)+0.5, -32))
	}
	return math.Log(math.Ldexp(float64(n)+0.5, -32))
}
