package kpn_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// wrap puts nodes into a preset on one line, at column 1 of line 2.
func wrap(nodes string) string {
	return "{\"sawmill\": 1, \"output\": \"out\", \"rate\": 48000, \"nodes\": {\n" + nodes + "\n}}"
}

// badPresets are files with the messages they get. Positions and paths are
// part of them.
var badPresets = []struct {
	name string
	text string
	want []string
}{
	{"empty", "", []string{
		`p.json: the file is empty; a preset is a JSON object with the members sawmill, nodes and output`,
	}},
	{"blank", " \n\t\n", []string{
		`p.json: the file is empty; a preset is a JSON object with the members sawmill, nodes and output`,
	}},
	{"only a comment", "// nothing\n", []string{
		`p.json:2:1: the file ends too early: value is not finished; close it`,
	}},
	{"binary", "RIFF\x24\x00\x00\x00WAVE", []string{
		`p.json: the file is binary (byte 5 is 0); a preset is JSON text in UTF-8`,
	}},
	{"latin 1", "{\"description\": \"caf\xe9\"}", []string{
		`p.json:1:21: byte 0xe9 is not UTF-8; a preset is JSON text, save it as UTF-8`,
	}},
	{"too large", strings.Repeat(" ", kpn.MaxPresetBytes+1), []string{
		`p.json: the file is larger than 1048576 bytes (1 MiB), the most a preset may have`,
	}},
	{"too deep", strings.Repeat("[", 100_000), []string{
		`p.json:1:65: brackets are nested deeper than 64`,
	}},
	{"NaN", wrap(`"out": {"kind": "osc", "params": {"freq": NaN}}`), []string{
		`p.json:2:43: got NaN, which is no JSON value; allowed are finite numbers (0.5, -3, 1e-4), strings in double quotes, true, false, null, objects and lists`,
	}},
	{"infinite", wrap(`"out": {"kind": "osc", "params": {"freq": 1e999}}`), []string{
		`p.json:2:43: $.nodes.out.params.freq: got 1e999, which is too large for a number`,
	}},
	{"a million digits", `{"sawmill": 1, "nodes": {"out": {"kind": "noise"}}, "output": "out", "seconds": ` + strings.Repeat("9", 1_000_000) + `}`, []string{
		`p.json:1:81: $.seconds: got ` + strings.Repeat("9", 60) + `…, which is too large for a number`,
	}},
	{"too many values", "[" + strings.Repeat("1,", 131_072) + "]", []string{
		`p.json:1:262143: the file holds more than 131072 values, which are all that is allowed`,
	}},
	{"too many matrices", `{"sawmill": 1, "output": "out", "nodes": {"out": {"kind": "noise"}}, "matrices": [` + repeated(1025, func(i int) string { return fmt.Sprintf(`{"inputs": ["out"], "outputs": {"m%d": [1]}},`, i) }) + `]}`, []string{
		`p.json:1:82: $.matrices: got a list of 1025; allowed is a list of at most 1024`,
	}},
	{"a control rate too high", `{"sawmill": 1, "rate": 1000, "output": "out", "control": {"rate": 441}, "nodes": {
"slow": {"kind": "lfo", "rate": "control"}, "out": {"kind": "osc", "modulate": {"pitch": "slow"}}}}`, []string{
		`p.json:1:67: $.control.rate: the control rate of 441 Hz is more than a quarter of the sample rate of 1000 Hz; lower it, or make the control nodes audio nodes`,
	}},
	{"modulated without a gradient", wrap(`"in": {"kind": "noise"}, "out": {"kind": "osc", "modulate": {"pitch_high": "in"}}`), []string{
		`p.json:2:62: $.nodes.out.modulate.pitch_high: the parameter cannot be modulated: it has no gradient to pass on`,
	}},
	{"a table for nobody", wrap(`"out": {"kind": "osc", "table": [[1]]}`), []string{
		`p.json:2:33: $.nodes.out.table: nodes of this kind have no table, which is for controller, sampler, wavetable; remove it`,
	}},
	{"as many values as allowed", "[" + strings.Repeat("1,", 131_071) + " /* no more */ ]", []string{
		`p.json:1:1: $: got a list of 131071; allowed is an object`,
	}},
	{"too many nodes", `{"sawmill": 1, "output": "n1024", "nodes": {` + manyNodes(1025) + `}}`, []string{
		`p.json:1:44: $.nodes: got 1025 members; allowed is at most 1024`,
	}},
	{"names of a million characters", `{"sawmill": 1, "output": "out", "nodes": {"out": {"kind": "` + strings.Repeat("k", 500_000) + `", "` + strings.Repeat("m", 500_000) + `": 1}}}`, []string{
		`p.json:1:59: $.nodes.out.kind: got "` + strings.Repeat("k", 60) + `…"; allowed: ` + strings.Join(kpn.KindNames(), ", "),
		`p.json:1:500063: $.nodes.out["` + strings.Repeat("m", 60) + `…"]: no such member: got "` + strings.Repeat("m", 60) + `…"; allowed: default, inputs, kind, modulate, oversample_ratio, params, quality, rate, table`,
	}},
	{"missing comma", wrap(`"out": {"kind": "osc" "params": {}}`), []string{
		`p.json:2:23: unexpected character '"' after object value (expecting ',' or '}')`,
	}},
	{"missing bracket", "{\"sawmill\": 1,\n\"nodes\": {\"out\": {\"kind\": \"osc\"}", []string{
		`p.json:2:33: the file ends too early: object after value is not finished; close it`,
	}},
	{"wrong bracket", "{\"sawmill\": 1,\n\"nodes\": {\"out\": {\"kind\": \"osc\"]}", []string{
		`p.json:2:32: got "]", which cannot close the "{" of line 2, column 18`,
	}},
	{"bracket too many", "{}\n}", []string{`p.json:2:1: "}" closes nothing`}},
	{"columns count characters", wrap(`"out": {"kind": "osc", /* äöü */ "params": {"freq": nan}}`), []string{
		`p.json:2:53: got nan, which is no JSON value; allowed are finite numbers (0.5, -3, 1e-4), strings in double quotes, true, false, null, objects and lists`,
	}},
	{"bad string", "{\"a\tb\": 1}", []string{
		`p.json:1:2: the string "a\tb" is not valid JSON: escape control characters, and use only the escapes of JSON`,
	}},
	{"not an object", "[1, 2]", []string{`p.json:1:1: $: got a list of 2; allowed is an object`}},
	{"nothing in it", "{}", []string{
		`p.json:1:1: $.nodes: the member "nodes" is missing; add it`,
		`p.json:1:1: $.output: the member "output" is missing; add it`,
		`p.json:1:1: $.sawmill: the format's version is missing; add "sawmill": 1`,
	}},
	{"another version", `{"sawmill": 2, "nodes": {"out": {"kind": "noise"}}, "output": "out"}`, []string{
		`p.json:1:13: $.sawmill: the preset is of format version 2; this program reads version 1`,
	}},
	{"no nodes", `{"sawmill": 1, "nodes": {}, "output": "out"}`, []string{
		`p.json:1:25: $.nodes: got an empty object; add at least one member`,
		`p.json:1:39: $.output: no such node: got "out"; none is allowed here`,
	}},
	{"two outputs", `{"sawmill": 1, "nodes": {"out": {"kind": "noise"}}, "output": ["out", "b"]}`, []string{
		`p.json:1:63: $.output: got a list of 2; allowed is the name of one node (mix those that should sound together)`,
	}},
	{"unknown kind", wrap(`"out": {"kind": "ocs", "params": {"freq": 100}}`), []string{
		`p.json:2:17: $.nodes.out.kind: got "ocs"; did you mean "osc"?; allowed: ` + strings.Join(kpn.KindNames(), ", "),
	}},
	{"misspelt members", `{"sawmil": 1, "noeds": {"out": {"kind": "noise"}}, "output": "out"}`, []string{
		`p.json:1:2: $.sawmil: no such member: got "sawmil"; did you mean "sawmill"?; allowed: $schema, channels, control, description, matrices, nodes, output, parameters, rate, sawmill, seconds`,
		`p.json:1:15: $.noeds: no such member: got "noeds"; did you mean "nodes"?; allowed: $schema, channels, control, description, matrices, nodes, output, parameters, rate, sawmill, seconds`,
		`p.json:1:62: $.output: no such node: got "out"; none is allowed here`,
	}},
	{"misspelt parameter", wrap(`"out": {"kind": "osc", "params": {"fre": 100}}`), []string{
		`p.json:2:35: $.nodes.out.params.fre: no such parameter: got "fre"; did you mean "freq"?; allowed: ` + oscParams(),
	}},
	{"misspelt choice", wrap(`"out": {"kind": "osc", "params": {"shape": "trianglo"}}`), []string{
		`p.json:2:44: $.nodes.out.params.shape: got "trianglo"; did you mean "triangle"?; allowed: ` + oscShapes(),
	}},
	{"misspelt distribution", wrap(`"out": {"kind": "osc", "params": {"freq": {"unifrom": [1, 2]}}}`), []string{
		`p.json:2:44: $.nodes.out.params.freq.unifrom: no such member: got "unifrom"; did you mean "uniform"?; allowed: choice, constant, log_uniform, midi, normal, ref, uniform, unit`,
	}},
	{"misspelt source", wrap(`"osc1": {"kind": "osc"}, "out": {"kind": "gain", "inputs": ["ocs1"]}`), []string{
		`p.json:2:61: $.nodes.out.inputs[0]: no such node: got "ocs1"; did you mean "osc1"?; allowed: osc1, out`,
	}},
	{"misspelt port", wrap(`"a": {"kind": "osc"}, "out": {"kind": "gain", "inputs": {"inn": "a"}}`), []string{
		`p.json:2:58: $.nodes.out.inputs.inn: no such member: got "inn"; did you mean "in"?; allowed: in`,
	}},
	{"level of an input that is not there", wrap(`"a": {"kind": "osc"}, "out": {"kind": "mix", "inputs": ["a"], "params": {"level_1": 1}}`), []string{
		`p.json:2:74: $.nodes.out.params.level_1: no such parameter: got "level_1"; did you mean "level_0"?; allowed: level_0`,
	}},
	{"cycle", wrap(`"a": {"kind": "gain", "inputs": ["b"]}, "b": {"kind": "gain", "inputs": ["a"]}, "out": {"kind": "gain", "inputs": ["b"]}`), []string{
		`p.json:2:34: $.nodes.a.inputs[0]: the node's output reaches its own input: a → b → a; remove one of these edges, or delay one with "delay_frames"`,
	}},
	{"two cycles", wrap(`"a": {"kind": "gain", "inputs": ["a"]}, "out": {"kind": "gain", "inputs": {"in": "out"}}`), []string{
		`p.json:2:34: $.nodes.a.inputs[0]: the node's output reaches its own input: a → a; remove one of these edges, or delay one with "delay_frames"`,
		`p.json:2:82: $.nodes.out.inputs.in: the node's output reaches its own input: out → out; remove one of these edges, or delay one with "delay_frames"`,
	}},
	{"missing inputs", wrap(`"out": {"kind": "multiply"}`), []string{
		`p.json:2:8: $.nodes.out.inputs: the node has no inputs; kind multiply takes 2 to 64`,
	}},
	{"missing input", wrap(`"a": {"kind": "osc"}, "out": {"kind": "multiply", "inputs": ["a"]}`), []string{
		`p.json:2:61: $.nodes.out.inputs: got a list of 1; allowed is a list of 2 to 64`,
	}},
	{"missing input by port", wrap(`"a": {"kind": "osc"}, "out": {"kind": "multiply", "inputs": {"in_0": "a", "in_2": "a"}}`), []string{
		`p.json:2:61: $.nodes.out.inputs: this input has no source; kind multiply needs at least 2`,
	}},
	{"an input too many", wrap(`"a": {"kind": "noise"}, "out": {"kind": "osc", "inputs": ["a"]}`), []string{
		`p.json:2:58: $.nodes.out.inputs: got a list of 1; allowed is none: this kind takes no inputs`,
	}},
	{"wrong types", wrap(`"out": {"kind": "osc", "quality": 3, "params": {"freq": "high", "width": [1], "phase": true, "shape": 2}}, "b": "osc", "c": {"kind": "gain", "inputs": "b"}, "d": {"kind": "gain", "inputs": [null]}`), []string{
		`p.json:2:35: $.nodes.out.quality: got the number 3; allowed: draft, standard, high`,
		`p.json:2:57: $.nodes.out.params.freq: got the string "high"; allowed is a number, a distribution or a reference`,
		`p.json:2:74: $.nodes.out.params.width: got a list of 1; allowed is a number, a distribution or a reference`,
		`p.json:2:88: $.nodes.out.params.phase: got true; allowed is a number, a distribution or a reference`,
		`p.json:2:103: $.nodes.out.params.shape: got the number 2; allowed is a name (` + oscShapes() + `), a choice or a reference`,
		`p.json:2:113: $.nodes.b: got the string "osc"; allowed is an object`,
		`p.json:2:152: $.nodes.c.inputs: got the string "b"; allowed is a list of sources, or an object of sources by port`,
		`p.json:2:191: $.nodes.d.inputs[0]: got null; allowed is the name of a node, or {"from": name, "delay_frames": frames}`,
	}},
	{"above Nyquist", wrap(`"out": {"kind": "osc", "params": {"freq": 24000.5}}`), []string{
		`p.json:2:43: $.nodes.out.params.freq: got 24000.5 Hz; allowed is 0 to 24000 Hz, half the sample rate of 48000 Hz`,
	}},
	{"above any Nyquist", wrap(`"out": {"kind": "osc", "params": {"freq": 1e7}}`), []string{
		`p.json:2:43: $.nodes.out.params.freq: got 1e+07 Hz; allowed is 0 to 24000 Hz, half the sample rate of 48000 Hz`,
	}},
	{"default above Nyquist", `{"sawmill": 1, "rate": 800, "nodes": {"out": {"kind": "osc"}}, "output": "out"}`, []string{
		`p.json:1:46: $.nodes.out: the default of freq, 440 Hz, is out of range; allowed is 0 to 400 Hz, half the sample rate of 800 Hz`,
	}},
	{"distribution above Nyquist", wrap(`"out": {"kind": "osc", "params": {"freq": {"log_uniform": [20, 30000]}}}`), []string{
		`p.json:2:43: $.nodes.out.params.freq: log_uniform(20, 30000) reaches 30000 Hz; allowed is 0 to 24000 Hz, half the sample rate of 48000 Hz`,
	}},
	{"out of range", wrap(`"out": {"kind": "adsr", "oversample_ratio": 2, "params": {"attack": -1, "sustain": {"uniform": [0.5, 1.5]}, "curve": 0}}`), []string{
		`p.json:2:45: $.nodes.out.oversample_ratio: got the number 2; allowed: 1`,
		`p.json:2:69: $.nodes.out.params.attack: got -1 s; allowed is 0 to 100000 s`,
		`p.json:2:84: $.nodes.out.params.sustain: uniform(0.5, 1.5) reaches 1.5; allowed is 0 to 1`,
		`p.json:2:118: $.nodes.out.params.curve: got 0; allowed is 0.05 to 20`,
	}},
	{"bad settings", `{"sawmill": 1, "seconds": 0, "rate": -1, "channels": 0.5, "nodes": {"out": {"kind": "noise"}}, "output": "out"}`, []string{
		`p.json:1:27: $.seconds: got 0; allowed is above 0, at most 1000000`,
		`p.json:1:38: $.rate: got -1; allowed is 1 to 1048576`,
		`p.json:1:54: $.channels: got the number 0.5; allowed is a whole number`,
	}},
	{"no channels", `{"sawmill": 1, "channels": 0, "nodes": {"out": {"kind": "noise"}}, "output": "out"}`, []string{
		`p.json:1:28: $.channels: got 0; allowed is 1 to 1024`,
	}},
	{"too long", `{"sawmill": 1, "seconds": 50000, "rate": 96000, "nodes": {"out": {"kind": "noise"}}, "output": "out"}`, []string{
		`p.json:1:27: $.seconds: 50000 s at 96000 Hz is 4800000000 frames; allowed is at most 2147483647`,
	}},
	{"too short", `{"sawmill": 1, "seconds": 1e-9, "nodes": {"out": {"kind": "noise"}}, "output": "out"}`, []string{
		`p.json:1:27: $.seconds: 1e-09 s at 44100 Hz is less than a frame`,
	}},
	{"bad names", `{"sawmill": 1, "parameters": {"a b": {"constant": 1}}, "nodes": {"out": {"kind": "noise"}, "1st": {"kind": "noise"}, "\u0007": {"kind": "noise"}}, "output": "out"}`, []string{
		`p.json:1:31: $.parameters["a b"]: got the name "a b"; allowed is a letter or underscore, then letters, digits and any of _ . - >, at most 127 characters`,
		`p.json:1:92: $.nodes["1st"]: got the name "1st"; allowed is a letter or underscore, then letters, digits and underscores, at most 63 characters`,
		`p.json:1:118: $.nodes["\a"]: got the name "\a"; allowed is a letter or underscore, then letters, digits and underscores, at most 63 characters`,
	}},
	{"duplicate members", wrap(`"out": {"kind": "noise"}, "out": {"kind": "osc"}, "b": {"kind": "osc", "kind": "osc", "params": {"freq": 1, "freq": 2}}`), []string{
		`p.json:2:27: $.nodes.out: the member "out" is given twice in this object; remove one`,
		`p.json:2:72: $.nodes.b.kind: the member "kind" is given twice in this object; remove one`,
		`p.json:2:109: $.nodes.b.params.freq: the member "freq" is given twice in this object; remove one`,
	}},
	{"bad output", wrap(`"uot": {"kind": "noise"}`), []string{
		`p.json:1:26: $.output: no such node: got "out"; did you mean "uot"?; allowed: uot`,
	}},
}

