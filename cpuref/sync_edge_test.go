package cpuref

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// Band-limited, a pulse has no jumps: not by its width and not by its cycles,
// though the naive one has where an edge comes to lie on a sample or on the
// master's end. Rounding 0.3 to 3.3 − 3 once tore the two apart.
func TestAPulseIsContinuousWhereAnEdgeMeetsASampleOrTheEnd(t *testing.T) {
	at := func(width, cycles float64, phase uint64) float64 {
		w := slave{
			shape: kpn.OscPulse, smoothing: smoothings[kpn.BandLimitPolyBLEP4], increment: 1 << 60,
			cycles: cycles, width: width,
		}
		w.step = w.cycles / 16
		w.reset()
		return w.at(phase)
	}
	const tiny = 1e-9
	for _, cycles := range []float64{1.3, 2.3, 3.3, 4.3, 5.7, 7.9} {
		for _, width := range []float64{1e-45, 1e-17, 0.1, 0.3, 0.7, 1 - 0x1p-53} {
			for k := range uint64(64) {
				phase := k << 58
				y := at(width, cycles, phase)
				near := at(min(width+tiny, 1-tiny), cycles, phase)
				require.InDelta(t, near, y, 1e-5, "width %g, %g cycles, phase %d/64", width, cycles, k)
				require.InDelta(t, at(width, cycles+tiny, phase), y, 1e-5, "width %g, %g cycles, phase %d/64", width, cycles, k)
				require.False(t, math.IsNaN(y))
			}
		}
	}
}
