package kpn_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// tableOf is the smallest table of a kind; nil if it has none.
func tableOf(spec *kpn.Spec) *kpn.Table {
	if spec.Table == nil {
		return nil
	}
	t := &kpn.Table{Rows: spec.Table.MinRows, Columns: spec.Table.MinColumns}
	t.Data = make([]float64, t.Rows*t.Columns)
	return t
}

func playing(kind kpn.Kind, t *kpn.Table) *kpn.Graph {
	return &kpn.Graph{Nodes: []kpn.Node{{ID: "node", Kind: kind, Table: t}}, Outputs: []string{"node"}}
}

func TestTablesAreChecked(t *testing.T) {
	curve := func(data ...float64) *kpn.Table { return &kpn.Table{Rows: len(data) / 2, Columns: 2, Data: data} }
	require.NoError(t, playing(kpn.KindController, curve(0, 1, 0.5, 2)).Validate())
	for want, g := range map[string]*kpn.Graph{
		"kind controller needs a table":          playing(kpn.KindController, nil),
		"kind noise takes no table":              playing(kpn.KindNoise, curve(0, 1)),
		"it has 0 rows, allowed are 1":           playing(kpn.KindController, &kpn.Table{Columns: 2}),
		"it has 3 columns, allowed are 2 to 2":   playing(kpn.KindController, &kpn.Table{Rows: 1, Columns: 3, Data: make([]float64, 3)}),
		"it holds 3 values":                      playing(kpn.KindController, &kpn.Table{Rows: 2, Columns: 2, Data: make([]float64, 3)}),
		"row 1, column 0 is NaN":                 playing(kpn.KindController, curve(0, 1, math.NaN(), 1)),
		"is not after that of the point before":  playing(kpn.KindController, curve(0, 1, 0, 2)),
		"the time of point 0 is -1e+06 s":        playing(kpn.KindController, curve(-1e6, 1)),
		"its sample rate is -1 Hz":               playing(kpn.KindSampler, &kpn.Table{Rows: 1, Columns: 4, Data: make([]float64, 4), Rate: -1}),
		"it has 1048576 rows, allowed are 1 to ": playing(kpn.KindSampler, &kpn.Table{Rows: 1 << 20, Columns: 1 << 40}),
	} {
		err := g.Validate()
		require.ErrorContains(t, err, want)
		var fault *kpn.GraphError
		require.ErrorAs(t, err, &fault)
		require.Equal(t, "table", fault.Field)
	}
}

func TestTablesAreBoundedTogether(t *testing.T) {
	g := &kpn.Graph{Outputs: []string{"n0"}}
	table := &kpn.Table{Rows: 1, Columns: kpn.MaxTableValues / 4, Data: make([]float64, kpn.MaxTableValues/4)}
	for i := range 4 {
		g.Nodes = append(g.Nodes, kpn.Node{ID: fmt.Sprintf("n%d", i), Kind: kpn.KindSampler, Table: table})
	}
	require.NoError(t, g.Validate())
	g.Nodes = append(g.Nodes, kpn.Node{ID: "more", Kind: kpn.KindSampler, Table: table})
	require.ErrorContains(t, g.Validate(), "the tables hold 5242880 values in all")
}

func TestStructuralParametersAreConstants(t *testing.T) {
	g := playing(kpn.KindNoise, nil)
	g.Nodes[0].Params = map[string]kpn.Param{"color": kpn.Const(kpn.NoisePink)}
	require.NoError(t, g.Validate())
	g.Nodes[0].Params["color"] = kpn.Param{Rate: kpn.PerItem}
	require.ErrorContains(t, g.Validate(), "color: it is given per_item; allowed is a constant")
}

// npy is an array file.
func npy(descr, shape string, body []byte) []byte {
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n", descr, shape)
	data := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	return append(append(data, header...), body...)
}

