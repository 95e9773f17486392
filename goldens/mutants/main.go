package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	only := flags.String("only", "", "try the mutants whose name has this in it; the page keeps what it says of the others")
	rest := flags.Bool("rest", false, "try those that the page does not call killed")
	names := flags.Bool("list", false, "name the mutants and try none")
	workers := flags.Int("workers", 2, "how many to try at a time, 1 or 2")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case flags.NArg() > 0 || *workers < 1 || *workers > 2:
		return errors.New("usage: go run ./goldens/mutants [-only WORD] [-rest] [-list] [-workers 1|2]")
	}
	mod, err := goCommand(ctx, ".", "env", "GOMOD")
	if err != nil {
		return err
	}
	root := filepath.Dir(strings.TrimSpace(string(mod)))
	list, err := all(ctx, root)
	if err != nil {
		return err
	}
	list, same, err := separate(list)
	if err != nil {
		return err
	}
	file := filepath.Join(root, "docs", "mutants.md")
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	p := book{file: file, all: list, same: same, fates: recall(string(old))}
	tried := matching(list, *only)
	if *rest {
		tried = slices.DeleteFunc(tried, p.killed)
	}
	if *names {
		for _, m := range tried {
			if _, err = fmt.Fprintln(os.Stdout, m); err != nil {
				return err
			}
		}
		return nil
	}
	verdicts, err := tryAll(ctx, root, tried, *workers, p.write)
	if err != nil {
		return err
	}
	counts := tally(verdicts)
	_, err = fmt.Fprintf(os.Stdout, "%d mutants: %d killed, %d survived, %d stillborn\n", len(tried), counts[killed], counts[survived], counts[stillborn])
	return errors.Join(accept(tried, verdicts), err)
}

// tryAll tries mutants and tells what becomes of them, as it comes.
func tryAll(ctx context.Context, root string, list []*mutant, workers int, told func(*mutant, verdict) error) ([]verdict, error) {
	if len(list) == 0 {
		return nil, errors.New("there is no such mutant")
	}
	scratch, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	h, err := newHunt(ctx, root, scratch, workers)
	if err != nil {
		return nil, err
	}
	h.told = func(done int, m *mutant, v verdict) error {
		fmt.Fprintf(os.Stderr, "%d/%d %v: %s\n", done, len(list), m, fate(v))
		return told(m, v)
	}
	fmt.Fprintln(os.Stderr, "the tests without any mutant")
	if err := h.sound(ctx, list); err != nil {
		return nil, err
	}
	return h.all(ctx, list)
}

// accept fails if a mutant was not killed.
func accept(list []*mutant, verdicts []verdict) error {
	var left []string
	for i, m := range list {
		if verdicts[i].outcome != killed {
			left = append(left, fmt.Sprintf("%s: %v", fate(verdicts[i]), m))
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("these were not killed; a test is missing, or the rules need another word:\n%s", strings.Join(left, "\n"))
	}
	return nil
}
