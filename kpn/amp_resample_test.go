package kpn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// A resampler that changes nothing passes its input, and any other is refused
// with the field that asks for it.
func TestResamplers(t *testing.T) {
	for name, c := range map[string]struct{ document, field string }{
		"nothing said":         {`{}`, ""},
		"a ratio of 1":         {`{"ratio":1}`, ""},
		"equal rates":          {`{"source_rate":44100,"target_rate":44100}`, ""},
		"one rate":             {`{"output_rate":96000}`, ""},
		"a ratio":              {`{"ratio":2}`, "ratio"},
		"other rates":          {`{"source_rate":44100,"target_rate":48000}`, "target_rate"},
		"other rates yet":      {`{"input_rate":48000,"output_rate":44100}`, "output_rate"},
		"no rate":              {`{"source_rate":0}`, "source_rate"},
		"a word":               {`{"ratio":"twice"}`, "ratio"},
		"a gain is not its":    {`{"gain":3}`, ""},
		"rates and a ratio of": {`{"ratio":0.5,"source_rate":2,"target_rate":1}`, "ratio"},
	} {
		d := decoded(t, one("one"), kpn.DescriptorNode{
			Name: "node", Type: "ResamplerNode", Inputs: []string{"one"}, JSON: []byte(c.document),
			Modulations: []kpn.BlobModulation{{Source: "one", Param: "gain", Scale: 7, Channel: -1}},
			Params:      []kpn.BlobParam{{Name: "gain", Shape: kpn.Shape{B: 1, C: 1, F: 1}, Data: []float64{5}}},
		})
		if c.field != "" {
			_, err := d.Network(kpn.NetworkOptions{})
			var fault *kpn.GraphError
			require.ErrorAs(t, err, &fault, name)
			assert.Equal(t, c.field, fault.Field, name)
			continue
		}
		n, got := runs(t, d, kpn.NetworkOptions{}, 4)
		assert.Equal(t, []float64{1, 1, 1, 1, 1, 1, 1, 1}, got, name)
		assert.Contains(t, n.Unknown, "node.gain", name)
	}
}
