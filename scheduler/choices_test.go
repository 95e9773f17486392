package scheduler

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// TestKernelsKnowTheChoices compares the choices that a kernel's text holds
// with those that its steps may take.
func TestKernelsKnowTheChoices(t *testing.T) {
	const saw, pulse, kaiser = "#define OSC_SHAPE_SAW\n", "#define OSC_SHAPE_PULSE\n", "#define OSC_BAND_LIMIT_KAISER32\n"
	osc := func(id string, params map[string]kpn.Param) kpn.Node {
		return kpn.Node{ID: id, Kind: kpn.KindOsc, Params: params}
	}
	for name, c := range map[string]struct {
		nodes   []kpn.Node
		has, no []string
	}{
		"constants": {
			nodes: []kpn.Node{osc("a", map[string]kpn.Param{"shape": kpn.Const(kpn.OscSaw)}), osc("b", nil)},
			has:   []string{saw, "#define OSC_SHAPE_SINE\n"}, no: []string{pulse, kaiser},
		},
		"drawn for each item": {
			nodes: []kpn.Node{osc("a", map[string]kpn.Param{"shape": {Rate: kpn.PerItem}, "band_limit": {Rate: kpn.PerItem}})},
			has:   []string{saw, pulse, kaiser},
		},
		"a table": {
			nodes: []kpn.Node{osc("a", map[string]kpn.Param{"shape": kpn.Const(kpn.OscPulse), "band_limit": kpn.Const(kpn.BandLimitKaiser)})},
			has:   []string{pulse, kaiser}, no: []string{saw},
		},
	} {
		g := &kpn.Graph{Nodes: c.nodes}
		for i := range c.nodes {
			g.Outputs = append(g.Outputs, c.nodes[i].ID)
		}
		p := lower(t, g)
		a, err := LowerAdjoint(p)
		require.NoError(t, err)
		for _, kernel := range []Kernel{p.Render, a.Reverse} {
			text := kernel.body
			for _, define := range c.has {
				require.Contains(t, text, define, "%s: %s", name, kernel.Name)
			}
			for _, define := range c.no {
				require.NotContains(t, text, define, "%s: %s", name, kernel.Name)
			}
		}
	}
}
