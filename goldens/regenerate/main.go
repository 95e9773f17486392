// Command regenerate writes goldens, from the reference alone. It wants to be
// told which, so that no golden changes unseen:
//
//	go run ./goldens/regenerate osc/sine patches/voice
//	go run ./goldens/regenerate alias
//	go run ./goldens/regenerate bits
//
// alias writes docs/alias.md, the measured alias levels. bits writes
// goldens/conformance/bits.txt, the digests of what the software renderer
// gives; it refuses a renderer that fails a case. Run it from the repository's
// root.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sawmill/cpuref"
	"sawmill/goldens/alias"
	"sawmill/goldens/cases"
	"sawmill/goldens/conformance"
	"sawmill/goldens/data"
	"sawmill/gpu"
	"sawmill/kpn"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "regenerate:", err)
		os.Exit(1)
	}
}

func run(names []string) error {
	all, err := cases.All()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		fmt.Fprintln(os.Stderr, "usage: go run ./goldens/regenerate CASE… | alias | bits\ncases:")
		for _, c := range all {
			fmt.Fprintln(os.Stderr, " ", c.Name)
		}
		return fmt.Errorf("no case is named")
	}
	for _, name := range names {
		if name == "alias" {
			if err := writeAlias(); err != nil {
				return err
			}
			continue
		}
		if name == "bits" {
			if err := writeBits(); err != nil {
				return err
			}
			continue
		}
		c, err := find(all, name)
		if err != nil {
			return err
		}
		if err := writeGolden(c); err != nil {
			return err
		}
	}
	return nil
}

func find(all []*cases.Case, name string) (*cases.Case, error) {
	var names []string
	for _, c := range all {
		if c.Name == name {
			return c, nil
		}
		names = append(names, c.Name)
	}
	if near, ok := kpn.Nearest(name, names); ok {
		return nil, fmt.Errorf("no case is named %q; did you mean %q?", name, near)
	}
	return nil, fmt.Errorf("no case is named %q; run it without arguments for a list", name)
}

func writeGolden(c *cases.Case) error {
	g, err := data.Render(context.Background(), cpuref.New(), c)
	if err != nil {
		return err
	}
	text := g.Encode()
	if _, err := data.Decode(data.FileName(c.Name), text); err != nil {
		return err
	}
	path := filepath.Join("goldens", "data", filepath.FromSlash(data.FileName(c.Name)))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

func writeAlias() error {
	table, err := alias.Measure(context.Background(), cpuref.New())
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("docs", "alias.md"), []byte(table.Markdown()), 0o644)
}

// writeBits writes the digests of the software renderer, after it has passed.
func writeBits() (err error) {
	engine, err := gpu.NewEngine(gpu.Selector{Class: gpu.SoftwareClass})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	report, err := conformance.Verify(context.Background(), engine, cpuref.New(), conformance.Options{})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("goldens", "conformance", "bits.txt"), report.Bits().Encode(), 0o644)
}
