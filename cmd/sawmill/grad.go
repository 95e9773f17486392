package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"sawmill/batch"
	"sawmill/batch/npy"
	"sawmill/kpn"
)

// maxGradItems bounds what grad differentiates in one job.
const maxGradItems = 1 << 16

// gradFlags are those of grad.
type gradFlags struct {
	sound           soundFlags
	files           givenFlags
	device          deviceFlags
	cotangent, out  string
	items, position int
	unit            bool
}

func newGrad(c *console) *cobra.Command {
	var flags gradFlags
	cmd := &cobra.Command{
		Use:   "grad PRESET --cotangent FILE --out FILE",
		Short: "Gradients of a loss with respect to a preset's parameters",
		Long: `Grad takes the derivatives of a loss with respect to the samples of a preset's
sounds (the cotangent) and gives its derivatives with respect to the
parameters of the preset's nodes.

The cotangent is a NumPy file (.npy) of float32 or float64, little-endian, in
C order: [items, frames], [items, channels, frames] or [outputs, items,
channels, frames]; one item or one channel serves all. It is read in runs, and
may be larger than memory. The sounds are those that render makes with the
same seed, from --first-item on, and with the same --params and --input, whose
row i or sound i is that of sound i.

FILE of --out is a NumPy archive (.npz), uncompressed, that numpy.load reads:
one array for each parameter that has a gradient, named NODE.PARAMETER; for a
parameter that is drawn for each sound it has one value a sound, for a
constant, a single value, summed over all sounds. Values are float64. A
gradient is per physical unit of the node's own parameter: of a frequency, per
Hz; of a time, per second; of a phase, per cycle. What a parameter of the
preset gets through "ref", "multiply" and "add" is the sum of multiply times
the gradient over the nodes that refer to it. With --unit these sums are there
too: the array physical [sounds, parameters] has the derivatives by the preset's
own parameters, in their order, and unit those by their unit values. What has
no gradient, such as a choice, is 0 there. gradients.json in the archive says
shapes, units, result codes, device, seed and first item.

The file appears whole or not at all.`,
		Example: "sawmill grad presets/demo.json --cotangent loss.npy --out gradients.npz",
		Args:    presetArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			return grad(cmd, c, &flags, args[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.cotangent, "cotangent", "", "NumPy file with the cotangent (required)")
	f.StringVar(&flags.out, "out", "", "NumPy archive for the gradients (required)")
	f.IntVar(&flags.items, "items", 0, "number of sounds (default: those of --params, or the cotangent's)")
	f.IntVar(&flags.position, "first-item", 0, "index of the first sound")
	f.BoolVar(&flags.unit, "unit", false, "add the derivatives by the preset's parameters, and by their unit values")
	flags.files.add(cmd)
	flags.sound.add(cmd)
	flags.device.add(cmd)
	f.SortFlags = false
	return cmd
}

func grad(cmd *cobra.Command, c *console, flags *gradFlags, path string) (err error) {
	if err = flags.check(cmd); err != nil {
		return err
	}
	if err = flags.checkOut(path); err != nil {
		return err
	}
	preset, err := readPreset(cmd.Context(), path)
	if err != nil {
		return err
	}
	s := flags.sound.of(cmd, preset)
	closeFiles, err := flags.files.open(&s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeFiles()) }()
	if err = s.Validate(); err != nil {
		return inFiles(inFlags(err))
	}
	if err = flags.checkNames(&s); err != nil {
		return err
	}
	array, err := npy.Open(flags.cotangent)
	if err != nil {
		return &usageError{fmt.Errorf("--cotangent: %w", err)}
	}
	defer func() { err = errors.Join(err, array.Close()) }()
	cotangents, err := newFileCotangents(array)
	if err != nil {
		return err
	}
	items, err := flags.count(&s, cotangents)
	if err != nil {
		return err
	}
	shape := kpn.Shape{B: items, C: s.Channels, F: s.Frames()}
	if err = cotangents.Validate(len(s.Preset.Graph.Outputs), shape); err != nil {
		return err
	}
	job, draws, err := flags.load(&s, shape)
	if err != nil {
		return err
	}
	all, device, err := flags.adjoint(cmd, c, s.Preset, job, cotangents)
	if err != nil {
		return err
	}
	c.unsupported(all.Unsupported())
	a := archive{preset: path, sound: s, shape: shape, first: flags.position, device: device, gradients: all}
	if flags.unit {
		a.byParameter = newByParameter(s.Preset, all, draws)
	}
	if err = replaceFile(flags.out, a.write); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s: %d gradients of %d items\n", flags.out, len(all.List)-len(all.Unsupported()), items)
	return err
}

// check refuses what needs no file to be read.
func (g *gradFlags) check(cmd *cobra.Command) error {
	if g.cotangent == "" {
		return usagef("--cotangent: got nothing, allowed is the name of a NumPy file")
	}
	if g.out == "" {
		return usagef("--out: got nothing, allowed is the name of a file")
	}
	if cmd.Flags().Changed("items") {
		if err := between("items", g.items, 1, maxGradItems); err != nil {
			return err
		}
	}
	if err := between("first-item", g.position, 0, batch.MaxCount); err != nil {
		return err
	}
	if err := errors.Join(g.device.check(), g.files.check()); err != nil {
		return err
	}
	info, err := os.Stat(g.out)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return usagef("--out: %s is there already and is no regular file", g.out)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return usagef("--out: %w", err)
	}
	dir := filepath.Dir(g.out)
	if info, err := os.Stat(dir); err != nil {
		return usagef("--out: %w", err)
	} else if !info.IsDir() {
		return usagef("--out: %s is no directory", dir)
	}
	return nil
}

// checkOut refuses to replace a file that is read.
func (g *gradFlags) checkOut(preset string) error {
	out, err := os.Stat(g.out)
	if err != nil {
		return nil //nolint:nilerr // there is nothing to replace
	}
	taken := func(path, whose string) error {
		if info, err := os.Stat(path); err == nil && os.SameFile(info, out) {
			return usagef("--out: %s is also %s", g.out, whose)
		}
		return nil
	}
	errs := []error{taken(preset, "the preset"), taken(g.cotangent, "the file of --cotangent"), taken(g.files.params, "the file of --params")}
	for _, input := range g.files.inputs {
		_, path, _ := strings.Cut(input, "=")
		errs = append(errs, taken(path, "a file of --input"))
	}
	return errors.Join(errs...)
}

// adjoint runs the job on the device that was asked for. A fault of the
// cotangents' file may only show now.
func (g *gradFlags) adjoint(cmd *cobra.Command, c *console, p *kpn.Preset, job *kpn.Job, cotangents kpn.Cotangents) (*kpn.Gradients, kpn.Device, error) {
	engine, err := g.device.open(c, true)
	if err != nil {
		return nil, kpn.Device{}, err
	}
	device := engine.Device()
	all, err := runAdjoint(cmd, engine, p.Graph, &kpn.AdjointJob{Job: job, Cotangents: cotangents})
	err = errors.Join(err, engine.Close())
	if is[*npy.ValueError](err) || is[*npy.FileError](err) {
		err = &usageError{fmt.Errorf("--cotangent: %w", err)}
	}
	return all, device, err
}

func runAdjoint(cmd *cobra.Command, engine kpn.Engine, g *kpn.Graph, job *kpn.AdjointJob) (all *kpn.Gradients, err error) {
	x, err := engine.Compile(g)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	return x.Adjoint(cmd.Context(), job)
}
