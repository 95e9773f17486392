package compare

import (
	"fmt"

	"sawmill/kpn"
)

// subharmonicBound: lowpass and flip-flop make the same operations in float64
// on every engine, so that inputs and cutoffs without an error turn it in the
// same frames. The lowpass is then rounded to float32, and its product with
// the level, and the sum with the input.
//
// An input that is off may touch 0 in one engine and not in the other, and what
// follows then has the other sign for as long as it lasts: nothing can be said.
func subharmonicBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	cutoff, level := d.param(n, "cutoff"), d.param(n, "level")
	x := in[0].magnitude
	low := rounded(bound{magnitude: x}, x)
	b := in[0].plus(product(low, level.signal()))
	b = rounded(b, b.magnitude)
	if in[0].worst > 0 || !cutoff.exact() {
		return bound{}, &ConfigError{Reason: fmt.Sprintf("node %q: engines know its input or its cutoff only nearly, and where its lowpass just touches 0 one turns over and another does not: no tolerance makes sense; compare what comes before it", n.ID)}
	}
	return b, nil
}
