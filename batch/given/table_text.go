package given

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// textRows are rows of a text, in memory.
type textRows struct {
	width  int
	values []float64
	// lines has the line of each row, columns the column of each parameter.
	lines   []int
	columns []int
}

func (r *textRows) read(first int, dst []float64) error {
	copy(dst, r.values[first*r.width:])
	return nil
}

func (r *textRows) cell(row, param int) (line, column int) { return r.lines[row], r.columns[param] }

// newText makes a table of a text. Columns are those of the parameters.
func (t *Table) newText() *textRows {
	width := len(t.preset.Sampled)
	r := &textRows{width: width, columns: make([]int, width)}
	for i := range r.columns {
		r.columns[i] = i
	}
	t.source = r
	return r
}

// add adds a row that starts at a line.
func (t *Table) add(r *textRows, line int, row []float64) error {
	if len(r.values)+r.width > maxTextCells {
		return faultf(t.file.path, "it has more than %d values, the most of a text; give them as a NumPy array (.npy), which is read as it is needed", maxTextCells)
	}
	r.values = append(r.values, row...)
	r.lines = append(r.lines, line)
	t.rows++
	return nil
}

// parse reads a value: a number, or the name of an enumeration's.
func (t *Table) parse(param int, text string) (float64, error) {
	text = strings.TrimSpace(text)
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case err == nil:
		return v, nil
	case t.Physical && !errors.Is(err, strconv.ErrRange):
		return t.preset.Named(param, text)
	}
	return 0, fmt.Errorf("%s: got %q, which is no number of double precision", t.preset.Sampled[param].Name, clipped(text))
}
