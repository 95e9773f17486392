package gpu

import "github.com/go-gl/gl/v4.3-core/gl"

// fence is a point in the device's work. It is used on the device's thread.
type fence struct{ sync uintptr }

// newFence marks the end of the work so far, and sends that to the device.
func (d *Device) newFence() *fence {
	f := &fence{sync: gl.FenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)}
	gl.Flush()
	return f
}

// fenceSlice is how long one wait lasts, in nanoseconds, before it is asked
// whether the device was lost.
const fenceSlice = 250e6

// wait returns when the work before the fence is done. It deletes the fence.
// Waiting holds up the thread, so hand over the next work first.
func (d *Device) wait(f *fence) error {
	if f.sync == 0 {
		return nil
	}
	defer f.forget()
	for {
		switch gl.ClientWaitSync(f.sync, gl.SYNC_FLUSH_COMMANDS_BIT, fenceSlice) {
		case gl.ALREADY_SIGNALED, gl.CONDITION_SATISFIED:
			return nil
		case gl.TIMEOUT_EXPIRED:
			if err := d.lostError(); err != nil {
				return err
			}
		default:
			if err := d.faults(); err != nil {
				return err
			}
			return &CallError{Device: d.description.Renderer, Reason: "waiting for a fence failed"}
		}
	}
}

// forget deletes a fence without waiting.
func (f *fence) forget() {
	if f.sync != 0 {
		gl.DeleteSync(f.sync)
		f.sync = 0
	}
}
