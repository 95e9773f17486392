package cpuref

import "sawmill/kpn"

// kaiser is the smoothing by the table of [kpn.KaiserTable].
var kaiser = smoothing{kernel: kaiserKernel, step: kaiserStep, corner: kaiserCorner, bend: kaiserBend, reach: kpn.KaiserReach}

// kaiserPlace is the point of the table before a distance, the one after it,
// and how far on the way from one to the other it is.
func kaiserPlace(d float64) (from, to *kpn.KaiserPoint, part float64) {
	table := kpn.KaiserTable()
	x := d * kpn.KaiserPoints
	i := min(int(x), len(table)-2)
	return &table[i], &table[i+1], x - float64(i)
}

// cubic is Hermite's, of values and slopes at 0 and 1: its coefficients.
type cubic [4]float64

func newCubic(a, b, m, n float64) cubic {
	return cubic{a, m, 3*(b-a) - float64(2*m) - n, 2*(a-b) + m + n}
}

func (c cubic) at(x float64) float64 { return horner(x, c[0], c[1], c[2], c[3]) }

// fall is the slope downwards, a sample.
func (c cubic) fall(x float64) float64 {
	return -kpn.KaiserPoints * horner(x, c[1], 2*c[2], 3*c[3])
}

// stepCurve and cornerCurve are the table's curves between two of its points,
// which know their slopes.
func stepCurve(from, to *kpn.KaiserPoint) cubic {
	return newCubic(from.Step, to.Step, -from.Kernel/kpn.KaiserPoints, -to.Kernel/kpn.KaiserPoints)
}

func cornerCurve(from, to *kpn.KaiserPoint) cubic {
	return newCubic(from.Corner, to.Corner, -from.Step/kpn.KaiserPoints, -to.Step/kpn.KaiserPoints)
}

// kaiserOf is something of a curve at a distance.
func kaiserOf(curve func(from, to *kpn.KaiserPoint) cubic, of func(c cubic, x float64) float64, d float64) float64 {
	if d >= kpn.KaiserReach {
		return 0
	}
	from, to, x := kaiserPlace(d)
	return of(curve(from, to), x)
}

func kaiserStep(d float64) float64 { return kaiserOf(stepCurve, cubic.at, d) }

func kaiserKernel(d float64) float64 { return kaiserOf(stepCurve, cubic.fall, d) }

// kaiserCorner has slopes that are kaiserStep's but for 2e-7: see kaiserBend.
func kaiserCorner(d float64) float64 { return kaiserOf(cornerCurve, cubic.at, d) }

func kaiserBend(d float64) float64 { return kaiserOf(cornerCurve, cubic.fall, d) }
