package compare

import (
	"math"
	"sync"

	"sawmill/kpn"
)

// kaiserSums bounds what the edges within reach of a sample add up to, whatever
// the phase, with spacing samples from one to the next: those of a unit step's
// residual, of the kernel, of the kernel times the distance, and of a corner's
// residual. On either side the k-th edge is at least k spacings away, and each
// is at most the largest value from there on.
type kaiserSums struct {
	edges, step, kernel, turned, corner float64
}

// kaiserTails are the largest values of the table from each point on.
var kaiserTails = sync.OnceValue(func() []kaiserSums {
	table := kpn.KaiserTable()
	tails := make([]kaiserSums, len(table)+1)
	for i := len(table) - 1; i >= 0; i-- {
		p, later := table[i], tails[i+1]
		distance := float64(i+1) / kpn.KaiserPoints
		tails[i] = kaiserSums{
			step:   max(later.step, math.Abs(p.Step)),
			kernel: max(later.kernel, math.Abs(p.Kernel)),
			turned: max(later.turned, math.Abs(p.Kernel)*distance),
			corner: max(later.corner, math.Abs(p.Corner)),
		}
	}
	// Between two points a curve may rise above both, by less than an eighth
	// of its curvature: 1e-4 of what the table begins with.
	first := tails[0]
	for i := range tails {
		tails[i].step += 1e-4 * first.step
		tails[i].kernel += 1e-4 * first.kernel
		tails[i].turned += 1e-4 * first.turned
		tails[i].corner += 1e-4 * first.corner
	}
	return tails
})

func newKaiserSums(spacing float64) kaiserSums {
	var sum kaiserSums
	for distance := 0.0; distance < kpn.KaiserReach; distance += spacing {
		at := kaiserTails()[int(distance*kpn.KaiserPoints)]
		sum.edges += 2
		sum.step += 2 * at.step
		sum.kernel += 2 * at.kernel
		sum.turned += 2 * at.turned
		sum.corner += 2 * at.corner
	}
	// Of the two nearest edges one is at least half a spacing away.
	near, other := kaiserTails()[0], kaiserTails()[min(int(spacing/2*kpn.KaiserPoints), kpn.KaiserReach*kpn.KaiserPoints)]
	sum.step += other.step - near.step
	sum.kernel += other.kernel - near.kernel
	sum.turned += other.turned - near.turned
	sum.corner += other.corner - near.corner
	return sum
}

// cubicRoundings are those of a cubic between two points of the table, of sums
// of its values and of its slopes in a point: values are rounded once, slopes
// twice, and what is made of them, below 3 slopes, ten times. The last sum is
// that of the value.
func cubicRoundings(values, slopes float64) roundings {
	var r roundings
	r.add(2, values)
	r.add(2, slopes/kpn.KaiserPoints)
	r.add(10, 3*slopes/kpn.KaiserPoints)
	return r
}

// steps are the roundings of the residual of all steps within reach. Distances
// are rounded like the nearest's, and once more for the product with a number
// of periods, and for the sum.
func (s kaiserSums) steps() roundings {
	r := cubicRoundings(s.step, s.kernel)
	r.add(distanceRoundings+2, s.turned)
	r.add(s.edges, s.step)
	return r
}

// corners are those of all corners. Their distances meet the residual of a
// step, at most 0.3 of its sum times a distance of 1.
func (s kaiserSums) corners() roundings {
	r := cubicRoundings(s.corner, s.step)
	r.add(distanceRoundings+2, s.step)
	r.add(s.edges, s.corner)
	return r
}

// kaiserBound is the bound of one step of an oscillator that the table
// smooths.
func kaiserBound(shape int, increment float64) bound {
	sums := newKaiserSums(1 / max(increment, 0x1p-20))
	switch shape {
	case kpn.OscSaw:
		b := floored(1)
		b.magnitude = 1 + 2*sums.step
		r := sums.steps().times(2)
		r.add(1, b.magnitude)
		return r.onto(b)
	case kpn.OscPulse:
		b := bound{magnitude: 1 + 4*sums.step}
		r := sums.steps().plus(sums.steps()).times(2)
		r.add(2, b.magnitude)
		return r.onto(b)
	default:
		b := floored(2)
		b.magnitude = 1 + 16*increment*sums.corner
		r := sums.corners().plus(sums.corners())
		r.add(3, 2*sums.corner)
		r = r.times(8 * increment)
		r.add(1, b.magnitude)
		return r.onto(b)
	}
}

// kaiserErrorOf is what a waveform of so many edges a cycle, or of corners
// alone, is off by because of its phase's errors. A part of the increment moves
// residuals by their slopes times the distances; a triangle's grow with it too.
func (w *waveErrors) kaiserErrorOf(edges, slope float64) bound {
	sums := newKaiserSums(1 / max(w.most, 0x1p-20))
	if edges == 0 {
		e := timesSlope(w.phase, slope+16*sums.step)
		return e.plus(w.pitch.scaled(16 * w.most * (sums.corner + kpn.KaiserReach*sums.step)))
	}
	steep := 2 * sums.kernel / w.least
	e := timesSlope(w.phase, slope+edges*steep)
	if edges == 2 {
		e = e.plus(timesSlope(w.width, steep))
	}
	return e.plus(w.pitch.scaled(2 * edges * sums.turned))
}
