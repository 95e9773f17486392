package shaders_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// wideSamples is the number of arguments of a double function: its references
// are slow.
const wideSamples = 1 << 13

// wide runs a statement that makes a double r of the doubles x and y, or of
// the words I[k] to I[k+3] that they are made of.
func (d device) wide(t *testing.T, statement string, arguments []float64) []float64 {
	t.Helper()
	in := make([]uint32, 0, 2*len(arguments))
	for _, x := range arguments {
		b := math.Float64bits(x)
		in = append(in, uint32(b), uint32(b>>32))
	}
	out := d.evaluate(t, `uint k = 4u * i;
		double x = packDouble2x32(uvec2(I[k], I[k+1u])), y = packDouble2x32(uvec2(I[k+2u], I[k+3u])), r;
		`+statement+`
		uvec2 b = unpackDouble2x32(r);
		O[2u*i] = b.x;
		O[2u*i+1u] = b.y;`, in, 4, 2)
	results := make([]float64, len(out)/2)
	for i := range results {
		results[i] = math.Float64frombits(uint64(out[2*i]) | uint64(out[2*i+1])<<32)
	}
	return results
}

// pairs are arguments x, each with a y.
func pairs(n int, next func(r *rand.Rand) (x, y float64)) []float64 {
	r := source(30)
	list := make([]float64, 0, 2*n)
	for range n {
		x, y := next(r)
		list = append(list, x, y)
	}
	return list
}

// powerOfTwo has an exponent that is uniform between two.
func powerOfTwo(r *rand.Rand, lo, hi float64) float64 { return math.Exp2(lo + (hi-lo)*r.Float64()) }

func signed(r *rand.Rand, x float64) float64 { return math.Copysign(x, r.Float64()-0.5) }

func TestWideFunctions(t *testing.T) {
	inverse := func(x, _ float64) *big.Float { return over(number(1), number(x)) }
	exp2 := func(x, _ float64) *big.Float { return bigExp2(number(x)) }
	log := func(x, _ float64) *big.Float { return bigLog2(x) }
	for _, tt := range []struct {
		statement, arguments string
		next                 func(r *rand.Rand) (x, y float64)
		want                 func(x, y float64) *big.Float
		ulp                  float64 // the bound, as in the function's comment
	}{
		{"r = recip(x);", "every binade", func(r *rand.Rand) (x, y float64) { return powerOfTwo(r, -1022, 960), 0 }, inverse, 1.25},
		{"r = recip(x);", "one binade", func(r *rand.Rand) (x, y float64) { return 1 + r.Float64(), 0 }, inverse, 1.25},
		{"r = exp2_precise(x);", "range", func(r *rand.Rand) (x, y float64) { return -1022 + 2046*r.Float64(), 0 }, exp2, 1.35},
		{"r = exp2_precise(x);", "near 0", func(r *rand.Rand) (x, y float64) { return 2*r.Float64() - 1, 0 }, exp2, 1.35},
		{"r = exp2_precise(x);", "tiny", func(r *rand.Rand) (x, y float64) { return signed(r, powerOfTwo(r, -1022, 0)), 0 }, exp2, 1.35},
		{"r = log2_precise(x);", "every binade", func(r *rand.Rand) (x, y float64) { return powerOfTwo(r, -1022, 1024), 0 }, log, 2.5},
		{"r = log2_precise(x);", "around 1", func(r *rand.Rand) (x, y float64) { return powerOfTwo(r, -0.6, 0.6), 0 }, log, 2.5},
		{"r = log2_precise(x);", "beside 1", func(r *rand.Rand) (x, y float64) { return 1 + signed(r, powerOfTwo(r, -52, -1)), 0 }, log, 2.5},
	} {
		t.Run(tt.statement+" "+tt.arguments, func(t *testing.T) {
			d := openDevice(t)
			arguments := pairs(wideSamples, tt.next)
			worst, at := 0.0, 0.0
			for i, got := range d.wide(t, tt.statement, arguments) {
				x := arguments[2*i]
				if _, ulps := errorOf(got, tt.want(x, arguments[2*i+1])); ulps > worst {
					worst, at = ulps, x
				}
			}
			t.Logf("%.3f ulp, at %v", worst, at)
			assert.LessOrEqual(t, worst, tt.ulp)
		})
	}
}

