package kpn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Lengths stop where their field does; nothing that long fits a test.
func TestLengthFault(t *testing.T) {
	assert.Empty(t, lengthFault(math.MaxUint32))
	assert.Contains(t, lengthFault(math.MaxUint32+1), "4294967296 do not fit")
	w := newBlobWriter(blobPlan)
	w.enterNode(3)
	w.enter("parameter", 2)
	w.length("name length", math.MaxUint32+1)
	w.check("later", "a second fault does not hide the first")
	_, err := w.finish()
	assert.Equal(t, &BlobError{blobPlan, -1, "parameter 2: name length", "#3", lengthFault(math.MaxUint32 + 1)}, err)
}

// The repeat that is found is the earliest, however the keys sort.
func TestFirstRepeat(t *testing.T) {
	for _, c := range []struct {
		keys []int
		want int
	}{
		{nil, -1},
		{[]int{3, 1, 2}, -1},
		{[]int{3, 1, 3, 1}, 2},
		{[]int{1, 3, 3, 1, 1}, 2},
	} {
		assert.Equal(t, c.want, firstRepeat(len(c.keys), func(i int) int { return c.keys[i] }), c.keys)
	}
}
