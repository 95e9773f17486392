package cpuref

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

// What an entry gives in two passes is the same where nothing can tell it apart: a
// missing tensor and zeros of either sign, and what is no number.
func TestSameAtEnd(t *testing.T) {
	frames := func(x ...float64) *kpn.FrameTensor {
		return &kpn.FrameTensor{Shape: kpn.Shape{B: 1, C: 1, F: len(x)}, Data: x}
	}
	zero := math.Copysign(0, -1)
	for name, c := range map[string]struct {
		a, b *kpn.FrameTensor
		same int
	}{
		"none and none":     {nil, nil, math.MaxInt},
		"none and zeros":    {nil, frames(0, zero, 0), math.MaxInt},
		"zeros and none":    {frames(zero, 0), nil, math.MaxInt},
		"zeros of two":      {frames(zero), frames(0), math.MaxInt},
		"no numbers":        {frames(1, math.NaN()), frames(1, math.NaN()), math.MaxInt},
		"none and another":  {nil, frames(0, 1, 0, 0), 2},
		"the last":          {frames(1, 2, 3), frames(1, 2, 4), 0},
		"the first":         {frames(1, 2, 3), frames(0, 2, 3), 2},
		"a number and none": {frames(math.NaN(), 2), frames(0, 2), 1},
	} {
		assert.Equal(t, c.same, sameAtEnd(c.a, c.b), name)
	}
	// Two entries whose round is of 3 frames: the last 3 have settled once both
	// have been taken back with what the first pass gave.
	loop := []*entry{{round: 3}, {round: 3}}
	var got []int
	for pass := range 7 {
		got = append(got, settled(loop, pass))
	}
	assert.Equal(t, []int{0, 0, 0, 3, 3, 6, 6}, got)
}
