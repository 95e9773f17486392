package cpuref

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

// TestKaiserBend holds the slope of the corner's very interpolation: the step's
// own is up to 2e-7 off. A central difference in one of the table's intervals is
// exact to its last term, h²·x³/3!, of some 10⁻¹², and to roundings of 10⁻¹⁶/h.
func TestKaiserBend(t *testing.T) {
	const h = 1e-6
	worst := 0.0
	for i := range 31 * kpn.KaiserPoints {
		d := (float64(i) + 0.37) / kpn.KaiserPoints
		slope := (kaiserCorner(d-h) - kaiserCorner(d+h)) / (2 * h)
		assert.InDelta(t, slope, kaiserBend(d), 1e-9, "%g samples", d)
		worst = max(worst, math.Abs(kaiserBend(d)-kaiserStep(d)))
	}
	assert.Greater(t, worst, 1e-8, "or there would be no need of it")
	assert.Zero(t, kaiserBend(kpn.KaiserReach))
}
