package main

import (
	"context"
	"errors"
	"fmt"

	"sawmill/batch"
	"sawmill/goldens/compare"
	"sawmill/goldens/gradcheck"
	"sawmill/gpu"
	"sawmill/kpn"
)

// The exit codes.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitNoDevice    = 3
	exitMismatch    = 4
	exitDamaged     = 5
	exitInterrupted = 130
)

// usageError is a command line or an input that the command cannot use.
type usageError struct{ error }

// Unwrap returns the cause.
func (e *usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// exitCode is the exit code of an error.
func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case is[*batch.InterruptedError](err), errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.Is(err, gpu.ErrNoDevice), is[*gpu.VersionError](err):
		return exitNoDevice
	case is[*compare.MismatchError](err), is[*compare.ExtentError](err),
		is[*compare.GradientMismatchError](err), is[*compare.PeakError](err), is[*gradcheck.MismatchError](err):
		return exitMismatch
	case is[*batch.DamagedError](err):
		return exitDamaged
	case isInput(err):
		return exitUsage
	}
	return exitFailed
}

// isInput says whether the error is the fault of what the user gave.
func isInput(err error) bool {
	return is[*usageError](err) ||
		is[*batch.OptionError](err) || is[*batch.ArgumentError](err) || is[*batch.ForeignError](err) ||
		is[kpn.PresetErrors](err) || is[*kpn.GraphError](err) || is[*kpn.RangeError](err) ||
		is[*kpn.ShapeError](err) || is[*kpn.JobError](err) ||
		is[*compare.SameDeviceError](err)
}

func is[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}
