package npy_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/batch/npy"
)

// file is an array file in memory.
func file(kind npy.Type, values []float64, shape ...int) []byte {
	data := npy.Header(kind, shape...)
	for _, x := range values {
		if kind == npy.Float32 {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(x)))
		} else {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(x))
		}
	}
	return data
}

func read(data []byte) (*npy.Array, error) {
	return npy.Read("test.npy", bytes.NewReader(data), int64(len(data)))
}

func counting(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = float64(i) / 4
	}
	return values
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	for _, kind := range []npy.Type{npy.Float32, npy.Float64} {
		for _, shape := range [][]int{{}, {1}, {7}, {3, 5}, {2, 3, 20000}, {1, 2, 3, 4}, {0, 4}, {1 << 40, 0}} {
			n := 1
			for _, axis := range shape {
				n *= axis
			}
			a, err := read(file(kind, counting(n), shape...))
			require.NoError(t, err, shape)
			assert.Equal(t, kind, a.Type)
			assert.Equal(t, shape, a.Shape)
			require.Equal(t, n, a.Len())
			dst := make([]float32, n)
			require.NoError(t, a.Floats(0, dst))
			for i, x := range dst {
				require.Equal(t, float32(i)/4, x)
			}
			if n > 20 {
				require.NoError(t, a.Floats(n-13, dst[:5]))
				assert.Equal(t, float32(n-13)/4, dst[0])
				assert.Equal(t, float32(n-9)/4, dst[4])
			}
			require.NoError(t, a.Close())
		}
	}
}

func TestValuesAreAligned(t *testing.T) {
	for digits := range 20 {
		head := npy.Header(npy.Float32, int(math.Pow10(digits)/2))
		assert.Zero(t, len(head)%64)
		assert.Equal(t, byte('\n'), head[len(head)-1])
	}
}

// literal is a file with a header of one's own.
func literal(text string, bytesOfValues int) []byte {
	data := append([]byte("\x93NUMPY\x01\x00"), byte(len(text)), byte(len(text)>>8))
	return append(append(data, text...), make([]byte, bytesOfValues)...)
}

