package given_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/batch/given"
	"sawmill/batch/npy"
	"sawmill/kpn"
)

// preset has three random parameters: a frequency, an enumeration, and a level
// along a curve.
const preset = `{"sawmill": 1, "output": "out",
	"parameters": {"a.freq": {"uniform": [100, 300]}, "b->shape": {"choice": ["saw", "sine"]}},
	"nodes": {
		"osc": {"kind": "osc", "params": {"freq": {"ref": "a.freq"}, "shape": {"ref": "b->shape"}}},
		"out": {"kind": "gain", "inputs": ["osc"], "params": {"gain": {"unit": {"min": 0, "max": 0.1, "curve": 0.5}}}}}}`

func parse(tb testing.TB) *kpn.Preset {
	tb.Helper()
	p, err := kpn.ParsePreset("preset.json", []byte(preset))
	require.NoError(tb, err)
	return p
}

// array is a NumPy file.
func array(kind npy.Type, values []float64, shape ...int) string {
	data := npy.Header(kind, shape...)
	for _, x := range values {
		if kind == npy.Float32 {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(x)))
		} else {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
		}
	}
	return string(data)
}

// put writes a file into a directory of its own.
func put(tb testing.TB, name, text string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	require.NoError(tb, os.WriteFile(path, []byte(text), 0o644))
	return path
}

// The same values in every format give the same draws, in double precision.
func TestTablesOfEveryFormatAreOne(t *testing.T) {
	t.Parallel()
	p := parse(t)
	third := 1.0 / 3
	units := []float64{0.1, 0, third, 1, 0.7, 1}
	want, err := p.DrawUnits(units[:3])
	require.NoError(t, err)
	second, err := p.DrawUnits(units[3:])
	require.NoError(t, err)
	for name, text := range map[string]string{
		"t.npy": array(npy.Float64, units, 2, 3),
		"t.CSV": "\uFEFFout.gain,a.freq,b->shape\n0.3333333333333333,0.1,0\n1, 1, 7e-1\n",
		"t.jsonl": `{"b->shape": 0, "out.gain": 0.3333333333333333, "a.freq": 0.1}` + "\n\n" +
			`{"a.freq": 1, "b->shape": 0.7, "out.gain": 1}`,
	} {
		table, err := given.OpenTable(put(t, name, text), p, false)
		require.NoError(t, err, name)
		require.Equal(t, 2, table.Rows())
		require.Len(t, table.SHA256(), 64)
		draws, err := table.Draws(0, 2)
		require.NoError(t, err)
		assert.Equal(t, [][]kpn.Draw{want, second}, draws, name)
		draws, err = table.Draws(1, 1)
		require.NoError(t, err)
		assert.Equal(t, [][]kpn.Draw{second}, draws, name)
		require.NoError(t, table.Close())
	}
}

func TestPhysicalValuesAndNames(t *testing.T) {
	t.Parallel()
	p := parse(t)
	for name, text := range map[string]string{
		"t.npy":   array(npy.Float64, []float64{123.456789012345, kpn.OscSine, 0.1}, 1, 3),
		"t.csv":   "a.freq,b->shape,out.gain\n123.456789012345,sine,0.1\n",
		"t.jsonl": `{"b->shape": "sine", "out.gain": 0.1, "a.freq": 123.456789012345}`,
	} {
		table, err := given.OpenTable(put(t, name, text), p, true)
		require.NoError(t, err, name)
		draws, err := table.Draws(0, 1)
		require.NoError(t, err)
		assert.Equal(t, 123.456789012345, draws[0][0].Value, name)
		assert.Equal(t, "sine", draws[0][1].Name)
		assert.Equal(t, 0.1, draws[0][2].Value)
		require.NoError(t, table.Close())
	}
	// 0.1 in single precision is above 0.1, and means it.
	table, err := given.OpenTable(put(t, "t.npy", array(npy.Float32, []float64{100, 0, 0.1}, 1, 3)), p, true)
	require.NoError(t, err)
	draws, err := table.Draws(0, 1)
	require.NoError(t, err)
	require.Equal(t, 0.1, draws[0][2].Value)
	require.NoError(t, table.Close())
}

