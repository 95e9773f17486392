package batch

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// OptionError is an option outside what is allowed. Option is spelt as the
// command spells its flag, without dashes.
type OptionError struct {
	Option  string
	Got     string
	Allowed string
}

// Error implements error.
func (e *OptionError) Error() string {
	return fmt.Sprintf("%s: got %s, allowed is %s", e.Option, e.Got, e.Allowed)
}

// OptionErrors is every option that is out of range.
type OptionErrors []*OptionError

// Error implements error: one line an option.
func (e OptionErrors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the single errors.
func (e OptionErrors) Unwrap() []error {
	errs := make([]error, len(e))
	for i := range e {
		errs[i] = e[i]
	}
	return errs
}

// FileError is a file that could not be read or written. What was finished
// before it stays, and the same run can continue.
type FileError struct {
	// Op is what failed, as a verb.
	Op    string
	Path  string
	Cause error
}

// Error implements error.
func (e *FileError) Error() string {
	cause := e.Cause
	var path *fs.PathError
	if errors.As(cause, &path) {
		cause = path.Err
	}
	return fmt.Sprintf("cannot %s %s: %v; %s", e.Op, e.Path, cause, e.advice())
}

func (e *FileError) advice() string {
	switch {
	case errors.Is(e.Cause, syscall.ENOSPC), errors.Is(e.Cause, syscall.EDQUOT):
		return "free some space and run the same command again: it continues where this one stopped"
	case errors.Is(e.Cause, fs.ErrPermission), errors.Is(e.Cause, syscall.EROFS):
		return "make the directory writable or choose another one"
	case errors.Is(e.Cause, syscall.ENOTDIR), errors.Is(e.Cause, fs.ErrExist):
		return "choose a directory, or a name that does not exist yet"
	}
	return "when that is mended, run the same command again: it continues where this one stopped"
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Cause }

// ArgumentError is a run on a directory that was begun with another argument.
type ArgumentError struct {
	Dir string
	// Argument is the one that differs.
	Argument string
	// Begun is its value in the directory, Asked the one of this run.
	Begun, Asked string
}

// Error implements error.
func (e *ArgumentError) Error() string {
	return fmt.Sprintf("%s holds a dataset with %s %s, this run asks for %s; repeat its arguments to continue it, or choose another directory", e.Dir, e.Argument, e.Begun, e.Asked)
}

// ForeignError is a directory with something in it that is no dataset.
type ForeignError struct {
	Dir string
	// Entry is one of the names found.
	Entry string
}

// Error implements error.
func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s is not empty and holds no Sawmill dataset (it has %q); choose an empty or new directory", e.Dir, e.Entry)
}

// LockedError is a directory that another process is writing.
type LockedError struct{ Dir string }

// Error implements error.
func (e *LockedError) Error() string {
	return fmt.Sprintf("another sawmill is writing to %s; wait for it or choose another directory", e.Dir)
}

// DamagedError is a dataset that is not what its manifest or journal says and
// that rendering again does not mend.
type DamagedError struct {
	Path   string
	Reason string
}

// Error implements error.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s is damaged: %s", e.Path, e.Reason)
}

// SampleError is a sample that is no finite number. Its sound is not written.
type SampleError struct {
	Item           int
	Output         string
	Channel, Frame int
	Got            float64
}

// Error implements error.
func (e *SampleError) Error() string {
	return fmt.Sprintf("item %d, output %q, channel %d, frame %d: got %g, which cannot be written; look for a level or gain that grows without bound in the preset", e.Item, e.Output, e.Channel, e.Frame, e.Got)
}

// InterruptedError is a run that its context stopped.
type InterruptedError struct {
	Dir         string
	Done, Count int
	Cause       error
}

// Error implements error.
func (e *InterruptedError) Error() string {
	return fmt.Sprintf("interrupted: %d of %d sounds are finished in %s; run the same command again to continue", e.Done, e.Count, e.Dir)
}

// Unwrap returns the context's error.
func (e *InterruptedError) Unwrap() error { return e.Cause }

// EngineError is an engine that broke the contract of its blocks.
type EngineError struct{ Reason string }

// Error implements error.
func (e *EngineError) Error() string {
	return "the engine broke its contract: " + e.Reason + "; please report this"
}
