package gpu

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/goldens/conformance"
)

// openCached opens a device with its disk cache in dir.
func openCached(t *testing.T, dir string) *Device {
	t.Helper()
	d, err := Open(tested(), Debug(), ProgramCache(dir))
	conformance.RequireGPU(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

// compiled tells whether a device compiles the kernel, and checks that it runs.
func compiled(t *testing.T, d *Device) bool {
	t.Helper()
	var fresh bool
	require.NoError(t, d.do(func() error {
		p, err := d.program("carry", carryKernel)
		if err != nil {
			return err
		}
		fresh = p.compiled
		d.release(p)
		return nil
	}))
	testKernel(t, d)
	return fresh
}

// binaries lists the files of a cache.
func binaries(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	return files
}

func TestProgramsComeFromTheDisk(t *testing.T) {
	t.Setenv(noCacheVariable, "")
	dir := filepath.Join(t.TempDir(), "programs")
	first := openCached(t, dir)
	require.NotNil(t, first.disk, "the driver has binaries")
	require.True(t, compiled(t, first))
	files := binaries(t, dir)
	require.Len(t, files, 1)
	require.False(t, compiled(t, openCached(t, dir)))
	whole, err := os.ReadFile(files[0])
	require.NoError(t, err)

	for name, content := range map[string][]byte{
		"empty":   {},
		"cut":     whole[:len(whole)/2],
		"flipped": append(append([]byte(nil), whole[:len(whole)-1]...), whole[len(whole)-1]^1),
		// Whole, but nothing that the driver has written.
		"refused by the driver": encodeBinary(uint32(first.disk.formats[0]), []byte("not a program, though long enough to look at")),
		"of an unknown format":  encodeBinary(0xdead, whole[binaryHeader:]),
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(files[0], content, 0o600))
			require.True(t, compiled(t, openCached(t, dir)))
			require.False(t, compiled(t, openCached(t, dir)), "it was replaced")
		})
	}

	t.Run("turned off", func(t *testing.T) {
		t.Setenv(noCacheVariable, "1")
		require.True(t, compiled(t, openCached(t, dir)))
	})
	t.Run("nowhere to write", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(file, nil, 0o600))
		require.True(t, compiled(t, openCached(t, filepath.Join(file, "programs"))))
	})
}

func TestCacheKeyHoldsDriverAndSource(t *testing.T) {
	c := diskCache{dir: "d", driver: "a"}
	require.Equal(t, c.path("s"), c.path("s"))
	require.NotEqual(t, c.path("s"), c.path("t"))
	require.NotEqual(t, c.path("s"), (&diskCache{dir: "d", driver: "b"}).path("s"))
}

func TestBinaryFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		format := rapid.Uint32().Draw(t, "format")
		program := rapid.SliceOfN(rapid.Byte(), 1, 200).Draw(t, "program")
		data := encodeBinary(format, program)
		gotFormat, got, ok := decodeBinary(data)
		require.True(t, ok)
		require.Equal(t, format, gotFormat)
		require.Equal(t, program, got)
		_, _, ok = decodeBinary(data[:rapid.IntRange(0, len(data)-1).Draw(t, "cut")])
		require.False(t, ok, "cut")
		// The format is not summed: the driver refuses one it does not know.
		at := rapid.IntRange(0, len(data)-1).Filter(func(i int) bool {
			return i < len(binaryMagic) || i >= len(binaryMagic)+4
		}).Draw(t, "at")
		data[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		_, _, ok = decodeBinary(data)
		require.False(t, ok, "flipped")
	})
}

func TestPruneDeletesTheOldest(t *testing.T) {
	dir := t.TempDir()
	for i := range 5 {
		path := filepath.Join(dir, fmt.Sprintf("%d%s", i, binarySuffix))
		require.NoError(t, writeAtomically(path, make([]byte, 100)))
		info, err := os.Stat(path)
		require.NoError(t, err)
		// File 4 is the oldest, file 0 the newest.
		when := info.ModTime().AddDate(0, 0, -i)
		require.NoError(t, os.Chtimes(path, when, when))
	}
	other := filepath.Join(dir, "of the user")
	require.NoError(t, os.WriteFile(other, make([]byte, 1000), 0o600))
	prune(dir, 300)
	require.Equal(t, []string{filepath.Join(dir, "0.program"), filepath.Join(dir, "1.program"), filepath.Join(dir, "2.program"), other}, binaries(t, dir))
	prune(dir, 300)
	require.Len(t, binaries(t, dir), 4, "what fits stays")
}
