package shaders_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// power runs a function of two floats over pairs.
func (d device) power(t *testing.T, function string, pairs []float32) []float32 {
	t.Helper()
	return floats(d.evaluate(t, "O[i] = floatBitsToUint("+function+"(uintBitsToFloat(I[2u*i]), uintBitsToFloat(I[2u*i+1u])));", words(pairs), 2, 1))
}

func TestPowerOnUnitInterval(t *testing.T) {
	d := openDevice(t)
	r := source(13)
	var pairs []float32
	for len(pairs) < 2*samples {
		e := float32(100 * math.Exp2(-20*r.Float64()))
		// Uniform, near 0 and near 1.
		pairs = append(pairs, r.Float32(), e, float32(math.Exp2(-126*r.Float64())), e, 1-float32(math.Exp2(-24*r.Float64())), e)
	}
	a := measure(d.power(t, "pow_unit", pairs), func(i int) float64 {
		return math.Pow(float64(pairs[2*i]), float64(pairs[2*i+1]))
	})
	t.Logf("%+v at %v", a, pairs[2*a.worst:2*a.worst+2])
	assert.LessOrEqual(t, a.absolute, 1.4e-7)
}

func TestPowerAtEndsIsExact(t *testing.T) {
	d := openDevice(t)
	pairs := []float32{0, 100, 0, 1, 0, 1e-3, 0, 1e-30, 1, 100, 1, 1, 1, 1e-30, 0.5, 1, 0.5, 100, 0.25, 0.5, 0x1p-126, 1}
	want := []float32{0, 0, 0, 0, 1, 1, 1, 0.5, 0x1p-100, 0.5, 0x1p-126}
	assert.Equal(t, want, d.power(t, "pow_unit", pairs))
}

func TestPower(t *testing.T) {
	d := openDevice(t)
	r := source(14)
	var pairs []float32
	for len(pairs) < 2*samples {
		x := float32(math.Exp2(-126 + 254*r.Float64()))
		if r.UintN(2) == 0 {
			x = float32(math.Exp2(2*r.Float64() - 1))
		}
		// The result is from 2^-125 to 2^127.
		e := float32((-125 + 252*r.Float64()) / math.Log2(float64(x)))
		if x != 1 {
			pairs = append(pairs, x, e)
		}
	}
	got := d.power(t, "pow_precise", pairs)
	var worst float64
	for i, g := range got {
		x, e := float64(pairs[2*i]), float64(pairs[2*i+1])
		y := e * log2(x)
		if math.Abs(y) > 125 {
			continue // the error could carry it over an end
		}
		want := math.Exp2(y)
		worst = max(worst, math.Abs(float64(g)-want)/want/(0x1p-24*(1.7+2.9*math.Abs(y))))
	}
	t.Logf("worst: %.3f of the bound", worst)
	assert.LessOrEqual(t, worst, 1.0)
}
