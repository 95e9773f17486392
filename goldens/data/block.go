package data

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"iter"
	"math"

	"sawmill/kpn"
)

// The frames of a row that one block holds: of samples, and of gradients.
const (
	sampleBlock   = 16
	gradientBlock = math.MaxInt
)

// block is a run of values of a dense tensor.
type block struct {
	// b, c and f are the coordinates of its first value.
	b, c, f int
	// from and to are its place among the tensor's values.
	from, to int
}

// blocks cuts a tensor into runs of at most so many frames of one row. A
// tensor with one frame is one block.
func blocks(s kpn.Shape, frames int) iter.Seq[block] {
	return func(yield func(block) bool) {
		if s.F == 1 {
			yield(block{to: s.Len()})
			return
		}
		for row := range s.Rows() {
			for f := 0; f < s.F; {
				n := min(frames, s.F-f)
				from := row*s.F + f
				if !yield(block{row / s.C, row % s.C, f, from, from + n}) {
					return
				}
				f += n
			}
		}
	}
}

// heading is the line above a block.
func (b block) heading(values []float64, scale float64) string {
	return fmt.Sprintf("block %d %d %d %08x", b.b, b.c, b.f, checksum(values[b.from:b.to], scale))
}

// blockOf finds the block that holds a value.
func blockOf(s kpn.Shape, frames, i int) block {
	for b := range blocks(s, frames) {
		if i < b.to {
			return b
		}
	}
	return block{}
}

// checksum is the CRC-32 of the values' bits in float64, little-endian, after
// rounding.
func checksum(values []float64, scale float64) uint32 {
	table, sum := crc32.MakeTable(crc32.Castagnoli), uint32(0)
	var word [8]byte
	for _, x := range values {
		binary.LittleEndian.PutUint64(word[:], math.Float64bits(rounded(x, scale)))
		sum = crc32.Update(sum, table, word[:])
	}
	return sum
}

// checksumBits are the bits that a checksum sees of a value of the section's
// scale, or of a larger one.
const checksumBits = 26

// rounded is a value to a multiple of 2⁻²⁶ of the power of two above it, or
// above the scale of its section if that is larger: values that are next to
// nothing against the scale are 0, whatever is left of them. The results of
// two processors differ by some 2⁻⁵⁰ of that power. Where they are anywhere
// with equal likelihood, one in 2²⁴ of them is so near to where rounding steps
// that it comes out differently. It steps at 0.618…, the golden ratio, not in
// the middle: halves, thirds and fifths are frequent, and no fraction of small
// numbers is near that.
func rounded(x, scale float64) float64 {
	_, of := math.Frexp(x)
	if scale > 0 {
		_, least := math.Frexp(scale)
		of = max(of, least)
	}
	step := of - checksumBits
	return math.Ldexp(math.Floor(math.Ldexp(x, -step)+(2-math.Phi)), step)
}
