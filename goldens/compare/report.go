package compare

import (
	"fmt"
	"math"
	"strings"

	"sawmill/kpn"
)

// Sample is one sample of both sides.
type Sample struct {
	B, C, F   int
	Got, Want float64
}

// Report says how far two renders of a job are apart.
type Report struct {
	Case string
	// Reference and Candidate are the devices that really ran.
	Reference, Candidate kpn.Device
	Shape                kpn.Shape
	Outputs              []OutputReport
}

// OutputReport says it for one output.
type OutputReport struct {
	Output    string
	Tolerance Tolerance
	// Samples counts what was compared.
	Samples int
	// MaxAbs is the largest error and RMS the root of the mean squared one,
	// over the samples that are finite on both sides; SignalRMS is the
	// reference's level.
	MaxAbs, RMS, SignalRMS float64
	// Worst is where MaxAbs is, First the first sample outside the tolerance
	// or nil.
	Worst Sample
	First *Sample
	// Bad counts samples outside the tolerance, NotFinite those among them
	// that are NaN or infinite on either side.
	Bad, NotFinite int
}

// MaxAbsDB is the largest error in dB re full scale.
func (o *OutputReport) MaxAbsDB() float64 { return DB(o.MaxAbs) }

// RMSDB is the RMS error in dB re full scale.
func (o *OutputReport) RMSDB() float64 { return DB(o.RMS) }

// RelativeDB is the RMS error in dB relative to the signal's RMS: +Inf for
// an error where the signal is silent, −Inf for no error.
func (o *OutputReport) RelativeDB() float64 {
	if o.RMS == 0 {
		return math.Inf(-1)
	}
	return DB(o.RMS / o.SignalRMS)
}

// Pass says whether the output is within its tolerance.
func (o *OutputReport) Pass() bool {
	return o.Bad == 0 && (o.Tolerance.RMSdB == 0 || o.RMSDB() <= o.Tolerance.RMSdB)
}

// String is one line.
func (o *OutputReport) String() string {
	verdict := "pass"
	if !o.Pass() {
		verdict = "FAIL"
	}
	return fmt.Sprintf("%s %s: max %.1f dB at (%d, %d, %d), RMS %.1f dB (%.1f dB re signal); allowed %s",
		verdict, o.Output, o.MaxAbsDB(), o.Worst.B, o.Worst.C, o.Worst.F, o.RMSDB(), o.RelativeDB(), o.Tolerance)
}

// Pass says whether every output is within its tolerance.
func (r *Report) Pass() bool {
	for i := range r.Outputs {
		if !r.Outputs[i].Pass() {
			return false
		}
	}
	return true
}

// String is one line for each output.
func (r *Report) String() string {
	lines := make([]string, len(r.Outputs))
	for i := range r.Outputs {
		lines[i] = r.Outputs[i].String()
	}
	return strings.Join(lines, "\n")
}

// mismatch is the output's error, or nil.
func (o *OutputReport) mismatch(name string) *MismatchError {
	if o.Pass() {
		return nil
	}
	at := o.Worst
	if o.First != nil {
		at = *o.First
	}
	return &MismatchError{
		Case: name, Output: o.Output,
		B: at.B, C: at.C, F: at.F, Got: at.Got, Want: at.Want,
		Tolerance: o.Tolerance, Bad: o.Bad, Samples: o.Samples, RMS: o.RMS,
	}
}
