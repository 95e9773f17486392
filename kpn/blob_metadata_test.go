package kpn_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sawmill/kpn"
)

func metadata(doc string) (kpn.Metadata, error) {
	n := kpn.DescriptorNode{Name: "osc", JSON: json.RawMessage(doc)}
	return n.Metadata()
}

func TestMetadata(t *testing.T) {
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	for doc, want := range map[string]kpn.Metadata{
		"":                           {},
		" { } ":                      {},
		`{"oversample_ratio": 4.0}`:  {OversampleRatio: 4},
		`{"oversample_ratio":1}`:     {OversampleRatio: 1},
		`{"declared_delay":1.28e2}`:  {DeclaredDelay: 128},
		`{"supports_v2":true}`:       {},
		`{"supports_v2" : false}`:    {V1Only: true},
		`{"\u0073upports_v2":false}`: {V1Only: true},
		`{"thermo.heat_param":"thermo.\u0068eat","Declared_Delay":[1, "]},", {"a":{}}] , "waveform" :"\"" }`: {
			HeatParam: "thermo.heat",
			Fields:    []kpn.MetadataField{{Name: "Declared_Delay", Value: raw(`[1, "]},", {"a":{}}]`)}, {Name: "waveform", Value: raw(`"\""`)}},
		},
		`{"\ud83d\ude00\ud83d-\ude00\ud83d\u0041":1,"\ud83d\ude00":2}`: {
			Fields: []kpn.MetadataField{{Name: "😀\ufffd-\ufffd\ufffdA", Value: raw("1")}, {Name: "😀", Value: raw("2")}},
		},
		`{"thermo":{"heat_param":"h"}}`: {Fields: []kpn.MetadataField{{Name: "thermo", Value: raw(`{"heat_param":"h"}`)}}},
	} {
		got, err := metadata(doc)
		require.NoError(t, err, doc)
		assert.Equal(t, want, got, doc)
	}
}

func TestMetadataDefaults(t *testing.T) {
	m, err := metadata("")
	require.NoError(t, err)
	assert.Equal(t, uint32(1), m.Ratio())
	m, err = metadata(`{"future":1,"oversample_ratio":8,"value":2}`)
	require.NoError(t, err)
	assert.Equal(t, uint32(8), m.Ratio())
	assert.Equal(t, []string{"future"}, m.Unknown("value", "channels"))
}

func TestMetadataFaults(t *testing.T) {
	for doc, want := range map[string]blobFault{
		`{"oversample_ratio":3}`:        {"", 20, "osc", "oversample_ratio", "3 is no power of two"},
		`{"oversample_ratio":0}`:        {"", 20, "osc", "oversample_ratio", "0 is no power of two"},
		`{"oversample_ratio":-4}`:       {"", 20, "osc", "oversample_ratio", `"-4" is no whole number`},
		`{"oversample_ratio":"4"}`:      {"", 20, "osc", "oversample_ratio", "whole"},
		`{"oversample_ratio":null}`:     {"", 20, "osc", "oversample_ratio", "whole"},
		`{"declared_delay": 0.5}`:       {"", 19, "osc", "declared_delay", "whole"},
		`{"declared_delay":4294967296}`: {"", 18, "osc", "declared_delay", "4294967295"},
		`{"declared_delay":1e999}`:      {"", 18, "osc", "declared_delay", "whole"},
		`{"supports_v2":1}`:             {"", 15, "osc", "supports_v2", "neither true nor false"},
		`{"thermo.heat_param":[]}`:      {"", 21, "osc", "thermo.heat_param", "no string"},
		`{"thermo.heat_param":""}`:      {"", 21, "osc", "thermo.heat_param", "empty"},
		`{"a":1,"\u0061":2}`:            {"", 0, "osc", "JSON", `"a" is there twice`},
		`[]`:                            {"", 0, "osc", "JSON", "not an object"},
		` null`:                         {"", 1, "osc", "JSON", "not an object"},
		`{"a":1,}`:                      {"", 7, "osc", "JSON", "invalid character"},
		`{"a":"`:                        {"", 5, "osc", "JSON", "unexpected end"},
		"{\"a\":\"\xff\"}":              {"", 0, "osc", "JSON", "UTF-8"},
		strings.Repeat(`[`, 1000):       {"", 64, "osc", "JSON", "deeper than 64"},
		`{"supports_v2":true} {}`:       {"", 21, "osc", "JSON", "invalid character"},
		`{"supports_v2":"a\u00e4\"}`:    {"", 25, "osc", "JSON", "unexpected end"},
	} {
		_, err := metadata(doc)
		t.Run(doc, func(t *testing.T) { want.check(t, err) })
	}
}

