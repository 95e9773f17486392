package kpn_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// graphText is a document with all that there is, and fields of a newer version
// at every place.
const graphText = `{
  "descriptor_version": 3,
  "nodes": [
    {"name": "one", "type": "ConstantNode", "params": {"value": 1}, "colour": "red"},
    {"name": "two", "type": "ConstantNode", "type_id": 0, "params": {"value": 2}},
    {"name": "out", "type": "GainNode", "inputs": ["one", "two"],
     "modulations": [{"source": "one", "param": "gain", "mode": "multiply", "scale": 0.5, "channel": 1, "curve": [1, 2]}],
     "tensors": [{"name": "gain", "shape": [1, 2, 1], "data": [0.5, 0.25], "unit": "dB"}],
     "buffers": [[1, 2, 64]],
     "params": {"declared_delay": 3}}
  ],
  "edges": [
    {"from": "one", "to": "out", "delay_frames": 7, "synchrony_gates": ["beat"], "jitter": 0.1},
    {"from": "one", "to": "out", "param": "gain", "delay_frames": 1}
  ],
  "author": {"name": "nobody"}
}`

func TestGraphDocuments(t *testing.T) {
	d, err := kpn.ReadGraph([]byte(graphText))
	require.NoError(t, err)
	assert.Equal(t, 3, d.Version)
	unknown := []string{"author", "edges[0].jitter", "nodes[0].colour", "nodes[2].modulations[0].curve", "nodes[2].tensors[0].unit"}
	assert.Equal(t, unknown, d.UnknownPaths())
	assert.Equal(t, kpn.DocumentEdge{From: "one", To: "out", DelayFrames: 7, Gates: []string{"beat"}}, d.Edges[0])

	text, err := d.JSON()
	require.NoError(t, err)
	again, err := kpn.ReadGraph(text)
	require.NoError(t, err)
	assert.Equal(t, d, again, "nothing is dropped")
	blob, err := d.Descriptor().Encode()
	require.NoError(t, err)
	decoded, err := kpn.DecodeDescriptor(blob)
	require.NoError(t, err)
	for i := range decoded.Nodes {
		// A document may be spaced as it likes.
		assert.JSONEq(t, string(d.Nodes[i].JSON), string(decoded.Nodes[i].JSON))
	}
	assert.Equal(t, d.Nodes[2].Params, decoded.Nodes[2].Params)

	n, err := d.Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	assert.Equal(t, unknown, n.Unknown)
	require.Len(t, n.Gates, 1)
	r := started(t, n, kpn.Shape{B: 1, C: 2, F: 8}, kpn.RuntimeOptions{})
	got := execute(t, r, 20, 20)
	// Seven frames until the slow input is there, three that the node declares.
	// The constant before its first frame is silence on the delayed edge, and the
	// modulation is a frame old.
	assert.Equal(t, make([]float64, 2*10), got[:2*10])
	assert.Equal(t, 10, describe(t, r, "out").Readiness.Visible)
	last := got[2*19:]
	assert.InDelta(t, 1.5, last[0], 1e-12, "(1 + 2) · 0.5")
	assert.InDelta(t, 0.375, last[1], 1e-12, "(1 + 2) · 0.25 · 0.5")
}

