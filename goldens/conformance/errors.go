package conformance

import (
	"fmt"
	"strings"

	"sawmill/kpn"
)

// CheckError is one check of a case that fails.
type CheckError struct {
	Case string
	What What
	// Check is what was rendered: a shape and a seed, blocks or batches.
	Check string
	// Cause is an error of package compare, the engine's own, or a
	// *[DigestError].
	Cause error
}

// Error implements error.
func (e *CheckError) Error() string {
	return fmt.Sprintf("%s, %s", e.Case, e.Text())
}

// Text is the error without the name of its case.
func (e *CheckError) Text() string {
	// What package compare writes where a comparison has no name.
	return e.Check + ": " + strings.TrimPrefix(e.Cause.Error(), "comparison: ")
}

// Unwrap returns what is wrong.
func (e *CheckError) Unwrap() error { return e.Cause }

// FailureError is an engine that fails cases.
type FailureError struct {
	Engine kpn.Device
	// Failed counts the cases that fail, of Cases.
	Failed, Cases int
	// Failures are the checks that fail, in the order of the cases. There is
	// at least one.
	Failures []*CheckError
}

// Error implements error.
func (e *FailureError) Error() string {
	return fmt.Sprintf("%d of %d cases fail on %s (%s, %s); the first is %v",
		e.Failed, e.Cases, e.Engine.Name, e.Engine.Class, e.Engine.Backend, e.Failures[0])
}

// Unwrap returns the failures.
func (e *FailureError) Unwrap() []error {
	list := make([]error, len(e.Failures))
	for i, f := range e.Failures {
		list[i] = f
	}
	return list
}

// DigestError is samples or gradients with other bits than the committed
// ones.
type DigestError struct {
	// Of is what was digested: "samples" or "gradients". Want is empty if
	// there is nothing to compare with.
	Of        string
	Got, Want string
	// Device is what gave the committed bits.
	Device string
	// Required says that the bits must be the same here.
	Required bool
}

// Error implements error.
func (e *DigestError) Error() string {
	if e.Want == "" {
		return fmt.Sprintf("the %s have no committed bits; run: go run ./goldens/regenerate bits", e.Of)
	}
	text := fmt.Sprintf("the bits of the %s differ from the committed ones (SHA-256 %.12s…, want %.12s…, from %s)", e.Of, e.Got, e.Want, e.Device)
	if e.Required {
		text += "; if the change is meant, run: go run ./goldens/regenerate bits"
	}
	return text
}

// SelectionError is a pattern of [Options] that fits no case.
type SelectionError struct {
	Pattern, Reason string
}

// Error implements error.
func (e *SelectionError) Error() string {
	return fmt.Sprintf("cases %q: %s", e.Pattern, e.Reason)
}

// FileError is a table of this package that cannot be read.
type FileError struct {
	File string
	// Where is a line or an entry; it may be empty.
	Where, Reason string
}

// Error implements error.
func (e *FileError) Error() string {
	if e.Where == "" {
		return e.File + ": " + e.Reason
	}
	return e.File + ": " + e.Where + ": " + e.Reason
}