// A document that is written is read as what it was written from.
func TestMetadataJSON(t *testing.T) {
	m := kpn.Metadata{
		OversampleRatio: 4, DeclaredDelay: 128, V1Only: true, HeatParam: "thermo.<heat>\u2028",
		Fields: []kpn.MetadataField{{Name: "channels", Value: json.RawMessage("2")}, {Name: "", Value: json.RawMessage(`{"a":[]}`)}},
	}
	doc, err := m.JSON()
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(doc), `{"oversample_ratio":4,"declared_delay":128,"supports_v2":false,"thermo.heat_param":`), string(doc))
	got, err := metadata(string(doc))
	require.NoError(t, err)
	assert.Equal(t, m, got)
	doc, err = (&kpn.Metadata{OversampleRatio: 1}).JSON()
	require.NoError(t, err)
	assert.Equal(t, `{}`, string(doc))

	for want, m := range map[string]kpn.Metadata{
		"power of two": {OversampleRatio: 6},
		"UTF-8":        {HeatParam: "\xff"},
		"name is not":  {Fields: []kpn.MetadataField{{Name: "\xff", Value: json.RawMessage("1")}}},
		"set it there": {Fields: []kpn.MetadataField{{Name: "supports_v2", Value: json.RawMessage("true")}}},
		"is not JSON":  {Fields: []kpn.MetadataField{{Name: "a", Value: json.RawMessage("1}")}}},
		"twice":        {Fields: []kpn.MetadataField{{Name: "a", Value: json.RawMessage("1")}, {Name: "a", Value: json.RawMessage("1")}}},
	} {
		_, err := m.JSON()
		assert.Contains(t, blobError(t, err).Reason, want)
	}
}

// Fields are what the JSON package finds: names with any escape, values with
// any nesting.
func TestMetadataFieldsAgreeWithJSON(t *testing.T) {
	escapes := []string{`a`, `é`, `\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t`, `\u00E9`, `\ud83d`, `\ude00`, `\ud83d\ude00`, `\uFFFD`, `\u0000`, `}`, `,`, ` `}
	values := []string{`1`, `-0.5e3`, `"x"`, `null`, `[]`, `[[],{"a":"]"}]`, `{"\"}":[1,{}]}`}
	rapid.Check(t, func(t *rapid.T) {
		name := strings.Join(rapid.SliceOfN(rapid.SampledFrom(escapes), 0, 6).Draw(t, "name"), "")
		value := rapid.SampledFrom(values).Draw(t, "value")
		space := rapid.SampledFrom([]string{"", " ", "\n\t\r"}).Draw(t, "space")
		doc := strings.Join([]string{"", "{", `"` + name + `"`, ":", value, ",", `"last one"`, ":", value, "}", ""}, space)
		compareJSON(t, doc)
	})
}

// compareJSON holds that a document's fields are those that the JSON package
// finds. It says nothing of documents that are refused.
func compareJSON(t require.TestingT, doc string) {
	m, err := metadata(doc)
	if err != nil {
		return
	}
	want := map[string]json.RawMessage{}
	if doc != "" {
		require.NoError(t, json.Unmarshal([]byte(doc), &want))
	}
	delete(want, "thermo.heat_param")
	delete(want, "oversample_ratio")
	delete(want, "declared_delay")
	delete(want, "supports_v2")
	require.Len(t, m.Fields, len(want))
	for _, f := range m.Fields {
		require.Equal(t, string(want[f.Name]), string(f.Value), "field %q", f.Name)
	}
}

func TestMetadataLimits(t *testing.T) {
	m, err := metadata(`{"declared_delay":4294967295,"oversample_ratio":2147483648}`)
	require.NoError(t, err)
	assert.Equal(t, kpn.Metadata{DeclaredDelay: math.MaxUint32, OversampleRatio: 1 << 31}, m)
}
