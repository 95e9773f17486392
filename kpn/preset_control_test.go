package kpn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// controlPreset has control nodes, and modulations of every form.
const controlPreset = `{"sawmill": 1, "output": "out", "rate": 48000,
	"control": {"rate": 441, "align": "ends"},
	"parameters": {"matrix.a->b-c": {"unit": {"min": -1, "max": 3, "curve": 0.5, "symmetric": true}}},
	"nodes": {
		"slow": {"kind": "constant", "rate": "control", "params": {"value": {"ref": "matrix.a->b-c"}}},
		"slower": {"kind": "gain", "rate": "control", "inputs": ["slow"], "modulate": {"gain": "slow"}},
		"hiss": {"kind": "noise"},
		"tone": {"kind": "osc", "rate": "audio", "modulate": {
			"phase": {"from": "hiss", "delay_frames": 7, "mode": "add"},
			"freq": ["slower", {"from": "slow", "mode": "multiply", "scale": -2.5, "channel": 1}, "hiss"]}},
		"out": {"kind": "mix", "inputs": ["tone", "slow"], "modulate": {"level_1": "slower"}}}}`

func TestModulationAndControlRates(t *testing.T) {
	t.Parallel()
	p := parse(t, controlPreset)
	require.Equal(t, kpn.Control{Rate: 441, AlignEnds: true}, p.Graph.Control)
	control := map[string]bool{}
	for _, n := range p.Graph.Nodes {
		control[n.ID] = n.Control
	}
	require.Equal(t, map[string]bool{"slow": true, "slower": true, "hiss": false, "tone": false, "out": false}, control)
	all := func(mode kpn.ModulationMode) *kpn.Modulation {
		return &kpn.Modulation{Mode: mode, Scale: 1, Channel: kpn.AllChannels}
	}
	require.Equal(t, []kpn.Edge{
		{From: "slow", To: "slower", Port: "in"},
		{From: "tone", To: "out", Port: "in_0"},
		{From: "slow", To: "out", Port: "in_1"},
		{From: "slow", To: "slower", Port: "gain", Modulation: all(kpn.ModulationAdd)},
		{From: "hiss", To: "tone", Port: "phase", DelayFrames: 7, Modulation: all(kpn.ModulationAdd)},
		{From: "slower", To: "tone", Port: "freq", Modulation: all(kpn.ModulationAdd)},
		{From: "slow", To: "tone", Port: "freq", Modulation: &kpn.Modulation{Mode: kpn.ModulationMultiply, Scale: -2.5, Channel: 1}},
		{From: "hiss", To: "tone", Port: "freq", Modulation: all(kpn.ModulationAdd)},
		{From: "slower", To: "out", Port: "level_1", Modulation: all(kpn.ModulationAdd)},
	}, p.Graph.Edges)
	require.Equal(t, "matrix.a->b-c", p.Sampled[0].Name)
	require.Equal(t, "unit(-1, 3, curve 0.5, symmetric)", p.Sampled[0].Distribution.String())
}

func TestControlFramesStartTogetherUnlessAligned(t *testing.T) {
	t.Parallel()
	for text, ends := range map[string]bool{`{"rate": 0.5}`: false, `{"rate": 0.5, "align": "start"}`: false, `{"rate": 0.5, "align": "ends"}`: true} {
		p := parse(t, `{"sawmill": 1, "nodes": {"out": {"kind": "noise"}}, "output": "out", "control": `+text+`}`)
		require.Equal(t, kpn.Control{Rate: 0.5, AlignEnds: ends}, p.Graph.Control)
	}
}

// A control node's frequencies go up to half the control rate, whatever the
// sample rate.
func TestControlNodesHaveTheControlRatesRange(t *testing.T) {
	t.Parallel()
	nyquist := kpn.Kind("")
	for _, s := range kpn.Catalogue() {
		for _, p := range s.Params {
			if s.Control && p.Nyquist && len(s.Inputs) == 0 {
				nyquist = s.Kind
			}
		}
	}
	if nyquist == "" {
		return // no control kind has a frequency
	}
	_, err := kpn.ParsePreset("p.json", []byte(`{"sawmill": 1, "output": "out", "control": {"rate": 100}, "nodes": {"lfo": {"kind": "`+string(nyquist)+`", "rate": "control", "params": {"freq":
60}}, "out": {"kind": "gain", "inputs": ["lfo"]}}}`))
	require.EqualError(t, err, `p.json:2:1: $.nodes.lfo.params.freq: got 60 Hz; allowed is 0 to 50 Hz, half the control rate of 100 Hz`)
}

// slow puts nodes into a preset with a control rate, on one line, at column 1
// of line 2.
func slow(nodes string) string {
	return "{\"sawmill\": 1, \"output\": \"out\", \"rate\": 48000, \"control\": {\"rate\": 441}, \"nodes\": {\n" + nodes + "\n}}"
}

