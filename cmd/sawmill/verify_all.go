package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/goldens/conformance"
	reports "sawmill/goldens/conformance/report"
	"sawmill/kpn"
)

// suiteFlags are those of verify --all.
type suiteFlags struct {
	all               bool
	html, junit, json string
	// cases are patterns of names; none means all.
	cases []string
}

func (s *suiteFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&s.all, "all", false, "run the whole conformance suite instead of a preset")
	f.StringArrayVar(&s.cases, "case", nil, "with --all: only cases that fit a pattern, such as 'osc/*'; may be repeated")
	f.StringVar(&s.html, "html", "", "with --all: write a page with plots of the worst cases")
	f.StringVar(&s.junit, "junit", "", "with --all: write JUnit XML")
	f.StringVar(&s.json, "json", "", "with --all: write everything as JSON")
}

// suiteFile is a report's file.
type suiteFile struct {
	flag, path string
	write      func(io.Writer, *conformance.Report) error
}

// files are those that were asked for.
func (s *suiteFlags) files() []suiteFile {
	var list []suiteFile
	for _, f := range []suiteFile{
		{"html", s.html, reports.HTML}, {"junit", s.junit, reports.JUnit}, {"json", s.json, reports.JSON},
	} {
		if f.path != "" {
			list = append(list, f)
		}
	}
	return list
}

// check refuses what the suite cannot use: other flags of verify, and files
// that cannot be written in the end.
func (s *suiteFlags) check(cmd *cobra.Command, args []string) error {
	if !s.all {
		for _, f := range s.files() {
			return usagef("--%s: only verify --all writes reports", f.flag)
		}
		if len(s.cases) > 0 {
			return usagef("--case: only verify --all has cases")
		}
		return nil
	}
	if len(args) > 0 {
		return usagef("verify --all runs every case and takes no preset, got %q; leave one of them out", args[0])
	}
	for _, name := range []string{"items", "params", "physical", "input", "seed", "seconds", "rate", "channels"} {
		if cmd.Flags().Changed(name) {
			return usagef("--%s: the cases of verify --all say it themselves; leave it out", name)
		}
	}
	places := map[string]string{}
	for _, f := range s.files() {
		if err := writable(f.flag, f.path); err != nil {
			return err
		}
		place := filepath.Clean(f.path)
		if other, taken := places[place]; taken {
			return usagef("--%s: %s is also the file of --%s", f.flag, f.path, other)
		}
		places[place] = f.flag
	}
	return nil
}

// writable refuses a file that could not be written, before hours of work.
func writable(flag, path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return usagef("--%s: %s is there already and is no regular file", flag, path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return usagef("--%s: %w", flag, err)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil {
		return usagef("--%s: %w", flag, err)
	} else if !info.IsDir() {
		return usagef("--%s: %s is no directory", flag, dir)
	}
	return nil
}

// run opens the device and runs the suite on it: against the reference, or,
// if the device is the reference, against the goldens.
func (s *suiteFlags) run(cmd *cobra.Command, c *console, device *deviceFlags) error {
	engine, err := device.open(c, false)
	if err != nil {
		return err
	}
	var reference kpn.Engine
	if device.device != deviceCPU {
		reference = cpuref.New()
	}
	err = s.verify(cmd.Context(), c, engine, reference, conformance.Options{Cases: s.cases})
	if reference != nil {
		err = errors.Join(err, reference.Close())
	}
	return errors.Join(err, engine.Close())
}

// verify runs the suite, prints its table and writes the files, also if cases
// fail.
func (s *suiteFlags) verify(ctx context.Context, c *console, engine, reference kpn.Engine, o conformance.Options) error {
	o.Signals = s.html != ""
	o.Clock = time.Now
	o.Progress = c.cases()
	r, err := conformance.Verify(ctx, engine, reference, o)
	if is[*conformance.SelectionError](err) {
		return &usageError{fmt.Errorf("--case: %w", err)}
	}
	if r == nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, "%s (%s, %s) against %s\n%v\n", r.Engine.Name, r.Engine.Class, r.Engine.Backend, r.Reference.Name, r)
	for _, f := range s.files() {
		if e := replaceFile(f.path, func(w io.Writer) error { return f.write(w, r) }); e != nil {
			return errors.Join(suiteFailed(err), e)
		}
	}
	return suiteFailed(err)
}

// cases returns what says every few seconds how far the suite is.
func (c *console) cases() func(done, of int, name string) {
	last := time.Now()
	return func(done, of int, name string) {
		if now := time.Now(); now.Sub(last) >= linePeriod {
			last = now
			c.log.Info("verifying", "cases", done, "of", of, "next", name)
		}
	}
}

// suiteError is a suite that fails. Whatever fails in it, even an engine's own
// error, counts as a mismatch for the exit code.
type suiteError struct{ *conformance.FailureError }

// Unwrap returns the failure, and what stands for it in exit codes.
func (e *suiteError) Unwrap() []error {
	first := e.Failures[0]
	return []error{e.FailureError, &compare.MismatchError{Case: first.Case, Output: first.Check}}
}

func suiteFailed(err error) error {
	var failure *conformance.FailureError
	if errors.As(err, &failure) {
		return &suiteError{failure}
	}
	return err
}
