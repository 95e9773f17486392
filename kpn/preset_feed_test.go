package kpn_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// defaultPreset has an input with a default, whose values are its own, the
// default's alone, and shared with another node; and an input without one.
const defaultPreset = `{"sawmill": 1, "output": "out", "rate": 48000,
	"parameters": {"only": {"uniform": [0, 0.5]}, "both": {"uniform": [1, 2]}},
	"nodes": {
		"in": {"kind": "input", "default": {"kind": "osc", "oversample_ratio": 2, "quality": "high",
			"params": {"freq": {"ref": "both"}, "phase": {"ref": "only"}, "width": {"uniform": [0.1, 0.2]}}}},
		"out": {"kind": "gain", "inputs": ["in"], "params": {"gain": {"ref": "both"}}}}}`

func names(p *kpn.Preset) []string {
	var list []string
	for _, s := range p.Sampled {
		list = append(list, s.Name)
	}
	return list
}

func TestAnInputIsItsDefaultUnlessFed(t *testing.T) {
	t.Parallel()
	p := parse(t, defaultPreset)
	require.NoError(t, p.Check(48000))
	in, _ := p.Graph.Node("in")
	require.Equal(t, &kpn.Node{ID: "in", Kind: kpn.KindOsc, Oversample: 2, Quality: kpn.High, Params: map[string]kpn.Param{
		"freq": {Rate: kpn.PerItem}, "phase": {Rate: kpn.PerItem}, "width": {Rate: kpn.PerItem},
	}}, in)
	require.Equal(t, []string{"only", "both", "in.width"}, names(p))

	fed, err := p.Feed("in")
	require.NoError(t, err)
	in, _ = fed.Graph.Node("in")
	require.Equal(t, &kpn.Node{ID: "in", Kind: kpn.KindInput, Params: map[string]kpn.Param{}}, in)
	require.NoError(t, fed.Check(48000))
	require.Equal(t, []string{"both"}, names(fed))
	shape := kpn.Shape{B: 2, C: 1, F: 4}
	job := &kpn.Job{Shape: shape, Rate: 48000, Inputs: map[string]*kpn.Tensor{"in": kpn.NewTensor(shape)}}
	fed.Bind(job)
	require.NoError(t, job.Validate(fed.Graph))
	// The same draw, whatever the others are.
	require.Equal(t, p.Draw(1, 2)[1], fed.Draw(1, 2)[0])

	again, err := fed.Feed()
	require.NoError(t, err)
	require.Equal(t, p.Graph, again.Graph)
	_, err = p.Feed("inn")
	require.EqualError(t, err, `graph: node "inn": the preset has no such input: got "inn"; did you mean "in"?; allowed: in`)
	_, err = p.Feed("out")
	require.EqualError(t, err, `graph: node "out": kind: it is a node of kind gain, which takes no signal from outside; make it {"kind": "input", "default": {"kind": "gain", …}}`)
}

func TestAnInputWithoutDefaultMustBeFed(t *testing.T) {
	t.Parallel()
	p := parse(t, wrap(`"out": {"kind": "input"}`))
	require.EqualError(t, p.Check(48000), `preset.json:2:8: $.nodes.out.kind: the node is an input, and no signal is given for it; give one (--input out=FILE), or give the node a "default", the node to be in its place`)
	fed, err := p.Feed("out")
	require.NoError(t, err)
	require.NoError(t, fed.Check(48000))
}

// badDefaults are presets with faults of an input's default.
var badDefaults = []struct {
	name string
	text string
	want []string
}{
	{"default of what is no input", wrap(`"out": {"kind": "noise", "default": {"kind": "noise"}}`), []string{
		`p.json:2:37: $.nodes.out.default: only a node of kind input has a default; remove it`,
	}},
	{"default with inputs", wrap(`"out": {"kind": "input", "default": {"kind": "gain", "inputs": ["out"]}}`), []string{
		`p.json:2:46: $.nodes.out.default.kind: got "gain"; allowed: ` + generators(),
		`p.json:2:54: $.nodes.out.default.inputs: no such member: got "inputs"; allowed: kind, oversample_ratio, params, quality, table`,
	}},
	{"default that is an input", wrap(`"out": {"kind": "input", "default": {"kind": "input"}}`), []string{
		`p.json:2:46: $.nodes.out.default.kind: got "input"; allowed: ` + generators(),
	}},
	{"default by name", wrap(`"out": {"kind": "input", "default": "noise"}`), []string{
		`p.json:2:37: $.nodes.out.default: got the string "noise"; allowed is a node without inputs, as {"kind": "noise"}`,
	}},
	{"bad parameter of a default", wrap(`"out": {"kind": "input", "default": {"kind": "osc", "params": {"freq": 30000, "fase": 1}}}`), []string{
		`p.json:2:72: $.nodes.out.default.params.freq: got 30000 Hz; allowed is 0 to 24000 Hz, half the sample rate of 48000 Hz`,
		`p.json:2:79: $.nodes.out.default.params.fase: no such parameter: got "fase"; did you mean "phase"?; allowed: ` + oscParams(),
	}},
}

// generators lists the kinds that take no inputs.
func generators() string {
	list := ""
	for _, s := range kpn.Catalogue() {
		least := 0
		for _, p := range s.Inputs {
			if !p.Optional {
				least++
			}
		}
		if least == 0 && s.Kind != kpn.KindInput {
			list += ", " + string(s.Kind)
		}
	}
	return list[2:]
}

// oscParams lists the parameters of an osc.
func oscParams() string {
	list := ""
	spec, _ := kpn.Lookup(kpn.KindOsc)
	for _, p := range spec.Params {
		list += ", " + p.Name
	}
	return list[2:]
}

// oscShapes lists the shapes of an osc.
func oscShapes() string {
	spec, _ := kpn.Lookup(kpn.KindOsc)
	shape, _, _ := spec.Param("shape")
	return strings.Join(shape.Choices, ", ")
}
