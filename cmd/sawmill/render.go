package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"sawmill/batch"
)

func newRender(c *console) *cobra.Command {
	var (
		sound         soundFlags
		device        deviceFlags
		files         givenFlags
		out, bits     string
		format        string
		count, perRun int
	)
	cmd := &cobra.Command{
		Use:   "render PRESET --out DIR",
		Short: "Render sounds with labels into a directory",
		Long: `Render writes one file a sound, labels.jsonl and manifest.json. Sound i
depends only on the preset, the seed and i, and on row i of --params and sound
i of --input where they are given.

Parameters that a preset draws at random can be given with --params: a NumPy
array (.npy) [sounds, parameters] in the order of the preset, a CSV file (.csv)
with names in its first line, or JSON lines (.jsonl) of values by name. They are
unit values in [0, 1], which go through each parameter's distribution, or with
--physical the values themselves. There are as many sounds as rows.

The signal of an input node is given with --input NODE=FILE: a NumPy array
[sounds, frames] or [sounds, channels, frames], where one sound serves all, or a
WAV file. An input that has a default needs none.

The same command on the same directory continues a run that was stopped, and
does nothing if all sounds are there. Other arguments, or files with other
contents, need another directory.`,
		Example: "sawmill render presets/demo.json --out sounds --count 256",
		Args:    presetArgument,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err = oneOf("format", format, "wav"); err != nil {
				return err
			}
			if err = oneOf("bits", bits, batch.EncodingNames()...); err != nil {
				return err
			}
			if cmd.Flags().Changed("batch") {
				if err = between("batch", perRun, 1, batch.MaxBatch); err != nil {
					return err
				}
			}
			if err = errors.Join(device.check(), files.check()); err != nil {
				return err
			}
			preset, err := readPreset(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			o := batch.Options{
				Sound: sound.of(cmd, preset), Dir: out, Count: count, Batch: perRun,
				Version: version(), Logger: c.log,
			}
			closeFiles, err := files.open(&o.Sound)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, closeFiles()) }()
			if !cmd.Flags().Changed("count") {
				o.Count = files.count(&o.Sound, count)
			}
			o.Encoding, _ = batch.ParseEncoding(bits)
			return render(cmd, c, &device, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&out, "out", "", "directory for the sounds (required)")
	f.IntVar(&count, "count", 1, "number of sounds (default: 1, or as many as --params or --input have)")
	files.add(cmd)
	sound.add(cmd)
	device.add(cmd)
	f.IntVar(&perRun, "batch", 0, "sounds rendered at once (default: a good number)")
	f.StringVar(&format, "format", "wav", "file format: wav")
	f.StringVar(&bits, "bits", "16", "16, 24 or 32f")
	complete(cmd, "bits", batch.EncodingNames()...)
	complete(cmd, "format", "wav")
	f.SortFlags = false
	return cmd
}

func render(cmd *cobra.Command, c *console, device *deviceFlags, o batch.Options) error {
	// What needs no device is refused before one is opened.
	if err := o.Validate(); err != nil {
		return inFiles(inFlags(err))
	}
	engine, err := device.open(c, true)
	if err != nil {
		return err
	}
	shown := newProgress(c, &o)
	o.Progress = shown.update
	result, err := fitting(c, &o, func() (batch.Result, error) { return batch.Run(cmd.Context(), engine, o) })
	shown.end()
	if e := engine.Close(); err == nil {
		err = e
	}
	if err != nil {
		return inFlags(err)
	}
	if result.Complete {
		_, err = fmt.Fprintf(c.out, "%s is complete: %s; nothing to do\n", o.Dir, sounds(o.Count))
		return err
	}
	again := ""
	if result.Repaired > 0 {
		again = fmt.Sprintf(" (%d of them again, as their files were missing or cut short)", result.Repaired)
	}
	_, err = fmt.Fprintf(c.out, "%s: rendered %s%s%s; the labels are in labels.jsonl\n", o.Dir, sounds(result.Rendered), again, shown.speed())
	return err
}

// sounds counts them in words.
func sounds(n int) string {
	if n == 1 {
		return "1 sound"
	}
	return fmt.Sprintf("%d sounds", n)
}
