package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryMutantIsAnotherError makes all mutants: planned ones whose text is
// gone, functions that moved and mutants of the same name show here, before
// anyone waits for the tests.
func TestEveryMutantIsAnotherError(t *testing.T) {
	list, err := all(t.Context(), filepath.Join("..", ".."))
	require.NoError(t, err)
	files, texts := map[string]int{}, map[string]string{}
	for _, m := range list {
		files[m.file]++
		right := source(t, m.file)
		assert.NotEqual(t, right, m.text, m)
		assert.Empty(t, texts[m.text], "%v is the same", m)
		texts[m.text] = m.String()
		assert.NotEmpty(t, m.trials, m)
	}
	assert.Greater(t, len(list), 300)
	for _, target := range goTargets {
		assert.Positive(t, files[target.pkg+"/"+target.file], target.file)
	}
	for _, target := range glslTargets {
		assert.Positive(t, files[target.file], target.file)
	}
	_, same, err := separate(list)
	require.NoError(t, err)
	assert.Len(t, same, len(equivalent))
}

// changes lists what was made of the statements.
func changes(list []*mutant) []string {
	var all []string
	for _, m := range list {
		all = append(all, m.what+": "+m.to)
	}
	return all
}

func TestRulesForGo(t *testing.T) {
	root := t.TempDir()
	write(t, root, "go.mod", "module example\n\ngo 1.26\n")
	write(t, root, "room/file.go", `package room

type pair struct{ a, b float64 }

func adjoint(dst, src []float64, n int) pair {
	m, v := n+1, 2 * src[0]
	src[0] = 1 - v
	clear(dst)
	for i, c := range src[1+n:] {
		dst[i] += c * (src[0] - 2)
		if c-1 > 0 {
			dst[m+1] = 3 * c
		}
	}
	return pair{a: src[0] * 2, b: src[1]}
}
`)
	list, err := goMutants(t.Context(), root, []goTarget{{pkg: "room", file: "file.go", functions: []string{"adjoint"}, values: []string{"v"}}})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"sign flipped: src[0] = -(1 - v)",
		"term dropped: src[0] = -(v)",
		"term dropped: src[0] = float64(1)",
		"call dropped: _ = dst",
		"turned around: dst[i] -= c * (src[0] - 2)",
		"not added: _, _ = dst[i], c * (src[0] - 2)",
		"term dropped: dst[i] += c * (-(2))",
		"term dropped: dst[i] += c * (src[0])",
		"sign flipped: dst[m+1] = -(3 * c)",
		"sign flipped: return pair{a: -(src[0] * 2), b: src[1]}",
	}, changes(list))
	_, err = goMutants(t.Context(), root, []goTarget{{pkg: "room", file: "file.go", functions: []string{"moved"}}})
	require.ErrorContains(t, err, "no function moved")
}

func TestRulesForGLSL(t *testing.T) {
	root := t.TempDir()
	write(t, root, "shaders/node/kind.glsl", `float kind_step(float x) {
	precise float y = x + 1.0;
	return y;
}

//! adjoint: params
struct kind_sums {
	float sum;
	uint count;
};

void kind_adjoint(inout kind_sums s, kind_params p, uint t, float c, out float dx) {
	uint place = t + 1u;
	precise float by = c * (p.a[place + 2u] - float(int(t - 3u))) + 1.5e-3;
	by = by * c;
	precise float forward = c * c;
	s.sum = s.sum + by;
	s.count = s.count + 1u;
	dx = t - 1u > 2u ? -c : max(1.0 - c, 0.0);
}

float kind_slope(float d) {
	return blep2(d);
}

real kind_wide(real d) {
	real4 y = real(0.5) * d;
	y = real(-1.0);
	return y;
}
`)
	list, err := glslMutants(root, glslTarget{file: "shaders/node/kind.glsl", values: []string{"forward"}})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"sign flipped: precise float by = -(c * (p.a[place + 2u] - float(int(t - 3u))) + 1.5e-3);",
		"term dropped: precise float by = c * (-(float(int(t - 3u)))) + 1.5e-3;",
		"term dropped: precise float by = c * (p.a[place + 2u]) + 1.5e-3;",
		"term dropped: precise float by = 1.5e-3;",
		"term dropped: precise float by = c * (p.a[place + 2u] - float(int(t - 3u)));",
		"turned around: s.sum = s.sum - by;",
		"term dropped: s.sum = by;",
		"term dropped: s.sum = s.sum;",
		"sign flipped: dx = -(t - 1u > 2u ? -c : max(1.0 - c, 0.0));",
		"term dropped: dx = t - 1u > 2u ? -c : max(-(c), 0.0);",
		"term dropped: dx = t - 1u > 2u ? -c : max(1.0, 0.0);",
		"sign flipped: return -(blep2(d));",
		"sign flipped: real4 y = -(real(0.5) * d);",
	}, changes(list))
	write(t, root, "shaders/node/split.glsl", "//! adjoint:\nvoid split_adjoint(float c, out float dx) {\n\tdx = c *\n\t\tc;\n}\n")
	_, err = glslMutants(root, glslTarget{file: "shaders/node/split.glsl"})
	require.ErrorContains(t, err, "statements of one line")
	write(t, root, "shaders/node/none.glsl", "float none_step() {\n}\n")
	_, err = glslMutants(root, glslTarget{file: "shaders/node/none.glsl"})
	require.ErrorContains(t, err, "no line")
}

func TestPlansMustFit(t *testing.T) {
	root := t.TempDir()
	write(t, root, "file", "one two two")
	m, err := plan{"file", "f", "late", "one", "1"}.mutant(root)
	require.NoError(t, err)
	assert.Equal(t, "1 two two", m.text)
	for _, from := range []string{"two", "three"} {
		_, err := plan{"file", "f", "late", from, "2"}.mutant(root)
		require.ErrorContains(t, err, "up to date", from)
	}
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
}