func TestBadTablesAreRefused(t *testing.T) {
	t.Parallel()
	p := parse(t)
	nan := math.NaN()
	head := "a.freq,b->shape,out.gain\n"
	for _, c := range []struct {
		name, text string
		physical   bool
		want       string
	}{
		{"t.txt", "", false, ": its name ends in none of .npy (NumPy), .csv or .jsonl, which say how to read it"},
		{"t.npy", array(npy.Float64, make([]float64, 4), 2, 2), false, ": it has the shape [2 2]; want [sounds, 3], a column for each random parameter of the preset, from a.freq to out.gain"},
		{"t.npy", array(npy.Float64, make([]float64, 3), 3), false, ": it has the shape [3]; want [sounds, 3], a column for each random parameter of the preset, from a.freq to out.gain"},
		{"t.npy", array(npy.Float64, nil, 0, 3), false, ": it has no rows; give one a sound"},
		{"t.npy", "not an array at all", false, ": it is no NumPy array file (.npy)"},
		{"t.npy", array(npy.Float64, []float64{0, 0, 0, 0, 0.5, nan}, 2, 3), false, ": row 1, column 2: out.gain: got the unit value NaN; allowed is 0 to 1"},
		{"t.npy", array(npy.Float32, []float64{0, 0, 0, 1.5, 0, 0}, 2, 3), false, ": row 1, column 0: a.freq: got the unit value 1.5; allowed is 0 to 1"},
		{"t.npy", array(npy.Float64, []float64{100, 0, 0.11}, 1, 3), true, ": row 0, column 2: out.gain: got 0.11; allowed is 0 to 0.1"},
		{"t.npy", array(npy.Float64, []float64{100, 2, 0.1}, 1, 3), true, ": row 0, column 1: b->shape: got 2; allowed is 0 to 1"},
		{"t.npy", array(npy.Float64, []float64{100, 0.5, 0.1}, 1, 3), true, ": row 0, column 1: b->shape: got 0.5; allowed are 1 (saw), 0 (sine)"},
		{"t.csv", "", false, ": it is empty; want a line with the names of the parameters, then a line a sound"},
		{"t.csv", head, false, ": it has no rows; give one a sound"},
		{"t.csv", "a.freq,b->shap,out.gain\n0,0,0\n", false, `: the preset has no parameter "b->shap"; did you mean "b->shape"?`},
		{"t.csv", "a.freq,out.gain,a.freq\n0,0,0\n", false, ": the column a.freq is there twice; remove one"},
		{"t.csv", "out.gain\n0\n", false, ": it has no column for a.freq, b->shape; every random parameter of the preset needs one"},
		{"t.csv", head + "0,0,0\n0,0\n", false, ":3: row 1 has 2 columns; want 3, as the first line has"},
		{"t.csv", head + "0,0,0\n\n0,0,none\n", false, `:4: row 1, column 2: out.gain: got "none", which is no number of double precision`},
		{"t.csv", "b->shape,a.freq,out.gain\n0,0,0\n0,-1,0\n", false, ":3: row 1, column 1: a.freq: got the unit value -1; allowed is 0 to 1"},
		{"t.csv", head + "100,sin,0\n", true, `:2: row 0, column 1: b->shape: got "sin"; did you mean "sine"?; allowed: saw, sine`},
		{"t.csv", head + "100,sine,1e999\n", true, `:2: row 0, column 2: out.gain: got "1e999", which is no number of double precision`},
		{"t.csv", head + "\"100,sine,1\n", true, `: parse error on line 2, column 13: extraneous or missing " in quoted-field`},
		{"t.jsonl", "[1, 2, 3]\n", false, ":1: row 0 is no JSON object of values by name"},
		{"t.jsonl", `{"a.freq": 0, "b->shape": 0}`, false, ":1: row 0 has no value for out.gain; every random parameter of the preset needs one"},
		{"t.jsonl", "\n" + `{"a.freq": 0, "b->shape": 0, "gain": 0}`, false, `:2: row 0: the preset has no parameter "gain"`},
		{"t.jsonl", `{"a.freq": 0, "a.freq": 0}`, false, ":1: row 0: a.freq is there twice; remove one"},
		{"t.jsonl", `{"a.freq": null}`, false, ":1: row 0, column 0: a.freq: got <nil>; want a number"},
		{"t.jsonl", `{"a.freq": [1]}`, false, ":1: row 0, column 0: a.freq: got [; want a number"},
		{"t.jsonl", `{"b->shape": "sine"}`, false, ":1: row 0, column 1: b->shape: got sine; want a number"},
		{"t.jsonl", `{"a.freq": 0, "b->shape": 0, "out.gain": 2}`, false, ":1: row 0, column 2: out.gain: got the unit value 2; allowed is 0 to 1"},
		{"t.jsonl", `{"a.freq": 0, "b->shape": 0, "out.gain": 0} {}`, false, ":1: row 0: there is something after the object; want one object a line"},
		{"t.jsonl", `{"a.freq": 0`, false, ":1: row 0: EOF"},
		{"t.jsonl", `{"a.freq": ` + strings.Repeat(" ", 1<<20) + `0}`, false, ":1: bufio.Scanner: token too long"},
	} {
		path := put(t, c.name, c.text)
		_, err := given.OpenTable(path, p, c.physical)
		assert.EqualError(t, err, path+c.want, "%.60s", c.text)
	}
	_, err := given.OpenTable(t.TempDir()+"/none.npy", p, false)
	require.ErrorIs(t, err, os.ErrNotExist)
	dir := filepath.Join(t.TempDir(), "d.csv")
	require.NoError(t, os.Mkdir(dir, 0o755))
	_, err = given.OpenTable(dir, p, false)
	require.EqualError(t, err, dir+": it is no regular file")
	constant, err := kpn.ParsePreset("p.json", []byte(`{"sawmill": 1, "nodes": {"out": {"kind": "noise"}}, "output": "out"}`))
	require.NoError(t, err)
	_, err = given.OpenTable("none.csv", constant, false)
	require.EqualError(t, err, "none.csv: the preset has no random parameters to give values to")
}

