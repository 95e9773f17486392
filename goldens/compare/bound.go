package compare

import "math"

// unit is the largest relative error of one float32 rounding.
const unit = 0x1p-24

// bound is what is known of a node's signal before it is rendered.
type bound struct {
	// magnitude bounds the signal on both engines.
	magnitude float64
	// worst bounds the candidate's error whatever the roundings do.
	worst float64
	// bias bounds the part of it that may be the same in every sample:
	// approximations and parameters that float32 cannot hold.
	bias float64
	// sigma bounds the standard deviation of the rest, which roundings make.
	sigma float64
}

// How many standard deviations the tolerances allow. The sum of many
// roundings is close to normal: one sample in 10¹⁵ is 8 sigma out. The RMS
// error of a signal that moves is at most sigma; that of one that holds still
// is a single draw, which 3 sigma allow.
const (
	sigmasOfSample = 8
	sigmasOfRMS    = 3
)

// sample is the largest error that a sample may have.
func (b bound) sample() float64 { return min(b.worst, b.bias+sigmasOfSample*b.sigma) }

// rms is the largest RMS error that a signal may have.
func (b bound) rms() float64 { return min(b.sample(), b.bias+sigmasOfRMS*b.sigma) }

// scaled is the bound of the signal times a factor.
func (b bound) scaled(factor float64) bound {
	return bound{times(b.magnitude, factor), times(b.worst, factor), times(b.bias, factor), times(b.sigma, factor)}
}

// times is a product in which 0 takes away what has no bound.
func times(x, y float64) float64 {
	if x == 0 || y == 0 {
		return 0
	}
	return x * y
}

// plus is the bound of a sum. Errors of the two sides may have one source, so
// their deviations add up and not their variances.
func (b bound) plus(o bound) bound {
	return bound{b.magnitude + o.magnitude, b.worst + o.worst, b.bias + o.bias, b.sigma + o.sigma}
}

// or is the bound of a signal that is one or the other.
func (b bound) or(o bound) bound {
	return bound{max(b.magnitude, o.magnitude), max(b.worst, o.worst), max(b.bias, o.bias), max(b.sigma, o.sigma)}
}

// roundings collects independent rounding errors: those of the operations of
// one node's step.
type roundings struct {
	worst, variance float64
}

// add counts n roundings of values up to size. A rounding's error is at most
// unit·size, and with every value in between equally likely its variance is a
// third of that squared.
func (r *roundings) add(n, size float64) {
	e := unit * math.Abs(size)
	r.worst += n * e
	r.variance += n * e * e / 3
}

// addSpread counts n roundings of values that are equally likely anywhere up
// to size: the variance is a third of that at size itself.
func (r *roundings) addSpread(n, size float64) {
	e := unit * math.Abs(size)
	r.worst += n * e
	r.variance += n * e * e / 9
}

// onto is the bound of a signal that had the errors of b before the
// collected roundings.
func (r *roundings) onto(b bound) bound {
	b.worst += r.worst
	b.sigma += math.Sqrt(r.variance)
	return b
}

// times is the errors after a product with a constant.
func (r roundings) times(factor float64) roundings {
	return roundings{r.worst * factor, r.variance * factor * factor}
}

// plus is the errors of a sum of two independent ones.
func (r roundings) plus(o roundings) roundings {
	return roundings{r.worst + o.worst, r.variance + o.variance}
}
