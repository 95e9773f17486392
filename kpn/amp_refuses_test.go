package kpn_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/kpn"
)

// What a descriptor says twice, of nothing, or against its type is refused with
// the field's name.
func TestDescriptorsAreTakenAtTheirWord(t *testing.T) {
	number := func(name string) kpn.BlobParam {
		return kpn.BlobParam{Name: name, Shape: kpn.Shape{B: 1, C: 1, F: 1}, Data: []float64{1}}
	}
	for name, c := range map[string]struct {
		node  kpn.DescriptorNode
		field string
	}{
		"null for a number":        {kpn.DescriptorNode{Type: "ConstantNode", JSON: []byte(`{"value":null}`)}, "value"},
		"null in a table":          {kpn.DescriptorNode{Type: "ControllerNode", JSON: []byte(`{"points":[[0,null],[1,1]]}`)}, "points[0][1]"},
		"null for a table":         {kpn.DescriptorNode{Type: "SamplerNode", JSON: []byte(`{"samples":null}`)}, "samples"},
		"a parameter twice":        {kpn.DescriptorNode{Type: "OscNode", JSON: []byte(`{"freq":1,"frequency":2}`)}, "frequency"},
		"a tensor twice":           {kpn.DescriptorNode{Type: "OscNode", Params: []kpn.BlobParam{number("freq"), number("frequency")}}, "frequency"},
		"channels that are none":   {kpn.DescriptorNode{Type: "ConstantNode", JSON: []byte(`{"channels":1.5}`)}, "channels"},
		"channels without end":     {kpn.DescriptorNode{Type: "ConstantNode", JSON: []byte(`{"channels":1e9}`)}, "channels"},
		"heat that is a parameter": {kpn.DescriptorNode{Type: "GainNode", Inputs: []string{"one"}, JSON: []byte(`{"thermo.heat_param":"gain"}`)}, "thermo.heat_param"},
		"another sine":             {kpn.DescriptorNode{Type: "SineOscillatorNode", JSON: []byte(`{"waveform":"saw"}`)}, "waveform"},
	} {
		c.node.Name = "node"
		_, err := decoded(t, one("one"), c.node).Network(kpn.NetworkOptions{})
		var fault *kpn.GraphError
		require.ErrorAs(t, err, &fault, name)
		assert.Equal(t, "node", fault.Node, name)
		assert.Equal(t, c.field, fault.Field, name)
	}
}

// A constant of two channels serves a network of two, one of one all.
func TestConstantsHaveChannels(t *testing.T) {
	for channels, fits := range map[int]bool{1: true, 2: true, 3: false} {
		n, err := decoded(t, kpn.DescriptorNode{Name: "one", Type: "ConstantNode", JSON: []byte(map[int]string{
			1: `{"channels":1}`, 2: `{"channels":2}`, 3: `{"channels":3}`,
		}[channels])}).Network(kpn.NetworkOptions{})
		require.NoError(t, err)
		r, err := kpn.NewRuntime(cpuref.New(), n, kpn.RuntimeOptions{})
		require.NoError(t, err)
		err = r.Configure(1, 2, 8, runtimeRate)
		if fits {
			require.NoError(t, err)
			continue
		}
		var fault *kpn.ShapeError
		require.ErrorAs(t, err, &fault)
		assert.Equal(t, "one", fault.Node)
		assert.Equal(t, "channels", fault.Port)
		assert.Equal(t, kpn.ShapeMismatch, kpn.CodeOf(err))
	}
}

// A heat parameter of another name is heat; the reserved name is another then,
// and is kept and reported.
func TestHeatHasOneName(t *testing.T) {
	number := func(name string, v float64) kpn.BlobParam {
		return kpn.BlobParam{Name: name, Shape: kpn.Shape{B: 1, C: 1, F: 1}, Data: []float64{v}}
	}
	d := decoded(t, one("one"), kpn.DescriptorNode{
		Name: "node", Type: "GainNode", Inputs: []string{"one"}, JSON: []byte(`{"thermo.heat_param":"warmth"}`),
		Params: []kpn.BlobParam{number("warmth", 3), number("thermo.heat", 1)},
	})
	n, err := d.Network(kpn.NetworkOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"node.thermo.heat"}, n.Unknown)
	r := started(t, n, kpn.Shape{B: 1, C: 2, F: 8}, kpn.RuntimeOptions{})
	execute(t, r, 10, 10)
	assert.Equal(t, 30.0, describe(t, r, "node").HeatTotal)
}

