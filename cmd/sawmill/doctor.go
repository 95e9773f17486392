package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sawmill/cpuref"
	"sawmill/gpu"
)

func newDoctor(c *console) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "List the devices that can render, and what is missing",
		Long: `Doctor opens every device in turn and lists those that work, with versions
and limits, then what is missing and the packages that bring it. The exit code
is 3 if no OpenGL device can be opened: the CPU reference is always there.`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return doctor(c) },
	}
}

func doctor(c *console) error {
	devices, problems := gpu.List()
	t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	row := func(cells ...any) {
		for _, cell := range cells {
			_, _ = fmt.Fprintf(t, "%v\t", cell)
		}
		_, _ = fmt.Fprintln(t)
	}
	row("--device", "--backend", "NAME", "OPENGL", "GLSL", "BUFFER", "GROUPS", "LANES")
	for i := range devices {
		d := &devices[i]
		row(deviceName(d.Class()), d.Backend, d.Renderer, d.Version, d.GLSL,
			size(d.Limits.StorageBytes), d.Limits.GroupCount[0], d.Limits.GroupLanes)
	}
	is := cpuref.New().Device()
	row(deviceCPU, "", is.Name, "", "", "", "", "")
	if err := t.Flush(); err != nil {
		return err
	}
	for _, d := range devices {
		if d.Driver != "" {
			_, _ = fmt.Fprintf(c.out, "%s through %s: %s\n", d.Renderer, d.Backend, d.Driver)
		}
	}
	if len(problems) > 0 {
		_, _ = fmt.Fprintln(c.out, "\nWhat does not work:")
		for _, p := range problems {
			_, _ = fmt.Fprintf(c.out, "  %s\n", p)
		}
	}
	if len(devices) == 0 {
		return &noDeviceError{errors.New("no OpenGL device can be opened; install what is listed above, or render with --device cpu, which is slow")}
	}
	return nil
}

// noDeviceError is doctor's verdict; its report said why.
type noDeviceError struct{ error }

// Unwrap makes the error one of [gpu.ErrNoDevice].
func (e *noDeviceError) Unwrap() error { return gpu.ErrNoDevice }

// deviceName is the value of --device that picks the class.
func deviceName(class gpu.Class) string {
	if class == gpu.SoftwareClass {
		return deviceSoftware
	}
	return deviceGPU
}

// size writes a number of bytes in binary units.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.4g GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.4g MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d B", n)
}
