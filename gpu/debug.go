package gpu

import (
	"errors"
	"fmt"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// startDebug turns the driver's messages on. They are polled from the
// context's own log after each call, because go-gl's callback is one for the
// process and could not tell devices apart.
func (d *Device) startDebug() {
	if !d.debug {
		return
	}
	gl.Enable(gl.DEBUG_OUTPUT)
	// Synchronous: a message is in the log before the call that caused it
	// returns.
	gl.Enable(gl.DEBUG_OUTPUT_SYNCHRONOUS)
	// Only what counts is logged, for the log is short (Mesa's holds 10).
	gl.DebugMessageControl(gl.DONT_CARE, gl.DONT_CARE, gl.DONT_CARE, 0, nil, false)
	gl.DebugMessageControl(gl.DONT_CARE, gl.DONT_CARE, gl.DEBUG_SEVERITY_HIGH, 0, nil, true)
}

// DebugError is a message of high severity from the driver.
type DebugError struct {
	Device, Message string
	ID              uint32
}

// Error implements error.
func (e *DebugError) Error() string {
	return fmt.Sprintf("%s: driver message %d: %s", e.Device, e.ID, e.Message)
}

// debugErrors takes the messages out of the driver's log.
func (d *Device) debugErrors() error {
	if !d.debug {
		return nil
	}
	var found []error
	text := make([]uint8, 4096)
	for range 64 {
		var id uint32
		var length int32
		if gl.GetDebugMessageLog(1, int32(len(text)), nil, nil, &id, nil, &length, &text[0]) == 0 {
			break
		}
		message := string(text[:max(0, min(int(length)-1, len(text)))])
		found = append(found, &DebugError{Device: d.description.Renderer, ID: id, Message: message})
	}
	return errors.Join(found...)
}

// errorFlags bounds how many error flags are read: a lost context may raise
// its flag for ever.
const errorFlags = 16

// faults is what went wrong on the device since it was last asked.
func (d *Device) faults() error {
	if err := d.lostError(); err != nil {
		return err
	}
	found := []error{d.debugErrors()}
	for range errorFlags {
		code := gl.GetError()
		if code == gl.NO_ERROR {
			break
		}
		switch code {
		case gl.CONTEXT_LOST:
			d.lost = &LostError{Device: d.description.Renderer, Reason: "GL_CONTEXT_LOST"}
			return d.lost
		case gl.OUT_OF_MEMORY:
			found = append(found, &LimitError{Limit: "device memory (bytes)"})
		default:
			found = append(found, &CallError{Device: d.description.Renderer, Reason: errorName(code)})
		}
	}
	return errors.Join(found...)
}

// lostError asks whether the driver has reset the context.
func (d *Device) lostError() error {
	if d.resetStatus == nil {
		return nil
	}
	reason := ""
	switch d.resetStatus() {
	case gl.NO_ERROR:
		return nil
	case gl.GUILTY_CONTEXT_RESET_ARB:
		reason = "a kernel of this program hung or crashed it"
	case gl.INNOCENT_CONTEXT_RESET_ARB:
		reason = "another program's work hung or crashed it"
	default:
		reason = "the driver reset it for a reason it does not give"
	}
	d.lost = &LostError{Device: d.description.Renderer, Reason: reason}
	return d.lost
}

func errorName(code uint32) string {
	switch code {
	case gl.INVALID_ENUM:
		return "GL_INVALID_ENUM"
	case gl.INVALID_VALUE:
		return "GL_INVALID_VALUE"
	case gl.INVALID_OPERATION:
		return "GL_INVALID_OPERATION"
	case gl.INVALID_FRAMEBUFFER_OPERATION:
		return "GL_INVALID_FRAMEBUFFER_OPERATION"
	}
	return fmt.Sprintf("OpenGL error %#x", code)
}
