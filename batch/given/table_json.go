package given

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine bounds a line of JSON: names and numbers of 1024 parameters.
const maxLine = 1 << 20

// openJSON reads JSON lines: an object of values by name for each sound.
func (t *Table) openJSON() error {
	data, err := t.file.text()
	if err != nil {
		return err
	}
	in := bufio.NewScanner(bytes.NewReader(data))
	in.Buffer(nil, maxLine)
	r := t.newText()
	row := make([]float64, r.width)
	line := 0
	for in.Scan() {
		line++
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		if err := t.object(in.Bytes(), line, row); err != nil {
			return err
		}
		if err := t.add(r, line, row); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return faultf(fmt.Sprintf("%s:%d", t.file.path, line+1), "%w", err)
	}
	return nil
}

// object reads one line.
func (t *Table) object(data []byte, line int, row []float64) error {
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	fault := func(format string, args ...any) error {
		return faultf(fmt.Sprintf("%s:%d", t.file.path, line), format, args...)
	}
	if start, err := in.Token(); err != nil || start != json.Delim('{') {
		return fault("row %d is no JSON object of values by name", t.rows)
	}
	has := make([]bool, len(row))
	count := 0
	for in.More() {
		key, err := in.Token()
		if err != nil {
			return fault("row %d: %w", t.rows, err)
		}
		name, _ := key.(string)
		param, err := t.index(name)
		var unknown *FileError
		if errors.As(err, &unknown) {
			return fault("row %d: %w", t.rows, unknown.Cause)
		}
		if has[param] {
			return fault("row %d: %s is there twice; remove one", t.rows, name)
		}
		has[param], count = true, count+1
		value, err := in.Token()
		if err != nil {
			return fault("row %d: %w", t.rows, err)
		}
		if row[param], err = t.value(param, value); err != nil {
			return &CellError{t.file.path, line, t.rows, param, err}
		}
	}
	if _, err := in.Token(); err != nil {
		return fault("row %d: %w", t.rows, err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return fault("row %d: there is something after the object; want one object a line", t.rows)
	}
	if count < len(row) {
		return fault("row %d has no value for %s; every random parameter of the preset needs one", t.rows, t.missing(has))
	}
	return nil
}

// value reads a value of an object.
func (t *Table) value(param int, token json.Token) (float64, error) {
	switch v := token.(type) {
	case json.Number:
		return t.parse(param, v.String())
	case string:
		if t.Physical {
			return t.preset.Named(param, v)
		}
	}
	return 0, fmt.Errorf("%s: got %v; want a number", t.preset.Sampled[param].Name, token)
}
