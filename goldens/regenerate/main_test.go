package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/data"
)

// regenerate runs the command on a made-up repository.
func regenerate(t *testing.T, root string, names ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), root, names, &out)
	return out.String(), err
}

func path(root, name string) string {
	return filepath.Join(root, "goldens", "data", data.FileName(name))
}

// files lists what is in a folder, whatever it is called.
func files(t *testing.T, root string) []string {
	t.Helper()
	var list []string
	require.NoError(t, filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, p)
		}
		return err
	}))
	return list
}

func TestItWantsToBeToldWhich(t *testing.T) {
	root := t.TempDir()
	out, err := regenerate(t, root)
	require.Error(t, err)
	assert.Contains(t, out, "\n  gain/constant\n")
	assert.Empty(t, files(t, root))
}

func TestItSaysWhatBecameOfAFile(t *testing.T) {
	root := t.TempDir()
	out, err := regenerate(t, root, "gain/constant")
	require.NoError(t, err)
	assert.Contains(t, out, "gain/constant.txt: new, ")
	committed, err := os.ReadFile(filepath.Join("..", "data", data.FileName("gain/constant")))
	require.NoError(t, err)
	text, err := os.ReadFile(path(root, "gain/constant"))
	require.NoError(t, err)
	want, err := data.Decode("committed", committed)
	require.NoError(t, err)
	got, err := data.Decode("made", text)
	require.NoError(t, err)
	require.NoError(t, want.Difference(got))

	out, err = regenerate(t, root, "gain/constant")
	require.NoError(t, err)
	assert.Contains(t, out, "gain/constant.txt: unchanged, ")

	got.Outputs[0].Samples[25] += 0.5
	got.Gradients[0].F64[30]++
	require.NoError(t, os.WriteFile(path(root, "gain/constant"), got.Encode(), 0o600))
	out, err = regenerate(t, root, "gain/constant")
	require.NoError(t, err)
	assert.Contains(t, out, "gain/constant.txt: changed, ")
	assert.Contains(t, out, "\n  output gain: largest difference 0.5 (0.5 of its scale) at item 0, channel 1, frame 1 (block 0 1 0): was ")
	assert.Contains(t, out, "\n  gradient in: largest difference 1 (")
	again, err := os.ReadFile(path(root, "gain/constant"))
	require.NoError(t, err)
	assert.Equal(t, string(text), string(again))

	require.NoError(t, os.WriteFile(path(root, "gain/constant"), []byte("sawmill golden 1\n"), 0o600))
	out, err = regenerate(t, root, "gain/constant")
	require.NoError(t, err)
	assert.Contains(t, out, "\n  what was there could not be read: goldens/data/gain/constant.txt:1: want")
}

// TestNothingIsWrittenUnlessAllSucceeds: a name that is none, a place that
// cannot be written to, a run that is cut off.
func TestNothingIsWrittenUnlessAllSucceeds(t *testing.T) {
	t.Run("no such case", func(t *testing.T) {
		root := t.TempDir()
		_, err := regenerate(t, root, "gain/constant", "gain/constnat")
		require.ErrorContains(t, err, `did you mean "gain/constant"?`)
		assert.Empty(t, files(t, root))
	})
	t.Run("no folder", func(t *testing.T) {
		root := t.TempDir()
		require.NoError(t, os.MkdirAll(filepath.Join(root, "goldens", "data"), 0o750))
		inTheWay := filepath.Join(root, "goldens", "data", "mix")
		require.NoError(t, os.WriteFile(inTheWay, nil, 0o600))
		_, err := regenerate(t, root, "gain/constant", "mix/one")
		require.Error(t, err)
		assert.Equal(t, []string{inTheWay}, files(t, root), "no golden, and nothing left over")
	})
	t.Run("cut off", func(t *testing.T) {
		root := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var out bytes.Buffer
		require.ErrorIs(t, run(ctx, root, []string{"gain/constant"}, &out), context.Canceled)
		assert.Empty(t, files(t, root))
		assert.Empty(t, strings.TrimSpace(out.String()))
	})
}

// TestTextsWaitForEachOther: the second cannot be put beside its place, so the
// first does not take its own.
func TestTextsWaitForEachOther(t *testing.T) {
	root := t.TempDir()
	inTheWay := filepath.Join(root, "b")
	require.NoError(t, os.WriteFile(inTheWay, nil, 0o600))
	a := &file{path: filepath.Join(root, "a", "a.txt"), text: []byte("a"), state: created}
	b := &file{path: filepath.Join(inTheWay, "b.txt"), text: []byte("b"), state: created}
	require.Error(t, writeAll([]*file{a, b}))
	assert.Equal(t, []string{inTheWay}, files(t, root))
	require.NoError(t, os.Remove(inTheWay))
	require.NoError(t, writeAll([]*file{a, b}))
	assert.Equal(t, []string{a.path, b.path}, files(t, root))
}
