package gpu

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoDevice is wrapped by the error for a device that cannot be opened.
var ErrNoDevice = errors.New("no such device")

// ErrDeviceLost is wrapped by the error for a device that the driver reset.
var ErrDeviceLost = errors.New("the device was lost")

// ErrClosed is wrapped by the error for a call on a closed device.
var ErrClosed = errors.New("the device is closed")

// Problem is a reason why a device could not be opened.
type Problem struct {
	Backend Backend
	// Device is the device at fault; empty for the whole backend.
	Device string
	Reason string
	// Packages are the Debian packages that bring what is missing.
	Packages []string
	// Cause is the error behind it, or nil.
	Cause error
}

// String is one line: where, why, and what to install.
func (p Problem) String() string {
	where := string(p.Backend)
	if p.Device != "" {
		where = p.Device
	}
	text := where + ": " + p.Reason
	if len(p.Packages) > 0 {
		text += " (apt-get install " + strings.Join(p.Packages, " ") + ")"
	}
	return text
}

// NoDeviceError says why no device that was asked for could be opened.
type NoDeviceError struct {
	Selector Selector
	Problems []Problem
}

// Error implements error.
func (e *NoDeviceError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "no %s can be opened", e.Selector)
	for _, p := range e.Problems {
		b.WriteString("\n  " + p.String())
	}
	return b.String()
}

// Unwrap returns [ErrNoDevice] and the causes of the problems.
func (e *NoDeviceError) Unwrap() []error {
	causes := []error{ErrNoDevice}
	for _, p := range e.Problems {
		if p.Cause != nil {
			causes = append(causes, p.Cause)
		}
	}
	return causes
}

// neededVersion is the oldest OpenGL that runs the kernels.
const neededVersion = "OpenGL 4.3 core with double precision in shaders"

// VersionError is a device whose OpenGL is too old.
type VersionError struct {
	// Found is the version string, empty if no context could be made at all.
	Found  string
	Needed string
	// Cause is the context's error, or nil.
	Cause error
}

// Error implements error.
func (e *VersionError) Error() string {
	found := e.Found
	if found == "" {
		found = "no such context"
	}
	text := fmt.Sprintf("found %s, needed is %s: update the driver or choose another device", found, e.Needed)
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the context's error.
func (e *VersionError) Unwrap() error { return e.Cause }

// LimitError is a request beyond what the device can do.
type LimitError struct {
	// Limit names it, as the device's documentation does.
	Limit string
	// Max is 0 where the device does not say: it ran out of memory. Got is 0
	// where it does not say what for.
	Got, Max int64
	// Advice is what to do where smaller batches do not help.
	Advice string
}

// Error implements error.
func (e *LimitError) Error() string {
	advice := ": render smaller batches, or choose another device"
	if e.Advice != "" {
		advice = ": " + e.Advice
	}
	switch {
	case e.Max > 0:
		return fmt.Sprintf("%s: got %d, the device allows %d", e.Limit, e.Got, e.Max) + advice
	case e.Got > 0:
		return fmt.Sprintf("%s: the device has no room for %d more", e.Limit, e.Got) + advice
	}
	return e.Limit + ": the device ran out of it" + advice
}

// LostError is a device that the driver reset; it must be opened again.
type LostError struct {
	// Device is the renderer; Reason is what the driver says about it.
	Device, Reason string
}

// Error implements error.
func (e *LostError) Error() string {
	return fmt.Sprintf("%s: the device was lost (%s): open it again; if it happens again, render smaller batches or look at the driver", e.Device, e.Reason)
}

// Unwrap returns [ErrDeviceLost].
func (e *LostError) Unwrap() error { return ErrDeviceLost }

// ClosedError is a call on a closed device.
type ClosedError struct{ Device string }

// Error implements error.
func (e *ClosedError) Error() string { return e.Device + ": the device is closed: open it again" }

// Unwrap returns [ErrClosed].
func (e *ClosedError) Unwrap() error { return ErrClosed }

// CallError is an OpenGL call that the driver refused: a defect of this
// package or of the driver.
type CallError struct{ Device, Reason string }

// Error implements error.
func (e *CallError) Error() string {
	return fmt.Sprintf("%s: the driver refused a call: %s: please report it, with the output of sawmill doctor", e.Device, e.Reason)
}
