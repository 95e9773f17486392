package compare

import (
	"fmt"

	"sawmill/kpn"
)

// MismatchError is an output that differs by more than its tolerance.
type MismatchError struct {
	Case, Output string
	// B, C and F locate the first sample outside the tolerance, by frame,
	// then item, then channel; for an RMS error that is too large while every
	// sample passes, the worst one.
	B, C, F   int
	Got, Want float64
	Tolerance Tolerance
	// Bad counts the samples outside the tolerance, of Samples.
	Bad, Samples int
	// RMS is the output's RMS error.
	RMS float64
}

// Error implements error.
func (e *MismatchError) Error() string {
	where := fmt.Sprintf("item %d, channel %d, frame %d: got %g, want %g", e.B, e.C, e.F, e.Got, e.Want)
	if e.Bad == 0 {
		return fmt.Sprintf("%s: the RMS error is %.1f dB, allowed is %s (%s); the worst sample is %s",
			label(e.Case, e.Output), DB(e.RMS), e.Tolerance, e.Tolerance.Reason, where)
	}
	return fmt.Sprintf("%s: %d of %d samples are wrong, the first at %s; allowed is %s (%s)",
		label(e.Case, e.Output), e.Bad, e.Samples, where, e.Tolerance, e.Tolerance.Reason)
}

// ExtentError is a side that gave other samples than the job asks for: rows,
// channels, frames or outputs too many, too few or out of order.
type ExtentError struct {
	Case, Output string
	Side         Side
	// Got and Want are extents of the whole output, of a block, or the
	// frames from its start on; Reason says which.
	Got, Want kpn.Shape
	Reason    string
}

// Error implements error.
func (e *ExtentError) Error() string {
	return fmt.Sprintf("%s: the %s %s: got %v, want %v", label(e.Case, e.Output), e.Side, e.Reason, e.Got, e.Want)
}

// SameDeviceError is a comparison of a device with itself, which could not
// fail.
type SameDeviceError struct {
	Case   string
	Device kpn.Device
}

// Error implements error.
func (e *SameDeviceError) Error() string {
	return fmt.Sprintf("%s: both sides are %s %q (%s): a device agrees with itself whatever it does; choose another, or mark the comparison as a self-test",
		label(e.Case, ""), e.Device.Class, e.Device.Name, e.Device.Backend)
}

// ToleranceError is a tolerance that makes no sense.
type ToleranceError struct {
	Tolerance Tolerance
	Reason    string
}

// Error implements error.
func (e *ToleranceError) Error() string { return "tolerance: " + e.Reason }

// ConfigError is a comparison that was set up wrongly.
type ConfigError struct {
	Case, Reason string
}

// Error implements error.
func (e *ConfigError) Error() string { return label(e.Case, "") + ": " + e.Reason }

func label(name, output string) string {
	switch {
	case name == "" && output == "":
		return "comparison"
	case output == "":
		return name
	case name == "":
		return fmt.Sprintf("output %q", output)
	}
	return fmt.Sprintf("%s: output %q", name, output)
}
