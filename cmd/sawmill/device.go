package main

import (
	"errors"

	"github.com/spf13/cobra"

	"sawmill/cpuref"
	"sawmill/gpu"
	"sawmill/kpn"
)

// The values of --device.
const (
	deviceAuto     = "auto"
	deviceGPU      = "gpu"
	deviceSoftware = "software"
	deviceCPU      = "cpu"
)

// deviceFlags choose the engine.
type deviceFlags struct {
	device, backend string
}

func (d *deviceFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.device, "device", deviceAuto, "auto, gpu, software or cpu")
	cmd.Flags().StringVar(&d.backend, "backend", "any", "how to reach OpenGL: any, egl or glfw")
	complete(cmd, "device", deviceAuto, deviceGPU, deviceSoftware, deviceCPU)
	complete(cmd, "backend", "any", "egl", "glfw")
}

// complete offers a flag's values to the shell.
func complete(cmd *cobra.Command, flag string, values ...string) {
	err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("sawmill: completion of a flag that does not exist: " + err.Error())
	}
}

// check refuses values that no device has.
func (d *deviceFlags) check() error {
	if err := oneOf("device", d.device, deviceAuto, deviceGPU, deviceSoftware, deviceCPU); err != nil {
		return err
	}
	if err := oneOf("backend", d.backend, "any", "egl", "glfw"); err != nil {
		return err
	}
	if d.device == deviceCPU && d.backend != "any" {
		return usagef("--backend: got %q, but --device cpu uses no OpenGL; leave one of them out", d.backend)
	}
	return nil
}

// open opens the engine. Only auto chooses: another device that cannot be
// opened is an error and never replaced. Auto takes the reference only if
// that is allowed.
func (d *deviceFlags) open(c *console, reference bool) (kpn.Engine, error) {
	if d.device == deviceCPU {
		return d.chosen(c, cpuref.New()), nil
	}
	selector := gpu.Selector{}
	if d.backend != "any" {
		selector.Backend = gpu.Backend(d.backend)
	}
	switch d.device {
	case deviceGPU:
		selector.Class = gpu.HardwareClass
	case deviceSoftware:
		selector.Class = gpu.SoftwareClass
	}
	engine, err := gpu.NewEngine(selector)
	if err == nil {
		return d.chosen(c, engine), nil
	}
	if reference && d.device == deviceAuto && d.backend == "any" && errors.Is(err, gpu.ErrNoDevice) {
		c.log.Warn("no OpenGL device can be opened, so the CPU reference renders, slowly; sawmill doctor says what is missing")
		return d.chosen(c, cpuref.New()), nil
	}
	return nil, err
}

// chosen says which device renders.
func (d *deviceFlags) chosen(c *console, e kpn.Engine) kpn.Engine {
	is := e.Device()
	c.log.Info("rendering on", "device", is.Name, "class", is.Class, "backend", is.Backend, "version", is.Version)
	return e
}
