package data_test

import (
	"bytes"
	"context"
	"math"
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

// oneFile is a case that has per-frame, per-item and constant parameters, an
// input, a choice and a whole-row node.
const oneFile = `{"doc": "x", "cases": [{
	"name": "golden_of_everything", "shape": [3, 2, 24], "rate": 48000, "seed": 1,
	"nodes": [
		{"id": "in", "kind": "input", "signal": {"per_frame": [-1, 1]}},
		{"id": "osc", "kind": "osc", "oversample": 4, "params": {"freq": {"per_item": [300, 3000]}, "phase": {"per_frame": [0, 1], "one_item": true}}},
		{"id": "mix", "kind": "mix"},
		{"id": "out", "kind": "normalize", "params": {"peak": 0.5}}
	],
	"edges": [
		{"from": "in", "to": "mix", "port": "in_0"}, {"from": "osc", "to": "mix", "port": "in_1"}, {"from": "mix", "to": "out", "port": "in"}
	],
	"outputs": ["out", "osc"],
	"tolerances": [{"max_abs": 1e-5, "reason": "made up"}, {"max_abs": 1e-5, "reason": "made up"}]
}]}`

func theCase(tb testing.TB) *cases.Case {
	tb.Helper()
	list, err := cases.Parse("patches.json", []byte(oneFile))
	require.NoError(tb, err)
	return list[0]
}

// render makes a golden anew, so that it can be spoilt.
func render(tb testing.TB) *data.Golden {
	tb.Helper()
	g, err := data.Render(context.Background(), cpuref.New(), theCase(tb))
	require.NoError(tb, err)
	return g
}

func gradient(tb testing.TB, g *data.Golden, node, param string) *data.Gradient {
	tb.Helper()
	for i := range g.Gradients {
		if v := &g.Gradients[i]; v.Ref == (kpn.ParamRef{Node: node, Param: param}) {
			return v
		}
	}
	tb.Fatalf("the golden has no gradient of %s.%s", node, param)
	return nil
}

func TestGoldensReadBack(t *testing.T) {
	g := render(t)
	got, err := data.Decode("made-up", g.Encode())
	require.NoError(t, err)
	assert.Equal(t, g, got)
	require.NoError(t, g.Difference(got))
	assert.Empty(t, g.Changes(got))
	assert.Equal(t, kpn.Shape{B: 1, C: 2, F: 24}, gradient(t, g, "osc", "phase").Shape)
	assert.Equal(t, kpn.Unsupported, gradient(t, g, "osc", "shape").Code)
	all := g.Adjoint()
	assert.Len(t, all.PeakFrames["out"], 6)
	in, ok := all.Find(kpn.ParamRef{Node: "in"})
	require.True(t, ok)
	assert.Len(t, in.F64, g.Shape.Len())
}

// TestPlantedDifferencesAreFound spoils one thing at a time.
func TestPlantedDifferencesAreFound(t *testing.T) {
	want := render(t)
	for name, spoil := range map[string]func(g *data.Golden){
		"a sample":                 func(g *data.Golden) { g.Outputs[1].Samples[77] += 2e-12 },
		"a sample that is none":    func(g *data.Golden) { g.Outputs[0].Samples[5] = math.NaN() },
		"channels swapped":         func(g *data.Golden) { swap(g.Outputs[0].Samples[:48], 24) },
		"a frame late":             func(g *data.Golden) { s := g.Outputs[0].Samples; copy(s[1:], s) },
		"a per-item gradient":      func(g *data.Golden) { v := gradient(t, g, "osc", "freq"); v.F64[2] += 3e-12 * v.Scale },
		"a per-frame gradient":     func(g *data.Golden) { v := gradient(t, g, "osc", "phase"); v.F64[30] -= 3e-12 * v.Scale },
		"an input's gradient":      func(g *data.Golden) { v := gradient(t, g, "in", ""); v.F64[143] += 3e-12 * v.Scale },
		"a constant's gradient":    func(g *data.Golden) { v := gradient(t, g, "out", "peak"); v.F64[0] += 3e-12 * v.Scale },
		"a sign":                   func(g *data.Golden) { gradient(t, g, "mix", "level_0").F64[0] *= -1 },
		"a gradient that is none":  func(g *data.Golden) { gradient(t, g, "osc", "freq").F64[0] = math.Inf(1) },
		"a gradient of a choice":   func(g *data.Golden) { gradient(t, g, "osc", "shape").Code = kpn.Done },
		"no gradient any more":     func(g *data.Golden) { gradient(t, g, "osc", "freq").Code = kpn.Unsupported },
		"another rate":             func(g *data.Golden) { gradient(t, g, "osc", "freq").Rate = kpn.Constant },
		"another shape":            func(g *data.Golden) { gradient(t, g, "osc", "freq").Shape = kpn.Shape{B: 1, C: 3, F: 1} },
		"a scale":                  func(g *data.Golden) { gradient(t, g, "osc", "freq").Scale *= 1.1 },
		"a peak":                   func(g *data.Golden) { g.Peaks[0].Frames[4] ^= 1 },
		"a node of peaks":          func(g *data.Golden) { g.Peaks[0].Node = "mix" },
		"no peaks":                 func(g *data.Golden) { g.Peaks = nil },
		"a gradient less":          func(g *data.Golden) { g.Gradients = g.Gradients[:len(g.Gradients)-1] },
		"a gradient in its middle": func(g *data.Golden) { g.Gradients = append(g.Gradients[:2:2], g.Gradients[3:]...) },
		"no gradients":             func(g *data.Golden) { g.Gradients = nil },
		"outputs swapped":          func(g *data.Golden) { g.Outputs[0], g.Outputs[1] = g.Outputs[1], g.Outputs[0] },
		"an output less":           func(g *data.Golden) { g.Outputs = g.Outputs[:1] },
		"other cotangents":         func(g *data.Golden) { g.CotangentSeed++ },
		"another case":             func(g *data.Golden) { g.Case = "osc/sine" },
		"the golden's shape":       func(g *data.Golden) { g.Shape = kpn.Shape{B: 2, C: 3, F: 24} },
	} {
		got := render(t)
		spoil(got)
		var fault *data.FileError
		assert.ErrorAs(t, want.Difference(got), &fault, name)
		assert.ErrorAs(t, got.Difference(want), &fault, name)
	}
}

func swap(s []float64, n int) {
	for i := range n {
		s[i], s[i+n] = s[i+n], s[i]
	}
}

// TestRoundingIsNoDifference moves values by what is left to float64, also
// where a gradient's terms cancel to nothing.
func TestRoundingIsNoDifference(t *testing.T) {
	want, got := render(t), render(t)
	for i := range got.Outputs {
		for k := range got.Outputs[i].Samples {
			got.Outputs[i].Samples[k] += 1e-14
		}
	}
	for i := range got.Gradients {
		v := &got.Gradients[i]
		for k := range v.F64 {
			v.F64[k] += 1e-14 * v.Scale
		}
	}
	require.NoError(t, want.Difference(got))
	cancelled := gradient(t, want, "out", "peak")
	cancelled.F64[0] = 0
	v := gradient(t, got, "out", "peak")
	v.F64[0] = 5e-13 * v.Scale
	require.NoError(t, want.Difference(got))
	v.F64[0] = 2e-12 * v.Scale
	require.Error(t, want.Difference(got))
}

// TestAnErrorNamesItsBlock, so that the reader finds it in the golden.
func TestAnErrorNamesItsBlock(t *testing.T) {
	want, got := render(t), render(t)
	got.Outputs[1].Samples[3*24+20] += 1e-3
	require.ErrorContains(t, want.Difference(got), `output "osc", item 1, channel 1, frame 20 (block 1 1 16)`)
	got = render(t)
	gradient(t, got, "osc", "phase").F64[24+7]++
	require.ErrorContains(t, want.Difference(got), "gradient of osc.phase, item 0, channel 1, frame 7 (block 0 1 0)")
}

// TestADiffPointsAtTheBlock: a value that moves changes its own block's
// checksum and no other; a rounding changes none.
func TestADiffPointsAtTheBlock(t *testing.T) {
	for size, want := range map[float64]string{1e-5: "block 1 1 16", 1e-15: ""} {
		before, after := render(t), render(t)
		after.Outputs[0].Samples[3*24+20] += size
		x, y := headings(before), headings(after)
		require.Len(t, y, len(x))
		var moved []string
		for i := range x {
			if x[i] != y[i] {
				moved = append(moved, x[i])
			}
		}
		if want == "" {
			assert.Empty(t, moved)
			continue
		}
		require.Len(t, moved, 1)
		assert.Contains(t, moved[0], want)
	}
}

func headings(g *data.Golden) []string {
	var list []string
	for _, line := range strings.Split(string(g.Encode()), "\n") {
		if strings.HasPrefix(line, "block ") {
			list = append(list, line)
		}
	}
	return list
}

// TestAFloat32EngineCanBeHeldToAGolden without the reference at hand.
func TestAFloat32EngineCanBeHeldToAGolden(t *testing.T) {
	g, c := render(t), theCase(t)
	tolerance := g.GradientTolerance(c)
	got := render(t).Adjoint()
	for i := range got.List {
		v := &got.List[i]
		for _, x := range v.F64 {
			v.F32 = append(v.F32, float32(x))
		}
		v.F64 = nil
	}
	_, err := compare.Gradients(c.Name, g.Adjoint(), got, tolerance)
	require.NoError(t, err)
	in, _ := got.Find(kpn.ParamRef{Node: "in"})
	in.F32[3] *= -1
	_, err = compare.Gradients(c.Name, g.Adjoint(), got, tolerance)
	require.Error(t, err)
	c.Gradients = &compare.GradientTolerance{Relative: 1e-4, Reason: "the case's own"}
	assert.Equal(t, "the case's own", g.GradientTolerance(c).Reason)
}

// TestChangesSayWhatMovedAndHowFar is what regenerating reports.
func TestChangesSayWhatMovedAndHowFar(t *testing.T) {
	before, after := render(t), render(t)
	after.Outputs[0].Samples[30] = before.Outputs[0].Samples[30] + 0.25
	gradient(t, after, "osc", "freq").Scale *= 2
	after.Peaks[0].Frames[1]++
	after.Outputs[1].Name = "other"
	var lines []string
	for _, c := range before.Changes(after) {
		lines = append(lines, c.String())
	}
	text := strings.Join(lines, "\n")
	require.Len(t, lines, 5, text)
	assert.Contains(t, text, "output out: largest difference 0.25 (0.25 of its scale) at item 0, channel 1, frame 6 (block 0 1 0): was ")
	assert.Contains(t, text, "output osc: gone")
	assert.Contains(t, text, "output other: new")
	assert.Contains(t, text, "gradient osc.freq: was done per_item")
	assert.Contains(t, text, "peaks out: largest difference 1 at item 0, channel 1, frame 0")
}

func TestMissingGoldensSayWhatToDo(t *testing.T) {
	_, err := data.Read("osc/no_such_case")
	var fault *data.FileError
	require.ErrorAs(t, err, &fault)
	require.ErrorContains(t, err, "go run ./goldens/regenerate osc/no_such_case")
}

// TestFaultyFilesAreRefused cuts a golden after every line, and spoils it.
func TestFaultyFilesAreRefused(t *testing.T) {
	want := render(t)
	text := want.Encode()
	var fault *data.FileError
	lines := bytes.SplitAfter(text, []byte("\n"))
	for k := range len(lines) - 1 {
		g, err := data.Decode("made-up", bytes.Join(lines[:k], nil))
		if err == nil {
			// Whole sections are missing, which only the case tells.
			err = g.Difference(want)
		}
		assert.ErrorAs(t, err, &fault, "cut after line %d", k)
	}
	replace := func(old, by string) []byte {
		t.Helper()
		require.Contains(t, string(text), old)
		return []byte(strings.Replace(string(text), old, by, 1))
	}
	for name, bad := range map[string][]byte{
		"nothing":               nil,
		"another file":          []byte("RIFF"),
		"the former format":     replace("golden 2", "golden 1"),
		"a NaN":                 replace("\nblock 0 0 16", " NaN\nblock 0 0 16"),
		"a value more":          replace("\nblock 0 0 16", " 0\nblock 0 0 16"),
		"a block less":          replace("block 0 0 16", "block 0 1 0"),
		"a block's checksum":    []byte(strings.Replace(string(text), headings(want)[3], headings(want)[3][:13]+"00000000", 1)),
		"an unknown section":    replace("\noutput osc", "\noutputs osc"),
		"an output at the end":  append(bytes.Clone(text), []byte("output x\n")...),
		"a rate":                replace("per_item", "per_itme"),
		"no scale":              replace(" scale ", " scael "),
		"a scale below 0":       replace(" scale ", " scale -"),
		"a scale that is NaN":   replace(" scale 0", " scale NaN"),
		"a shape of nothing":    replace("shape 3 2 24", "shape 3 0 24"),
		"a shape of everything": replace("shape 3 2 24", "shape 30000 30000 30000"),
		"a shape of two":        replace("shape 3 2 24", "shape 3 2"),
		"no seed":               replace("cotangents 1", "cotangents"),
		"a frame too many":      append(bytes.TrimSuffix(bytes.Clone(text), []byte("\n")), []byte(" 3\n")...),
		"a frame beyond":        replace("\npeaks out\n", "\npeaks out\n24 "),
		"zeros without end":     append(bytes.Split(text, []byte("peaks"))[0], bytes.Repeat([]byte("unsupported a.b per_frame 40 40 40\n"), 2)...),
		"oversized":             append(bytes.Clone(text), make([]byte, data.MaxBytes)...),
	} {
		_, err := data.Decode("made-up", bad)
		assert.ErrorAs(t, err, &fault, name)
	}
}

// TestEditedValuesAreFound changes the third decimal of a line's first value,
// one line at a time.
func TestEditedValuesAreFound(t *testing.T) {
	text := string(render(t).Encode())
	lines := strings.Split(text, "\n")
	edited := 0
	heading := 0
	for i, line := range lines {
		if strings.HasPrefix(line, "block ") {
			heading = i + 1
		}
		if heading == 0 || !strings.HasPrefix(strings.TrimLeft(line, "-"), "0.") {
			continue
		}
		at := strings.Index(line, "0.") + 4
		digit := '0' + (line[at]-'0'+1)%10
		spoilt := append([]string(nil), lines...)
		spoilt[i] = line[:at] + string(digit) + line[at+1:]
		_, err := data.Decode("made-up", []byte(strings.Join(spoilt, "\n")))
		var fault *data.FileError
		require.ErrorAs(t, err, &fault, "line %d", i+1)
		assert.Equal(t, heading, fault.Line)
		edited++
	}
	assert.Greater(t, edited, 50)
}

// FuzzDecode: what is read is written as it was, but for how numbers are
// spelt.
func FuzzDecode(f *testing.F) {
	f.Add(render(f).Encode())
	f.Add([]byte("sawmill golden 2\ncase x\nreference y\nshape 1 1 1\ncotangents 1\noutput o\nblock 0 0 0 8c28b28a\n0\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		g, err := data.Decode("made-up", text)
		if err != nil {
			var fault *data.FileError
			require.ErrorAs(t, err, &fault)
			return
		}
		if again := g.Encode(); len(again) <= data.MaxBytes {
			h, err := data.Decode("made-up", again)
			require.NoError(t, err)
			require.Equal(t, g, h)
			require.NoError(t, g.Difference(h))
		}
	})
}
