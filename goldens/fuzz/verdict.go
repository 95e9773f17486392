package fuzz

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Outcome is what came of a trial.
type Outcome string

// The outcomes that are as they should be.
const (
	// Agree is both engines within the tolerance.
	Agree Outcome = "agree"
	// Refuse is both engines with the same types of errors.
	Refuse Outcome = "refuse"
	// Unjudged is both engines with samples that no tolerance is known for:
	// beyond what float32 holds, or a quiet row that is normalized.
	Unjudged Outcome = "unjudged"
	// Limited is a candidate that has too little of something for the trial.
	Limited Outcome = "limited"
)

// The outcomes that are failures.
const (
	// Mismatch is a sample outside the tolerance, Broken one that is NaN or
	// infinite.
	Mismatch Outcome = "mismatch"
	Broken   Outcome = "broken"
	// Extent is frames, rows or outputs too many, too few or out of order.
	Extent Outcome = "extent"
	// Gradient is a gradient outside its tolerance.
	Gradient Outcome = "gradient"
	// OneRefuses is one engine that renders what the other refuses,
	// OtherRefusal both with different types of errors.
	OneRefuses   Outcome = "one_refuses"
	OtherRefusal Outcome = "other_refusal"
	// FaultAccepted is a fault that no engine noticed; ValidRefused is a valid
	// trial that no engine renders.
	FaultAccepted Outcome = "fault_accepted"
	ValidRefused  Outcome = "valid_refused"
	// Panic is a panic of either engine.
	Panic Outcome = "panic"
	// Unbuilt is a trial that is none: a fault of the generator.
	Unbuilt Outcome = "unbuilt"
)

// Verdict is what came of a trial, and of which of its jobs.
type Verdict struct {
	Outcome Outcome
	// Job is the job that decided it.
	Job Job
	// Err says more: for a failure, what went wrong.
	Err error
	// severity is how many times as far as allowed a gradient is off.
	severity float64
}

// Failed says whether the engines are to blame.
func (v Verdict) Failed() bool {
	return !slices.Contains([]Outcome{Agree, Refuse, Unjudged, Limited}, v.Outcome)
}

// String says what came of it.
func (v Verdict) String() string {
	if v.Err == nil {
		return string(v.Outcome)
	}
	return fmt.Sprintf("%s: %v", v.Outcome, v.Err)
}

// alike says whether a failure is of the kind of another, so that it may stand
// for it: for a gradient that is far off, one that is nearly as far off.
func (v Verdict) alike(first Verdict) bool {
	return v.Outcome == first.Outcome && v.Failed() && refusals(v.Err) == refusals(first.Err) &&
		v.severity >= min(first.severity/4, 100)
}

// refusalError is engines that refuse differently.
type refusalError struct{ reference, candidate error }

// Error implements error.
func (e *refusalError) Error() string {
	say := func(err error) string {
		if err == nil {
			return "renders it"
		}
		return fmt.Sprintf("refuses it with %s: %v", errorTypes(err), err)
	}
	return fmt.Sprintf("the reference %s; the candidate %s", say(e.reference), say(e.candidate))
}

// refusals names the types of both refusals, if that is what an error is.
func refusals(err error) string {
	e, ok := err.(*refusalError) //nolint:errorlint // never wrapped: it is made and read here
	if !ok {
		return ""
	}
	return errorTypes(e.reference) + " / " + errorTypes(e.candidate)
}

// errorTypes names the types that an error joins or wraps, each once: those
// with a name of their own, innermost where errors of package fmt wrap them.
func errorTypes(err error) string {
	found := map[string]bool{}
	collectTypes(err, found, math.MaxInt8)
	var names []string
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func collectTypes(err error, found map[string]bool, depth int) {
	if err == nil || depth == 0 {
		return
	}
	typeName := fmt.Sprintf("%T", err)
	switch e := err.(type) { //nolint:errorlint // walks the tree itself
	case interface{ Unwrap() []error }:
		for _, member := range e.Unwrap() {
			collectTypes(member, found, depth-1)
		}
		if !strings.HasPrefix(typeName, "*fmt.") && !strings.HasPrefix(typeName, "*errors.") {
			found[typeName] = true
		}
		return
	case interface{ Unwrap() error }:
		if strings.HasPrefix(typeName, "*fmt.") {
			collectTypes(e.Unwrap(), found, depth-1)
			return
		}
	}
	found[typeName] = true
}
