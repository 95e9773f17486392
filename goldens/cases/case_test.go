package cases

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// good is a file that can be broken in many ways.
const good = `{
  "doc": "made up",
  "cases": [{
    "name": "one", "shape": [2, 2, 8], "rate": 48000, "seed": 1,
    "nodes": [
      {"id": "in", "kind": "input", "signal": {"per_frame": [-1, 1]}},
      {"id": "osc", "kind": "osc", "quality": "high", "params": {"shape": "saw", "freq": {"per_row": [1, 2]}, "band_limit": {"per_item": [0, 2]}, "width": {"list": [0, 1]}, "phase": {"per_frame": [0, 1], "one_item": true}}},
      {"id": "mix", "kind": "mix"}
    ],
    "edges": [{"from": "in", "to": "mix", "port": "in_0"}, {"from": "osc", "to": "mix", "port": "in_1", "delay": 2}],
    "outputs": ["mix"],
    "tolerances": [{"exact": true, "reason": "made up"}]
  }]
}`

func TestFilesAreReadStrictly(t *testing.T) {
	list, err := parse("made_up.json", []byte(good))
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Equal(t, "made_up/one", list[0].Name)
	for name, change := range map[string][2]string{
		"unknown field":           {`"seed"`, `"sede"`},
		"unknown field of a draw": {`"one_item"`, `"one_itme"`},
		"unknown kind":            {`"kind": "mix"`, `"kind": "mxi"`},
		"unknown choice":          {`"saw"`, `"swa"`},
		"unknown quality":         {`"high"`, `"hihg"`},
		"unknown parameter":       {`"width"`, `"widht"`},
		"a draw of nothing":       {`{"list": [0, 1]}`, `{}`},
		"out of range":            {`[1, 2]`, `[1, 1e9]`},
		"no reason":               {`"reason": "made up"`, `"reason": ""`},
		"no tolerance":            {`{"exact": true, "reason": "made up"}`, ``},
		"no such node":            {`"from": "osc"`, `"from": "soc"`},
		"no signal":               {`, "signal": {"per_frame": [-1, 1]}`, ``},
		"a signal of an osc":      {`"quality": "high"`, `"signal": {"per_frame": [0, 1]}`},
		"no doc":                  {`"made up",`, `"",`},
		"something behind it":     {"]\n}", "]\n} {}"},
		"no shape":                {`[2, 2, 8]`, `[2, 0, 8]`},
	} {
		text := strings.Replace(good, change[0], change[1], 1)
		require.NotEqual(t, good, text, name)
		_, err := parse("made_up.json", []byte(text))
		var fault *FileError
		assert.ErrorAs(t, err, &fault, name)
	}
}

// TestAnItemIsTheSameInEveryJob is what the conformance suite's batches rest
// on.
func TestAnItemIsTheSameInEveryJob(t *testing.T) {
	list, err := parse("made_up.json", []byte(good))
	require.NoError(t, err)
	c := list[0]
	whole := c.Job(kpn.Shape{B: 5, C: 3, F: 11}, 9, 100)
	part := c.Job(kpn.Shape{B: 2, C: 3, F: 11}, 9, 102)
	require.NoError(t, whole.Validate(c.Graph))
	for _, name := range []string{"freq", "band_limit", "width"} {
		ref := kpn.ParamRef{Node: "osc", Param: name}
		for b := range 2 {
			for channel := range 3 {
				assert.Equal(t, whole.ItemValue(ref, b+2, channel), part.ItemValue(ref, b, channel), name)
			}
		}
	}
	for b := range 2 {
		assert.Equal(t, whole.Inputs["in"].Row(b+2, 1), part.Inputs["in"].Row(b, 1))
	}
	phase := kpn.ParamRef{Node: "osc", Param: "phase"}
	assert.Equal(t, kpn.Shape{B: 1, C: 3, F: 11}, whole.Frames[phase].Shape)
	assert.Equal(t, whole.Frames[phase], part.Frames[phase])
	other := c.Job(kpn.Shape{B: 5, C: 3, F: 11}, 10, 100)
	assert.NotEqual(t, whole.Inputs["in"].Data, other.Inputs["in"].Data)
	assert.NotEqual(t, whole.Inputs["in"].Row(0, 0), whole.Inputs["in"].Row(0, 1))
	assert.NotEqual(t, whole.Inputs["in"].Row(0, 0), whole.Inputs["in"].Row(1, 0))
}
