package goldens_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
	"sawmill/goldens/data"
	"sawmill/kpn"
)

func allCases(t *testing.T) []*cases.Case {
	t.Helper()
	all, err := cases.All()
	require.NoError(t, err)
	return all
}

// TestEveryKindIsInItsPlaces names what a kind of the catalogue lacks.
func TestEveryKindIsInItsPlaces(t *testing.T) {
	for _, name := range kpn.KindNames() {
		for _, p := range places(name) {
			assert.FileExists(t, filepath.Join("..", p), "kind %s is in the catalogue and lacks %s", name, p)
		}
	}
}

// places are the files that a kind consists of.
func places(kind string) []string {
	return []string{
		"kpn/kind_" + kind + ".go",
		"cpuref/" + kind + ".go",
		"shaders/node/" + kind + ".glsl",
		"goldens/cases/" + kind + ".json",
	}
}

// TestNoPlaceIsLeftOver finds shaders and kinds that the catalogue does not
// list.
func TestNoPlaceIsLeftOver(t *testing.T) {
	for pattern, prefix := range map[string]string{"../kpn/kind_*.go": "kind_", "../shaders/node/*.glsl": ""} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, f := range found {
			name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), prefix), filepath.Ext(f))
			_, ok := kpn.Lookup(kpn.Kind(strings.TrimSuffix(name, "_test")))
			assert.True(t, ok, "%s belongs to no kind of the catalogue: add its line or remove the file", f)
		}
	}
}

// TestEveryKindIsUsedInItsCases keeps a kind's file about that kind.
func TestEveryKindIsUsedInItsCases(t *testing.T) {
	for _, c := range allCases(t) {
		group, _, _ := strings.Cut(c.Name, "/")
		if _, ok := kpn.Lookup(kpn.Kind(group)); !ok {
			continue
		}
		var kinds []kpn.Kind
		for i := range c.Graph.Nodes {
			kinds = append(kinds, c.Graph.Nodes[i].Kind)
		}
		assert.Contains(t, kinds, kpn.Kind(group), c.Name)
	}
}

// TestGoldens compares the reference with what it gave when the goldens were
// last looked at.
func TestGoldens(t *testing.T) {
	engine := cpuref.New()
	for _, c := range allCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("data", filepath.FromSlash(data.FileName(c.Name))))
			if errors.Is(err, fs.ErrNotExist) {
				t.Fatalf("the case has no golden; look at what it gives, then run: go run ./goldens/regenerate %s", c.Name)
			}
			require.NoError(t, err)
			want, err := data.Decode(data.FileName(c.Name), text)
			require.NoError(t, err)
			got, err := data.Render(context.Background(), engine, c)
			require.NoError(t, err)
			assert.NoError(t, want.Difference(got))
		})
	}
}

// TestEveryGoldenIsUsed finds goldens of cases that are no more.
func TestEveryGoldenIsUsed(t *testing.T) {
	known := map[string]bool{}
	for _, c := range allCases(t) {
		known[data.FileName(c.Name)] = true
	}
	found := 0
	err := fs.WalkDir(os.DirFS("data"), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) != ".go" {
			found++
			assert.True(t, known[path], "goldens/data/%s belongs to no case; remove it", path)
		}
		return err
	})
	require.NoError(t, err)
	assert.Equal(t, len(known), found)
}

// TestGoldensCanFail plants an error in a golden.
func TestGoldensCanFail(t *testing.T) {
	c := allCases(t)[0]
	got, err := data.Render(context.Background(), cpuref.New(), c)
	require.NoError(t, err)
	text := got.Encode()
	want, err := data.Decode("made-up", text)
	require.NoError(t, err)
	require.NoError(t, want.Difference(got))
	want.Outputs[0].Samples[3] += 1e-11
	require.Error(t, want.Difference(got))
	for name, bad := range map[string][]byte{
		"truncated":    text[:len(text)/2],
		"another file": []byte("RIFF"),
		"a NaN":        bytes.Replace(text, []byte("\noutput"), []byte("\noutput x\nNaN\noutput"), 1),
		"oversized":    append(text, make([]byte, data.MaxBytes)...),
	} {
		_, err := data.Decode("made-up", bad)
		var fault *data.FileError
		assert.ErrorAs(t, err, &fault, name)
	}
}

// TestTolerancesAreTheDerivedOnes holds the tolerances in the case files to
// what follows from the error bounds of the kinds: no tighter, and at most a
// twentieth looser.
func TestTolerancesAreTheDerivedOnes(t *testing.T) {
	engine := cpuref.New()
	for _, c := range allCases(t) {
		derived, err := compare.DeriveMeasured(context.Background(), engine, c.Graph, c.GoldenJob())
		require.NoError(t, err, c.Name)
		for i, want := range derived {
			got := c.Tolerances[i]
			ok := got.Exact == want.Exact &&
				got.MaxAbs >= want.MaxAbs && got.MaxAbs <= 1.05*want.MaxAbs &&
				got.RMSdB >= want.RMSdB && got.RMSdB <= want.RMSdB+0.5
			assert.True(t, ok, "%s, output %s: the file allows %v, derived is %v", c.Name, c.Graph.Outputs[i], got, want)
		}
	}
}
