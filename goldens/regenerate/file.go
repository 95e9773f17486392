package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// state is what becomes of a file.
type state string

// The states.
const (
	created   state = "new"
	unchanged state = "unchanged"
	changed   state = "changed"
)

// file is a file that is to be written.
type file struct {
	path string
	text []byte
	// old is what is there; nil if there is no file.
	old   []byte
	state state
	// notes say what changed, a line each.
	notes []string
	// temporary is where the text waits until all texts are on the disk.
	temporary string
}

// newFile compares a text with what is there.
func newFile(path string, text []byte) (*file, error) {
	old, err := os.ReadFile(path)
	f := &file{path: path, text: text, old: old, state: changed}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.state = created
	case err != nil:
		return nil, err
	case bytes.Equal(old, text):
		f.state = unchanged
	}
	return f, nil
}

// report is a line, and one for each note.
func (f *file) report() string {
	lines := []string{fmt.Sprintf("%s: %s, %d bytes", filepath.ToSlash(f.path), f.state, len(f.text))}
	for _, note := range f.notes {
		lines = append(lines, "  "+note)
	}
	return strings.Join(lines, "\n")
}

// writeAll writes all files that change, or none if one of them cannot be
// written: each goes beside its place first, and takes it when all are there.
func writeAll(files []*file) error {
	defer func() {
		for _, f := range files {
			if f.temporary != "" {
				_ = os.Remove(f.temporary)
			}
		}
	}()
	for _, f := range files {
		if err := f.prepare(); err != nil {
			return err
		}
	}
	for _, f := range files {
		if f.temporary == "" {
			continue
		}
		if err := os.Rename(f.temporary, f.path); err != nil {
			return err
		}
		f.temporary = ""
	}
	return nil
}

// prepare writes the text beside its place.
func (f *file) prepare() (err error) {
	if f.state == unchanged {
		return nil
	}
	if err = os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(f.path), ".regenerate-*")
	if err != nil {
		return err
	}
	f.temporary = temporary.Name()
	defer func() { err = errors.Join(err, temporary.Close()) }()
	if _, err = temporary.Write(f.text); err != nil {
		return err
	}
	if err = temporary.Chmod(0o644); err != nil {
		return err
	}
	return temporary.Sync()
}
