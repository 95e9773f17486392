package batch

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"
)

// totals closes the manifest's head, before its list of files.
type totals struct {
	// Bytes adds up the sounds.
	Bytes          int64    `json:"bytes"`
	ClippedSounds  int      `json:"clipped_sounds"`
	ClippedSamples int64    `json:"clipped_samples"`
	Labels         fileInfo `json:"labels"`
}

// fileInfo describes a file of the dataset.
type fileInfo struct {
	File   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// writeLabels makes labels.jsonl from the journal and counts as it goes.
func (j *journal) writeLabels() (*totals, error) {
	t := &totals{Labels: fileInfo{File: labelsName}}
	hash := sha256.New()
	err := j.dir.replace(labelsName, func(f io.Writer) error {
		w := bufio.NewWriterSize(io.MultiWriter(f, hash), 1<<20)
		for e, err := range j.all() {
			if err != nil {
				return err
			}
			t.Bytes += e.Bytes
			t.ClippedSamples += e.Clipped
			if e.Clipped > 0 {
				t.ClippedSounds++
			}
			t.Labels.Bytes += int64(len(e.Label)) + 1
			if _, err := w.Write(append(e.Label, '\n')); err != nil {
				return err
			}
		}
		return w.Flush()
	})
	t.Labels.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return t, err
}

// writeManifest makes manifest.json: arguments, totals, then a line a file.
// When it appears, the dataset is finished.
func (j *journal) writeManifest(a *arguments, t *totals) error {
	return j.dir.replace(manifestName, func(f io.Writer) error {
		head, err := indented(manifestHead{*a, *t})
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(f, 1<<20)
		// A bufio.Writer keeps its first error until Flush.
		_, _ = w.Write(bytes.TrimSuffix(head, []byte("\n}\n")))
		_, _ = w.WriteString(",\n  \"files\": [")
		item, separator := 0, "\n    "
		for e, err := range j.all() {
			if err != nil {
				return err
			}
			line := []byte(separator + `{"file":"` + j.options.fileName(item) + `","bytes":`)
			line = strconv.AppendInt(line, e.Bytes, 10)
			line = append(line, `,"sha256":"`+e.SHA256+`"}`...)
			_, _ = w.Write(line)
			item, separator = item+1, ",\n    "
		}
		_, _ = w.WriteString("\n  ]\n}\n")
		return w.Flush()
	})
}

// manifestHead is the manifest without its files.
type manifestHead struct {
	arguments
	totals
}

// manifest reads a finished dataset's manifest: the head at once, then file
// by file, so that memory does not grow with their number.
type manifest struct {
	manifestHead
	path    string
	file    *os.File
	capped  *cappedReader
	decoder *json.Decoder
}

// errForeign is a manifest of something else.
var errForeign = errors.New("it is no manifest of a Sawmill dataset")

// maxValue bounds one value of a manifest.
const maxValue = 16 << 20

func openManifest(d *directory) (*manifest, error) {
	path := d.path(manifestName)
	f, err := os.Open(path)
	if err != nil {
		return nil, &FileError{"read", path, err}
	}
	m := &manifest{path: path, file: f, capped: &cappedReader{r: f, left: maxValue}}
	m.decoder = json.NewDecoder(bufio.NewReader(m.capped))
	if err := m.readHead(); err != nil {
		_ = f.Close()
		if errors.Is(err, errForeign) {
			return nil, &ForeignError{d.root, manifestName}
		}
		return nil, &DamagedError{path, err.Error() + "; delete the directory and render again, or choose another"}
	}
	return m, nil
}

func (m *manifest) close() { _ = m.file.Close() }

// readHead reads members up to the list of files.
func (m *manifest) readHead() error {
	if err := m.expect(json.Delim('{')); err != nil {
		return err
	}
	members := map[string]json.RawMessage{}
	listed := false
	for m.decoder.More() {
		key, err := m.decoder.Token()
		if err != nil {
			return err
		}
		if listed = key == "files"; listed {
			break
		}
		name, ok := key.(string)
		if !ok {
			return errors.New("it is not a JSON object of a dataset")
		}
		var value json.RawMessage
		if err := m.decoder.Decode(&value); err != nil {
			return err
		}
		members[name] = value
	}
	if !listed {
		if err := m.expect(json.Delim('}')); err != nil {
			return err
		}
	}
	all, err := json.Marshal(members)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(all, &m.manifestHead); err != nil {
		return err
	}
	if m.Format == formatName {
		return m.expect(json.Delim('['))
	}
	return errForeign
}

func (m *manifest) expect(want json.Delim) error {
	got, err := m.decoder.Token()
	if err != nil {
		return err
	}
	if got != want {
		return errors.New("it has no list of files")
	}
	return nil
}

// next returns the next file, or io.EOF after the last.
func (m *manifest) next() (*fileInfo, error) {
	m.capped.left = maxValue
	if !m.decoder.More() {
		return nil, io.EOF
	}
	var f fileInfo
	if err := m.decoder.Decode(&f); err != nil {
		return nil, &DamagedError{m.path, err.Error()}
	}
	return &f, nil
}

// cappedReader fails when more is read than expected since left was last set:
// a manifest comes from outside and must not exhaust memory.
type cappedReader struct {
	r    io.Reader
	left int
}

func (c *cappedReader) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errors.New("one of its values is too long")
	}
	n, err := c.r.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}
