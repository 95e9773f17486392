package kpn_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// decoded is a descriptor that has gone through its blob.
func decoded(t *testing.T, nodes ...kpn.DescriptorNode) *kpn.Descriptor {
	t.Helper()
	for i := range nodes {
		nodes[i].TypeID = kpn.TypeID(nodes[i].Type)
	}
	blob, err := (&kpn.Descriptor{Nodes: nodes}).Encode()
	require.NoError(t, err)
	d, err := kpn.DecodeDescriptor(blob)
	require.NoError(t, err)
	return d
}

// runs executes a descriptor's network and gives its output, frame by frame.
func runs(t *testing.T, d *kpn.Descriptor, o kpn.NetworkOptions, frames int) (*kpn.Network, []float64) {
	t.Helper()
	n, err := d.Network(o)
	require.NoError(t, err)
	r := started(t, n, kpn.Shape{B: 1, C: 2, F: frames}, kpn.RuntimeOptions{})
	return n, execute(t, r, frames, frames)
}

func one(name string) kpn.DescriptorNode {
	return kpn.DescriptorNode{Name: name, Type: "ConstantNode", JSON: []byte(`{"value":1,"channels":2}`)}
}

// Every type of the contract runs.
func TestTypesRun(t *testing.T) {
	takes := map[string]bool{"GainNode": true, "MixNode": true, "SafetyNode": true, "ParametricDriverNode": true, "PitchQuantizerNode": true, "OscillatorPitchNode": true, "SubharmonicLowLifterNode": true, "ResamplerNode": true}
	documents := map[string]string{
		"ConstantNode":             `{"value":0.5,"channels":2}`,
		"SubharmonicLowLifterNode": `{"cutoff":90,"level":0.7}`,
		"ResamplerNode":            `{"ratio":1,"source_rate":48000,"target_rate":48000}`,
		"SamplerNode":              `{"samples":[[1,2,3,4,5,6,7,8]],"mode":"loop","sample_rate":48000}`,
	}
	require.Len(t, kpn.TypeNames(), 15)
	for _, name := range kpn.TypeNames() {
		node := kpn.DescriptorNode{Name: "node", Type: name, JSON: []byte(documents[name])}
		if takes[name] {
			node.Inputs = []string{"one"}
		}
		d := decoded(t, one("one"), node)
		n, got := runs(t, d, kpn.NetworkOptions{}, 50)
		assert.Empty(t, n.Unknown, name)
		for _, x := range got {
			require.False(t, math.IsNaN(x), name)
		}
	}
}

func TestTypesOfTheCaller(t *testing.T) {
	kind := &kpn.CustomKind{
		Spec: kpn.Spec{Kind: "crossfeed", Inputs: []kpn.Port{{Name: "in", Least: 1}}, Params: []kpn.Parameter{{Name: "amount", Max: 1}}},
		New:  func(*kpn.Node) (kpn.NodeV2, error) { return crossfeed{}, nil },
	}
	d := decoded(t, one("one"), kpn.DescriptorNode{
		Name: "node", Type: "ResamplerNode", Inputs: []string{"one"}, JSON: []byte(`{"amount":0.5,"declared_delay":3}`),
	})
	n, got := runs(t, d, kpn.NetworkOptions{Types: map[string]*kpn.CustomKind{"ResamplerNode": kind}}, 8)
	assert.Equal(t, []float64{0, 0, 0, 0, 0, 0, 1.5, 1.5}, got[:8], "three frames are not visible")
	node, _ := n.Graph.Node("node")
	assert.Equal(t, 3, node.Delay)

	_, err := decoded(t, kpn.DescriptorNode{Name: "node", Type: "GianNode"}).Network(kpn.NetworkOptions{})
	var fault *kpn.TypeError
	require.ErrorAs(t, err, &fault)
	assert.Contains(t, fault.Error(), `did you mean "GainNode"?`)
}

func TestDescriptorNetwork(t *testing.T) {
	d := decoded(
		t, kpn.DescriptorNode{
			Name: "out", Type: "GainNode", Inputs: []string{"one", "two"},
			Params: []kpn.BlobParam{
				{Name: "gain", Shape: kpn.Shape{B: 1, C: 2, F: 2}, Data: []float64{0.1, 0.2, 0.3, 0.4}},
				{Name: "color", Shape: kpn.Shape{B: 1, C: 1, F: 1}, Data: []float64{7}},
				{Name: "thermo.heat", Shape: kpn.Shape{B: 1, C: 1, F: 1}, Data: []float64{2}},
			},
			Modulations: []kpn.BlobModulation{{Source: "two", Param: "gain", Mode: kpn.ModulationMultiply, Scale: 0.5, Channel: 1}},
			JSON:        []byte(`{"oversample_ratio":4,"declared_delay":128,"thermo.heat_param":"thermo.heat","future":[1]}`),
		},
		one("one"), kpn.DescriptorNode{Name: "two", Type: "ConstantNode", JSON: []byte(`{"value":3}`)},
	)
	plan := &kpn.Plan{Version: kpn.PlanV2, Nodes: []kpn.PlanNode{
		{Name: "out", FunctionID: 2, DeclaredDelay: 5},
		{Name: "one", FunctionID: 1},
		{Name: "two", FunctionID: 0},
	}}
	n, got := runs(t, d, kpn.NetworkOptions{Plan: plan}, 9)
	assert.Equal(t, []string{"out"}, n.Graph.Outputs)
	assert.Equal(t, []string{"out.future", "out.oversample_ratio", "out.color"}, n.Unknown)
	assert.Equal(t, 5, n.Facts["out"].DeclaredDelay)
	assert.Equal(t, 4, n.Facts["out"].OversampleRatio)
	// (1 + 3) × gain, on channel 1 × 0.5·3 besides, five frames late.
	for i, want := range []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.4, 1.8, 0.8, 2.4, 0.4, 1.8, 0.8, 2.4} {
		assert.InDelta(t, want, got[i], 1e-12, i)
	}
}

