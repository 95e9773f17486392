package batch

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// level measures one channel of one sound as it is written. Sums are exact
// for integers and in frame order for floats, so that the blocks in which the
// samples came leave no trace.
type level struct {
	// peak is the largest magnitude, in steps of the encoding.
	peak float64
	// hi and lo are the sum of squares of integer samples, sum that of floats.
	hi, lo  uint64
	sum     float64
	clipped int64
}

// energy is the sum of squares in steps of the encoding.
func (l *level) energy() float64 {
	return math.Ldexp(float64(l.hi), 64) + float64(l.lo) + l.sum
}

// exactRun is how many squares of 24-bit samples a uint64 can add up.
const exactRun = 1 << 16

// encode writes src as every stride-th byte run of dst in the given encoding,
// rounding half to even and saturating. It returns the index of the first
// sample that is no finite number, or −1.
func encode[T float32 | float64](e Encoding, dst []byte, stride int, src []T, l *level) int {
	done := 0
	for run := range slices.Chunk(src, exactRun) {
		bad := -1
		switch e {
		case PCM16:
			bad = encode16(dst[done*stride:], stride, run, l)
		case PCM24:
			bad = encode24(dst[done*stride:], stride, run, l)
		case Float32:
			bad = encodeFloat(dst[done*stride:], stride, run, l)
		}
		if bad >= 0 {
			return done + bad
		}
		done += len(run)
	}
	return -1
}

// toEven is 1.5·2⁵². Added to a number of magnitude below 2³¹, it leaves the
// number, rounded half to even, in the low 32 bits of the sum.
const toEven = 3 << 51

func encode16[T float32 | float64](dst []byte, stride int, src []T, l *level) int {
	var low, high int32
	var sum uint64
	at := 0
	for i, x := range src {
		v := float64(x) * (1 << 15)
		if !(v >= -1<<15 && v < 1<<15-0.5) {
			if !finite(float64(x)) {
				return i
			}
			v = l.saturate(float64(x), v, 1<<15)
		}
		q := int32(math.Float64bits(v + toEven))
		binary.LittleEndian.PutUint16(dst[at:], uint16(q))
		at += stride
		low, high = min(low, q), max(high, q)
		sum += uint64(int64(q) * int64(q))
	}
	l.add(float64(max(high, -low)), sum)
	return -1
}

func encode24[T float32 | float64](dst []byte, stride int, src []T, l *level) int {
	var low, high int32
	var sum uint64
	at := 0
	for i, x := range src {
		v := float64(x) * (1 << 23)
		if !(v >= -1<<23 && v < 1<<23-0.5) {
			if !finite(float64(x)) {
				return i
			}
			v = l.saturate(float64(x), v, 1<<23)
		}
		q := int32(math.Float64bits(v + toEven))
		d := dst[at : at+3]
		d[0], d[1], d[2] = byte(q), byte(q>>8), byte(q>>16)
		at += stride
		low, high = min(low, q), max(high, q)
		sum += uint64(int64(q) * int64(q))
	}
	l.add(float64(max(high, -low)), sum)
	return -1
}

func encodeFloat[T float32 | float64](dst []byte, stride int, src []T, l *level) int {
	peak, sum := l.peak, l.sum
	at := 0
	for i, x := range src {
		y := float32(x)
		v := float64(y)
		a := math.Abs(v)
		if !(a <= math.MaxFloat32) {
			return i
		}
		binary.LittleEndian.PutUint32(dst[at:], math.Float32bits(y))
		at += stride
		if a > peak {
			peak = a
		}
		sum += float64(v * v)
	}
	l.peak, l.sum = peak, sum
	return -1
}

// saturate limits a scaled value to what the encoding holds. A sample counts
// as clipped if it was beyond full scale, ±1.
func (l *level) saturate(x, v, scale float64) float64 {
	if math.Abs(x) > 1 {
		l.clipped++
	}
	return min(max(v, -scale), scale-1)
}

// add takes in the peak and the sum of squares of a run.
func (l *level) add(peak float64, sum uint64) {
	l.peak = max(l.peak, peak)
	var carry uint64
	l.lo, carry = bits.Add64(l.lo, sum, 0)
	l.hi += carry
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