// The version is 2 as soon as a node or an edge needs it, and left out before.
func TestGraphDocumentsHaveAVersion(t *testing.T) {
	for text, want := range map[string]any{
		`{"nodes":[{"name":"a","type":"LFONode"}]}`:                                                                               nil,
		`{"descriptor_version":1,"nodes":[{"name":"a","type":"LFONode","params":{"freq":3}}]}`:                                    nil,
		`{"nodes":[{"name":"a","type":"OscNode","params":{"oversample_ratio":4}}]}`:                                               2.0,
		`{"nodes":[{"name":"a","type":"OscNode","params":{"declared_delay":4}}]}`:                                                 2.0,
		`{"nodes":[{"name":"a","type":"OscNode","params":{"supports_v2":true}}]}`:                                                 2.0,
		`{"nodes":[{"name":"a","type":"OscNode","params":{"thermo.heat_param":"h"}}]}`:                                            2.0,
		`{"nodes":[{"name":"a","type":"OscNode"},{"name":"b","type":"GainNode","inputs":["a"]}],"edges":[{"from":"a","to":"b"}]}`: 2.0,
		`{"descriptor_version":2,"nodes":[{"name":"a","type":"LFONode"}]}`:                                                        2.0,
		`{"descriptor_version":9,"nodes":[{"name":"a","type":"LFONode"}]}`:                                                        9.0,
	} {
		d, err := kpn.ReadGraph([]byte(text))
		require.NoError(t, err, text)
		out, err := d.JSON()
		require.NoError(t, err, text)
		var all map[string]any
		require.NoError(t, json.Unmarshal(out, &all))
		assert.Equal(t, want, all["descriptor_version"], text)
		_, err = d.Network(kpn.NetworkOptions{})
		require.NoError(t, err, text)
	}
}

func TestGraphDocumentsAreChecked(t *testing.T) {
	for name, c := range map[string]struct{ old, new, field string }{
		"no JSON":             {`"author"`, `author`, "byte"},
		"no object":           {graphText, `[]`, "byte"},
		"version 0":           {`"descriptor_version": 3`, `"descriptor_version": 0`, "descriptor_version"},
		"half a version":      {`"descriptor_version": 3`, `"descriptor_version": 1.5`, "descriptor_version"},
		"a field twice":       {`"author"`, `"nodes"`, "nodes"},
		"a word for a node":   {`"nodes": [`, `"nodes": ["one",`, "nodes[0]"},
		"null for nodes":      {`"edges": [`, `"edges": null, "was": [`, "edges"},
		"null in a tensor":    {`[0.5, 0.25]`, `[0.5, null]`, "nodes[2].tensors[0].data[1]"},
		"another mode":        {`"multiply"`, `"divide"`, "nodes[2].modulations[0].mode"},
		"no such node":        {`"to": "out", "delay_frames": 7`, `"to": "uot", "delay_frames": 7`, "edges[0].to"},
		"no such input":       {`{"from": "one", "to": "out", "delay_frames"`, `{"from": "out", "to": "out", "delay_frames"`, "edges[0].from"},
		"no such modulation":  {`"param": "gain", "delay_frames"`, `"param": "gian", "delay_frames"`, "edges[1].param"},
		"a delay backwards":   {`"delay_frames": 7`, `"delay_frames": -7`, "edges[0].delay_frames"},
		"a delay without end": {`"delay_frames": 7`, `"delay_frames": 1e15`, "edges[0].delay_frames"},
		"half a frame":        {`"delay_frames": 7`, `"delay_frames": 7.5`, "edges[0].delay_frames"},
		"a shape of four":     {`"shape": [1, 2, 1]`, `"shape": [1, 2, 1, 7]`, "nodes[2].tensors[0].shape"},
		"a shape with a null": {`"shape": [1, 2, 1]`, `"shape": [1, 2, null]`, "nodes[2].tensors[0].shape[2]"},
		"a nameless gate":     {`"beat"`, `""`, "edges[0].synchrony_gates"},
		"an edge twice":       {`"param": "gain", "delay_frames"`, `"delay_frames"`, "edges[1].from"},
		"null for an input":   {`["one", "two"]`, `["one", null]`, "nodes[2].inputs[1]"},
		"no text for a name":  {`"two", "type"`, `2, "type"`, "nodes[1].name"},
		"no name":             {`"name": "two", `, ``, "nodes[1].name"},
		"no type":             {`"type": "GainNode", `, ``, "nodes[2].type"},
		"no source":           {`"source": "one", `, ``, "nodes[2].modulations[0].source"},
		"half a channel":      {`"channel": 1`, `"channel": 0.5`, "nodes[2].modulations[0].channel"},
		"a scale too large":   {`"scale": 0.5`, `"scale": 1e39`, "nodes[2].modulations[0].scale"},
		"a tensor of nothing": {`"data": [0.5, 0.25], `, ``, "nodes[2].tensors[0].data"},
		"an edge to nowhere":  {`"to": "out", "delay_frames": 7`, `"delay_frames": 7`, "edges[0].to"},
		"too many inputs":     {`["one", "two"]`, `[` + strings.Repeat(`"one",`, kpn.MaxNodes) + `"two"]`, "nodes[2].inputs"},
		"deep":                {`{"name": "nobody"}`, strings.Repeat("[", 100) + strings.Repeat("]", 100), "byte"},
	} {
		require.Contains(t, graphText, c.old, name)
		_, err := kpn.ReadGraph([]byte(strings.Replace(graphText, c.old, c.new, 1)))
		var fault *kpn.GraphError
		require.ErrorAs(t, err, &fault, name)
		assert.True(t, strings.HasPrefix(fault.Field, c.field), "%s: %s", name, fault.Field)
	}
	// What no blob can hold either has the blob's error.
	for name, text := range map[string]string{
		"one name for two":       `{"nodes":[{"name":"a","type":"LFONode"},{"name":"a","type":"LFONode"}]}`,
		"an empty name":          `{"nodes":[{"name":"","type":"LFONode"}]}`,
		"more shape than values": `{"nodes":[{"name":"a","type":"LFONode","tensors":[{"name":"t","shape":[4294967295,4294967295,4294967295],"data":[1]}]}]}`,
		"a ratio of 3":           `{"nodes":[{"name":"a","type":"LFONode","params":{"oversample_ratio":3}}]}`,
	} {
		_, err := kpn.ReadGraph([]byte(text))
		var fault *kpn.BlobError
		require.ErrorAs(t, err, &fault, name)
	}
}