func TestOscillatorsAreFed(t *testing.T) {
	// Note 57, an octave below 440 Hz.
	d := decoded(
		t, kpn.DescriptorNode{Name: "note", Type: "ConstantNode", JSON: []byte(`{"value":57.4}`)},
		kpn.DescriptorNode{Name: "quantize", Type: "PitchQuantizerNode", Inputs: []string{"note"}},
		kpn.DescriptorNode{Name: "pitch", Type: "OscillatorPitchNode", Inputs: []string{"quantize"}},
		kpn.DescriptorNode{Name: "osc", Type: "SineOscillatorNode", Inputs: []string{"pitch"}},
	)
	_, got := runs(t, d, kpn.NetworkOptions{}, 100)
	for f := range 100 {
		require.InDelta(t, math.Sin(2*math.Pi*220*float64(f)/runtimeRate), got[2*f], 1e-9)
	}
}

func TestControllersFollowTheHistory(t *testing.T) {
	d := decoded(
		t, kpn.DescriptorNode{Name: "gate", Type: "ControllerNode"},
		kpn.DescriptorNode{Name: "wheel", Type: "ControllerNode", JSON: []byte(`{"key":"modulation"}`)},
		kpn.DescriptorNode{Name: "drawn", Type: "ControllerNode", JSON: []byte(`{"points":[[0,1],[1,1]]}`)},
		kpn.DescriptorNode{Name: "out", Type: "MixNode", Inputs: []string{"gate", "wheel", "drawn"}},
	)
	at := func(frame int) float64 { return float64(frame) / runtimeRate }
	history := &kpn.History{Keys: []string{"gate", "modulation"}, Events: []kpn.Event{
		{Time: at(20), Values: [][]float64{{0.5}, nil}},
		{Time: at(10), Values: [][]float64{{7}, {100, 200}}},
		{Time: at(10), Values: [][]float64{{2}, nil}},
	}}
	blob, err := history.Encode()
	require.NoError(t, err)
	history, err = kpn.DecodeHistory(blob)
	require.NoError(t, err)
	n, err := d.Network(kpn.NetworkOptions{History: history})
	require.NoError(t, err)
	for _, length := range []int{40, 7, 1} {
		r := started(t, n, kpn.Shape{B: 1, C: 2, F: 16}, kpn.RuntimeOptions{})
		got := execute(t, r, 40, length)
		for f := range 40 {
			for c, more := range []float64{100, 200} {
				want := 1.0
				for _, key := range history.Keys {
					// What Sample finds, which looks at every event.
					values, ok := history.Sample(key, at(f))
					if ok && key == "gate" {
						want += values[0]
					} else if ok {
						want += more
					}
				}
				require.Equal(t, want, got[2*f+c], "frame %d, channel %d", f, c)
			}
		}
		require.Equal(t, 1.0, got[2*9])
		require.Equal(t, 103.0, got[2*10])
		// A longer history goes on from here.
		r.SetHistory(&kpn.History{Keys: []string{"gate"}, Events: []kpn.Event{{Time: at(41), Values: [][]float64{{5}}}}})
		require.Equal(t, []float64{1, 1, 6, 6}, execute(t, r, 2, 2))
		_, err := r.Execute(context.Background(), 1, map[string][]float64{"gate": {0, 0}})
		var job *kpn.JobError
		require.ErrorAs(t, err, &job)
	}
}

func TestDescriptorDocumentsAreChecked(t *testing.T) {
	for name, node := range map[string]kpn.DescriptorNode{
		"a word for a number": {Name: "node", Type: "ConstantNode", JSON: []byte(`{"value":"much"}`)},
		"no such waveform":    {Name: "node", Type: "OscNode", JSON: []byte(`{"waveform":"sqare"}`)},
		"ragged points":       {Name: "node", Type: "ControllerNode", JSON: []byte(`{"points":[[0,1],[1]]}`)},
		"falling points":      {Name: "node", Type: "ControllerNode", JSON: []byte(`{"points":[[1,1],[0,1]]}`)},
		"no source":           {Name: "node", Type: "GainNode", Inputs: []string{"none"}},
		"too many inputs":     {Name: "node", Type: "LFONode", Inputs: []string{"one"}},
		"no such LFO":         {Name: "node", Type: "LFONode", JSON: []byte(`{"waveform":"noise"}`)},
		"two waveforms":       {Name: "no de", Type: "LFONode", JSON: []byte(`{"tri":1,"waveform":"saw"}`)},
	} {
		_, err := decoded(t, one("one"), node).Network(kpn.NetworkOptions{})
		var fault *kpn.GraphError
		require.ErrorAs(t, err, &fault, name)
		assert.Equal(t, node.Name, fault.Node, name)
	}
}