// TestHeadersOfOthers are forms that the format allows and we do not write.
func TestHeadersOfOthers(t *testing.T) {
	for _, text := range []string{
		"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
		"{\"shape\": (3,), \"fortran_order\": False, \"descr\": \"<f4\"}\n",
		"{ 'descr' : '<f4' ,\n'fortran_order' : False , 'shape' : ( 3 , ) , }   \n",
		"{'descr':'<f4','fortran_order':False,'shape':(3)}",
	} {
		a, err := read(literal(text, 12))
		require.NoError(t, err, text)
		assert.Equal(t, []int{3}, a.Shape)
	}
	text := "{'descr': '<f8', 'fortran_order': False, 'shape': (), }"
	for _, version := range []byte{2, 3} {
		data := append([]byte{}, "\x93NUMPY"...)
		data = append(data, version, 0)
		data = binary.LittleEndian.AppendUint32(data, uint32(len(text)))
		data = append(append(data, text...), make([]byte, 8)...)
		a, err := read(data)
		require.NoError(t, err)
		assert.Equal(t, 1, a.Len())
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	good := file(npy.Float32, counting(6), 2, 3)
	dict := func(descr, order, shape string) []byte {
		return literal(fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s}", descr, order, shape), 24)
	}
	for name, p := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":              {nil, "no NumPy array"},
		"another format":       {[]byte("RIFF and so on, a long file"), "no NumPy array"},
		"an archive":           {append([]byte("PK\x03\x04"), good...), "no NumPy array"},
		"version 0":            {append([]byte("\x93NUMPY\x00\x00"), good[8:]...), "version 0"},
		"version 4":            {append([]byte("\x93NUMPY\x04\x00"), good[8:]...), "version 4"},
		"an endless header":    {append([]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"), good...), "longer than"},
		"a cut header":         {good[:60], "inside its header"},
		"a cut file":           {good[:len(good)-1], "bytes"},
		"something after it":   {append(append([]byte{}, good...), 0), "bytes"},
		"big-endian":           {dict("'>f4'", "False", "(2, 3)"), "little-endian"},
		"integers":             {dict("'<i4'", "False", "(2, 3)"), "<i4"},
		"objects":              {dict("'|O'", "False", "(2, 3)"), "|O"},
		"a structure":          {dict("[('a', '<f4')]", "False", "(2, 3)"), "read"},
		"Fortran order":        {dict("'<f4'", "True", "(2, 3)"), "ascontiguousarray"},
		"no order":             {literal("{'descr': '<f4', 'shape': (6,)}", 24), "fortran_order"},
		"another key":          {literal("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), 'x': 1}", 24), "no others"},
		"a key twice":          {literal("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (6,)}", 24), "twice"},
		"a list":               {dict("'<f4'", "False", "[2, 3]"), "read"},
		"a negative size":      {dict("'<f4'", "False", "(-6,)"), "whole numbers"},
		"a size of a float":    {dict("'<f4'", "False", "(6.0,)"), "whole numbers"},
		"too large":            {dict("'<f4'", "False", "(9223372036854775807,)"), "any file"},
		"too large a product":  {dict("'<f4'", "False", "(4294967296, 4294967296, 4294967296)"), "any file"},
		"overflow to the size": {dict("'<f4'", "False", "(4611686018427387904, 4, 6)"), "any file"},
		"many axes":            {dict("'<f4'", "False", "("+strings.Repeat("1,", 33)+")"), "axes"},
		"no end":               {literal("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3", 24), "end"},
		"no end of a string":   {literal("{'descr", 24), "end"},
		"no dict":              {literal("('<f4', False, (2, 3))", 24), "read"},
		"empty":                {literal("", 24), "read"},
		"something behind":     {literal("{'descr': '<f4', 'fortran_order': False, 'shape': (6,)} + 1", 24), "after"},
	} {
		_, err := read(p.data)
		var bad *npy.FileError
		require.ErrorAs(t, err, &bad, name)
		assert.Equal(t, "test.npy", bad.Path, name)
		assert.Contains(t, err.Error(), p.want, name)
	}
}

func TestValuesThatFloat32CannotHoldAreRefused(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e39, -math.MaxFloat64} {
		values := counting(24)
		values[17] = x
		a, err := read(file(npy.Float64, values, 2, 3, 4))
		require.NoError(t, err)
		err = a.Floats(0, make([]float32, 24))
		var bad *npy.ValueError
		require.ErrorAs(t, err, &bad)
		assert.Equal(t, []int{1, 1, 1}, bad.Index)
		// Values before it can be read.
		require.NoError(t, a.Floats(0, make([]float32, 17)))
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	var bad *npy.FileError
	_, err := npy.Open(filepath.Join(dir, "none.npy"))
	require.ErrorAs(t, err, &bad)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = npy.Open(dir)
	require.ErrorAs(t, err, &bad)
	assert.Contains(t, err.Error(), "no regular file")

	path := filepath.Join(dir, "shrinks.npy")
	data := file(npy.Float64, counting(1000), 1000)
	require.NoError(t, os.WriteFile(path, data, 0o644))
	a, err := npy.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, a.Close()) }()
	require.NoError(t, a.Floats(0, make([]float32, 1000)))
	require.NoError(t, os.Truncate(path, int64(len(data)-8)))
	require.ErrorAs(t, a.Floats(0, make([]float32, 1000)), &bad)
	assert.Contains(t, bad.Error(), "shorter")
}

// FuzzRead holds the reader to its promise: an error or an array whose values
// are exactly those of the file.
func FuzzRead(f *testing.F) {
	f.Add(file(npy.Float32, counting(6), 2, 3))
	f.Add(file(npy.Float64, counting(4), 4))
	f.Add(literal("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", 4))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := read(data)
		var bad *npy.FileError
		if err != nil {
			require.ErrorAs(t, err, &bad)
			return
		}
		n := a.Len()
		require.LessOrEqual(t, n*a.Type.Size(), len(data))
		last := data[len(data)-n*a.Type.Size():]
		dst := make([]float32, n)
		var value *npy.ValueError
		if err := a.Floats(0, dst); err != nil {
			require.ErrorAs(t, err, &value)
			return
		}
		for i, x := range dst {
			want := math.Float32frombits(binary.LittleEndian.Uint32(last[i*a.Type.Size():]))
			if a.Type == npy.Float64 {
				want = float32(math.Float64frombits(binary.LittleEndian.Uint64(last[i*8:])))
			}
			require.Equal(t, want, x)
		}
	})
}
