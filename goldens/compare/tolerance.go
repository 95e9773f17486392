package compare

import (
	"fmt"
	"math"
)

// Tolerance is how far a candidate may be from the reference.
type Tolerance struct {
	// MaxAbs bounds the error of each sample.
	MaxAbs float64 `json:"max_abs,omitempty"`
	// RMSdB bounds the RMS error of an output over all its rows and frames,
	// in dB re full scale (1.0). 0 leaves it to MaxAbs.
	RMSdB float64 `json:"rms_db,omitempty"`
	// Exact demands equal bits, in float32 unless both sides are float64.
	// It is the only way to ask for no error at all.
	Exact bool `json:"exact,omitempty"`
	// Reason says where the bounds come from.
	Reason string `json:"reason"`
}

// BitEqual is the tolerance that allows no difference.
func BitEqual(reason string) Tolerance { return Tolerance{Exact: true, Reason: reason} }

// Validate refuses tolerances that no output could fail, or none could pass.
func (t Tolerance) Validate() error {
	fault := func(reason string) error { return &ToleranceError{Tolerance: t, Reason: reason} }
	switch {
	case t.Exact && (t.MaxAbs != 0 || t.RMSdB != 0):
		return fault("exact and a bound exclude each other; give one")
	case t.Exact:
		return nil
	case t.MaxAbs == 0:
		return fault("a maximum error of 0 must be asked for with exact")
	case !(t.MaxAbs > 0) || math.IsInf(t.MaxAbs, 0):
		return fault("the maximum error must be a positive number")
	case math.IsNaN(t.RMSdB) || math.IsInf(t.RMSdB, 0):
		return fault("the RMS error must be a number of dB")
	}
	return nil
}

// String writes the tolerance as reports do.
func (t Tolerance) String() string {
	switch {
	case t.Exact:
		return "equal bits"
	case t.RMSdB == 0:
		return fmt.Sprintf("%.3g (%.1f dB)", t.MaxAbs, DB(t.MaxAbs))
	}
	return fmt.Sprintf("%.3g (%.1f dB), RMS %.1f dB", t.MaxAbs, DB(t.MaxAbs), t.RMSdB)
}

// allows says whether a sample is near enough to be within the bounds. The
// caller has ruled out values that are not finite.
func (t Tolerance) allows(got, want float64, wide bool) bool {
	if !t.Exact {
		return math.Abs(got-want) <= t.MaxAbs
	}
	if wide {
		return math.Float64bits(got) == math.Float64bits(want)
	}
	return math.Float32bits(float32(got)) == math.Float32bits(float32(want))
}

// DB is an amplitude in dB re full scale (1.0): −Inf for 0.
func DB(amplitude float64) float64 { return 20 * math.Log10(amplitude) }
