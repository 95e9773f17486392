package shaders_test

import (
	"math"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
)

const philoxStatement = `uint k = 6u * i;
	uvec4 r = philox4x32_10(uvec4(I[k], I[k+1u], I[k+2u], I[k+3u]), uvec2(I[k+4u], I[k+5u]));
	for (uint j = 0u; j < 4u; j++) O[4u*i+j] = r[j];`

// TestPhiloxKnownAnswers has the vectors of Random123's kat_vectors file.
func TestPhiloxKnownAnswers(t *testing.T) {
	d := openDevice(t)
	const all = math.MaxUint32
	got := d.evaluate(t, philoxStatement, []uint32{
		0, 0, 0, 0, 0, 0,
		all, all, all, all, all, all,
		0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0,
	}, 6, 4)
	assert.Equal(t, []uint32{
		0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8,
		0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
		0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
	}, got)
}

// philox is Philox4x32-10 as its paper defines it.
func philox(c [4]uint32, key [2]uint32) [4]uint32 {
	for range 10 {
		hi0, lo0 := bits.Mul32(0xd2511f53, c[0])
		hi1, lo1 := bits.Mul32(0xcd9e8d57, c[2])
		c = [4]uint32{hi1 ^ c[1] ^ key[0], lo1, hi0 ^ c[3] ^ key[1], lo0}
		key[0] += 0x9e3779b9
		key[1] += 0xbb67ae85
	}
	return c
}

func TestPhiloxOfRandomCounters(t *testing.T) {
	d := openDevice(t)
	r := source(15)
	in := make([]uint32, 6<<16)
	for i := range in {
		in[i] = r.Uint32()
	}
	got := d.evaluate(t, philoxStatement, in, 6, 4)
	for i := range len(in) / 6 {
		w := in[6*i:]
		if want := philox([4]uint32(w[:4]), [2]uint32(w[4:6])); want != [4]uint32(got[4*i:]) {
			t.Fatalf("philox of %#x: got %#x, want %#x", w[:6], got[4*i:4*i+4], want)
		}
	}
}

func TestUniformIsExact(t *testing.T) {
	d := openDevice(t)
	ws := wordsOfAllSizes(samples)
	got := floats(d.evaluate(t, "O[i] = floatBitsToUint(uniform_signed(I[i]));", ws, 1, 1))
	a := measure(got, func(i int) float64 { return math.Ldexp(float64(ws[i]>>8)-0x1p23, -23) })
	assert.Zero(t, a.absolute)
	ends := floats(d.evaluate(t, "O[i] = floatBitsToUint(uniform_signed(I[i]));", []uint32{0, 1 << 31, math.MaxUint32}, 1, 1))
	assert.Equal(t, []float32{-1, 0, 1 - 0x1p-23}, ends)
}

func TestGaussian(t *testing.T) {
	d := openDevice(t)
	// Pairs of any two words, and of words near the ends with all angles.
	ws := append(wordsOfAllSizes(samples/2), wordsOfAllSizes(1<<19+1)...)
	ws = ws[:len(ws)/4*4]
	r := source(16)
	for i := 1; i < len(ws); i += 2 {
		if r.UintN(4) != 0 {
			ws[i] = r.Uint32()
		}
	}
	got := floats(d.evaluate(t, `uint k = 4u * i;
		vec4 g = gaussian4(uvec4(I[k], I[k+1u], I[k+2u], I[k+3u]));
		for (uint j = 0u; j < 4u; j++) O[k+j] = floatBitsToUint(g[j]);`, ws, 4, 4))
	var worst, largest float64
	for i := 0; i < len(ws); i += 2 {
		radius := math.Sqrt(-2 * logarithm(ws[i]))
		cosine, sine := sine(ws[i+1]+1<<30), sine(ws[i+1])
		e := max(math.Abs(float64(got[i])-radius*cosine), math.Abs(float64(got[i+1])-radius*sine)) / radius
		if e > worst || math.IsNaN(e) {
			worst = e
		}
		largest = max(largest, math.Abs(float64(got[i])), math.Abs(float64(got[i+1])))
	}
	t.Logf("error %.3g of the radius, largest %.4f", worst, largest)
	assert.LessOrEqual(t, worst, 3.4e-7)
	assert.LessOrEqual(t, largest, 6.77)
	assert.Greater(t, largest, 6.7, "the arguments hold words near 0")
}
