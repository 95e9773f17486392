package shaders_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// join and split are a phase as one number and as the shader's two words.
func join(ws []uint32, i int) uint64 { return uint64(ws[2*i+1])<<32 | uint64(ws[2*i]) }

func split(p uint64) []uint32 { return []uint32{uint32(p), uint32(p >> 32)} }

// phases64 are phases of every magnitude, both sides of 0, and the corners.
func phases64(stream uint64, n int) []uint64 {
	ps := []uint64{0, 1, math.MaxUint64, 1 << 63, 1<<63 - 1, 1 << 32, 1<<32 - 1, math.MaxUint32 << 32}
	for r := source(stream); len(ps) < n; {
		p := r.Uint64() >> r.UintN(64)
		ps = append(ps, p, -p)
	}
	return ps[:n]
}

func TestPhaseArithmetic(t *testing.T) {
	d := openDevice(t)
	const n = 1 << 18
	as, bs := phases64(18, n), phases64(19, n)
	r := source(20)
	r.Shuffle(n, func(i, j int) { bs[i], bs[j] = bs[j], bs[i] })
	var in []uint32
	for i := range n {
		in = append(append(in, split(as[i])...), split(bs[i])...)
	}
	got := d.evaluate(t, `uvec2 a = uvec2(I[4u*i], I[4u*i+1u]), b = uvec2(I[4u*i+2u], I[4u*i+3u]);
		uvec2 r[3] = uvec2[3](phase_add(a, b), phase_sub(a, b), phase_mul(a, b.x));
		for (uint j = 0u; j < 6u; j++) O[6u*i+j] = r[j >> 1][j & 1u];`, in, 4, 6)
	for i := range n {
		a, b := as[i], bs[i]
		want := [3]uint64{a + b, a - b, a * (b & math.MaxUint32)}
		if have := [3]uint64{join(got, 3*i), join(got, 3*i+1), join(got, 3*i+2)}; have != want {
			t.Fatalf("sum, difference, product of %#x and %#x: got %#x, want %#x", a, b, have, want)
		}
	}
}

// fractions are doubles in [0, 1) with every kind of rounding to 2^-64.
func fractions(stream uint64, n int) []float64 {
	cs := []float64{
		0, 0.5, 0.25, math.Nextafter(1, 0), math.SmallestNonzeroFloat64, 0x1p-1022,
		0x1p-65, 3 * 0x1p-65, 5 * 0x1p-65, math.Nextafter(0x1p-65, 1), math.Nextafter(0x1p-65, 0), 0x1p-64,
	}
	for e := -70; e < 0; e++ {
		c := math.Ldexp(1, e)
		cs = append(cs, c, math.Nextafter(c, 1), math.Nextafter(c, 0))
	}
	for r := source(stream); len(cs) < n; {
		c := r.Float64()
		// A tie, where there is room for one.
		k := float64(r.Uint64N(1 << r.UintN(51)))
		cs = append(cs, c, math.Ldexp(c, -int(r.UintN(70))), math.Ldexp(2*k+1, -65))
	}
	return cs[:n]
}

// units is c * 2^64, for c in [0, 1), rounded as the shader does.
func units(c float64) uint64 { return uint64(math.RoundToEven(math.Ldexp(c, 64))) }

// doubles lays out float64 numbers as words.
func doubles(xs ...float64) []uint32 {
	ws := make([]uint32, 0, 2*len(xs))
	for _, x := range xs {
		ws = append(ws, split(math.Float64bits(x))...)
	}
	return ws
}

func TestIncrementFromHertz(t *testing.T) {
	d := openDevice(t)
	r := source(21)
	var in []float64
	for _, rate := range []float64{8000, 44100, 48000, 96000, 48000 * 64, 1} {
		for range samples / 16 {
			hz := rate / 2 * math.Exp2(-40*r.Float64())
			if r.UintN(2) == 0 {
				hz = rate / 2 * r.Float64()
			}
			in = append(in, float64(float32(hz)), 1/rate)
		}
		in = append(in, 0, 1/rate, rate/2, 1/rate, 440, 1/rate, 440.1, 1/rate)
	}
	for _, c := range fractions(22, samples/4) {
		in = append(in, c, 1)
	}
	got := d.evaluate(t, `uint k = 4u * i;
		uvec2 p = increment_from_hz(packDouble2x32(uvec2(I[k], I[k+1u])), packDouble2x32(uvec2(I[k+2u], I[k+3u])));
		O[2u*i] = p.x; O[2u*i+1u] = p.y;`, doubles(in...), 4, 2)
	for i := range len(in) / 2 {
		c := in[2*i] * in[2*i+1]
		if c >= 1 {
			continue // 440 Hz at a rate of 1 Hz
		}
		if want := units(c); join(got, i) != want {
			t.Fatalf("increment of %v Hz at %v s: got %#x, want %#x", in[2*i], in[2*i+1], join(got, i), want)
		}
	}
}

func TestPhaseFromCycles(t *testing.T) {
	d := openDevice(t)
	cs := fractions(23, samples/4)
	r := source(24)
	for i := range cs {
		if r.UintN(2) == 0 {
			cs[i] += math.Ldexp(float64(r.Uint64N(1<<20)), int(r.UintN(40)))
		}
		if r.UintN(2) == 0 {
			cs[i] = -cs[i]
		}
	}
	got := d.evaluate(t, `uvec2 p = phase_from_cycles(packDouble2x32(uvec2(I[2u*i], I[2u*i+1u])));
		O[2u*i] = p.x; O[2u*i+1u] = p.y;`, doubles(cs...), 2, 2)
	for i, c := range cs {
		a := math.Abs(c)
		want := units(a - math.Floor(a))
		if c < 0 {
			want = -want
		}
		if join(got, i) != want {
			t.Fatalf("phase of %v cycles: got %#x, want %#x", c, join(got, i), want)
		}
	}
}

func TestPhaseAsFloat(t *testing.T) {
	d := openDevice(t)
	ps := phases64(25, samples/2)
	var in []uint32
	for _, p := range ps {
		in = append(in, split(p)...)
	}
	cut := floats(d.evaluate(t, "O[i] = floatBitsToUint(phase_float(uvec2(I[2u*i], I[2u*i+1u])));", in, 2, 1))
	a := measure(cut, func(i int) float64 { return math.Ldexp(float64(ps[i]>>40), -24) })
	assert.Zero(t, a.absolute)
	assert.Equal(t, float32(1-0x1p-24), cut[2], "the last phase stays below 1")

	// A float64 holds the signed phase to 2^-53 of it: far below the bound.
	signed := floats(d.evaluate(t, "O[i] = floatBitsToUint(phase_signed(uvec2(I[2u*i], I[2u*i+1u])));", in, 2, 1))
	a = measure(signed, func(i int) float64 {
		return math.Ldexp(float64(int64(ps[i])), -64) // the upper half of the circle is negative
	})
	t.Logf("%+v at %#x", a, ps[a.worst])
	assert.LessOrEqual(t, a.ulp, 0.75+1e-6)
	assert.Equal(t, []float32{0, 0x1p-64, -0x1p-64, -0.5}, signed[:4])
}
