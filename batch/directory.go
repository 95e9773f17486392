package batch

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// The names in a dataset's directory, beside the sounds.
const (
	labelsName   = "labels.jsonl"
	manifestName = "manifest.json"
	jobName      = ".sawmill-job.json"
	journalName  = ".sawmill-journal.jsonl"
	lockName     = ".sawmill.lock"
)

// tempPattern matches the names that a killed process may leave behind.
var tempPattern = regexp.MustCompile(`^\.(\d{6,}\.wav|labels\.jsonl|manifest\.json|\.sawmill-job\.json)\.tmp$`)

// directory is a dataset's directory. Its errors are [FileError] values.
type directory struct {
	root string
	// open opens files for writing, and flush waits until a file or directory
	// is on the disk; tests make them fail, or quick.
	open  func(path string, flag int) (io.WriteCloser, error)
	flush func(path string) error
}

func newDirectory(root string) *directory {
	return &directory{
		root:  root,
		open:  func(path string, flag int) (io.WriteCloser, error) { return os.OpenFile(path, flag, 0o644) },
		flush: flush,
	}
}

func (d *directory) path(name string) string { return filepath.Join(d.root, name) }

// openTemp opens a temporary file to append to it, or anew.
func (d *directory) openTemp(name string, anew bool) (io.WriteCloser, error) {
	flag := os.O_WRONLY | os.O_APPEND
	if anew {
		flag = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := d.open(d.path(name), flag)
	if err != nil {
		return nil, &FileError{"write", d.path(name), err}
	}
	return f, nil
}

// publish syncs the temporary files of finished sounds, gives them their
// names, and syncs the directory. Syncs run side by side: the file system
// then joins them.
func (d *directory) publish(items []*item) error {
	const atOnce = 16
	if err := parallel(atOnce, len(items), func(i int) error { return d.sync(items[i].tempName()) }); err != nil {
		return err
	}
	for _, it := range items {
		if err := d.rename(it.tempName(), it.name); err != nil {
			return err
		}
	}
	return d.sync(".")
}

func (d *directory) sync(name string) error {
	if err := d.flush(d.path(name)); err != nil {
		return &FileError{"sync", d.path(name), err}
	}
	return nil
}

func (d *directory) rename(from, to string) error {
	if err := os.Rename(d.path(from), d.path(to)); err != nil {
		return &FileError{"write", d.path(to), err}
	}
	return nil
}

// replace writes a file so that it appears whole or not at all, even if the
// machine stops.
func (d *directory) replace(name string, write func(io.Writer) error) error {
	temp := "." + name + ".tmp"
	f, err := d.openTemp(temp, true)
	if err != nil {
		return err
	}
	err = write(f)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = d.sync(temp)
	}
	if err != nil {
		d.remove(temp)
		var known *FileError
		var damaged *DamagedError
		if errors.As(err, &known) || errors.As(err, &damaged) {
			return err
		}
		return &FileError{"write", d.path(name), err}
	}
	if err := d.rename(temp, name); err != nil {
		return err
	}
	return d.sync(".")
}

// remove deletes a file of ours if it exists. What cannot be deleted does no
// harm: the next run tries again.
func (d *directory) remove(name string) { _ = os.Remove(d.path(name)) }

// names calls visit for each entry, in no order, without holding them all.
func (d *directory) names(visit func(name string)) error {
	f, err := os.Open(d.root)
	if err != nil {
		return &FileError{"read", d.root, err}
	}
	defer func() { _ = f.Close() }()
	for {
		names, err := f.Readdirnames(1024)
		for _, n := range names {
			visit(n)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &FileError{"read", d.root, err}
		}
	}
}

// removeTemps deletes what a killed process left half written.
func (d *directory) removeTemps() error {
	return d.names(func(name string) {
		if tempPattern.MatchString(name) {
			d.remove(name)
		}
	})
}

// size is a file's size, or −1 if it is missing or no regular file.
func (d *directory) size(name string) (int64, error) {
	info, err := os.Lstat(d.path(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return -1, nil
	case err != nil:
		return 0, &FileError{"read", d.path(name), err}
	case !info.Mode().IsRegular():
		return -1, nil
	}
	return info.Size(), nil
}
