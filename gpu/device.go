package gpu

import (
	"errors"
	"sync"

	"github.com/go-gl/gl/v4.3-core/gl"
)

// Description says what a device is.
type Description struct {
	Backend Backend
	// Index is the device's place in its backend, from 0; Name how the
	// backend calls it.
	Index int
	Name  string
	// Vendor, Renderer, Version and GLSL are OpenGL's strings.
	Vendor, Renderer, Version, GLSL string
	// Driver is what the layer under the context says about itself.
	Driver   string
	Software bool
	Limits   Limits
}

// Class is the device's class.
func (d Description) Class() Class {
	if d.Software {
		return SoftwareClass
	}
	return HardwareClass
}

// Option changes how a device is opened.
type Option func(*settings)

type settings struct {
	debug    bool
	cacheDir string
	noCache  bool
}

// Debug turns the driver's own checks on; what they find fails the call that
// caused it. It is slower.
func Debug() Option { return func(s *settings) { s.debug = true } }

// NoProgramCache keeps compiled programs off the disk.
func NoProgramCache() Option { return func(s *settings) { s.noCache = true } }

// ProgramCache keeps compiled programs in a directory other than the user's.
func ProgramCache(dir string) Option { return func(s *settings) { s.cacheDir = dir } }

// Device is an OpenGL context on a locked OS thread. Its exported methods may
// be called from any goroutine.
type Device struct {
	description Description
	features    driverFeatures
	thread      *thread
	closing     sync.Once
	// The fields below belong to the thread.
	context     glContext
	debug       bool
	resetStatus func() uint32
	lost        error
	programs    *programCache
	disk        *diskCache
}

// openCandidate starts a device's thread and makes its context there.
func openCandidate(c candidate, s settings) (*Device, error) {
	if err := prepareSoftware(); err != nil {
		return nil, err
	}
	d := &Device{debug: s.debug, programs: newProgramCache()}
	d.thread = startThread(func() {
		if d.context != nil {
			d.context.destroy()
		}
	})
	err := d.thread.do(func() error { return d.begin(c, s) }, d.closedError())
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// begin makes the context and reads what it is.
func (d *Device) begin(c candidate, s settings) error {
	made, err := c.create(contextOptions{debug: s.debug})
	if err != nil {
		return err
	}
	d.context = made
	if err := made.makeCurrent(); err != nil {
		return err
	}
	if err := loadEntryPoints(made); err != nil {
		return err
	}
	d.features = readFeatures()
	version := gl.GoStr(gl.GetString(gl.VERSION))
	if err := d.features.suffice(version, doubles); err != nil {
		return err
	}
	renderer := gl.GoStr(gl.GetString(gl.RENDERER))
	d.description = Description{
		Backend: c.backend, Index: c.index, Name: made.name(),
		Vendor: gl.GoStr(gl.GetString(gl.VENDOR)), Renderer: renderer, Version: version,
		GLSL:   gl.GoStr(gl.GetString(gl.SHADING_LANGUAGE_VERSION)),
		Driver: made.driver(), Software: classOf(renderer) == SoftwareClass, Limits: readLimits(),
	}
	d.resetStatus = d.features.resetStatus()
	d.startDebug()
	d.disk = openDiskCache(d.description, s)
	return d.faults()
}

// Describe says what the device is.
func (d *Device) Describe() Description { return d.description }

// do runs a function on the device's thread, with the context current, and
// returns its error and what the driver found wrong meanwhile. It is the only
// way to the device; one call for many OpenGL calls is cheapest.
func (d *Device) do(run func() error) error {
	return d.thread.do(func() error {
		if d.lost != nil {
			return d.lost
		}
		err := run()
		if fault := d.faults(); fault != nil {
			err = errors.Join(err, fault)
		}
		return err
	}, d.closedError())
}

func (d *Device) closedError() error { return &ClosedError{Device: d.description.Renderer} }

// Close ends the device's thread and destroys its context, programs and
// buffers. Later calls fail with a [ClosedError]; closing again does nothing.
func (d *Device) Close() error {
	d.closing.Do(func() { close(d.thread.quit) })
	<-d.thread.done
	return nil
}
