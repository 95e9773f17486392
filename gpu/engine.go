package gpu

import (
	"sawmill/kpn"
	"sawmill/scheduler"
)

// Engine renders graphs on a device. It implements [kpn.Engine].
type Engine struct {
	device *Device
	// owned engines close their device.
	owned bool
}

// NewEngine opens the device that the selector describes and makes an engine
// of it. Closing the engine closes the device.
func NewEngine(selector Selector, options ...Option) (*Engine, error) {
	d, err := Open(selector, options...)
	if err != nil {
		return nil, err
	}
	return &Engine{device: d, owned: true}, nil
}

// EngineOn makes an engine of an open device, which stays the caller's.
func EngineOn(d *Device) *Engine { return &Engine{device: d} }

// Device describes the device that the engine really runs on.
func (e *Engine) Device() kpn.Device {
	d := e.device.Describe()
	class := kpn.Hardware
	if d.Software {
		class = kpn.Software
	}
	return kpn.Device{Class: class, Name: d.Renderer, Backend: string(d.Backend), Version: d.Version}
}

// Compile lowers a graph and compiles the kernels that every job needs; those
// that only some need are compiled when a job does. It fails with the graph's
// own errors, or with *CompileError or *LinkError.
func (e *Engine) Compile(g *kpn.Graph) (kpn.Executable, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	if n, ok := g.FirstWithout(func(c *kpn.CustomKind) bool { return c.GLSL != "" }); ok {
		return nil, &kpn.UnsupportedError{Node: n.ID, Kind: n.Kind, What: "rendering on a GPU", Reason: "the kind exists in Go only; give it GLSL, or use the reference engine"}
	}
	controls, audio, err := e.device.newControls(g, e.workgroup())
	if err != nil {
		return nil, err
	}
	lowered, err := scheduler.Lower(audio)
	if err != nil {
		return nil, err
	}
	x := &Executable{device: e.device, graph: g, controls: controls, program: lowered, workgroup: e.workgroup(), kernels: map[string]*program{}}
	if _, err := x.load(x.kernelsFor(true)); err != nil {
		_ = x.Close() // the first error is the one to report
		return nil, err
	}
	return x, nil
}

// Close closes the engine's device if the engine opened it.
func (e *Engine) Close() error {
	if !e.owned {
		return nil
	}
	return e.device.Close()
}

// The workgroup sizes: a software renderer runs one workgroup on one core, so
// small ones spread best; a GPU wants whole warps and several of them.
const (
	softwareWorkgroup = 16
	hardwareWorkgroup = 64
)

func (e *Engine) workgroup() int {
	if e.device.Describe().Software {
		return softwareWorkgroup
	}
	return min(hardwareWorkgroup, e.device.Describe().Limits.GroupLanes)
}