func TestATableThatChangesIsNoticed(t *testing.T) {
	t.Parallel()
	path := put(t, "t.npy", array(npy.Float64, make([]float64, 6), 2, 3))
	table, err := given.OpenTable(path, parse(t), false)
	require.NoError(t, err)
	defer func() { require.NoError(t, table.Close()) }()
	_, err = table.Draws(0, 2)
	require.NoError(t, err)
	// As long as before, and written later.
	require.NoError(t, os.WriteFile(path, []byte(array(npy.Float64, []float64{0, 1, 0, 0, 0, 0}, 2, 3)), 0o644))
	require.NoError(t, os.Chtimes(path, time.Time{}, time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)))
	_, err = table.Draws(0, 2)
	require.EqualError(t, err, path+": it has changed since the run began; run again on a copy of its own")
}

// Rows are checked in runs: the last of many is looked at too.
func TestEveryRowIsChecked(t *testing.T) {
	t.Parallel()
	const rows = 5000
	values := make([]float64, 3*rows)
	values[len(values)-1] = 2
	path := put(t, "t.npy", array(npy.Float64, values, rows, 3))
	_, err := given.OpenTable(path, parse(t), false)
	var cell *given.CellError
	require.ErrorAs(t, err, &cell)
	require.Equal(t, fmt.Sprint(rows-1, 2), fmt.Sprint(cell.Row, cell.Column))
}
