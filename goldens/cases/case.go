package cases

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

//go:embed *.json
var files embed.FS

// Case is one graph and how to bind it.
type Case struct {
	// Name is the file's name without its suffix, a slash and the name in
	// the file: osc/saw_polyblep4.
	Name  string
	Graph *kpn.Graph
	// Shape is that of the case's golden.
	Shape kpn.Shape
	Rate  float64
	Seed  uint64
	// FirstItem is the index of the golden's first item.
	FirstItem uint64
	// Tolerances has one for each output, for the golden's own job.
	Tolerances []compare.Tolerance
	// Gradients is the tolerance of the gradients of the golden's own job,
	// without the scales that only an engine can measure: see
	// [compare.GradientTolerance]. It is nil in files that a program wrote,
	// for [compare.DeriveGradients] to fill in.
	Gradients *compare.GradientTolerance
	// Preset is the name of the preset that the case binds, if it is one.
	Preset string
	preset *kpn.Preset
	draws  map[kpn.ParamRef]draw
	inputs map[string]draw
}

// FileError is a fault of a case file.
type FileError struct {
	File, Case string
	Cause      error
}

// Error implements error.
func (e *FileError) Error() string {
	if e.Case == "" {
		return fmt.Sprintf("goldens/cases/%s: %v", e.File, e.Cause)
	}
	return fmt.Sprintf("goldens/cases/%s: case %q: %v", e.File, e.Case, e.Cause)
}

// Unwrap returns what is wrong.
func (e *FileError) Unwrap() error { return e.Cause }

// All reads every case of every file, in the order of the files' names.
func All() ([]*Case, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var all []*Case
	seen := map[string]bool{}
	for _, entry := range entries {
		data, err := files.ReadFile(entry.Name())
		if err != nil {
			return nil, err
		}
		list, err := parse(entry.Name(), data)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if seen[c.Name] {
				return nil, &FileError{entry.Name(), c.Name, errors.New("there are two cases of this name")}
			}
			seen[c.Name] = true
		}
		all = append(all, list...)
	}
	return all, nil
}

// parse reads one file strictly.
func parse(name string, data []byte) ([]*Case, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var f file
	if err := decoder.Decode(&f); err != nil {
		return nil, &FileError{name, "", err}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, &FileError{name, "", errors.New("there is something after the document")}
	}
	if f.Doc == "" || len(f.Cases) == 0 {
		return nil, &FileError{name, "", errors.New("a file needs a doc and at least one case")}
	}
	var list []*Case
	for i := range f.Cases {
		c, err := f.Cases[i].build(strings.TrimSuffix(name, path.Ext(name)))
		if err != nil {
			return nil, &FileError{name, f.Cases[i].Name, err}
		}
		list = append(list, c)
	}
	return list, nil
}
