package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sawmill/batch"
	"sawmill/batch/given"
	"sawmill/kpn"
)

// givenFlags are the files that sounds are made from besides their preset.
type givenFlags struct {
	params   string
	physical bool
	inputs   []string
}

func (g *givenFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&g.params, "params", "", "values of the parameters, a row a sound (.npy, .csv, .jsonl), instead of random ones")
	f.BoolVar(&g.physical, "physical", false, "the values of --params are physical, not unit values in [0, 1]")
	f.StringArrayVar(&g.inputs, "input", nil, "NODE=FILE: the signal of an input (.npy, .wav); may be given for several")
}

// check refuses what needs no file to be read.
func (g *givenFlags) check() error {
	if g.physical && g.params == "" {
		return usagef("--physical says how to read the values of --params, which is not there")
	}
	var nodes []string
	for _, input := range g.inputs {
		node, path, ok := strings.Cut(input, "=")
		switch {
		case !ok || node == "" || path == "":
			return usagef("--input: got %q, allowed is NODE=FILE, as in noise=noise.npy", input)
		case slices.Contains(nodes, node):
			return usagef("--input: the node %s has two signals; give one", node)
		}
		nodes = append(nodes, node)
	}
	return nil
}

// open opens the files for a sound, feeds its preset, and returns what closes
// them.
func (g *givenFlags) open(s *batch.Sound) (func() error, error) {
	var opened []func() error
	closeAll := func() error {
		var errs []error
		for _, f := range opened {
			errs = append(errs, f())
		}
		return errors.Join(errs...)
	}
	if err := g.read(s, &opened); err != nil {
		return nil, &usageError{errors.Join(err, closeAll())}
	}
	return closeAll, nil
}

// read opens the files and notes what closes them.
func (g *givenFlags) read(s *batch.Sound, opened *[]func() error) (err error) {
	var nodes []string
	for _, input := range g.inputs {
		node, path, _ := strings.Cut(input, "=")
		signal, e := given.OpenSignal(node, path)
		if e != nil {
			return fmt.Errorf("--input: %w", e)
		}
		*opened = append(*opened, signal.Close)
		s.Inputs = append(s.Inputs, signal)
		nodes = append(nodes, node)
	}
	if len(nodes) > 0 {
		if s.Preset, err = s.Preset.Feed(nodes...); err != nil {
			return fmt.Errorf("--input: %w", err)
		}
	}
	if g.params != "" {
		if s.Values, err = given.OpenTable(g.params, s.Preset, g.physical); err != nil {
			return fmt.Errorf("--params: %w", err)
		}
		*opened = append(*opened, s.Values.Close)
	}
	return nil
}

// job checks a sound and makes the job of its first items: so many, or if not
// asked for, at most as many as the files are for. It reads the files, which are
// not needed any more then.
func (g *givenFlags) job(s *batch.Sound, items int, asked bool) (job *kpn.Job, err error) {
	if err = g.check(); err != nil {
		return nil, err
	}
	closeFiles, err := g.open(s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closeFiles()) }()
	if err = s.Validate(); err != nil {
		return nil, inFiles(inFlags(err))
	}
	if most := g.count(s, items); items > most {
		if asked {
			return nil, usagef("--items: got %d, and --params or --input are for %d", items, most)
		}
		items = most
	}
	job, _, err = s.Load(0, items)
	return job, inFiles(err)
}

// count is the number of sounds that the files are for, or what is asked for
// where they serve any number.
func (g *givenFlags) count(s *batch.Sound, asked int) int {
	if s.Values != nil {
		return s.Values.Rows()
	}
	for _, signal := range s.Inputs {
		if signal.Shape.B > 1 {
			return signal.Shape.B
		}
	}
	return asked
}
