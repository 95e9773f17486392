package conformance

import (
	"time"
)

// Options say what [Verify] checks, and how. The zero value checks everything
// that an engine can be held to.
type Options struct {
	// Cases are patterns of [path.Match] for the names of the cases to check;
	// none means all of them. A pattern that fits no case is refused.
	Cases []string
	// NoGradients leaves gradients unchecked, for an engine that has none.
	NoGradients bool
	// Waivers excuse failures; nil means those that come with this package,
	// see [CommittedWaivers]. An empty list excuses nothing.
	Waivers []Waiver
	// Bits are the digests to compare with; nil means those that come with
	// this package, see [CommittedBits].
	Bits *BitTable
	// RequireBits makes other bits than the table's a failure, and bits that
	// the table lacks. Without it they are only reported: another device may round in its own way, within
	// the tolerances.
	RequireBits bool
	// Signals keeps what both sides rendered in the report, for plots: some
	// megabytes for all cases.
	Signals bool
	// Progress is called before each case, if it is set.
	Progress func(done, of int, name string)
	// Clock times the cases, if it is set.
	Clock func() time.Time
}

// now is the time, or nothing without a clock.
func (o *Options) now() time.Time {
	if o.Clock == nil {
		return time.Time{}
	}
	return o.Clock()
}
