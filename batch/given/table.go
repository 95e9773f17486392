package given

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"sawmill/kpn"
)

// Bounds on texts, which are kept in memory.
const (
	maxTextBytes = 1 << 30
	maxTextCells = 1 << 26
)

// MaxRows bounds the rows of a table: as many as a dataset may have sounds.
const MaxRows = 1_000_000_000

// Table is the values of a preset's random parameters, a row a sound.
type Table struct {
	// Physical says that the values are physical and not unit values.
	Physical bool

	preset *kpn.Preset
	file   *file
	rows   int
	source source
}

// source gives rows of values in the order of the preset's parameters.
type source interface {
	// read fills dst with the values of so many rows from first on.
	read(first int, dst []float64) error
	// cell says where in the file the value of a parameter is.
	cell(row, param int) (line, column int)
}

// OpenTable opens a table and checks all of it: a NumPy array [sounds,
// parameters] in the order of the preset's random parameters, a CSV file with
// their names in its first line, or JSON lines of values by name; the suffix
// decides. Unit values are in [0, 1] and go through each parameter's
// distribution; physical values are taken as they are, where the distribution
// could give them or what is between them.
//
// Errors: *[FileError], *[CellError].
func OpenTable(path string, p *kpn.Preset, physical bool) (*Table, error) {
	readers := map[string]func(*Table) error{".npy": (*Table).openArray, ".csv": (*Table).openCSV, ".jsonl": (*Table).openJSON}
	read, ok := readers[strings.ToLower(filepath.Ext(path))]
	if !ok {
		return nil, faultf(path, "its name ends in none of .npy (NumPy), .csv or .jsonl, which say how to read it")
	}
	if len(p.Sampled) == 0 {
		return nil, faultf(path, "the preset has no random parameters to give values to")
	}
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	t := &Table{Physical: physical, preset: p, file: f}
	err = read(t)
	if err == nil && t.rows == 0 {
		err = faultf(path, "it has no rows; give one a sound")
	}
	if err == nil {
		err = t.check()
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return t, nil
}

// Rows is the number of rows, one a sound.
func (t *Table) Rows() int { return t.rows }

// SHA256 is the hash of the file.
func (t *Table) SHA256() string { return t.file.sha256 }

// Close closes the file.
func (t *Table) Close() error { return t.file.close() }

// Draws are those of so many rows from first on. It is not safe for concurrent
// use. Errors: *[FileError] if the file is no longer what was opened.
func (t *Table) Draws(first, n int) ([][]kpn.Draw, error) {
	if err := t.file.unchanged(); err != nil {
		return nil, err
	}
	return t.draws(first, n)
}

func (t *Table) draws(first, n int) ([][]kpn.Draw, error) {
	width := len(t.preset.Sampled)
	values := make([]float64, n*width)
	if err := t.source.read(first, values); err != nil {
		return nil, err
	}
	draw := t.preset.DrawUnits
	if t.Physical {
		draw = t.preset.DrawValues
	}
	draws := make([][]kpn.Draw, n)
	for i := range draws {
		var err error
		if draws[i], err = draw(values[i*width : (i+1)*width]); err != nil {
			return nil, t.at(first+i, err)
		}
	}
	return draws, nil
}

// check goes through all rows once.
func (t *Table) check() error {
	const run = 1024
	for first := 0; first < t.rows; first += run {
		if _, err := t.draws(first, min(run, t.rows-first)); err != nil {
			return err
		}
	}
	return nil
}

// at says where a parameter's fault is.
func (t *Table) at(row int, err error) error {
	var given *kpn.GivenError
	if !errors.As(err, &given) {
		return err
	}
	line, column := t.source.cell(row, given.Index)
	return &CellError{Path: t.file.path, Line: line, Row: row, Column: column, Cause: err}
}

// names are those of the preset's random parameters.
func (t *Table) names() []string {
	names := make([]string, len(t.preset.Sampled))
	for i := range names {
		names[i] = t.preset.Sampled[i].Name
	}
	return names
}

// index finds a parameter by name, or says which it may have been.
func (t *Table) index(name string) (int, error) {
	names := t.names()
	if i := slices.Index(names, name); i >= 0 {
		return i, nil
	}
	near := ""
	if n, ok := kpn.Nearest(name, names); ok {
		near = "; did you mean \"" + n + "\"?"
	}
	return 0, faultf(t.file.path, "the preset has no parameter %q%s", clipped(name), near)
}

// clipped shortens what a file says for a message.
func clipped(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// missing lists the parameters that have no value.
func (t *Table) missing(has []bool) string {
	const most = 5
	var names []string
	for i, name := range t.names() {
		if !has[i] {
			names = append(names, name)
		}
	}
	if len(names) > most {
		names = append(names[:most], "…")
	}
	return strings.Join(names, ", ")
}
