package kpn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Presets of all that is small take so much for each value, and nothing where they
// hold too many.
func TestPresetsAllocateByTheirValues(t *testing.T) {
	const n = 1 << 12
	require.Error(t, decodeOnly(preset, []byte("{}"))) // compiles the schema
	list := func(n int, element string) string { return "[" + strings.Repeat(element+",", n) + element + "]" }
	members := func(value string) string {
		return "{" + repeated(n, func(i int) string { return fmt.Sprintf(`"a%x":%s,`, i, value) }) + `"z":` + value + "}"
	}
	nodes := func(nodes string) string { return `{"sawmill":1,"output":"z","nodes":` + nodes + "}" }
	node := func(fields string) string { return nodes(`{"z":{"kind":"mix",` + fields + "}}") }
	// Nodes with all the inputs, levels and modulations that there may be.
	full := func(n int, inputs string) string {
		return nodes(`{"z":{"kind":"osc"},` + repeated(n, func(i int) string { return fmt.Sprintf(`"m%d":{"kind":"mix",%s},`, i, inputs) }) + `"l":{"kind":"osc"}}`)
	}
	matrix := `"inputs":` + list(63, `"z"`) + `,"outputs":{` + repeated(255, func(i int) string { return fmt.Sprintf(`"r%d":[`, i) + strings.Repeat("1,", 63) + `1],` }) + `"x":[1]}`
	for name, text := range map[string]string{
		"a full graph":         full(200, `"inputs":`+list(63, `"z"`)),
		"a graph of levels":    full(200, `"inputs":`+list(63, `"z"`)+`,"params":{`+repeated(64, func(i int) string { return fmt.Sprintf(`"level_%d":1,`, i) })+`"level_0":1}`),
		"modulated to the end": full(200, `"inputs":["z"],"modulate":{"level_0":`+list(62, `"z"`)+`}`),
		"modulated for nothing": nodes(`{"z":{"kind":"osc"}` + repeated(60, func(i int) string {
			return fmt.Sprintf(`,"m%d":{"kind":"mix","inputs":["z"],"modulate":{"a":"z"`, i) + repeated(127, func(k int) string { return fmt.Sprintf(`,"a%x":"z"`, k) }) + "}}"
		}) + "}"),
		"a full matrix":        `{"sawmill":1,"output":"z","nodes":{"z":{"kind":"osc"}},"matrices":[{` + matrix + `}]}`,
		"matrices of nothing":  `{"sawmill":1,"output":"z","nodes":{"z":{"kind":"osc"}},"matrices":` + list(n, "{}") + `}`,
		"numbers for nodes":    nodes(list(n, "0")),
		"lists for nodes":      nodes(list(n, "[]")),
		"numbers in nodes":     nodes(members("0")),
		"nodes of nothing":     nodes(members("{}")),
		"nodes of one name":    nodes("{" + strings.Repeat(`"":0,`, n) + `"":0}`),
		"nodes":                nodes(members(`{"kind":"osc"}`)),
		"numbers for inputs":   node(`"inputs":` + list(n, "0")),
		"unknown inputs":       node(`"inputs":` + list(n, `"a"`)),
		"inputs of itself":     node(`"inputs":` + list(n, `"z"`)),
		"unknown parameters":   node(`"params":` + members("0")),
		"random parameters":    node(`"params":` + members(`{"uniform":[0,1]}`)),
		"modulations":          node(`"modulate":` + members(`["z"]`)),
		"shared parameters":    `{"sawmill":1,"output":"z","parameters":` + members(`{"uniform":[0,1]}`) + `,"nodes":{"z":{"kind":"osc"}}}`,
		"unknown members":      members("0"),
		"nested":               nodes(list(n/32, strings.Repeat("[", 30)+strings.Repeat("]", 30))),
		"a megabyte of spaces": nodes(strings.Repeat(" ", 1<<20-100) + "0"),
		"too many values":      nodes(list(1<<19-64, "0")),
		"too many in all":      nodes(list(1<<17, "{}")),
	} {
		t.Run(name, func(t *testing.T) {
			n, err := allocated(preset, []byte(text))
			t.Logf("%d bytes, %.1f MB of at most %.1f: %.100s", len(text), float64(n)/1e6, float64(mostAllocated(preset, []byte(text)))/1e6, fmt.Sprint(err))
			checkAllocations(t, preset, []byte(text))
		})
	}
}
