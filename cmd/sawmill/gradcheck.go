package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sawmill/cpuref"
	"sawmill/goldens/gradcheck"
	"sawmill/kpn"
)

func newGradcheck(c *console) *cobra.Command {
	var (
		sound  soundFlags
		device deviceFlags
		files  givenFlags
		items  int
	)
	cmd := &cobra.Command{
		Use:   "gradcheck PRESET",
		Short: "Check the gradients of a preset",
		Long: fmt.Sprintf(`Gradcheck draws random cotangents and checks, parameter by parameter, the
adjoint of the float64 reference against finite differences of its own render
(relative error up to %.0e in the norm), then the dot-product identity along a
random direction of all parameters together, then the gradients of a device
against those of the reference. With --device cpu there is no device to
compare, and the first two checks stand alone.

Derivatives do not exist at corners, such as an attack of 0.01 s, which ends
exactly at a frame. So values are first moved by a random %g %% or less; the
device is compared at the values as drawn.

Each parameter takes up to eighteen renders: take few items and short sounds. The
first gradient that is wrong is named, with exit code 4.`, gradcheck.DefaultRelative, 100*gradcheck.DefaultNudge),
		Example: "sawmill gradcheck presets/demo.json --device software --items 2 --seconds 0.5",
		Args:    presetArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := between("items", items, 1, maxVerifyItems); err != nil {
				return err
			}
			if err := device.check(); err != nil {
				return err
			}
			preset, err := readPreset(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			s := sound.of(cmd, preset)
			job, err := files.job(&s, items, cmd.Flags().Changed("items"))
			if err != nil {
				return err
			}
			if n := float64(job.Shape.B) * float64(s.Channels) * float64(s.Frames()) * float64(len(preset.Graph.Outputs)); n > gradcheck.MaxSamples {
				return usagef("--items, --seconds: they make %.3g samples, and a check takes up to %d; take fewer or shorter sounds", n, gradcheck.MaxSamples)
			}
			engine, err := device.open(c, true)
			if err != nil {
				return err
			}
			reference := cpuref.New()
			checked := engine
			if engine.Device() == reference.Device() {
				checked = nil
			}
			r, err := gradcheck.Check(cmd.Context(), reference, checked, s.Preset.Graph, job, gradcheck.Options{
				Seed: s.Seed, Progress: c.checking(),
			})
			err = errors.Join(err, engine.Close(), reference.Close())
			c.unsupported(r.Unsupported)
			if len(r.Lines) == 0 {
				if err == nil {
					_, err = fmt.Fprintf(c.out, "nothing in %s has a gradient\n", args[0])
				}
				return err
			}
			_, _ = fmt.Fprintf(c.out, "%s against finite differences of its render: %d items, %d channels, %d frames at %g Hz\n%s\n",
				r.Reference.Name, r.Shape.B, r.Shape.C, r.Shape.F, s.Rate, r.String())
			return err
		},
	}
	f := cmd.Flags()
	device.add(cmd)
	f.IntVar(&items, "items", 2, "number of sounds to check")
	files.add(cmd)
	sound.add(cmd)
	f.SortFlags = false
	return cmd
}

// checking returns what says every few seconds how far a check is.
func (c *console) checking() func(done, of int) {
	last := time.Now()
	return func(done, of int) {
		if now := time.Now(); now.Sub(last) >= linePeriod {
			last = now
			c.log.Info("checking", "parameters", done, "of", of)
		}
	}
}

// unsupported lists, in one line, the parameters that have no gradient.
func (c *console) unsupported(list []kpn.ParamRef) {
	if len(list) > 0 {
		c.log.Info("these have no gradient", "parameters", fmt.Sprint(list))
	}
}
