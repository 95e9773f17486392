package cases

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// modulated is a draft with every form of modulation, and a control node.
func modulated() *Draft {
	by := func(mode kpn.ModulationMode, scale float64, channel int) *kpn.Modulation {
		return &kpn.Modulation{Mode: mode, Scale: scale, Channel: channel}
	}
	return &Draft{
		Name: "one", Shape: kpn.Shape{B: 1, C: 2, F: 8}, Rate: 48000, Seed: 1,
		Control: kpn.Control{Rate: 441, AlignEnds: true},
		Nodes: []DraftNode{
			{ID: "slow", Kind: kpn.KindConstant, Control: true, Params: map[string]Values{"value": {Low: 0.5}}},
			{ID: "slower", Kind: kpn.KindGain, Control: true},
			{ID: "noise", Kind: kpn.KindNoise},
			{ID: "osc", Kind: kpn.KindOsc},
			{ID: "out", Kind: kpn.KindMix},
		},
		Edges: []kpn.Edge{
			{From: "slow", To: "slower", Port: "in"},
			{From: "slow", To: "slower", Port: "gain", Modulation: by(kpn.ModulationMultiply, -1e-9, kpn.AllChannels)},
			{From: "slower", To: "osc", Port: "freq", Modulation: by(kpn.ModulationAdd, 20.25, kpn.AllChannels)},
			{From: "noise", To: "osc", Port: "freq", Modulation: by(kpn.ModulationMultiply, 1, 0), DelayFrames: 3},
			{From: "noise", To: "out", Port: "level_0", Modulation: by(kpn.ModulationAdd, 0, 1)},
			{From: "osc", To: "out", Port: "in_0"},
		},
		Outputs:    []string{"out"},
		Tolerances: []compare.Tolerance{{Exact: true, Reason: "made up"}},
	}
}

// TestModulationsAreWrittenAndRead holds them, and control nodes, to the case
// that their file makes.
func TestModulationsAreWrittenAndRead(t *testing.T) {
	d := modulated()
	text := string(d.Encode("a"))
	for _, line := range []string{
		`"seed": 1, "control": {"rate": 441, "align": "ends"},`,
		`{"id": "slower", "kind": "gain", "rate": "control"}`,
		`{"from": "slower", "to": "osc", "param": "freq", "mode": "add", "scale": 20.25}`,
		`{"from": "noise", "to": "osc", "param": "freq", "mode": "multiply", "scale": 1, "channel": 0, "delay": 3}`,
	} {
		assert.Contains(t, text, line)
	}
	list, err := Parse("made_up.json", []byte(text))
	require.NoError(t, err)
	g := list[0].Graph
	assert.Equal(t, d.Edges, g.Edges)
	assert.Equal(t, d.Control, g.Control)
	for i, n := range d.Nodes {
		assert.Equal(t, n.Control, g.Nodes[i].Control)
	}
	d.Control.AlignEnds = false
	text = string(d.Encode("a"))
	assert.Contains(t, text, `"control": {"rate": 441},`)
	list, err = Parse("made_up.json", []byte(text))
	require.NoError(t, err)
	assert.Equal(t, d.Control, list[0].Graph.Control)
}

// TestModulationsAreReadStrictly breaks such a file in many ways.
func TestModulationsAreReadStrictly(t *testing.T) {
	text := string(modulated().Encode("a"))
	for name, change := range map[string][2]string{
		"a mode that does not exist":  {`"multiply"`, `"multiplied"`},
		"no mode is add":              {`"mode": "add", `, ``},
		"no scale is 1":               {`, "scale": 20.25`, ``},
		"no such parameter":           {`"param": "freq"`, `"param": "frq"`},
		"a choice":                    {`"param": "freq"`, `"param": "shape"`},
		"a port and a parameter":      {`"param": "freq"`, `"port": "in", "param": "freq"`},
		"a mode of a port":            {`"param": "freq"`, `"port": "freq"`},
		"a channel that cannot be":    {`"channel": 0`, `"channel": -2`},
		"a channel that is no number": {`"channel": 0`, `"channel": 0.5`},
		"a scale beyond reason":       {`"scale": 20.25`, `"scale": 1e10`},
		"a rate that does not exist":  {`"rate": "control"`, `"rate": "slow"`},
		"an align that does not":      {`"align": "ends"`, `"align": "end"`},
		"no control rate":             {`"control": {"rate": 441, "align": "ends"},`, ``},
		"a control rate of 0":         {`"rate": 441`, `"rate": 0`},
		"an unknown field of control": {`"align": "ends"`, `"aline": "ends"`},
		"a control node reads audio":  {`"from": "slow", "to": "slower", "port"`, `"from": "noise", "to": "slower", "port"`},
		"a control output":            {`"outputs": ["out"]`, `"outputs": ["slower"]`},
	} {
		changed := strings.Replace(text, change[0], change[1], 1)
		require.NotEqual(t, text, changed, name)
		_, err := Parse("made_up.json", []byte(changed))
		if strings.HasPrefix(name, "no mode") || strings.HasPrefix(name, "no scale") {
			assert.NoError(t, err, name)
			continue
		}
		var bad *FileError
		assert.ErrorAs(t, err, &bad, name)
	}
}