// manyNodes is the members of this many nodes.
func manyNodes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\"n%d\": {\"kind\": \"noise\"},", i)
	}
	return b.String()
}

func TestBadPresets(t *testing.T) {
	t.Parallel()
	for _, c := range slices.Concat(badPresets, badDistributions, badControls, badDefaults) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := kpn.ParsePreset("p.json", []byte(c.text))
			require.Nil(t, p)
			require.Error(t, err)
			require.Equal(t, c.want, strings.Split(err.Error(), "\n"))
			var list kpn.PresetErrors
			require.ErrorAs(t, err, &list)
			var first *kpn.PresetError
			require.ErrorAs(t, err, &first)
			require.Same(t, list[0], first)
		})
	}
}

// One file with a fault of every sort gets them all, in its own order.
func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := kpn.ParsePreset("p.json", []byte(`{
  "sawmill": 1,
  "secnods": 2,
  "parameters": {"note": {"midi": [36, 184]}, "idle": {"constant": 1}},
  "nodes": {
    "a": {"kind": "oscc"},
    "b": {"kind": "osc", "params": {"freq": 23000, "width": {"uniform": [0, 2]}}},
    "c": {"kind": "gain", "inputs": ["d"]},
    "d": {"kind": "gain", "inputs": ["c"], "params": {"gain": "loud"}},
    "e": {"kind": "mix", "inputs": ["a", "f"], "params": {"level_0": {"ref": "noet"}}},
    "e": {"kind": "mix"},
  },
  "output": "x",
}`))
	var list kpn.PresetErrors
	require.ErrorAs(t, err, &list)
	var got []string
	for _, e := range list {
		got = append(got, fmt.Sprintf("%d %s", e.Line, e.Path))
	}
	require.Equal(t, []string{
		"3 $.secnods",
		"4 $.parameters.note",
		"4 $.parameters.note.midi[1]",
		"4 $.parameters.idle",
		"6 $.nodes.a.kind",
		"7 $.nodes.b.params.freq",
		"7 $.nodes.b.params.width",
		"8 $.nodes.c.inputs[0]",
		"9 $.nodes.d.params.gain",
		"10 $.nodes.e.inputs[1]",
		"10 $.nodes.e.params.level_0.ref",
		"11 $.nodes.e",
		"13 $.output",
	}, got)
}

