package kpn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// Every spec can be used as it stands: its defaults are in range, its names
// can be told apart, and a graph of one node with its mandatory inputs is
// valid.
func TestCatalogueIsSound(t *testing.T) {
	seen := map[kpn.Kind]bool{}
	for _, spec := range kpn.Catalogue() {
		require.False(t, seen[spec.Kind], "%s is listed twice", spec.Kind)
		seen[spec.Kind] = true
		found, ok := kpn.Lookup(spec.Kind)
		require.True(t, ok)
		require.Same(t, spec, found)
		require.NotEmpty(t, spec.Doc, "%s", spec.Kind)
		require.GreaterOrEqual(t, spec.MaxOversample, 1, "%s", spec.Kind)
		for _, p := range spec.Params {
			require.NotEmpty(t, p.Doc, "%s.%s", spec.Kind, p.Name)
			require.GreaterOrEqual(t, p.Default, p.Min, "%s.%s", spec.Kind, p.Name)
			require.LessOrEqual(t, p.Default, p.Upper(44100), "%s.%s", spec.Kind, p.Name)
			if p.Choices != nil {
				require.EqualValues(t, len(p.Choices)-1, p.Max, "%s.%s", spec.Kind, p.Name)
				require.False(t, p.Differentiable, "%s.%s", spec.Kind, p.Name)
			}
		}
		g := smallest(spec)
		require.NoError(t, g.Validate(), "%s", spec.Kind)
	}
}

// smallest is a graph of the kind and as many constants as it needs inputs.
func smallest(spec *kpn.Spec) *kpn.Graph {
	g := &kpn.Graph{Nodes: []kpn.Node{{ID: "node", Kind: spec.Kind, Table: tableOf(spec)}, {ID: "one", Kind: kpn.KindConstant}}, Outputs: []string{"node"}}
	for _, port := range spec.Inputs {
		names := []string{port.Name}
		if port.Variadic {
			names = []string{port.Name + "_0", port.Name + "_1"}[:max(1, port.Least)]
		}
		for _, name := range names {
			g.Edges = append(g.Edges, kpn.Edge{From: "one", To: "node", Port: name})
		}
	}
	return g
}

func TestOversampleRatios(t *testing.T) {
	for ratio, valid := range map[int]bool{-1: false, 0: true, 1: true, 2: true, 3: false, 64: true, 128: false} {
		g := &kpn.Graph{Nodes: []kpn.Node{{ID: "osc", Kind: kpn.KindOsc, Oversample: ratio}}, Outputs: []string{"osc"}}
		require.Equal(t, valid, g.Validate() == nil, "ratio %d", ratio)
	}
	g := &kpn.Graph{Nodes: []kpn.Node{{ID: "hiss", Kind: kpn.KindNoise, Oversample: 2}}, Outputs: []string{"hiss"}}
	require.Error(t, g.Validate(), "noise does not alias")
}

func TestCyclesAreNamed(t *testing.T) {
	g := &kpn.Graph{
		Nodes: []kpn.Node{{ID: "a", Kind: kpn.KindGain}, {ID: "b", Kind: kpn.KindGain}},
		Edges: []kpn.Edge{{From: "a", To: "b", Port: "in"}, {From: "b", To: "a", Port: "in"}}, Outputs: []string{"a"},
	}
	err := g.Validate()
	require.ErrorIs(t, err, kpn.ErrCycle)
	require.ErrorContains(t, err, "a → b → a")
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{"ocs": "osc", "pules": "pulse", "Trianle": "triangle", "fase": "phase", "frase": "phase", "banana": ""} {
		got, ok := kpn.Nearest(name, []string{"osc", "phase", "pulse", "triangle"})
		require.Equal(t, want, got)
		require.Equal(t, want != "", ok)
	}
}
