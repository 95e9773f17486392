package shaders_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// phases are the upper words of phases: those around every eighth of a cycle,
// and random ones.
func phases(n int) []uint32 {
	var ps []uint32
	for eighth := range uint32(8) {
		for d := range uint32(129) {
			ps = append(ps, eighth<<29+d-64)
		}
	}
	for r := source(1); len(ps) < n; {
		ps = append(ps, r.Uint32())
	}
	return ps
}

// sine is the sine of word/2^32 cycles. It is folded to a quarter of a cycle
// in integers, so that it is right near its zeros too.
func sine(word uint32) float64 {
	s := int64(int32(word)) // the upper half of the circle is negative
	switch {
	case s > 1<<30:
		s = 1<<31 - s
	case s < -1<<30:
		s = -1<<31 - s
	}
	return math.Sin(2 * math.Pi * math.Ldexp(float64(s), -32))
}

func TestSineAndCosine(t *testing.T) {
	d := openDevice(t)
	ps := phases(samples)
	for name, quarter := range map[string]uint32{"sin_cycles": 0, "cos_cycles": 1 << 30} {
		// The lower word is filled to show that it does no harm.
		got := floats(d.evaluate(t, "O[i] = floatBitsToUint("+name+"(uvec2(~I[i], I[i])));", ps, 1, 1))
		a := measure(got, func(i int) float64 { return sine(ps[i] + quarter) })
		t.Logf("%s: %+v, rms %.2f dB", name, a, decibels(a.rms))
		assert.LessOrEqual(t, a.absolute, 1.01e-7, name)
		assert.LessOrEqual(t, a.relative, 1.8e-7, name)
		// Full scale is the RMS of a sine, 1/sqrt(2).
		assert.LessOrEqual(t, decibels(a.rms*math.Sqrt2), -150.5, name)
		for i, g := range got {
			if g > 1 || g < -1 {
				t.Fatalf("%s(%#x) is %v, beyond 1", name, ps[i], g)
			}
		}
	}
}

func TestSineAtQuartersIsExact(t *testing.T) {
	d := openDevice(t)
	quarters := []uint32{0, 1 << 30, 2 << 30, 3 << 30}
	got := floats(d.evaluate(t, "O[i] = floatBitsToUint(sin_cycles(uvec2(0u, I[i])));", quarters, 1, 1))
	assert.Equal(t, []float32{0, 1, 0, -1}, got)
	got = floats(d.evaluate(t, "O[i] = floatBitsToUint(cos_cycles(uvec2(0u, I[i])));", quarters, 1, 1))
	assert.Equal(t, []float32{1, 0, -1, 0}, got)
}

func TestSineIsSymmetric(t *testing.T) {
	d := openDevice(t)
	ps := phases(samples)
	// sin(-p), sin(1/2 - p) and sin(p + 1/2), each made equal to sin(p).
	differences := d.evaluate(t, `uint p = I[i];
		float s = sin_cycles(uvec2(0u, p));
		O[i] = uint(s != -sin_cycles(uvec2(0u, -p))) | (uint(s != sin_cycles(uvec2(0u, 0x80000000u - p))) << 1)
			| (uint(s != -sin_cycles(uvec2(0u, p + 0x80000000u))) << 2);`, ps, 1, 1)
	for i, difference := range differences {
		if difference != 0 {
			t.Fatalf("symmetries %03b are broken at phase %#x", difference, ps[i])
		}
	}
}
