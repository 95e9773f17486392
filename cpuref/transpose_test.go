package cpuref

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// TestTransposes holds each linear part to <Ax, y> = <x, A'y>, in float64: the
// sums have some thousand terms, each rounded at 1e-16.
func TestTransposes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	draw := func(n int) []float64 {
		list := make([]float64, n)
		for i := range list {
			list[i] = 2*random.Float64() - 1
		}
		return list
	}
	for _, quality := range []kpn.Quality{kpn.Draft, kpn.Standard, kpn.High} {
		for ratio := 2; ratio <= 64; ratio *= 2 {
			d := newDecimator(ratio, quality)
			const n = 50
			src, history := draw(n*ratio), draw(d.memory())
			x := append(append([]float64(nil), src...), history...)
			dst, work := make([]float64, n), make([]float64, d.work(n))
			d.run(dst, src, history, work)
			y := append(append([]float64(nil), dst...), history...)
			w, kept := draw(n), draw(d.memory())
			right := dot(append(append([]float64(nil), w...), kept...), y)
			back := make([]float64, n*ratio)
			d.adjoint(back, w, kept, work)
			left := dot(append(back, kept...), x)
			require.InDelta(t, right, left, 1e-12, "ratio %d, %v", ratio, quality)
		}
	}
	for _, length := range []int{0, 1, 7, 50, 90} {
		src, ring := draw(50), draw(length)
		x := append(append([]float64(nil), src...), ring...)
		dst := make([]float64, 50)
		delay(dst, src, ring, 13)
		w, kept := draw(50), draw(length)
		right := dot(w, dst) + dot(kept, ring)
		back := make([]float64, 50)
		undelay(back, w, kept, 13)
		left := dot(append(back, kept...), x)
		require.InDelta(t, right, left, 1e-12, "a delay of %d", length)
	}
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