// badControls are presets with faults of modulations and control rates.
var badControls = []struct {
	name string
	text string
	want []string
}{
	{"no control rate", wrap(`"out": {"kind": "gain", "inputs": ["c"]}, "c": {"kind": "constant", "rate": "control"}`), []string{
		`p.json:2:77: $.nodes.c.rate: the preset says no control rate; add "control": {"rate": 441} at its top`,
	}},
	{"bad control rate", `{"sawmill": 1, "output": "out", "control": {"rate": 0, "align": "end"}, "nodes": {"out": {"kind": "noise"}}}`, []string{
		`p.json:1:53: $.control.rate: got 0; allowed is above 0, at most 1048576`,
		`p.json:1:65: $.control.align: got "end"; did you mean "ends"?; allowed: start, ends`,
	}},
	{"empty control", `{"sawmill": 1, "output": "out", "control": {}, "nodes": {"out": {"kind": "noise"}}}`, []string{
		`p.json:1:44: $.control.rate: the member "rate" is missing; add it`,
	}},
	{"misspelt rate", slow(`"out": {"kind": "gain", "inputs": ["c"]}, "c": {"kind": "constant", "rate": "contrl"}`), []string{
		`p.json:2:77: $.nodes.c.rate: got "contrl"; did you mean "control"?; allowed: audio, control`,
	}},
	{"kind that has no control rate", slow(`"out": {"kind": "gain", "inputs": ["c"]}, "c": {"kind": "noise", "rate": "control"}`), []string{
		`p.json:2:74: $.nodes.c.rate: kind noise cannot run at the control rate; allowed: ` + controlNames(),
	}},
	{"control node that reads audio", slow(`"out": {"kind": "gain", "inputs": ["c"]}, "n": {"kind": "noise"}, "c": {"kind": "gain", "rate": "control", "inputs": ["n"]}`), []string{
		`p.json:2:119: $.nodes.c.inputs[0]: a control node cannot read node "n", which runs at the audio rate; make both control nodes, or neither`,
	}},
	{"control node as output", slow(`"out": {"kind": "constant", "rate": "control"}`), []string{
		`p.json:1:26: $.output: node "out" is a control node; output an audio node that reads it`,
	}},
	{"delayed control signal", slow(`"out": {"kind": "gain", "inputs": [{"from": "c", "delay_frames": 1}]}, "c": {"kind": "constant", "rate": "control"}`), []string{
		`p.json:2:36: $.nodes.out.inputs[0]: edges from control nodes cannot be delayed`,
	}},
	{"unknown modulator", wrap(`"lfo": {"kind": "osc"}, "out": {"kind": "osc", "modulate": {"freq": ["lof", {"from": "lfo2"}]}}`), []string{
		`p.json:2:70: $.nodes.out.modulate.freq[0]: no such node: got "lof"; did you mean "lfo"?; allowed: lfo, out`,
		`p.json:2:86: $.nodes.out.modulate.freq[1].from: no such node: got "lfo2"; did you mean "lfo"?; allowed: lfo, out`,
	}},
	{"modulated choice", wrap(`"lfo": {"kind": "osc"}, "out": {"kind": "noise", "modulate": {"distribution": "lfo"}}`), []string{
		`p.json:2:63: $.nodes.out.modulate.distribution: the parameter cannot be modulated: it chooses what the node does`,
	}},
	{"unknown modulated parameter", wrap(`"lfo": {"kind": "osc"}, "out": {"kind": "gain", "inputs": ["lfo"], "modulate": {"gian": "lfo"}}`), []string{
		`p.json:2:81: $.nodes.out.modulate.gian: no such parameter to modulate: got "gian"; did you mean "gain"?; allowed: gain`,
	}},
	{"modulated level of an input that is not there", wrap(`"lfo": {"kind": "osc"}, "out": {"kind": "mix", "inputs": ["lfo"], "modulate": {"level_1": "lfo"}}`), []string{
		`p.json:2:80: $.nodes.out.modulate.level_1: no such parameter to modulate: got "level_1"; did you mean "level_0"?; allowed: level_0`,
	}},
	{"bad modulation", wrap(`"lfo": {"kind": "osc"}, "out": {"kind": "gain", "inputs": ["lfo"], "modulate": {"gain": {"from": "lfo", "mode": "mul", "scale": 1e10, "channel": -2, "delay_frames": -1, "delay": 1}}}`), []string{
		`p.json:2:113: $.nodes.out.modulate.gain.mode: got "mul"; allowed: add, multiply`,
		`p.json:2:129: $.nodes.out.modulate.gain.scale: got 1e10; allowed is -1e+09 to 1e+09`,
		`p.json:2:146: $.nodes.out.modulate.gain.channel: got -2; allowed is -1 to 1023`,
		`p.json:2:166: $.nodes.out.modulate.gain.delay_frames: got -1; allowed is 0 to 1048576`,
		`p.json:2:170: $.nodes.out.modulate.gain.delay: no such member: got "delay"; allowed: channel, delay_frames, from, mode, scale`,
	}},
	{"modulation without a source", wrap(`"out": {"kind": "osc", "modulate": {"freq": {"scale": 2}, "phase": [], "width": 3}}`), []string{
		`p.json:2:45: $.nodes.out.modulate.freq.from: the member "from" is missing; add it`,
		`p.json:2:68: $.nodes.out.modulate.phase: got an empty list; allowed is a list of 1 to 64`,
		`p.json:2:81: $.nodes.out.modulate.width: got the number 3; allowed is the name of a node, {"from": name, …}, or a list of these`,
	}},
	{"modulated by itself", wrap(`"lfo": {"kind": "osc"}, "out": {"kind": "osc", "modulate": {"freq": ["lfo", "out"]}}`), []string{
		`p.json:2:77: $.nodes.out.modulate.freq[1]: the node's output reaches its own input: out → out; remove one of these edges, or delay one with "delay_frames"`,
	}},
}

// controlNames lists the kinds that may run at the control rate.
func controlNames() string {
	names := ""
	for _, s := range kpn.Catalogue() {
		if s.Control {
			names += ", " + string(s.Kind)
		}
	}
	return names[2:]
}
