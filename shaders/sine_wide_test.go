package shaders_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// widePhases are phases around every eighth of a cycle, near to and far from
// it, and random ones, as the bits of numbers.
func widePhases(n int) []float64 {
	var list []float64
	add := func(p uint64) { list = append(list, math.Float64frombits(p), 0) }
	for eighth := range uint64(8) {
		add(eighth << 61)
		for shift := range 60 {
			add(eighth<<61 + 1<<shift)
			add(eighth<<61 - 1<<shift)
		}
	}
	for r := source(31); len(list) < 2*n; {
		add(r.Uint64())
	}
	return list
}

func TestWideSineAndCosine(t *testing.T) {
	d := openDevice(t)
	ps := widePhases(wideSamples)
	for name, quarter := range map[string]uint64{"sin_cycles_wide": 0, "cos_cycles_wide": 1 << 62} {
		worst, relative := 0.0, 0.0
		for i, got := range d.wide(t, "r = "+name+"(uvec2(I[k], I[k+1u]));", ps) {
			want := bigSine(math.Float64bits(ps[2*i]) + quarter)
			absolute, _ := errorOf(got, want)
			worst = max(worst, absolute)
			if size, _ := want.Float64(); size != 0 {
				relative = max(relative, absolute/math.Abs(size))
			}
			if math.Abs(got) > 1 {
				t.Fatalf("%s(%#x) is %v, beyond 1", name, math.Float64bits(ps[2*i]), got)
			}
		}
		t.Logf("%s: absolute %.3g, relative %.3g", name, worst, relative)
		assert.LessOrEqual(t, worst, 2.3e-16, name)
		assert.LessOrEqual(t, relative, 4.5e-16, name)
	}
}

func TestWideSineAtQuartersIsExact(t *testing.T) {
	d := openDevice(t)
	var quarters []float64
	for q := range uint64(4) {
		quarters = append(quarters, math.Float64frombits(q<<62), 0)
	}
	assert.Equal(t, []float64{0, 1, 0, -1}, d.wide(t, "r = sin_cycles_wide(uvec2(I[k], I[k+1u]));", quarters))
	assert.Equal(t, []float64{1, 0, -1, 0}, d.wide(t, "r = cos_cycles_wide(uvec2(I[k], I[k+1u]));", quarters))
}

func TestWideSineIsSymmetric(t *testing.T) {
	d := openDevice(t)
	// sin(-p), sin(1/2 - p) and sin(p + 1/2), each made equal to sin(p).
	differences := d.wide(t, `uvec2 p = uvec2(I[k], I[k+1u]), back = phase_sub(uvec2(0u), p), turn = uvec2(0u, 0x80000000u);
		double s = sin_cycles_wide(p);
		r = double(int(s != -sin_cycles_wide(back))) + 2.0LF * double(int(s != sin_cycles_wide(phase_add(back, turn))))
			+ 4.0LF * double(int(s != -sin_cycles_wide(phase_add(p, turn))));`, widePhases(wideSamples))
	for i, difference := range differences {
		if difference != 0 {
			t.Fatalf("symmetries %03b are broken at phase %d", int(difference), i)
		}
	}
}
