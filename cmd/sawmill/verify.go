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
		suite  suiteFlags
		files  givenFlags
		items  int
	)
	cmd := &cobra.Command{
		Use:   "verify PRESET | verify --all",
		Short: "Compare a device with the reference",
		Long: `Verify renders the same sounds on a device and on the float64 reference and
reports, for each output, the largest and the RMS error in dB re full scale
beside what is allowed, and the first sample that is off. A mismatch is exit
code 4. The sounds are those that render makes with the same seed, --params and
--input.

With --all it runs the conformance suite instead: every case of every kind, at
several shapes, in blocks and batches of several sizes, samples and gradients.
It prints for each kind the largest errors, how far they are from what is
allowed, and whether the bits are the committed ones; other bits are reported
and are no failure. What a waiver excuses is counted apart. --html, --junit and
--json write the same to files, each whole or not at all; a case that fails is
exit code 4, and the files are written all the same. With --device cpu the
reference is held to the committed goldens, samples and gradients.`,
		Example: "sawmill verify presets/demo.json --device software --items 16\nsawmill verify --all --device software --html report.html",
		Args: func(cmd *cobra.Command, args []string) error {
			if suite.all {
				return nil
			}
			return presetArgument(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := suite.check(cmd, args); err != nil {
				return err
			}
			if suite.all {
				if err := device.check(); err != nil {
					return err
				}
				return suite.run(cmd, c, &device)
			}
			if err := between("items", items, 1, maxVerifyItems); err != nil {
				return err
			}
			if err := device.check(); err != nil {
				return err
			}
			if device.device == deviceCPU {
				return usagef("--device: got cpu, which is the reference itself: equal engines agree whatever they do; allowed is auto, gpu, software")
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
			engine, err := device.open(c, false)
			if err != nil {
				return err
			}
			reference := cpuref.New()
			r, err := compare.Engines(cmd.Context(), reference, engine, s.Preset.Graph, job)
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
	files.add(cmd)
	sound.add(cmd)
	suite.add(cmd)
	f.SortFlags = false
	return cmd
}
