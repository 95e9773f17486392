package kpn

import (
	"fmt"
	"math"
	"slices"
)

// The fields that say how a resampler changes the rate: a ratio, or the rates
// on both sides of it.
const fieldRatio = "ratio"

var resampleRates = []string{"source_rate", "target_rate", "input_rate", "output_rate"}

// rate takes over a resampler's field. All signals of a network have one rate,
// at which as many frames leave a node as come in, so that a resampler can only
// be one that changes nothing; any other is refused.
func (r *documentReader) rate(f MetadataField) error {
	if f.Name != fieldRatio && !slices.Contains(resampleRates, f.Name) {
		r.builder.report(r.name, f.Name)
		return nil
	}
	var number float64
	if err := r.decode(f, &number); err != nil {
		return err
	}
	if !(number > 0) || math.IsInf(number, 0) {
		return r.fault(f, fmt.Sprintf("got %g, allowed is what is above 0", number))
	}
	want := 1.0
	if f.Name != fieldRatio {
		if r.rateOf == 0 {
			r.rateOf = number
		}
		want = r.rateOf
	}
	if number != want {
		return r.fault(f, fmt.Sprintf("got %g where %g changes nothing: all signals of a network have one rate, so that nothing can be resampled in it; resample before it or behind it, or bring a kind of your own for the type", number, want))
	}
	return nil
}
