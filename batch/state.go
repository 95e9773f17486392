package batch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// state is what a run finds in its directory.
type state int

const (
	// fresh: nothing, or not even the directory.
	fresh state = iota
	// begun: an earlier run with the same arguments was stopped.
	begun
	// finished: the manifest is there.
	finished
)

// state looks at the directory and refuses what a run with arguments a cannot
// continue. It writes nothing.
func (d *directory) state(a *arguments) (state, error) {
	if err := d.refuseFile(); err != nil {
		return fresh, err
	}
	switch size, err := d.size(manifestName); {
	case errors.Is(err, fs.ErrNotExist):
		return fresh, nil
	case err != nil:
		return fresh, err
	case size >= 0:
		m, err := openManifest(d)
		if err != nil {
			return finished, err
		}
		m.close()
		return finished, a.same(&m.arguments, d.root)
	}
	job, err := d.readJob()
	if err != nil {
		return begun, err
	}
	if job != nil {
		return begun, a.same(job, d.root)
	}
	foreign := ""
	err = d.names(func(name string) {
		if name != lockName && name != "."+jobName+".tmp" {
			foreign = name
		}
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fresh, nil
	case err != nil:
		return fresh, err
	case foreign != "":
		return fresh, &ForeignError{d.root, foreign}
	}
	return fresh, nil
}

// refuseFile refuses a root that is a file, or is below one.
func (d *directory) refuseFile() error {
	for path := d.root; ; path = filepath.Dir(path) {
		info, err := os.Stat(path)
		switch {
		case err == nil && !info.IsDir():
			return &OptionError{"out", d.root, fmt.Sprintf("a directory or a new name: %s is a file", path)}
		case err == nil, path == filepath.Dir(path):
			return nil
		}
	}
}

func (d *directory) writeJob(a *arguments) error {
	data, err := indented(a)
	if err != nil {
		return err
	}
	return d.replace(jobName, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// readJob returns nil if there is none.
func (d *directory) readJob() (*arguments, error) {
	path := d.path(jobName)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &FileError{"read", path, err}
	}
	defer func() { _ = f.Close() }()
	var a arguments
	if err := json.NewDecoder(io.LimitReader(f, maxValue)).Decode(&a); err != nil {
		return nil, &DamagedError{path, err.Error() + "; delete the directory and render again"}
	}
	return &a, nil
}
