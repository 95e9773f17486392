package goldens_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
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

// TestEveryPartIsNamed finds parts of shaders that their kind's file does not
// name.
func TestEveryPartIsNamed(t *testing.T) {
	found, err := filepath.Glob("../shaders/node/*/*.glsl")
	require.NoError(t, err)
	require.NotEmpty(t, found)
	for _, f := range found {
		whole, err := os.ReadFile(filepath.Dir(f) + ".glsl")
		require.NoError(t, err)
		_, rest, _ := strings.Cut(string(whole), "//! parts: ")
		names, _, _ := strings.Cut(rest, "\n")
		part := strings.TrimSuffix(filepath.Base(f), ".glsl")
		assert.Contains(t, strings.Fields(names), part, "%s is in no kernel: name it in %s.glsl or remove it", f, filepath.Dir(f))
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
// last looked at, samples and gradients.
func TestGoldens(t *testing.T) {
	engine := cpuref.New()
	for _, c := range allCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			want := committed(t, c)
			got, err := data.Render(context.Background(), engine, c)
			require.NoError(t, err)
			assert.NoError(t, want.Difference(got))
		})
	}
}

// committed reads a case's golden from its file.
func committed(t *testing.T, c *cases.Case) *data.Golden {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("data", filepath.FromSlash(data.FileName(c.Name))))
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the case has no golden; look at what it gives, then run: go run ./goldens/regenerate %s", c.Name)
	}
	require.NoError(t, err)
	g, err := data.Decode(data.FileName(c.Name), text)
	require.NoError(t, err)
	require.Equal(t, string(g.Encode()), string(text), "the golden is not as the command writes it; run: go run ./goldens/regenerate %s", c.Name)
	return g
}

// maxTotalBytes is the most that all goldens together may take.
const maxTotalBytes = 3 << 20

// TestEveryGoldenIsUsed finds goldens of cases that are no more, and too many
// of them.
func TestEveryGoldenIsUsed(t *testing.T) {
	known := map[string]bool{}
	for _, c := range allCases(t) {
		known[data.FileName(c.Name)] = true
	}
	found, total := 0, int64(0)
	err := fs.WalkDir(os.DirFS("data"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) == ".go" {
			return err
		}
		found++
		assert.True(t, known[path], "goldens/data/%s belongs to no case; remove it", path)
		info, err := d.Info()
		if err != nil {
			return err
		}
		total += info.Size()
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, len(known), found)
	assert.LessOrEqual(t, total, int64(maxTotalBytes), "the goldens are too large together; give cases smaller shapes")
}

// TestLargestMagnitudesAreUnambiguous: where two frames of a row are equally
// loud but for rounding, another processor may name the other one, and no
// tolerance covers the gradients then.
func TestLargestMagnitudesAreUnambiguous(t *testing.T) {
	const clear = 1e-9
	for _, c := range allCases(t) {
		g := committed(t, c)
		for _, p := range g.Peaks {
			for row, signal := range inputOf(t, c, p.Node) {
				loudest := math.Abs(signal[p.Frames[row]])
				for f, x := range signal {
					if f != p.Frames[row] && loudest > 0 {
						assert.Less(t, math.Abs(x), loudest*(1-clear), "%s, node %s, row %d: frame %d is as loud as frame %d; change the case", c.Name, p.Node, row, f, p.Frames[row])
					}
				}
			}
		}
	}
}

// inputOf renders what a node is given, row by row.
func inputOf(t *testing.T, c *cases.Case, id string) [][]float64 {
	t.Helper()
	g := &kpn.Graph{Nodes: slices.Clone(c.Graph.Nodes), Edges: slices.Clone(c.Graph.Edges), Outputs: []string{"probe"}, Control: c.Graph.Control}
	g.Nodes = append(g.Nodes, kpn.Node{ID: "probe", Kind: kpn.KindGain})
	for _, e := range c.Graph.Inputs(id) {
		e.To = "probe"
		g.Edges = append(g.Edges, e)
	}
	x, err := cpuref.New().Compile(g)
	require.NoError(t, err)
	rows := make([][]float64, c.Shape.Rows())
	require.NoError(t, x.Forward(context.Background(), c.GoldenJob(), func(b *kpn.Block) error {
		for row := range rows {
			rows[row] = append(rows[row], b.F64[row*b.Shape.F:(row+1)*b.Shape.F]...)
		}
		return nil
	}))
	require.NoError(t, x.Close())
	return rows
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

// TestGradientTolerancesAreTheDerivedOnes does the same for gradients.
func TestGradientTolerancesAreTheDerivedOnes(t *testing.T) {
	for _, c := range allCases(t) {
		want := compare.DeriveGradients(c.Graph, c.GoldenJob())
		line := fmt.Sprintf(`"gradients": {"relative": %g, "share": %.2e, "reason": %q}`, want.Relative, 1.01*want.Share, want.Reason)
		if assert.NotNil(t, c.Gradients, "%s has no tolerance of gradients; add: %s", c.Name, line) {
			got := c.Gradients
			ok := got.Relative == want.Relative && got.Share >= want.Share && got.Share <= 1.05*want.Share
			assert.True(t, ok, "%s: the file allows %v, derived is %s", c.Name, got, line)
		}
	}
}
