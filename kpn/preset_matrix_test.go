package kpn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// matrixPreset has a matrix of two control signals and two outputs, and one of
// audio signals, delayed.
const matrixPreset = `{"sawmill": 1, "output": "out", "control": {"rate": 441},
	"parameters": {"depth": {"uniform": [0, 2]}},
	"nodes": {
		"a": {"kind": "lfo", "rate": "control"}, "b": {"kind": "lfo", "rate": "control"},
		"tone": {"kind": "osc", "modulate": {"pitch": "bend"}},
		"out": {"kind": "mix", "inputs": ["tone", "side"], "modulate": {"level_0": "loud"}}},
	"matrices": [
		{"rate": "control", "inputs": ["a", "b"], "outputs": {"bend": [{"ref": "depth"}, -1], "loud": [0.1, {"uniform": [3, 4]}]}},
		{"inputs": [{"from": "tone", "delay_frames": 5}], "outputs": {"side": [0.5]}}]}`

// A matrix is what its mixes would be, written out.
func TestMatricesAreMixes(t *testing.T) {
	t.Parallel()
	p := parse(t, matrixPreset)
	written := parse(t, strings.Replace(matrixPreset[:strings.Index(matrixPreset, `"matrices"`)],
		`"side"], "modulate": {"level_0": "loud"}}},`, `"side"], "modulate": {"level_0": "loud"}},
		"bend": {"kind": "mix", "rate": "control", "inputs": ["a", "b"], "params": {"level_0": {"ref": "depth"}, "level_1": -1}},
		"loud": {"kind": "mix", "rate": "control", "inputs": ["a", "b"], "params": {"level_0": 0.1, "level_1": {"uniform": [3, 4]}}},
		"side": {"kind": "mix", "inputs": [{"from": "tone", "delay_frames": 5}], "params": {"level_0": 0.5}}}}`, 1))
	require.Len(t, written.Graph.Nodes, 7)
	require.Equal(t, written.Graph, p.Graph)
	require.Equal(t, written.Sampled, p.Sampled)
	require.Equal(t, []string{"depth", "loud.level_1"}, []string{p.Sampled[0].Name, p.Sampled[1].Name})
}

// badMatrices are matrices of two inputs with faults, at column 1 of line 2.
var badMatrices = []struct {
	name string
	text string
	want []string
}{
	{"rows that are too short and too long", `{"inputs": ["a", "b"], "outputs": {"x": [1], "y": [1, 2, 3]}}`, []string{
		`p.json:2:41: $.matrices[0].outputs.x: got a list of 1; allowed is a list of 2, a level for each input`,
		`p.json:2:51: $.matrices[0].outputs.y: got a list of 3; allowed is a list of 2, a level for each input`,
	}},
	{"an empty row", `{"inputs": ["a", "b"], "outputs": {"x": []}}`, []string{
		`p.json:2:41: $.matrices[0].outputs.x: got an empty list; allowed is a list of 1 to 64`,
	}},
	{"no row", `{"inputs": ["a", "b"], "outputs": {"x": {"a": 1}}}`, []string{
		`p.json:2:41: $.matrices[0].outputs.x: got an object; allowed is a list of levels`,
	}},
	{"levels that are none", `{"inputs": ["a", "b"], "outputs": {"x": ["loud", {"uniform": [2, 1]}]}}`, []string{
		`p.json:2:42: $.matrices[0].outputs.x[0]: got the string "loud"; allowed is a number, a distribution or a reference`,
		`p.json:2:62: $.matrices[0].outputs.x[1].uniform: got [2, 1]; allowed is the lowest value first`,
	}},
	{"no inputs", `{"outputs": {"x": [1]}}`, []string{
		`p.json:2:1: $.matrices[0].inputs: the member "inputs" is missing; add it`,
	}},
	{"no outputs", `{"inputs": ["a", "b"]}, 3`, []string{
		`p.json:2:1: $.matrices[0].outputs: the member "outputs" is missing; add it`,
		`p.json:2:25: $.matrices[1]: got the number 3; allowed is a matrix, {"inputs": […], "outputs": {name: [level, …], …}}`,
	}},
	{"an input that is not there", `{"inputs": ["a", "c"], "outputs": {"x": [1, 2]}}`, []string{
		`p.json:2:18: $.matrices[0].inputs[1]: no such node: got "c"; allowed: a, b, x`,
	}},
	{"names of other nodes", `{"inputs": ["a", "b"], "outputs": {"a": [1, 2]}}, {"inputs": ["a"], "outputs": {"x": [1]}}, {"inputs": ["b"], "outputs": {"x": [1]}}`, []string{
		`p.json:2:36: $.matrices[0].outputs.a: there is another node of this name; rename one`,
		`p.json:2:123: $.matrices[2].outputs.x: there is another node of this name; rename one`,
	}},
	{"an output that is its own input", `{"inputs": ["a", "x"], "outputs": {"x": [1, 2]}}`, []string{
		`p.json:2:18: $.matrices[0].inputs[1]: the node's output reaches its own input: x → x; remove one of these edges, or delay one with "delay_frames"`,
	}},
}

// matrices puts matrices into a preset with two nodes.
func matrices(text string) string {
	return "{\"sawmill\": 1, \"output\": \"a\", \"nodes\": {\"a\": {\"kind\": \"osc\"}, \"b\": {\"kind\": \"noise\"}}, \"matrices\": [\n" + text + "\n]}"
}

func TestBadMatrices(t *testing.T) {
	t.Parallel()
	for _, c := range badMatrices {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := kpn.ParsePreset("p.json", []byte(matrices(c.text)))
			require.Error(t, err)
			require.Equal(t, c.want, strings.Split(err.Error(), "\n"))
		})
	}
}

// The outputs of all matrices count towards a graph's nodes.
func TestMatricesAreBounded(t *testing.T) {
	t.Parallel()
	var list []string
	for i := range kpn.MaxNodes - 2 {
		list = append(list, fmt.Sprintf(`{"inputs": ["a"], "outputs": {"x%d": [1]}}`, i))
	}
	p := parse(t, matrices(strings.Join(list, ",\n")))
	require.Len(t, p.Graph.Nodes, kpn.MaxNodes)
	for i := range 20 * kpn.MaxNodes {
		list[i%len(list)] = strings.Replace(list[i%len(list)], `": [1]`, fmt.Sprintf(`": [1], "y%d": [1]`, i), 1)
	}
	_, err := kpn.ParsePreset("p.json", []byte(matrices(strings.Join(list, ",\n"))))
	require.ErrorContains(t, err, "it has 1025 nodes, allowed is 1024")
	require.Less(t, len(err.Error()), 1000)
}