func TestWideEndsAreExact(t *testing.T) {
	d := openDevice(t)
	infinity := math.Inf(1)
	for _, tt := range []struct {
		statement string
		pairs     []float64
		want      []float64
	}{
		{"r = recip(x);", []float64{1, 0, 4, 0, 0x1p-1022, 0, 0x1p960, 0}, []float64{1, 0.25, 0x1p1022, 0x1p-960}},
		{
			"r = exp2_precise(x);",
			[]float64{-1022, 0, -1, 0, 0, 0, 10, 0, 1023, 0, 1024, 0, 1e300, 0, infinity, 0, -1022.0001, 0, -1e300, 0, -infinity, 0},
			[]float64{0x1p-1022, 0.5, 1, 1024, 0x1p1023, infinity, infinity, infinity, 0, 0, 0},
		},
		{"r = log2_precise(x);", []float64{0x1p-1022, 0, 0.5, 0, 1, 0, 2, 0, 0x1p1023, 0}, []float64{-1022, -1, 0, 1, 1023}},
		{
			"r = pow_unit(x, y);",
			[]float64{0, 100, 0, 1e-3, 1, 100, 1, 1e-30, 0.5, 1, 0.25, 0.5, 0x1p-1022, 1},
			[]float64{0, 0, 1, 1, 0.5, 0.5, 0x1p-1022},
		},
	} {
		assert.Equal(t, tt.want, d.wide(t, tt.statement, tt.pairs), tt.statement)
	}
}

func TestWidePower(t *testing.T) {
	d := openDevice(t)
	arguments := pairs(wideSamples, func(r *rand.Rand) (x, e float64) {
		x = powerOfTwo(r, -1, 1)
		if r.UintN(2) == 0 {
			x = powerOfTwo(r, -1000, 1000)
		}
		// The result is from 2^-1000 to 2^1000, on all scales.
		return x, signed(r, powerOfTwo(r, -10, 10)) / math.Log2(x)
	})
	worst := 0.0
	for i, got := range d.wide(t, "r = pow_precise(x, y);", arguments) {
		y := times(number(arguments[2*i+1]), bigLog2(arguments[2*i]))
		scale, _ := number(0).Abs(y).Float64()
		if scale > 1000 {
			continue // the error could carry it over an end
		}
		want := bigExp2(y)
		absolute, _ := errorOf(got, want)
		size, _ := want.Float64()
		relative := absolute / size
		worst = max(worst, relative/(0x1p-53*(2.5+4.2*scale)))
		if scale <= 20 && relative > 1e-14 {
			t.Fatalf("%v to the %v is off by %v", arguments[2*i], arguments[2*i+1], relative)
		}
	}
	t.Logf("worst: %.3f of the bound", worst)
	assert.LessOrEqual(t, worst, 1.0)
}

func TestWidePowerOnUnitInterval(t *testing.T) {
	d := openDevice(t)
	arguments := pairs(wideSamples, func(r *rand.Rand) (x, e float64) {
		e = 100 * powerOfTwo(r, -20, 0)
		switch r.UintN(3) {
		case 0:
			return r.Float64(), e
		case 1:
			return powerOfTwo(r, -1022, 0), e
		}
		return 1 - powerOfTwo(r, -53, 0), e
	})
	worst := 0.0
	for i, got := range d.wide(t, "r = pow_unit(x, y);", arguments) {
		if arguments[2*i] == 0 {
			continue
		}
		absolute, _ := errorOf(got, bigExp2(times(number(arguments[2*i+1]), bigLog2(arguments[2*i]))))
		worst = max(worst, absolute)
	}
	t.Logf("%.3g", worst)
	assert.LessOrEqual(t, worst, 3.5e-16)
}
