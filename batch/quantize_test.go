package batch

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// decode reads sample i of a channel's encoded bytes in steps of the encoding.
func decode(e Encoding, b []byte) float64 {
	switch e {
	case PCM16:
		return float64(int16(uint16(b[0]) | uint16(b[1])<<8))
	case PCM24:
		return float64(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24) >> 8)
	case Float32:
		return float64(math.Float32frombits(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24))
	}
	return math.NaN()
}

func TestEncodeRoundsHalfToEvenAndSaturates(t *testing.T) {
	for _, c := range []struct {
		e       Encoding
		x, want float64
		clipped int64
	}{
		{PCM16, 0, 0, 0},
		{PCM16, 0.5 / 32768, 0, 0},
		{PCM16, 1.5 / 32768, 2, 0},
		{PCM16, 2.5 / 32768, 2, 0},
		{PCM16, -0.5 / 32768, 0, 0},
		{PCM16, -1.5 / 32768, -2, 0},
		{PCM16, 0.5, 16384, 0},
		{PCM16, 32766.5 / 32768, 32766, 0},
		{PCM16, 32767.5 / 32768, 32767, 0},
		{PCM16, 1, 32767, 0},
		{PCM16, -1, -32768, 0},
		{PCM16, 1.0001, 32767, 1},
		{PCM16, -1.0001, -32768, 1},
		{PCM16, 1e30, 32767, 1},
		{PCM16, -math.MaxFloat32, -32768, 1},
		{PCM24, 1.5 / (1 << 23), 2, 0},
		{PCM24, -2.5 / (1 << 23), -2, 0},
		{PCM24, 1, 1<<23 - 1, 0},
		{PCM24, -1, -1 << 23, 0},
		{PCM24, -3, -1 << 23, 1},
		{Float32, 1.5, 1.5, 0},
		{Float32, -1e-30, float64(float32(-1e-30)), 0},
	} {
		var narrow, wide level
		got, got64 := make([]byte, 4), make([]byte, 4)
		require.Equal(t, -1, encode(c.e, got, 4, []float32{float32(c.x)}, &narrow))
		require.Equal(t, -1, encode(c.e, got64, 4, []float64{c.x}, &wide))
		require.Equal(t, c.want, decode(c.e, got64), "%v of %g", c.e, c.x)
		require.Equal(t, c.want, decode(c.e, got), "%v of float32 %g", c.e, c.x)
		require.Equal(t, c.clipped, wide.clipped, "%v of %g", c.e, c.x)
		require.Equal(t, math.Abs(c.want), wide.peak, "%v of %g", c.e, c.x)
	}
}

func TestEncodeFindsWhatIsNotFinite(t *testing.T) {
	for _, e := range []Encoding{PCM16, PCM24, Float32} {
		for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			// Beyond the first run of exact sums, so that its offset counts.
			src := make([]float64, exactRun+10)
			src[exactRun+3] = x
			var l level
			require.Equal(t, exactRun+3, encode(e, make([]byte, 4*len(src)), 4, src, &l), "%v of %g", e, x)
		}
	}
	// A float64 beyond float32's range becomes infinite only when written.
	var l level
	require.Equal(t, 0, encode(Float32, make([]byte, 4), 4, []float64{1e39}, &l))
}

// Encoding in any blocks gives the same bytes and the same measures, to the
// bit, as encoding at once; and the measures are those of the bytes.
func TestEncodeLeavesNoTraceOfBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom([]Encoding{PCM16, PCM24, Float32}).Draw(t, "encoding")
		src := rapid.SliceOfN(rapid.Float32Range(-1.5, 1.5), 1, 300).Draw(t, "samples")
		stride := e.Bytes() * rapid.IntRange(1, 3).Draw(t, "channels")
		var whole, cut level
		one, other := make([]byte, stride*len(src)), make([]byte, stride*len(src))
		require.Equal(t, -1, encode(e, one, stride, src, &whole))
		for at := 0; at < len(src); {
			n := rapid.IntRange(1, len(src)-at).Draw(t, "block")
			require.Equal(t, -1, encode(e, other[at*stride:], stride, src[at:at+n], &cut))
			at += n
		}
		require.Equal(t, one, other)
		require.Equal(t, whole, cut)

		peak, sum := 0.0, 0.0
		for i := range src {
			q := decode(e, one[i*stride:])
			peak, sum = max(peak, math.Abs(q)), sum+q*q
		}
		require.Equal(t, peak, whole.peak)
		// The reader's own sum is of at most 300 rounded terms.
		require.InEpsilon(t, sum+1, whole.energy()+1, 300*0x1p-52)
	})
}

// The sum of squares of a long loud 24-bit row exceeds 64 bits.
func TestLevelSumIsExact(t *testing.T) {
	src := make([]float32, 1<<18+1)
	for i := range src {
		src[i] = -1
	}
	var l level
	dst := make([]byte, 3) // stride 0: only the measure counts
	require.Equal(t, -1, encode(PCM24, dst, 0, src, &l))
	require.Equal(t, uint64(1), l.hi)
	require.Equal(t, uint64(1)<<46, l.lo)
	require.Equal(t, math.Ldexp(1, 64)+math.Ldexp(1, 46), l.energy())
}
