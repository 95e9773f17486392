package compare

import (
	"math"

	"sawmill/kpn"
)

// wideError bounds the relative error of a power of two in float64, on both
// engines together: 3·10⁻¹⁶ on devices, and 1 ulp.
const wideError = 1e-15

// shifted is an osc's frequency after its pitch, at most half the sample rate.
// A pitch of 0 leaves it as it is, on every engine. Others multiply it by a
// power of two, which engines reckon in float64 by functions of their own: that
// is off by its own error, by two roundings of its exponent, and by the
// product's.
func (d *derivation) shifted(n *kpn.Node) values {
	freq, pitch := d.param(n, "freq"), d.param(n, "pitch")
	low, high := d.param(n, "pitch_low"), d.param(n, "pitch_high")
	least := max(min(pitch.min, high.min), low.min)
	most := max(min(pitch.max, high.max), low.max)
	exact := pitch.exact() && low.exact() && high.exact()
	if exact && least == 0 && most == 0 {
		return d.singleSteps(n, freq, 0)
	}
	nyquist := d.job.Rate / 2
	top := math.Exp2(most / 12)
	f := values{min: min(freq.min*math.Exp2(least/12), nyquist), max: min(freq.max*top, nyquist)}
	// What is beyond half the rate counts as that: errors matter below it.
	if freq.min > 0 {
		top = min(top, nyquist/freq.min)
	}
	octaves := max(math.Abs(least), math.Abs(most)) / 12
	relative := pitch.errors.or(low.errors).or(high.errors).scaled(math.Ln2 / 12)
	off := (wideError + (3*math.Ln2*octaves+2)*0x1p-53) / d.fine
	relative.worst, relative.bias = relative.worst+off, relative.bias+off
	f.errors = freq.errors.scaled(top).plus(relative.scaled(f.max))
	f.rounding = f.errors.sample()
	return d.singleSteps(n, f, octaves)
}

// squareSawBound: the sine's relative error is at most 1.8·10⁻⁷, and those of
// the argument x of tanh, of the constant and of two products change it by
// x/cosh²x ≤ 0.45 times their part. The phase bits that the sine does not read
// are worth 2π·2⁻³², times ½πK where the edge is steepest. The tanh is good to 5
// roundings. With s = saw, (1 − s/2)(1 + s) is at most 9/8, s(1 − s/2) at most
// ½, and a rounding of s changes the product of both factors by 3/2 times it.
func (d *derivation) squareSawBound(n *kpn.Node) bound {
	const steepest, unread = 0.45, 2 * math.Pi * 0x1p-32
	saw, harmonics := d.param(n, "saw"), d.param(n, "harmonics")
	edge := steepest*1.8e-7 + math.Pi/2*harmonics.max*unread
	if harmonics.rounding > 0 {
		edge += min(math.Pi/2*harmonics.rounding, steepest*harmonics.rounding/harmonics.min)
	}
	b := bound{magnitude: 9. / 8}
	b.bias = min(b.magnitude, 9./8*edge) + 0.5*(sineError+unread) + 1.5*saw.rounding
	b.worst = b.bias
	var r roundings
	r.add(3, 9./8*steepest)
	r.add(5, 9./8)
	// 1 − s/2; the cosine's product and sum; both products.
	r.add(1, 1)
	r.add(2, 2)
	r.add(2, 9./8)
	return r.onto(b)
}
