package given

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
)

// openCSV reads a table with names in its first line, in any order.
func (t *Table) openCSV() error {
	data, err := t.file.text()
	if err != nil {
		return err
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.ReuseRecord, in.TrimLeadingSpace = true, true
	r := t.newText()
	head, err := in.Read()
	if errors.Is(err, io.EOF) {
		return faultf(t.file.path, "it is empty; want a line with the names of the parameters, then a line a sound")
	}
	if err != nil {
		return &FileError{t.file.path, err}
	}
	order, err := t.header(r, head)
	if err != nil {
		return err
	}
	row := make([]float64, r.width)
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, csv.ErrFieldCount) {
			line, _ := in.FieldPos(0)
			return faultf(t.file.path+":"+strconv.Itoa(line), "row %d has %d columns; want %d, as the first line has", t.rows, len(record), r.width)
		}
		if err != nil {
			return &FileError{t.file.path, err}
		}
		line, _ := in.FieldPos(0)
		for column, param := range order {
			if row[param], err = t.parse(param, record[column]); err != nil {
				return &CellError{t.file.path, line, t.rows, column, err}
			}
		}
		if err := t.add(r, line, row); err != nil {
			return err
		}
	}
}

// header finds the parameter of each column.
func (t *Table) header(r *textRows, head []string) ([]int, error) {
	order := make([]int, len(head))
	has := make([]bool, r.width)
	for column, name := range head {
		param, err := t.index(name)
		if err != nil {
			return nil, err
		}
		if has[param] {
			return nil, faultf(t.file.path, "the column %s is there twice; remove one", name)
		}
		has[param] = true
		order[column], r.columns[param] = param, column
	}
	if len(head) < r.width {
		return nil, faultf(t.file.path, "it has no column for %s; every random parameter of the preset needs one", t.missing(has))
	}
	return order, nil
}