// A delay hook is no reason for a network with modulations not to run.
func TestDelaysOfModulatedNodes(t *testing.T) {
	n := pair()
	n.Graph.Nodes = append(n.Graph.Nodes, kpn.Node{ID: "lfo", Kind: kpn.KindLfo})
	n.Graph.Edges = append(n.Graph.Edges, kpn.Edge{From: "lfo", To: "a", Port: "gain", Modulation: &kpn.Modulation{Scale: 0.5, Channel: kpn.AllChannels}})
	n.Facts["a"] = kpn.NodeFacts{DeclaredDelay: 3}
	reports := map[string]kpn.DelayReport{}
	r := started(t, n, kpn.Shape{B: 1, C: 1, F: 8}, kpn.RuntimeOptions{DelayHook: func(d kpn.DelayReport) { reports[d.Node] = d }})
	_, err := r.Execute(context.Background(), 1, map[string][]float64{"p": {0}, "q": {0}})
	require.NoError(t, err)
	assert.Equal(t, kpn.DelayReport{Node: "a", Declared: 3, Measured: 3}, reports["a"])
}

// Live parameters that nothing is bound to have gradients like others.
func TestAdjointOfLiveParameters(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 1, F: 4}
	for name, bind := range map[string]bool{"the graph's own number": false, "a number": true} {
		n := chain(shape)
		ref := kpn.ParamRef{Node: "b", Param: "gain"}
		delete(n.Params, ref)
		r := started(t, n, shape, kpn.RuntimeOptions{Live: []kpn.ParamRef{ref}})
		if bind {
			require.NoError(t, r.SetParam("b", "gain", kpn.Number(1)))
		}
		ones := make([]float64, 5*shape.Rows())
		for i := range ones {
			ones[i] = 1
		}
		got, err := r.Adjoint(context.Background(), 5, nil, [][]float64{ones})
		require.NoError(t, err, name)
		want := 0.0
		for f := range 5 {
			for b := range shape.B {
				want += 0.7 * n.Params[kpn.ParamRef{Node: "a", Param: "gain"}].At(b, 0, f%4) * n.Params[kpn.ParamRef{Node: "c", Param: "gain"}].At(b, 0, f%4)
			}
		}
		require.Len(t, got.Params[ref].Data, 1, name)
		assert.InDelta(t, want, got.Params[ref].Data[0], 1e-5, name)
	}
}

// Sizes are bounded before anything is allocated: blocks and windows of
// parameters, and what declared delays hold.
func TestRuntimeBoundsItsMemory(t *testing.T) {
	shape := kpn.Shape{B: 2, C: 2, F: 64}
	r := started(t, chain(shape), shape, kpn.RuntimeOptions{})
	var job *kpn.JobError
	_, err := r.Execute(context.Background(), kpn.MaxFrames, nil)
	require.ErrorAs(t, err, &job)
	_, err = r.Adjoint(context.Background(), kpn.MaxFrames, nil, nil)
	require.ErrorAs(t, err, &job)
	execute(t, r, 10, 10)

	n := pair()
	n.Graph.Outputs = []string{"b"}
	last := "b"
	for i := range 300 {
		id := fmt.Sprint("slow", i)
		n.Graph.Nodes = append(n.Graph.Nodes, kpn.Node{ID: id, Kind: kpn.KindGain})
		n.Graph.Edges = append(n.Graph.Edges, kpn.Edge{From: last, To: id, Port: "in"})
		n.Facts[id] = kpn.NodeFacts{DeclaredDelay: kpn.MaxEdgeDelay}
		last = id
	}
	n.Graph.Outputs = []string{last}
	slow := started(t, n, kpn.Shape{B: 64, C: 2, F: 1}, kpn.RuntimeOptions{})
	silence := map[string][]float64{"p": make([]float64, 128), "q": make([]float64, 128)}
	for range 2 {
		_, err = slow.Execute(context.Background(), 1, silence)
		require.ErrorAs(t, err, &job)
		assert.Contains(t, err.Error(), "delay")
	}
}
