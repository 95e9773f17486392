package given

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"time"
)

// file is an open file that must stay as it is while it is used.
type file struct {
	path   string
	handle *os.File
	size   int64
	time   time.Time
	sha256 string
}

// open opens a regular file and hashes it.
func open(path string) (*file, error) {
	// Asked before it is opened: a pipe without a writer would never open.
	info, err := os.Stat(path)
	if err != nil {
		return nil, &FileError{path, err}
	}
	if !info.Mode().IsRegular() {
		return nil, faultf(path, "it is no regular file")
	}
	handle, err := os.Open(path)
	if err != nil {
		return nil, &FileError{path, err}
	}
	f := &file{path: path, handle: handle, size: info.Size(), time: info.ModTime()}
	hash := sha256.New()
	n, err := io.Copy(hash, io.NewSectionReader(handle, 0, f.size))
	if err == nil && n != f.size {
		err = errors.New("it has become shorter while it was read")
	}
	if err != nil {
		return nil, errors.Join(&FileError{path, err}, handle.Close())
	}
	f.sha256 = hex.EncodeToString(hash.Sum(nil))
	return f, nil
}

// unchanged refuses a file that is not what was hashed. Whoever writes a file
// without changing its size or time deceives it.
func (f *file) unchanged() error {
	info, err := f.handle.Stat()
	if err != nil {
		return &FileError{f.path, err}
	}
	if info.Size() != f.size || !info.ModTime().Equal(f.time) {
		return faultf(f.path, "it has changed since the run began; run again on a copy of its own")
	}
	return nil
}

// text reads a text, without the mark that some editors put before it.
func (f *file) text() ([]byte, error) {
	if f.size > maxTextBytes {
		return nil, faultf(f.path, "it has %d bytes; a text may have %d: give the values as a NumPy array (.npy), which is read as it is needed", f.size, int64(maxTextBytes))
	}
	data := make([]byte, f.size)
	if _, err := f.handle.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, &FileError{f.path, err}
	}
	return bytes.TrimPrefix(data, []byte("\uFEFF")), nil
}

func (f *file) close() error { return f.handle.Close() }
