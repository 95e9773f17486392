package shaders_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestTwoPoleStepAndBack compares with the same in float64: each result to a
// rounding for each operation that it is made of, of the size of what is added
// up.
func TestTwoPoleStepAndBack(t *testing.T) {
	const lanes, words, results = 1 << 14, 8, 11
	r := source(46)
	in := make([]uint32, 0, lanes*words)
	for range lanes * words {
		in = append(in, math.Float32bits(2*r.Float32()-1))
	}
	d := openDevice(t)
	got := floats(d.evaluate(t, `
		#define A(K) uintBitsToFloat(I[8u*i+K])
		two_pole f = two_pole(A(0u), A(1u), A(2u));
		vec2 s = vec2(A(3u), A(4u)), moved = s, c = vec2(A(6u), A(7u));
		vec2 y = two_pole_step(moved, f, A(5u));
		float dx;
		vec3 by = two_pole_back(c, f, s, A(5u), vec2(A(7u), A(0u)), dx);
		float r[11] = float[11](y.x, y.y, moved.x, moved.y, by.x, by.y, by.z, dx, c.x, c.y, two_pole_along(by, f));
		for (uint j = 0u; j < 11u; j++) O[11u*i+j] = floatBitsToUint(r[j]);`, in, words, results))
	for i := range lanes {
		a := make([]float64, words)
		for k := range a {
			a[k] = float64(math.Float32frombits(in[i*words+k]))
		}
		first, mixed, second, b, l, x := a[0], a[1], a[2], a[3], a[4], a[5]
		band, low := first*b+mixed*(x-l), l+mixed*b+second*(x-l)
		wb, wl := 2*a[6]+a[7], 2*a[7]+a[0]
		by := [3]float64{wb * b, wb*(x-l) + wl*b, wl * (x - l)}
		through := mixed*wb + second*wl
		want := []float64{
			band, low, 2*band - b, 2*low - l, by[0], by[1], by[2], through,
			first*wb + mixed*wl - a[6], wl - through - a[7], by[0]*first + by[1]*mixed + by[2]*second,
		}
		// Sums of magnitudes are at most 3, 4, 7, 9, 3, 9, 6, 6, 7, 10 and 18, and no
		// result has more than 8 operations.
		for k, most := range []float64{3, 4, 7, 9, 3, 9, 6, 6, 7, 10, 18} {
			assert.InDelta(t, want[k], got[i*results+k], 8*most*0x1p-24, "lane %d, result %d", i, k)
		}
	}
}
