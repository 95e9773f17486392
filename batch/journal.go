package batch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"strconv"
)

// entry is what the journal keeps of a finished sound.
type entry struct {
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
	Clipped int64  `json:"clipped,omitempty"`
	// Label is the sound's line in labels.jsonl, to the byte.
	Label json.RawMessage `json:"label"`
}

// maxLine bounds a line of the journal: a preset of a mebibyte cannot have
// parameters enough to exceed it.
const maxLine = 16 << 20

func appendEntry(b []byte, e *entry) []byte {
	b = append(b, `{"bytes":`...)
	b = strconv.AppendInt(b, e.Bytes, 10)
	b = append(b, `,"sha256":"`...)
	b = append(b, e.SHA256...)
	b = append(b, `","clipped":`...)
	b = strconv.AppendInt(b, e.Clipped, 10)
	b = append(b, `,"label":`...)
	b = append(b, e.Label...)
	return append(b, '}', '\n')
}

// parseEntry reads a line and checks that it is that of the given item.
func parseEntry(line []byte, o *Options, item int) (*entry, bool) {
	var e entry
	if json.Unmarshal(line, &e) != nil {
		return nil, false
	}
	var label struct {
		Index int    `json:"index"`
		File  string `json:"file"`
	}
	if json.Unmarshal(e.Label, &label) != nil {
		return nil, false
	}
	ok := label.Index == item && label.File == o.fileName(item) && len(e.SHA256) == 64 && e.Bytes == o.wave().fileBytes()
	return &e, ok
}

// journal is the list of finished sounds: always the first of the dataset, in
// order, one line each.
type journal struct {
	dir     *directory
	options *Options
	file    io.WriteCloser
	// entries is how many sounds it lists, size its length in bytes.
	entries int
	size    int64
}

// openJournal opens the journal for appending, after cutting what a killed
// process wrote in part: everything from the first line that is not whole.
func openJournal(d *directory, o *Options) (*journal, error) {
	j := &journal{dir: d, options: o}
	for e, err := range j.read(0) {
		if err != nil {
			return nil, err
		}
		j.entries++
		j.size += int64(e.length)
	}
	path := d.path(journalName)
	if err := os.Truncate(path, j.size); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, &FileError{"write", path, err}
	}
	f, err := d.open(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE)
	if err != nil {
		return nil, &FileError{"write", path, err}
	}
	j.file = f
	return j, nil
}

// line is an entry and the length of its line.
type line struct {
	*entry
	length int
}

// read yields the entries of the first limit bytes (0: of all) up to the
// first line that is not whole.
func (j *journal) read(limit int64) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		path := j.dir.path(journalName)
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		if err != nil {
			yield(line{}, &FileError{"read", path, err})
			return
		}
		defer func() { _ = f.Close() }()
		var r io.Reader = f
		if limit > 0 {
			r = io.LimitReader(f, limit)
		}
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 64<<10), maxLine)
		lines.Split(wholeLines)
		for item := 0; lines.Scan(); item++ {
			e, ok := parseEntry(lines.Bytes(), j.options, item)
			if !ok || item >= j.options.Count {
				return
			}
			if !yield(line{e, len(lines.Bytes())}, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil && !errors.Is(err, bufio.ErrTooLong) {
			yield(line{}, &FileError{"read", path, err})
		}
	}
}

// wholeLines splits at newlines, keeps them, and drops a last line that has
// none.
func wholeLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i+1], nil
	}
	if atEOF {
		return len(data), nil, nil
	}
	return 0, nil, nil
}

// append adds the entries of a batch. It does not sync: lines that a crash
// loses only cost rendering their sounds again.
func (j *journal) append(entries []*entry) error {
	var b []byte
	for _, e := range entries {
		b = appendEntry(b, e)
	}
	n, err := j.file.Write(b)
	j.size += int64(n)
	if err != nil {
		return &FileError{"write", j.dir.path(journalName), err}
	}
	j.entries += len(entries)
	return nil
}

func (j *journal) close() error {
	if err := j.file.Close(); err != nil {
		return &FileError{"write", j.dir.path(journalName), err}
	}
	return nil
}

// all yields every entry of the finished journal. That there are fewer than
// sounds is an error: something else changed the file.
func (j *journal) all() iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		n := 0
		for e, err := range j.read(0) {
			if !yield(e, err) || err != nil {
				return
			}
			n++
		}
		if n != j.options.Count {
			yield(line{}, &DamagedError{j.dir.path(journalName), "it changed while the run wrote it; run the same command again"})
		}
	}
}
