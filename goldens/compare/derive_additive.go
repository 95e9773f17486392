package compare

import (
	"math"

	"sawmill/kpn"
)

// additiveBound adds up the harmonics that a job's counts allow, at the lowest
// tilt and the farthest balance. A harmonic's phase is an exact multiple of
// one that is alike on every engine, unless modulations differ, and which are
// silent is decided on whole numbers, alike too.
func additiveBound(d *derivation, n *kpn.Node, _ []bound) (bound, error) {
	freq, count := d.param(n, "freq"), d.param(n, "count")
	tilt, balance := d.param(n, "tilt"), d.param(n, "balance")
	sides := [2]float64{1 + balance.max, 1 - balance.min}
	phase := d.phaseError(n, freq, d.param(n, "phase"))
	var b, inherited bound
	var r roundings
	for k := 1; float64(k) < count.max+1; k++ {
		fall := math.Pow(float64(k), -tilt.min)
		amplitude := fall * sides[k%2]
		b.magnitude += amplitude
		// The sine's own error, and the phase bits that it does not read.
		b.bias += amplitude * (sineError + 2*math.Pi*0x1p-32)
		// What float32 does to the tilt and the balance. k^−t changes by
		// ln k·k^−t a unit of t.
		b.bias += math.Log(float64(k))*amplitude*tilt.rounding + fall*balance.rounding
		// The power 2^−y with y = tilt·log₂k: four relative roundings of y,
		// which move it by ln 2·y·2^−y ≤ 0.37 times the side each, and two of its own.
		r.add(4, 0.37*sides[k%2])
		r.add(2, amplitude)
		// The side, the share, and the products with both and the sine.
		r.add(5, amplitude)
		if k > 1 {
			r.add(1, b.magnitude)
		}
		inherited = inherited.plus(phase.scaled(2 * math.Pi * float64(k) * amplitude))
		if k := float64(k); freq.errors.worst > 0 && k*freq.max >= d.job.Rate/2 && k*freq.min < d.job.Rate/2 {
			// One side may be silent where the other is not.
			inherited.worst += amplitude
			inherited.sigma += amplitude * math.Sqrt(min(1, freq.errors.sample()/max(freq.min, kpn.OscLowest)))
		}
	}
	// A count changes the harmonic that it has a part of.
	b.bias += count.rounding * max(sides[0]*math.Pow(2, -tilt.min), sides[1])
	b.worst = b.bias
	b.magnitude *= 1 + 0x1p-20
	return d.inherit(n, r.onto(b), inherited)
}
