package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
)

// maxVerifyItems bounds what verify renders in one job.
const maxVerifyItems = 4096

func newVerify(c *console) *cobra.Command {
	var (
		sound  soundFlags
		device deviceFlags
		items  int
	)
	cmd := &cobra.Command{
		Use:   "verify PRESET",
		Short: "Compare a device with the reference",
		Long: `Verify renders the same sounds on a device and on the float64 reference and
reports, for each output, the largest and the RMS error in dB re full scale
beside what is allowed, and the first sample that is off. A mismatch is exit
code 4.`,
		Example: "sawmill verify presets/demo.json --device software --items 16",
		Args:    presetArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := between("items", items, 1, maxVerifyItems); err != nil {
				return err
			}
			if err := device.check(); err != nil {
				return err
			}
			if device.device == deviceCPU {
				return usagef("--device: got cpu, which is the reference itself: equal engines agree whatever they do; allowed is auto, gpu, software")
			}
			preset, err := readPreset(args[0])
			if err != nil {
				return err
			}
			s := sound.of(cmd, preset)
			if err = s.Validate(); err != nil {
				return inFlags(err)
			}
			engine, err := device.open(c, false)
			if err != nil {
				return err
			}
			reference := cpuref.New()
			r, err := compare.Engines(cmd.Context(), reference, engine, preset.Graph, s.Job(0, items))
			err = errors.Join(err, engine.Close(), reference.Close())
			if len(r.Outputs) == 0 {
				return err
			}
			_, _ = fmt.Fprintf(c.out, "%s (%s, %s) against %s: %d items, %d channels, %d frames at %g Hz\n%s\n",
				r.Candidate.Name, r.Candidate.Class, r.Candidate.Backend, r.Reference.Name,
				r.Shape.B, r.Shape.C, r.Shape.F, s.Rate, r.String())
			return err
		},
	}
	f := cmd.Flags()
	device.add(cmd)
	f.IntVar(&items, "items", 16, "number of sounds to compare")
	sound.add(cmd)
	f.SortFlags = false
	return cmd
}
