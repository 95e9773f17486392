package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"sawmill/batch"
	"sawmill/kpn"
)

// version is the program's version, with the commit where Go recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

func newVersion(c *console) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of the program and of its formats",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(c.out, "sawmill %s\n%s %s/%s\n%spreset format %d\ndataset format %d\n",
				version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, modules(), kpn.PresetFormat, batch.FormatVersion)
			return err
		},
	}
}

// modules lists the libraries that talk to devices.
func modules() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	text := ""
	for _, m := range info.Deps {
		switch m.Path {
		case "github.com/go-gl/gl", "github.com/go-gl/glfw/v3.3/glfw":
			text += m.Path + " " + m.Version + "\n"
		}
	}
	return text
}