// wav is a file of frames of samples.
func wav(code, channels, bits int, body []byte) []byte {
	le := binary.LittleEndian
	data := le.AppendUint32([]byte("RIFF"), 0)
	data = append(data, "WAVEjunk\x01\x00\x00\x00x\x00fmt \x10\x00\x00\x00"...)
	for _, word := range []int{code, channels} {
		data = le.AppendUint16(data, uint16(word))
	}
	data = le.AppendUint32(le.AppendUint32(data, 22050), 0)
	data = le.AppendUint16(le.AppendUint16(data, 0), uint16(bits))
	return append(le.AppendUint32(append(data, "data"...), uint32(len(body))), body...)
}

func float32s(values ...float32) []byte {
	var b []byte
	for _, x := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

// writePreset writes a preset that plays a file, and the file.
func writePreset(t *testing.T, kind kpn.Kind, table string, name string, data []byte) (*kpn.Preset, error) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	path := filepath.Join(dir, "p.json")
	text := fmt.Sprintf(`{"sawmill": 1, "nodes": {"node": {"kind": %q, "table": %s}}, "output": "node"}`, kind, table)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return kpn.ReadPreset(path)
}

func TestPresetsReadTables(t *testing.T) {
	float64s := binary.LittleEndian.AppendUint64(nil, math.Float64bits(0.1))
	for len(float64s) < 64 {
		float64s = append(float64s, 0)
	}
	for _, c := range []struct {
		name, table string
		kind        kpn.Kind
		data        []byte
		want        kpn.Table
	}{
		{"a", `[[0, 1], [0.5, -2]]`, kpn.KindController, nil, kpn.Table{Rows: 2, Columns: 2, Data: []float64{0, 1, 0.5, -2}}},
		{"w.npy", `{"file": "w.npy"}`, kpn.KindWavetable, npy("<f4", "(2, 4)", float32s(1, 2, 3, 4, 5, 6, 7, 8)), kpn.Table{Rows: 2, Columns: 4, Data: []float64{1, 2, 3, 4, 5, 6, 7, 8}, Source: "w.npy"}},
		{"w.npy", `{"file": "w.npy"}`, kpn.KindWavetable, npy("<f8", "(8,)", float64s), kpn.Table{Rows: 1, Columns: 8, Data: []float64{0.1, 0, 0, 0, 0, 0, 0, 0}, Source: "w.npy"}},
		{"s.wav", `{"file": "s.wav"}`, kpn.KindSampler, wav(3, 1, 32, float32s(1, 0.5, -1, 0)), kpn.Table{Rows: 1, Columns: 4, Data: []float64{1, 0.5, -1, 0}, Rate: 22050, Source: "s.wav"}},
		{"s.wav", `{"file": "s.wav"}`, kpn.KindSampler, wav(1, 2, 16, []byte{0, 0x40, 0, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}), kpn.Table{Rows: 2, Columns: 4, Data: []float64{0.5, 0, 0, 0, -1, 0x1p-15, 0, 0}, Rate: 22050, Source: "s.wav"}},
		{"s.wav", `{"file": "s.wav"}`, kpn.KindSampler, wav(1, 1, 24, []byte{0, 0, 0x40, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0}), kpn.Table{Rows: 1, Columns: 4, Data: []float64{0.5, -0x1p-23, 0, 0}, Rate: 22050, Source: "s.wav"}},
		{"s.wav", `{"file": "s.wav"}`, kpn.KindSampler, wav(1, 1, 8, []byte{128, 255, 0, 64}), kpn.Table{Rows: 1, Columns: 4, Data: []float64{0, 127. / 128, -1, -0.5}, Rate: 22050, Source: "s.wav"}},
	} {
		p, err := writePreset(t, c.kind, c.table, c.name, c.data)
		require.NoError(t, err, c.table)
		require.Equal(t, &c.want, p.Graph.Nodes[0].Table)
	}
}