func FuzzReadGraph(f *testing.F) {
	f.Add([]byte(graphText))
	f.Add([]byte(`{"nodes":[{"name":"a","type":"LFONode","params":{"\u0061":1}}],"\ud800":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		checkAllocations(t, document, text)
		d, err := kpn.ReadGraph(text)
		if err != nil {
			return
		}
		out, err := d.JSON()
		require.NoError(t, err)
		again, err := kpn.ReadGraph(out)
		require.NoError(t, err)
		twice, err := again.JSON()
		require.NoError(t, err)
		require.Equal(t, string(out), string(twice))
	})
}

// The examples on the contract's page are what they say.
func TestContractPageExamples(t *testing.T) {
	page, err := os.ReadFile("../docs/kpn_contract.md")
	require.NoError(t, err)
	found := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(page, -1)
	require.Len(t, found, 2, "the node's document, and the graph's")
	d := decoded(t, one("one"), kpn.DescriptorNode{Name: "node", Type: "GainNode", Inputs: []string{"one"}, JSON: found[0][1]})
	meta, err := d.Nodes[1].Metadata()
	require.NoError(t, err)
	assert.Equal(t, uint32(4), meta.OversampleRatio)
	assert.Equal(t, uint32(128), meta.DeclaredDelay)
	assert.Equal(t, "thermo.heat", meta.HeatParam)
	assert.Empty(t, meta.Unknown("gain"))

	g, err := kpn.ReadGraph(found[1][1])
	require.NoError(t, err)
	assert.Empty(t, g.UnknownPaths())
	n, err := g.Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	assert.Empty(t, n.Unknown)
	r := started(t, n, kpn.Shape{B: 1, C: 2, F: 64}, kpn.RuntimeOptions{})
	for _, x := range execute(t, r, 256, 64) {
		require.LessOrEqual(t, x, 1.0)
	}
}
