// Command sawmill renders labelled datasets of sounds on a GPU and checks
// them against a float64 reference.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sawmill/batch"
	"sawmill/kpn"
)

func main() {
	ctx, stop := interruptible(os.Stderr, os.Exit, time.Now)
	root := newRoot(os.Stdout, os.Stderr)
	root.SetArgs(os.Args[1:])
	err := root.ExecuteContext(ctx)
	stop()
	report(os.Stderr, err)
	os.Exit(exitCode(err))
}

// console is where a command writes: results to out, everything else to err.
type console struct {
	out, err io.Writer
	log      *slog.Logger
}

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	c := &console{out: stdout, err: stderr}
	c.log = slog.New(slog.NewTextHandler(stderr, nil))
	root := &cobra.Command{
		Use:   "sawmill",
		Short: "Render labelled datasets of sounds on a GPU",
		Long: `Sawmill renders large batches of oscillator patches with OpenGL compute
shaders and checks them against a float64 reference.

Exit codes: 0 done; 1 failed; 2 bad usage or input; 3 no such device;
4 mismatch; 5 dataset incomplete or damaged; 130 interrupted.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		newRender(c),
		newVerify(c),
		newGrad(c),
		newGradcheck(c),
		newInspect(c),
		newDoctor(c),
		newBench(c),
		newSchema(c),
		newVersion(c),
	)
	return root
}

// knownCommand refuses a misspelt command with a suggestion.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	if near, ok := kpn.Nearest(args[0], names); ok {
		return usagef("there is no command %q; did you mean %q?", args[0], near)
	}
	return usagef("there is no command %q; the commands are %s", args[0], strings.Join(names, ", "))
}

// presetArgument asks for exactly one argument, the preset's file.
func presetArgument(cmd *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return usagef("%s needs a preset file, as in: %s", cmd.Name(), cmd.Example)
	case 1:
		return nil
	}
	return usagef("%s takes one preset file, got %d: %s", cmd.Name(), len(args), strings.Join(args, " "))
}

// noArguments refuses arguments.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no arguments, got %q", cmd.Name(), args[0])
	}
	return nil
}

// readPreset reads a preset; that there is none is a fault of usage. A pipe
// that nobody writes to is read until ctx is done: nothing ends the read
// itself, and the process ends soon.
func readPreset(ctx context.Context, path string) (*kpn.Preset, error) {
	type answer struct {
		preset *kpn.Preset
		err    error
	}
	read := make(chan answer, 1)
	go func() {
		p, err := kpn.ReadPreset(path)
		read <- answer{p, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-read:
		if a.err != nil {
			return nil, &usageError{a.err}
		}
		return a.preset, nil
	}
}

// report prints an error, once. The lines of a preset's faults stand alone,
// so that an editor finds them.
func report(w io.Writer, err error) {
	var faults kpn.PresetErrors
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled) && !is[*batch.InterruptedError](err):
		_, _ = fmt.Fprintln(w, "sawmill: interrupted")
	case errors.As(err, &faults) && len(faults) > 1:
		_, _ = fmt.Fprintf(w, "sawmill: the preset has %d faults:\n%v\n", len(faults), faults)
	default:
		_, _ = fmt.Fprintf(w, "sawmill: %v\n", err)
	}
}
