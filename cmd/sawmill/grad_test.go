package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/batch"
	"sawmill/batch/npy"
	"sawmill/goldens/compare"
	"sawmill/goldens/gradcheck"
	"sawmill/kpn"
)

// TestGradScript runs the scripts of grad and gradcheck, which need NumPy
// files.
func TestGradScript(t *testing.T) {
	p := params("testdata/grad")
	p.Cmds["npy"] = writeNpy
	p.Cmds["arrays"] = printArrays
	testscript.Run(t, p)
}

// writeNpy writes an array of noise: npy FILE TYPE SIZE…; with a value after
// =, that value is its last.
func writeNpy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: npy FILE TYPE SIZE… [=LAST]")
	}
	last, sizes := "", args[2:]
	if n := len(sizes) - 1; n >= 0 && strings.HasPrefix(sizes[n], "=") {
		last, sizes = sizes[n][1:], sizes[:n]
	}
	var shape []int
	n := 1
	for _, s := range sizes {
		k, err := strconv.Atoi(s)
		ts.Check(err)
		shape = append(shape, k)
		n *= k
	}
	data := npy.Header(npy.Type("<"+args[1]), shape...)
	for i := range n {
		x := math.Round((2*kpn.UnitDraw(1, uint64(i), "npy")-1)*1024) / 1024
		if i == n-1 && last != "" {
			var err error
			x, err = strconv.ParseFloat(last, 64)
			ts.Check(err)
		}
		if args[1] == "f4" {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(x)))
		} else {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o644))
}

// printArrays prints the arrays of an archive, one a line.
func printArrays(ts *testscript.TestScript, _ bool, args []string) {
	arrays, err := readArchive(ts.ReadFile(args[0]))
	ts.Check(err)
	for _, a := range arrays {
		_, _ = fmt.Fprintf(ts.Stdout(), "%s %v %.6g\n", a.name, a.shape, a.values)
	}
}

// array is a member of an archive, as another program would see it.
type array struct {
	name   string
	shape  []int
	values []float32
}

func readArchive(data string) ([]array, error) {
	z, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var arrays []array
	for _, f := range z.File {
		if f.Method != zip.Store {
			return nil, fmt.Errorf("%s is compressed", f.Name)
		}
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		a, err := npy.Read(f.Name, bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return nil, err
		}
		values := make([]float32, a.Len())
		if err := a.Floats(0, values); err != nil {
			return nil, err
		}
		arrays = append(arrays, array{name, a.Shape, values})
	}
	return arrays, nil
}

