package shaders_test

import (
	"testing"
)

// TestScaledSines are the product, for both kinds of numbers.
func TestScaledSines(t *testing.T) {
	d := openDevice(t)
	differences := d.wide(t, `uvec2 p = uvec2(I[k], I[k+1u]);
		precise float s = sin_cycles(p) * 3.1, c = cos_cycles(p) * 0.5;
		precise double sw = sin_cycles_wide(p) * 3.1LF, cw = cos_cycles_wide(p) * 0.5LF;
		r = s == sin_scaled(p, 3.1) && c == cos_scaled(p, 0.5) && sw == sin_scaled(p, 3.1LF) && cw == cos_scaled(p, 0.5LF) ? 0.0LF : 1.0LF;`,
		widePhases(wideSamples))
	for i, difference := range differences {
		if difference != 0 {
			t.Fatalf("another product at phase %d", i)
		}
	}
}
