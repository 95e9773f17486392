package data

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// TestBlocksCoverTensors: every value is in one block, in order.
func TestBlocksCoverTensors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, frames := rapid.IntRange(1, 5), rapid.IntRange(1, 40)
		s := kpn.Shape{B: rows.Draw(t, "B"), C: rows.Draw(t, "C"), F: frames.Draw(t, "F")}
		run := rapid.SampledFrom([]int{1, sampleBlock, gradientBlock}).Draw(t, "frames of a block")
		at := 0
		for b := range blocks(s, run) {
			if b.from != at || b.to <= b.from || b.from != s.Index(b.b, b.c, b.f) {
				t.Fatalf("%+v begins at %d of %v, want %d", b, b.from, s, at)
			}
			if s.F > 1 && (b.to-b.from > run || b.from/s.F != (b.to-1)/s.F) {
				t.Fatalf("%+v is more than %d frames of one row of %v", b, run, s)
			}
			for i := b.from; i < b.to; i++ {
				if blockOf(s, run, i) != b {
					t.Fatalf("value %d of %v is in %+v, want %+v", i, s, blockOf(s, run, i), b)
				}
			}
			at = b.to
		}
		if at != s.Len() {
			t.Fatalf("%v: blocks hold %d values, want %d", s, at, s.Len())
		}
	})
}

// everyValue calls visit with the values of every block of every golden.
func everyValue(t *testing.T, visit func(name string, values []float64, scale float64)) {
	t.Helper()
	all, err := cases.All()
	require.NoError(t, err)
	for _, c := range all {
		g, err := Read(c.Name)
		require.NoError(t, err)
		for _, part := range g.contents() {
			if strings.HasPrefix(part.name, wordPeaks) {
				continue
			}
			for b := range blocks(part.shape, part.frames) {
				visit(c.Name+" "+part.name, part.values[b.from:b.to], part.scale)
			}
		}
	}
}

// TestChecksumsOutliveRoundings moves every value of every golden by what two
// processors may differ by. 20,000 values, each moved twice by 2⁻⁵⁰, against
// steps of 2⁻²⁵: one flip were to be expected in 800 such sets of goldens.
func TestChecksumsOutliveRoundings(t *testing.T) {
	blocks := 0
	everyValue(t, func(name string, values []float64, scale float64) {
		blocks++
		for _, ulps := range []float64{-4, 4} {
			moved := make([]float64, len(values))
			for i, x := range values {
				moved[i] = x + ulps*0x1p-52*max(math.Abs(x), scale)
			}
			assert.Equal(t, checksum(values, scale), checksum(moved, scale), name)
		}
	})
	assert.Greater(t, blocks, 1000)
}

// TestChecksumsSeeWhatMoved moves one value of each block by a millionth.
func TestChecksumsSeeWhatMoved(t *testing.T) {
	everyValue(t, func(name string, values []float64, scale float64) {
		i := len(values) / 2
		moved := append([]float64(nil), values...)
		moved[i] += 1e-6 * max(math.Abs(moved[i]), scale, math.SmallestNonzeroFloat64*1e9)
		assert.NotEqual(t, checksum(values, scale), checksum(moved, scale), name)
		if swapped := append([]float64(nil), values...); len(values) > 1 && math.Abs(values[0]-values[1]) > 1e-6*max(math.Abs(values[0]), math.Abs(values[1]), scale) {
			swapped[0], swapped[1] = swapped[1], swapped[0]
			assert.NotEqual(t, checksum(values, scale), checksum(swapped, scale), name)
		}
	})
}

// TestRoundingHasNoSigns: a zero is a zero, and what is next to nothing too.
func TestRoundingHasNoSigns(t *testing.T) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1e-17, -1e-17, 5e-324} {
		assert.Equal(t, uint64(0), math.Float64bits(rounded(x, 1)), "%g", x)
	}
	assert.Equal(t, uint64(0), math.Float64bits(rounded(math.Copysign(0, -1), 0)))
	for _, x := range []float64{1, -1, 0.5, 1e300, 1e-300, 4, 3} {
		assert.InEpsilon(t, x, rounded(x, 0), 0x1p-24)
	}
	// Either side of a power of two.
	assert.Equal(t, rounded(math.Nextafter(2, 0), 1), rounded(math.Nextafter(2, 3), 1))
}
