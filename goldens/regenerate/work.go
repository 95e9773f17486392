package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"sawmill/cpuref"
	"sawmill/goldens/alias"
	"sawmill/goldens/cases"
	"sawmill/goldens/conformance"
	"sawmill/goldens/data"
	"sawmill/goldens/nodepages"
	"sawmill/gpu"
	"sawmill/kpn"
)

// work makes the new text of one file.
type work func(ctx context.Context, root string) (*file, error)

// pageWorks are those of all pages of node kinds.
func pageWorks(ctx context.Context, root string) ([]work, error) {
	pages, err := nodepages.Pages(ctx, root)
	var works []work
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		works = append(works, func(_ context.Context, root string) (*file, error) {
			return newFile(filepath.Join(root, "docs", "nodes", name), pages[name])
		})
	}
	return works, err
}

// worksOf looks up what is named: all of it, before any of it is done.
func worksOf(ctx context.Context, root string, all []*cases.Case, names []string) ([]work, error) {
	var works []work
	for _, name := range names {
		switch name {
		case "nodes":
			pages, err := pageWorks(ctx, root)
			if err != nil {
				return nil, err
			}
			works = append(works, pages...)
		case "alias":
			works = append(works, aliasPage)
		case "bits":
			works = append(works, bitTable)
		default:
			c, err := find(all, name)
			if err != nil {
				return nil, err
			}
			works = append(works, golden(c))
		}
	}
	return works, nil
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

// golden renders a case, reads back what would be written, and compares it
// with what is there.
func golden(c *cases.Case) work {
	return func(ctx context.Context, root string) (*file, error) {
		name := data.FileName(c.Name)
		g, err := data.Render(ctx, cpuref.New(), c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		text := g.Encode()
		read, err := data.Decode(name, text)
		if err == nil {
			err = read.Difference(g)
		}
		if err != nil {
			return nil, fmt.Errorf("what would be written does not read back: %w", err)
		}
		f, err := newFile(filepath.Join(root, "goldens", "data", filepath.FromSlash(name)), text)
		if err == nil && f.state == changed {
			f.notes = moved(name, f.old, g)
		}
		return f, err
	}
}

// moved says how far a golden is from what was there.
func moved(name string, before []byte, now *data.Golden) []string {
	old, err := data.Decode(name, before)
	if err != nil {
		return []string{"what was there could not be read: " + err.Error()}
	}
	changes := old.Changes(now)
	if len(changes) == 0 {
		return []string{"no value moved"}
	}
	var notes []string
	for i := range changes {
		notes = append(notes, changes[i].String())
	}
	return notes
}

func aliasPage(ctx context.Context, root string) (*file, error) {
	table, err := alias.Measure(ctx, cpuref.New())
	if err != nil {
		return nil, err
	}
	return newFile(filepath.Join(root, "docs", "alias.md"), []byte(table.Markdown()))
}

// bitTable makes the digests of the software renderer, after it has passed.
func bitTable(ctx context.Context, root string) (f *file, err error) {
	engine, err := gpu.NewEngine(gpu.Selector{Class: gpu.SoftwareClass})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	report, err := conformance.Verify(ctx, engine, cpuref.New(), conformance.Options{})
	if err != nil {
		return nil, err
	}
	return newFile(filepath.Join(root, "goldens", "conformance", "bits.txt"), report.Bits().Encode())
}