func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "\"n%d\": {\"kind\": \"%s\"},\n", i, strings.Repeat("x", 1000))
	}
	_, err := kpn.ParsePreset("p.json", []byte(wrap(b.String())))
	var list kpn.PresetErrors
	require.ErrorAs(t, err, &list)
	require.Len(t, list, 101)
	// 500 kinds and the output, which is on line 1.
	require.Equal(t, "401 more faults from here on are not shown", list[100].Reason)
	require.Less(t, len(err.Error()), 101*1000)
}

func TestACycleIsErrCycle(t *testing.T) {
	t.Parallel()
	_, err := kpn.ParsePreset("p.json", []byte(wrap(`"out": {"kind": "gain", "inputs": ["out"]}`)))
	require.ErrorIs(t, err, kpn.ErrCycle)
	_, err = kpn.ParsePreset("p.json", []byte(wrap(`"out": {"kind": "gain", "inputs": ["uot"]}`)))
	require.Error(t, err)
	require.NotErrorIs(t, err, kpn.ErrCycle)
}

func TestCheckAnotherRate(t *testing.T) {
	t.Parallel()
	p := parse(t, "{\"sawmill\": 1, \"output\": \"out\", \"parameters\": {\"note\": {\"midi\": [60, 69]}}, \"nodes\": {\n"+
		"\"out\": {\"kind\": \"osc\", \"params\": {\"freq\": {\"ref\": \"note\", \"multiply\": 2, \"add\": 20}}},\n"+
		"\"b\": {\"kind\": \"osc\", \"params\": {\"freq\": 2000}}}}")
	require.NoError(t, p.Check(4000))
	require.EqualError(t, p.Check(1600), "preset.json:2:43: $.nodes.out.params.freq: note = midi(60, 69), times 2, plus 20, reaches 900 Hz; allowed is 0 to 800 Hz, half the sample rate of 1600 Hz\n"+
		"preset.json:3:41: $.nodes.b.params.freq: got 2000 Hz; allowed is 0 to 800 Hz, half the sample rate of 1600 Hz")
	var wrong *kpn.JobError
	for _, rate := range []float64{0, -1, kpn.MaxSampleRate + 1} {
		require.True(t, errors.As(p.Check(rate), &wrong), "%g", rate)
	}
}

// A negative factor turns the range around: 20000 − x with x in [0, 30000]
// goes below 0, at whichever end it is reached.
func TestNegativeFactorTurnsTheRangeAround(t *testing.T) {
	t.Parallel()
	_, err := kpn.ParsePreset("p.json", []byte(`{"sawmill": 1, "output": "out", "parameters": {"x": {"uniform": [0, 30000]}}, "nodes": {
"out": {"kind": "osc", "params": {"freq": {"ref": "x", "multiply": -1, "add": 20000}}}}}`))
	require.ErrorContains(t, err, "-10000 Hz")
	_, err = kpn.ParsePreset("p.json", []byte(`{"sawmill": 1, "output": "out", "parameters": {"x": {"uniform": [0, 20000]}}, "nodes": {
"out": {"kind": "osc", "params": {"freq": {"ref": "x", "multiply": -1, "add": 20000}}}}}`))
	require.NoError(t, err)
}
