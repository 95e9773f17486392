package kpn_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// Hosts call nodes what they like; the runtime is asked by these names and
// answers by them.
func TestHostsNames(t *testing.T) {
	names := []string{"osc.1", "osc_1", "Gain 2", "2", "österreich", "音", strings.Repeat("x", 100), strings.Repeat("x", 101), "a/b"}
	nodes := []kpn.DescriptorNode{{Name: names[0], Type: "ConstantNode", JSON: []byte(`{"value":0.5}`)}}
	for i, name := range names[1:] {
		nodes = append(nodes, kpn.DescriptorNode{
			Name: name, Type: "GainNode", Inputs: []string{names[i]},
			Params: []kpn.BlobParam{{Name: "gain", Shape: kpn.Shape{B: 1, C: 1, F: 1}, Data: []float64{2}}},
		})
	}
	nodes[2].JSON = []byte(`{"supports_v2":false}`)
	n, err := decoded(t, nodes...).Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	var log bytes.Buffer
	r := started(t, n, kpn.Shape{B: 1, C: 1, F: 4}, kpn.RuntimeOptions{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	got, err := r.Execute(context.Background(), 4, nil)
	require.NoError(t, err)
	require.Equal(t, "a/b", got.Outputs[0].Node)
	require.Equal(t, 128.0, got.Outputs[0].Data[0])

	require.NoError(t, r.SetParam("österreich", "gain", kpn.Number(20)))
	got, err = r.Execute(context.Background(), 4, nil)
	require.NoError(t, err)
	require.Equal(t, 1280.0, got.Outputs[0].Data[3])
	for _, name := range names {
		require.Equal(t, name, describe(t, r, name).Node)
	}
	require.Equal(t, kpn.InvalidArgument, kpn.CodeOf(r.SetParam("osc.2", "gain", kpn.Number(1))))
	require.Equal(t, kpn.ShapeMismatch, kpn.CodeOf(r.SetParam("Gain 2", "gain", frames(kpn.Shape{B: 1, C: 2, F: 1}, 1))))
	require.Equal(t, "Gain 2", entries(t, &log)[0]["node"])

	log.Reset()
	back, err := r.Adjoint(context.Background(), 4, nil, [][]float64{{1, 1, 1, 1}})
	require.NoError(t, err)
	require.Equal(t, []string{"Gain 2"}, back.Without)
	require.Equal(t, "Gain 2", entries(t, &log)[0]["node"])
	require.NotZero(t, back.Params[kpn.ParamRef{Node: "音", Param: "gain"}].Data[0])
	require.Zero(t, back.Params[kpn.ParamRef{Node: "osc.1", Param: "value"}].Data[0])
}

// A parameter may be set by what its type calls it, and what a type stands for
// may not be set.
func TestParametersByTheirTypesNames(t *testing.T) {
	tensor := kpn.BlobParam{Name: "frequency", Shape: kpn.Shape{B: 1, C: 1, F: 16}, Data: frames(kpn.Shape{B: 1, C: 1, F: 16}, 1).Data}
	for i := range tensor.Data {
		tensor.Data[i] = 440 + tensor.Data[i]
	}
	n, err := decoded(t,
		kpn.DescriptorNode{Name: "osc", Type: "OscNode", Params: []kpn.BlobParam{tensor}},
		kpn.DescriptorNode{Name: "sine", Type: "SineOscillatorNode", Inputs: []string{"osc"}},
		kpn.DescriptorNode{Name: "same", Type: "ResamplerNode", Inputs: []string{"sine"}},
	).Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	var log bytes.Buffer
	r := started(t, n, kpn.Shape{B: 1, C: 1, F: 16}, kpn.RuntimeOptions{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	require.NoError(t, r.SetParam("osc", "frequency", &kpn.Values{Shape: tensor.Shape, Data: tensor.Data}))
	require.NoError(t, r.SetParam("osc", "freq", &kpn.Values{Shape: tensor.Shape, Data: tensor.Data}))
	require.Equal(t, kpn.ShapeMismatch, kpn.CodeOf(r.SetParam("osc", "frequency", frames(kpn.Shape{B: 1, C: 1, F: 15}, 1))))
	require.Equal(t, "frequency", entries(t, &log)[0]["parameter"])
	require.ErrorContains(t, r.SetParam("sine", "shape", kpn.Number(1)), "a SineOscillatorNode has no other")
	require.ErrorContains(t, r.SetParam("sine", "waveform", kpn.Number(1)), "a SineOscillatorNode has no other")
	require.ErrorContains(t, r.SetParam("same", "gain", kpn.Number(3)), "has no parameters to set")
	require.NoError(t, r.SetParam("same", kpn.HeatParam, kpn.Number(3)))
}

func TestNamesMustBeOfNodes(t *testing.T) {
	for reason, names := range map[string]map[string]string{
		"the graph has no such node": {"none": "a b"},
		`it is called "b" as`:        {"a": "b"},
		`it is called "x" as "a" is`: {"a": "x", "b": "x"},
	} {
		n := pair()
		n.Names = names
		require.ErrorContains(t, n.Validate(), reason)
	}
	n := pair()
	n.Names = map[string]string{"a": "b", "b": "a"}
	require.NoError(t, n.Validate())
}

// A tensor of one frame can be set at any time, on engines too that compile
// numbers in; what is to be live must exist.
func TestTensorsOfDescriptorsAreLive(t *testing.T) {
	n, err := decoded(t, one("one"), kpn.DescriptorNode{
		Name: "g", Type: "GainNode", Inputs: []string{"one"},
		Params: []kpn.BlobParam{{Name: "gain", Shape: kpn.Shape{B: 1, C: 2, F: 1}, Data: []float64{2, 3}}},
	}).Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	r := started(t, n, kpn.Shape{B: 1, C: 2, F: 4}, kpn.RuntimeOptions{})
	require.Equal(t, []float64{2, 3, 2, 3}, execute(t, r, 2, 1))
	require.NoError(t, r.SetParam("g", "gain", &kpn.Values{Shape: kpn.Shape{B: 1, C: 2, F: 2}, Data: []float64{4, 5, 6, 7}}))
	require.Equal(t, []float64{4, 6, 5, 7}, execute(t, r, 2, 1))
	_, err = kpn.NewRuntime(cpuref.New(), n, kpn.RuntimeOptions{Live: []kpn.ParamRef{{Node: "g", Param: "giain"}}})
	require.ErrorContains(t, err, "live parameter g.giain")
}

// Words for waveforms, rows without a second pair of brackets, and fields that
// a type does not know.
func TestDocumentsOfOtherHosts(t *testing.T) {
	for text, want := range map[string]float64{`{"waveform":"square"}`: 0, `{"waveform":"sawtooth","freq":12000}`: 0.25, `{"waveform":"triangle","freq":12000}`: 0.5} {
		_, got := runs(t, decoded(t, kpn.DescriptorNode{Name: "lfo", Type: "LFONode", JSON: []byte(text)}), kpn.NetworkOptions{}, 1)
		assert.InDelta(t, want, got[0], 1e-12, text)
	}
	_, got := runs(t, decoded(t, kpn.DescriptorNode{Name: "s", Type: "SamplerNode", JSON: []byte(`{"samples":[0.5,1,2,3],"sample_rate":48000}`)}), kpn.NetworkOptions{}, 4)
	assert.InDelta(t, 1, got[2], 1e-12)
	n, _ := runs(t, decoded(t, one("one"), kpn.DescriptorNode{
		Name: "g", Type: "GainNode", Inputs: []string{"one"},
		Modulations: []kpn.BlobModulation{{Source: "one", Param: "warmth", Scale: 1, Channel: -1}, {Source: "one", Param: kpn.HeatParam, Scale: 1, Channel: -1}},
	}), kpn.NetworkOptions{}, 4)
	assert.Equal(t, []string{"g.warmth", "g.thermo.heat"}, n.Unknown)
}

// IDs that were made up are nobody's names.
func TestMadeUpIDsAreNoNames(t *testing.T) {
	for source, nodes := range map[string][]kpn.DescriptorNode{
		"a_b":   {one("a b"), {Name: "g", Type: "GainNode", Inputs: []string{"a_b"}}},
		"g_sum": {one("one"), one("two"), {Name: "g", Type: "GainNode", Inputs: []string{"one", "two"}}, {Name: "h", Type: "GainNode", Inputs: []string{"g_sum"}}},
		"lfo":   {one("one"), {Name: "g", Type: "GainNode", Inputs: []string{"one"}, Modulations: []kpn.BlobModulation{{Source: "lfo", Param: "gain", Scale: 1, Channel: -1}}}},
	} {
		_, err := decoded(t, nodes...).Network(kpn.NetworkOptions{})
		var fault *kpn.GraphError
		require.ErrorAs(t, err, &fault, source)
		assert.Contains(t, fault.Reason, `no such node: got "`+source+`"`)
	}
	n, err := decoded(t, one("a b"), kpn.DescriptorNode{Name: "tone 1", Type: "SineOscillatorNode", Inputs: []string{"a b"}}).Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	r := started(t, n, kpn.Shape{B: 1, C: 2, F: 4}, kpn.RuntimeOptions{})
	require.ErrorContains(t, r.SetParam("tone_1", "phase", kpn.Number(0)), "no such node")
	refuses := func(param string, value float64) {
		t.Helper()
		err := r.SetParam("tone 1", param, kpn.Number(value))
		require.ErrorContains(t, err, `node "tone 1"`)
		require.NotContains(t, err.Error(), "tone_1")
	}
	refuses("freq", -5)
	execute(t, r, 4, 4)
	refuses("advance", 1)
}

// What adds up a node's inputs is no host's node: it has no name, no parameter to
// set and no gradient.
func TestSumsAreNobodysNodes(t *testing.T) {
	n, err := decoded(t, one("one"), one("two"), kpn.DescriptorNode{Name: "g", Type: "GainNode", Inputs: []string{"one", "two"}}).Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	var told []string
	r := started(t, n, kpn.Shape{B: 1, C: 2, F: 4}, kpn.RuntimeOptions{DelayHook: func(d kpn.DelayReport) {
		require.NoError(t, d.Err)
		told = append(told, d.Node)
	}})
	require.ErrorContains(t, r.SetParam("g_sum", "level_0", kpn.Number(0.25)), "allowed: one, two, g")
	_, err = r.DescribeNode("g_sum")
	require.ErrorContains(t, err, "no such node")
	require.Equal(t, []float64{2, 2, 2, 2, 2, 2, 2, 2}, execute(t, r, 4, 4))
	assert.Equal(t, []string{"g"}, told)
	back, err := r.Adjoint(context.Background(), 4, nil, [][]float64{{1, 1, 1, 1, 1, 1, 1, 1}})
	require.NoError(t, err)
	for ref := range back.Params {
		assert.NotEqual(t, "g_sum", ref.Node)
	}
	assert.Equal(t, 16.0, back.Params[kpn.ParamRef{Node: "g", Param: "gain"}].Data[0])
}