// The contents of the files that a preset names are part of what it is.
func TestPresetsListTheirFiles(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"a.npy": npy("<f4", "(4,)", float32s(1, 2, 3, 4)), "b.npy": npy("<f4", "(4,)", float32s(4, 3, 2, 1)),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	path := filepath.Join(dir, "p.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"sawmill": 1, "nodes": {
		"z": {"kind": "sampler", "table": {"file": "b.npy"}},
		"y": {"kind": "sampler", "table": {"file": "a.npy"}},
		"x": {"kind": "sampler", "table": {"file": "b.npy"}},
		"w": {"kind": "controller", "table": [[0, 1]]},
		"out": {"kind": "mix", "inputs": ["z", "y", "x", "w"]}
	}, "output": "out"}`), 0o600))
	p, err := kpn.ReadPreset(path)
	require.NoError(t, err)
	hash := func(data []byte) [sha256.Size]byte { return sha256.Sum256(data) }
	want := []kpn.PresetFile{
		{Name: "b.npy", SHA256: hash(npy("<f4", "(4,)", float32s(4, 3, 2, 1)))},
		{Name: "a.npy", SHA256: hash(npy("<f4", "(4,)", float32s(1, 2, 3, 4)))},
	}
	require.Equal(t, want, p.Files)
}

func TestPresetsRefuseTables(t *testing.T) {
	for _, c := range []struct {
		name, table string
		kind        kpn.Kind
		data        []byte
		want        string
	}{
		{"a", `[[0, 1], [0.5]]`, kpn.KindController, nil, "$.nodes.node.table[1]"},
		{"a", `[[0, 1], [0, 2]]`, kpn.KindController, nil, "is not after that of the point before"},
		{"a", `[[0, 1, 2, 3], [0, 1, 2, 3, 4]]`, kpn.KindWavetable, nil, "the row has 5 numbers, the first has 4"},
		{"a", `[["x", 1]]`, kpn.KindController, nil, "$.nodes.node.table[0][0]"},
		{"a", `{"file": "../a"}`, kpn.KindSampler, nil, "leads out of the preset's directory"},
		{"a", `{"file": "b.wav"}`, kpn.KindSampler, nil, "b.wav: no such file in the preset's directory"},
		{"a.txt", `{"file": "a.txt"}`, kpn.KindSampler, nil, "neither a .npy nor a .wav"},
		{"a.wav", `{"file": "a.wav"}`, kpn.KindSampler, []byte("RIFFxxxxWAVE"), "it has no samples"},
		{"a.wav", `{"file": "a.wav"}`, kpn.KindSampler, wav(1, 1, 12, make([]byte, 9)), "format 1 with 12 bits"},
		{"a.wav", `{"file": "a.wav"}`, kpn.KindSampler, wav(1, 0, 16, make([]byte, 8)), "no channels"},
		{"a.npy", `{"file": "a.npy"}`, kpn.KindSampler, []byte("\x93NUMPY\x01\x00\xff\xff...."), "header is longer"},
		{"a.npy", `{"file": "a.npy"}`, kpn.KindSampler, npy(">f4", "(4,)", float32s(1, 2, 3, 4)), "want an array of float32 or float64"},
		{"a.npy", `{"file": "a.npy"}`, kpn.KindSampler, npy("<f4", "(5,)", float32s(1, 2, 3, 4)), "16 bytes of numbers, its shape wants 20"},
		{"a.npy", `{"file": "a.npy"}`, kpn.KindSampler, npy("<f4", "(999999999, 999999999)", nil), "allowed are 4194304 in all"},
		{"a.npy", `{"file": "a.npy"}`, kpn.KindSampler, npy("<f4", "(3,)", float32s(1, 2, 3)), "it has 3 columns"},
	} {
		_, err := writePreset(t, c.kind, c.table, c.name, c.data)
		require.ErrorContains(t, err, c.want, c.table)
	}
	_, err := kpn.ParsePreset("p.json", []byte(`{"sawmill": 1, "nodes": {"node": {"kind": "sampler", "table": {"file": "a.wav"}}}, "output": "node"}`))
	require.ErrorContains(t, err, "give the rows themselves")
}