// TestVerdicts: a mutant that nothing kills, or that does not build, is not
// taken for a dead one.
func TestVerdicts(t *testing.T) {
	lines := func(list ...string) []byte { return []byte(strings.Join(list, "\n") + "\n") }
	ran := `{"Action":"run","Package":"sawmill/gpu","Test":"TestA"}`
	within := `{"Action":"fail","Package":"sawmill/gpu","Test":"TestA/b"}`
	failed := `{"Action":"fail","Package":"sawmill/gpu","Test":"TestA"}`
	for name, c := range map[string]struct {
		output []byte
		exit   bool
		want   outcome
		by     string
	}{
		"passes":          {lines(ran, `{"Action":"pass","Package":"sawmill/gpu","Test":"TestA"}`, `{"Action":"pass","Package":"sawmill/gpu"}`), false, survived, ""},
		"fails":           {lines(ran, within, failed, `{"Action":"fail","Package":"sawmill/gpu"}`), true, killed, "gpu TestA/b"},
		"breaks down":     {lines(ran, `{"Action":"fail","Package":"sawmill/gpu"}`), true, killed, "gpu TestA"},
		"does not end":    {lines(ran, `{"Action":"output","Package":"sawmill/gpu","Test":"TestA","Output":"panic: test timed out after 20m0s"}`, failed), true, killed, "gpu TestA (out of time)"},
		"does not build":  {lines(`{"ImportPath":"sawmill/gpu","Action":"build-fail"}`, `{"Action":"fail","Package":"sawmill/gpu","FailedBuild":"sawmill/gpu"}`), true, stillborn, ""},
		"does not start":  {[]byte("go: no such package\n"), true, stillborn, ""},
		"kernel refused":  {lines(ran, `{"Action":"output","Package":"sawmill/gpu","Test":"TestA","Output":"reverse: the driver cannot compile the kernel"}`, failed), true, stillborn, "gpu TestA"},
		"nothing to test": {lines(`{"Action":"pass","Package":"sawmill/gpu"}`), false, survived, ""},
	} {
		v := judge(c.output, c.exit)
		assert.Equal(t, c.want, v.outcome, name)
		assert.Equal(t, c.by, v.by, name)
	}
}

// TestSurvivorsAreNotAccepted looks at the page and at the command's end.
func TestSurvivorsAreNotAccepted(t *testing.T) {
	list := []*mutant{
		{file: "a.go", in: "f", what: signFlipped, from: "x = a || b", to: "x = -(a || b)"},
		{file: "b.go", in: "g", what: frameLate, from: "at()", to: ""},
	}
	dead := verdict{outcome: killed, by: "gpu TestA/b"}
	require.NoError(t, accept(list, []verdict{dead, dead}))
	require.ErrorContains(t, accept(list, []verdict{dead, {}}), "b.go")
	require.ErrorContains(t, accept(list, []verdict{{outcome: stillborn}, dead}), "a.go")
	file := filepath.Join(t.TempDir(), "mutants.md")
	b := book{file: file, all: list, fates: map[row]string{}}
	require.NoError(t, b.write(list[0], dead))
	require.NoError(t, b.write(list[1], verdict{}))
	text := source(t, file)
	assert.Contains(t, text, "2 mutants: 1 killed, 1 not.")
	assert.Contains(t, text, "| f | sign flipped | `x = a \\|\\| b` → `x = -(a \\|\\| b)` | gpu `TestA/b` |\n")
	assert.Contains(t, text, "| g | a frame late | `at()` → nothing | **survived** |\n")
}

// TestPageKeepsWhatWasNotTriedAnew tries one mutant of three, of which the page
// knows two.
func TestPageKeepsWhatWasNotTriedAnew(t *testing.T) {
	list := []*mutant{
		{file: "a.go", in: "f", what: signFlipped, from: "x = a || b", to: "x = -(a || b)"},
		{file: "b.go", in: "f", what: signFlipped, from: "x = a || b", to: "x = -(a || b)"},
		{file: "b.go", in: "g", what: frameLate, from: "at()", to: ""},
	}
	file := filepath.Join(t.TempDir(), "mutants.md")
	dead := verdict{outcome: killed, by: "gpu TestA/b"}
	b := book{file: file, all: list[:2], fates: map[row]string{}}
	require.NoError(t, b.write(list[0], verdict{}))
	require.NoError(t, b.write(list[1], dead))
	b = book{file: file, all: list, fates: recall(source(t, file))}
	assert.Equal(t, list[1:2], matching(slices.DeleteFunc(slices.Clone(list), func(m *mutant) bool { return !b.killed(m) }), ""))
	require.NoError(t, b.write(list[0], verdict{outcome: killed, by: "gpu TestC"}))
	text := source(t, file)
	assert.Contains(t, text, "3 mutants: 2 killed, 1 not.")
	assert.Contains(t, text, "gpu `TestC` |\n\n## b.go")
	assert.Contains(t, text, "gpu `TestA/b` |\n| g |")
	assert.Contains(t, text, "| g | a frame late | `at()` → nothing | "+untried+" |\n")
}

func TestEqualStatementsHaveTheirOwnNames(t *testing.T) {
	list := []*mutant{{in: "f", what: "w"}, {in: "f", what: "w"}, {in: "g", what: "w"}}
	number(list)
	assert.Equal(t, []string{"w", "w (2)", "w"}, []string{list[0].what, list[1].what, list[2].what})
}

// source reads a file of the module.
func source(t *testing.T, file string) string {
	t.Helper()
	if !filepath.IsAbs(file) {
		file = filepath.Join("..", "..", file)
	}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}
