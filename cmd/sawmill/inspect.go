package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// inspectWorkgroup is the workgroup size in printed kernels; engines put
// their own in its place.
const inspectWorkgroup = 64

func newInspect(c *console) *cobra.Command {
	var glsl, dot, adjoint bool
	cmd := &cobra.Command{
		Use:   "inspect PRESET",
		Short: "Show how a preset is lowered",
		Long: `Inspect prints the schedule of a preset: the order of its nodes, their rates,
latencies and cost per frame, how rows are cut into lanes, and where each
parameter lies. With --glsl it prints the compute shaders instead, one named
section a node; with --dot the graph, for Graphviz. With --adjoint it shows
what gives the gradients.`,
		Example: "sawmill inspect presets/demo.json",
		Args:    presetArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			if dot && (glsl || adjoint) {
				return usagef("--dot goes with no other flag")
			}
			preset, err := readPreset(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			programs, err := lowerParts(preset.Graph)
			if err != nil {
				return err
			}
			for i, program := range programs {
				switch {
				case i > 0:
					_, _ = fmt.Fprintln(c.out)
				case len(programs) > 1 && !glsl && !dot:
					_, _ = fmt.Fprintf(c.out, "control nodes, at %g Hz in double precision:\n\n", preset.Graph.Control.Rate)
				}
				if i > 0 && !glsl && !dot {
					_, _ = fmt.Fprint(c.out, "audio nodes:\n\n")
				}
				if err := inspectPart(c, program, glsl, dot, adjoint); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.BoolVar(&adjoint, "adjoint", false, "show the adjoint")
	f.BoolVar(&glsl, "glsl", false, "print the compute shaders")
	f.BoolVar(&dot, "dot", false, "print the graph for Graphviz")
	return cmd
}

// lowerParts lowers a graph: its control part, if an audio node reads any of it,
// and the rest.
func lowerParts(g *kpn.Graph) ([]*scheduler.Program, error) {
	var programs []*scheduler.Program
	if split, ok := g.Split(); ok {
		g = split.Audio
		if len(split.Control.Outputs) > 0 {
			control, err := scheduler.LowerWide(split.Control)
			if err != nil {
				return nil, err
			}
			programs = append(programs, control)
		}
	}
	audio, err := scheduler.Lower(g)
	return append(programs, audio), err
}

// inspectPart shows one of the parts.
func inspectPart(c *console, program *scheduler.Program, glsl, dot, adjoint bool) error {
	switch {
	case adjoint:
		return inspectAdjoint(c, program, glsl)
	case glsl:
		for _, k := range program.Peaks {
			_, _ = fmt.Fprintln(c.out, k.Source(inspectWorkgroup))
		}
		_, _ = fmt.Fprint(c.out, program.Render.Source(inspectWorkgroup))
	case dot:
		_, _ = fmt.Fprint(c.out, program.Dot())
	default:
		_, _ = fmt.Fprint(c.out, program.String())
		_, _ = fmt.Fprintf(c.out, "cost: about %d operations per frame of a row, all passes included\n", program.Cost())
	}
	return nil
}

// inspectAdjoint shows what gives the gradients.
func inspectAdjoint(c *console, program *scheduler.Program, glsl bool) error {
	a, err := scheduler.LowerAdjoint(program)
	if err != nil {
		return err
	}
	if !glsl {
		_, _ = fmt.Fprint(c.out, a.String())
		return nil
	}
	for _, k := range a.Kernels() {
		_, _ = fmt.Fprintln(c.out, k.Source(inspectWorkgroup))
	}
	return nil
}
