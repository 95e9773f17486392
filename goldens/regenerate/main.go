// Command regenerate writes goldens, from the reference alone. It wants to be
// told which, so that no golden changes unseen:
//
//	go run ./goldens/regenerate osc/sine patches/voice
//	go run ./goldens/regenerate alias
//	go run ./goldens/regenerate bits
//	go run ./goldens/regenerate nodes
//
// alias writes docs/alias.md, the measured alias levels. bits writes
// goldens/conformance/bits.txt, the digests of what the software renderer
// gives; it refuses a renderer that fails a case. nodes writes docs/nodes, a page
// for each kind. Run it from the repository's
// root.
//
// Nothing is written before everything that was named has succeeded; any
// failure exits with 1. For each file it says whether it is new, unchanged or
// changed, and for a golden which sections moved and how far. Read that, and
// the diff, before you commit it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"sawmill/goldens/cases"
)

func main() {
	if err := run(context.Background(), ".", os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "regenerate:", err)
		os.Exit(1)
	}
}

// run regenerates what is named in the repository at root, and writes what
// changed to out.
func run(ctx context.Context, root string, names []string, out io.Writer) error {
	all, err := cases.All()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return usage(all, out)
	}
	works, err := worksOf(ctx, root, all, names)
	if err != nil {
		return err
	}
	var files []*file
	for _, w := range works {
		f, err := w(ctx, root)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	if err := writeAll(files); err != nil {
		return err
	}
	for _, f := range files {
		if _, err := fmt.Fprintln(out, f.report()); err != nil {
			return err
		}
	}
	return nil
}

// usage lists the cases, and refuses to do anything.
func usage(all []*cases.Case, out io.Writer) error {
	lines := []string{"usage: go run ./goldens/regenerate CASE… | alias | bits | nodes", "cases:"}
	for _, c := range all {
		lines = append(lines, "  "+c.Name)
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return errors.Join(errors.New("no case is named"), err)
}
