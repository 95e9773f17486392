package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// plan is a mutant that no rule makes: a part of a file that occurs once, and
// what is put there.
type plan struct {
	file, in, what string
	from, to       string
}

// planned are all of them. Most make a cotangent, or a value that one meets,
// come a frame early or late.
var planned = slices.Concat(plannedReference, plannedScheduler, plannedModulation, plannedShaders, plannedDevice)

func (p plan) mutant(root string) (*mutant, error) {
	data, err := os.ReadFile(filepath.Join(root, p.file))
	if err != nil {
		return nil, err
	}
	src := string(data)
	if n := strings.Count(src, p.from); n != 1 {
		return nil, fmt.Errorf("%s has %q %d times, want once; bring the planned mutants of goldens/mutants up to date", p.file, p.from, n)
	}
	at := strings.Index(src, p.from)
	return apply(src, p.file, p.in, at, at+len(p.from), edit{from: at, to: at + len(p.from), text: p.to, what: p.what}), nil
}
