package compare

import (
	"math"

	"sawmill/kpn"
)

// partialsBound adds up the harmonics. A harmonic's phase is an exact multiple
// of one that is alike on every engine, unless modulations differ, and which
// are silent is decided on whole numbers, alike too.
func partialsBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	freq := d.param(n, "freq")
	phase := d.phaseError(n, freq, d.param(n, "phase"))
	// The sine's own error, and the phase bits that it does not read.
	off := sineError + 2*math.Pi*0x1p-32
	sine := bound{worst: off, bias: off}
	var b, inherited bound
	var r roundings
	for i, amplitude := range in {
		k := float64(i + 1)
		b = b.plus(amplitude).plus(sine.scaled(amplitude.magnitude))
		r.add(1, amplitude.magnitude)
		if i > 0 {
			r.add(1, b.magnitude)
		}
		inherited = inherited.plus(phase.scaled(2 * math.Pi * k * amplitude.magnitude))
		if freq.errors.worst > 0 && k*freq.max >= d.job.Rate/2 && k*freq.min < d.job.Rate/2 {
			// One side may be silent where the other is not.
			inherited.worst += amplitude.magnitude
			inherited.sigma += amplitude.magnitude * math.Sqrt(min(1, freq.errors.sample()/max(freq.min, kpn.OscLowest)))
		}
	}
	b.magnitude *= 1 + 0x1p-20
	return d.inherit(n, r.onto(b), inherited)
}
