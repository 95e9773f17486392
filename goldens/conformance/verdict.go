package conformance

import "slices"

// Verdict is what came of a check.
type Verdict int

// The verdicts, from the best to the worst.
const (
	// Unchecked is a check that was not made; it is no verdict on the engine.
	Unchecked Verdict = iota
	// Passed is a check that holds.
	Passed
	// Waived is a check that fails and is excused by a [Waiver].
	Waived
	// Failed is a check that fails.
	Failed
)

// String names the verdict.
func (v Verdict) String() string {
	switch v {
	case Unchecked:
		return "not checked"
	case Passed:
		return "passed"
	case Waived:
		return "waived"
	case Failed:
		return "FAILED"
	}
	return "unknown"
}

// What names one thing that a case checks.
type What string

// What cases check.
const (
	// Forward is the samples: within tolerance of the reference, and the same
	// however a job is cut into blocks and batches.
	Forward What = "forward"
	// Gradient is the same of gradients.
	Gradient What = "gradient"
	// Bits is whether samples and gradients have the digests of [BitTable].
	Bits What = "bits"
)

// everything is all that a case checks, in the order of reports.
var everything = [...]What{Forward, Gradient, Bits}

// Everything lists what cases check, in the order of reports.
func Everything() []What { return slices.Clone(everything[:]) }

// Finding is what came of one thing that a case checks.
type Finding struct {
	Verdict Verdict
	// Failures are what fails, waived or not.
	Failures []*CheckError
	// Waiver is what excuses them; nil unless the verdict is [Waived].
	Waiver *Waiver
	// Note says why nothing was checked, or what was seen besides.
	Note string
}

// BitState is how an engine's bits compare with committed ones.
type BitState int

// The states.
const (
	// NoValue is bits without a committed digest, or of an engine that does
	// not give float32.
	NoValue BitState = iota
	// Same is equal bits.
	Same
	// Differ is other bits.
	Differ
)

// String names the state.
func (b BitState) String() string {
	switch b {
	case NoValue:
		return "no value"
	case Same:
		return "same"
	case Differ:
		return "differ"
	}
	return "unknown"
}