// TestArchivesHoldEveryRate writes gradients of every shape, and reads them
// as NumPy would.
func TestArchivesHoldEveryRate(t *testing.T) {
	preset, err := kpn.ParsePreset("test", []byte(`{"sawmill": 1, "nodes": {"osc": {"kind": "osc"}}, "output": "osc"}`))
	require.NoError(t, err)
	ref := func(name string) kpn.ParamRef { return kpn.ParamRef{Node: "osc", Param: name} }
	a := archive{
		preset: "some/where/test.json", shape: kpn.Shape{B: 2, C: 3, F: 4}, first: 7,
		sound:  batch.Sound{Preset: preset, Seed: 1<<64 - 1, Rate: 48000},
		device: kpn.Device{Class: kpn.Software, Name: "a name"},
		gradients: &kpn.Gradients{List: []kpn.Gradient{
			{Ref: ref("shape"), Shape: kpn.Shape{B: 1, C: 1, F: 1}, Code: kpn.Unsupported, F64: []float64{0}},
			{Ref: ref("freq"), Shape: kpn.Shape{B: 1, C: 1, F: 1}, F64: []float64{1.5}},
			{Ref: ref("phase"), Rate: kpn.PerItem, Shape: kpn.Shape{B: 2, C: 1, F: 1}, F64: []float64{1, 2}},
			{Ref: ref("width"), Rate: kpn.PerItem, Shape: kpn.Shape{B: 2, C: 3, F: 1}, F64: []float64{1, 2, 3, 4, 5, 6}},
			{Ref: kpn.ParamRef{Node: "osc"}, Rate: kpn.PerFrame, Shape: kpn.Shape{B: 1, C: 3, F: 20000}, F32: make([]float32, 60000)},
		}},
	}
	a.gradients.List[4].F32[59999] = -3
	var b bytes.Buffer
	require.NoError(t, a.write(&b))
	arrays, err := readArchive(b.String())
	require.NoError(t, err)
	require.Len(t, arrays, 4)
	assert.Equal(t, array{"osc.freq", []int{}, []float32{1.5}}, arrays[0])
	assert.Equal(t, array{"osc.phase", []int{2}, []float32{1, 2}}, arrays[1])
	assert.Equal(t, array{"osc.width", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}}, arrays[2])
	assert.Equal(t, "osc", arrays[3].name)
	assert.Equal(t, []int{1, 3, 20000}, arrays[3].shape)
	assert.InDelta(t, -3, arrays[3].values[59999], 0)

	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	require.NoError(t, err)
	f, err := z.Open(archiveInfoName)
	require.NoError(t, err)
	var info archiveInfo
	require.NoError(t, json.NewDecoder(f).Decode(&info))
	assert.Equal(t, archiveFormat, info.Format)
	assert.Equal(t, "test.json", info.Preset)
	assert.Equal(t, uint64(1<<64-1), info.Seed)
	assert.Equal(t, 7, info.FirstItem)
	assert.Equal(t, "a name", info.Device.Name)
	require.Len(t, info.Gradients, 5)
	assert.Equal(t, archiveEntry{Name: "osc.shape", Node: "osc", Param: "shape", Rate: "constant", Shape: []int{}, Code: -4, State: "unsupported"}, info.Gradients[0])
	assert.Equal(t, "Hz", info.Gradients[1].Unit)
	assert.Equal(t, []int{1, 3, 20000}, info.Gradients[4].Shape)

	var again bytes.Buffer
	require.NoError(t, a.write(&again))
	assert.Equal(t, b.Bytes(), again.Bytes(), "the same bytes each time")
}

func TestFilesAppearWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	require.NoError(t, replaceFile(path, func(w io.Writer) error { _, err := w.Write([]byte("old")); return err }))
	broken := errors.New("the device is lost")
	err := replaceFile(path, func(w io.Writer) error {
		_, _ = w.Write([]byte("half of the n"))
		return broken
	})
	require.ErrorIs(t, err, broken)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "old", string(data))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
	require.Error(t, replaceFile(filepath.Join(dir, "none", "out"), func(io.Writer) error { return nil }))
}

// TestCotangentsRepeat reads windows of files with one item or channel.
func TestCotangentsRepeat(t *testing.T) {
	shape := kpn.Shape{B: 3, C: 2, F: 5}
	for _, axes := range [][]int{{3, 5}, {1, 5}, {3, 2, 5}, {1, 2, 5}, {3, 1, 5}, {1, 3, 2, 5}, {1, 1, 1, 5}} {
		n := 1
		for _, axis := range axes {
			n *= axis
		}
		data := npy.Header(npy.Float32, axes...)
		for i := range n {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(i)))
		}
		a, err := npy.Read("c.npy", bytes.NewReader(data), int64(len(data)))
		require.NoError(t, err)
		f, err := newFileCotangents(a)
		require.NoError(t, err)
		require.NoError(t, f.Validate(1, shape), axes)
		// The same as a tensor in memory gives.
		tensor := kpn.NewTensor(kpn.Shape{B: f.items, C: f.channels, F: f.frames})
		for i := range tensor.Data {
			tensor.Data[i] = float32(i)
		}
		for _, w := range []kpn.Window{{Items: 3, Frames: 5}, {Item: 1, Items: 2, First: 2, Frames: 2}, {Item: 2, Items: 1, First: 4, Frames: 1}} {
			got, want := make([]float32, w.Items*2*w.Frames), make([]float32, w.Items*2*w.Frames)
			require.NoError(t, f.Read(0, w, got))
			require.NoError(t, kpn.TensorCotangents{tensor}.Read(0, w, want))
			assert.Equal(t, want, got, "%v %v", axes, w)
		}
	}
}

func TestGradientMismatchesHaveTheirExitCode(t *testing.T) {
	for _, err := range []error{&gradcheck.MismatchError{}, &compare.GradientMismatchError{}, &compare.PeakError{}} {
		assert.Equal(t, exitMismatch, exitCode(errors.Join(err)))
	}
}
