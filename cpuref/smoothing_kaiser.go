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

// cubic is Hermite's, of values a and b and slopes m and n at 0 and 1: its
// coefficients from x on.
func cubic(a, b, m, n float64) (x, x2, x3 float64) {
	return m, 3*(b-a) - float64(2*m) - n, 2*(a-b) + m + n
}

func kaiserStep(d float64) float64 {
	if d >= kpn.KaiserReach {
		return 0
	}
	from, to, x := kaiserPlace(d)
	c1, c2, c3 := cubic(from.Step, to.Step, -from.Kernel/kpn.KaiserPoints, -to.Kernel/kpn.KaiserPoints)
	return horner(x, from.Step, c1, c2, c3)
}

// kaiserKernel is the slope of kaiserStep, downwards.
func kaiserKernel(d float64) float64 {
	if d >= kpn.KaiserReach {
		return 0
	}
	from, to, x := kaiserPlace(d)
	c1, c2, c3 := cubic(from.Step, to.Step, -from.Kernel/kpn.KaiserPoints, -to.Kernel/kpn.KaiserPoints)
	return -kpn.KaiserPoints * horner(x, c1, 2*c2, 3*c3)
}

// kaiserCorner has slopes that are kaiserStep's but for 2e-7: see kaiserBend.
func kaiserCorner(d float64) float64 {
	if d >= kpn.KaiserReach {
		return 0
	}
	from, to, x := kaiserPlace(d)
	c1, c2, c3 := cubic(from.Corner, to.Corner, -from.Step/kpn.KaiserPoints, -to.Step/kpn.KaiserPoints)
	return horner(x, from.Corner, c1, c2, c3)
}

// kaiserBend is the slope of kaiserCorner, downwards.
func kaiserBend(d float64) float64 {
	if d >= kpn.KaiserReach {
		return 0
	}
	from, to, x := kaiserPlace(d)
	c1, c2, c3 := cubic(from.Corner, to.Corner, -from.Step/kpn.KaiserPoints, -to.Step/kpn.KaiserPoints)
	return -kpn.KaiserPoints * horner(x, c1, 2*c2, 3*c3)
}
