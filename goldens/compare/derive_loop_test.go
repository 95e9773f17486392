package compare_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// comb feeds an input and its own output, delayed and amplified, to a mix.
func comb(gain float64, delay, frames int) (*kpn.Graph, *kpn.Job) {
	g := only(
		kpn.Node{ID: "in", Kind: kpn.KindInput},
		kpn.Node{ID: "back", Kind: kpn.KindGain, Params: map[string]kpn.Param{"gain": kpn.Const(gain)}},
		kpn.Node{ID: "sum", Kind: kpn.KindMix},
	)
	g.Edges = []kpn.Edge{
		{From: "in", To: "sum", Port: "in_0"},
		{From: "back", To: "sum", Port: "in_1"},
		{From: "sum", To: "back", Port: "in", DelayFrames: delay},
	}
	return g, inputJob(frames)
}

// TestLoopsAreFollowed: once around for each delay, until the end or until
// nothing changes.
func TestLoopsAreFollowed(t *testing.T) {
	g, j := comb(0.5, 10, 10000)
	assert.Contains(t, derive(t, g, j, nil).Reason, "at most 2")
	// An integrator of steps of 100 frames grows with the job; a loop that the
	// job is too short for does nothing.
	g, j = comb(1, 100, 1000)
	once := derive(t, g, j, nil)
	assert.Contains(t, once.Reason, "at most 1")
	g, j = comb(1, 100, 10000)
	// Each time around adds the roundings of a sum that has grown.
	assert.InEpsilon(t, 100, derive(t, g, j, nil).MaxAbs/once.MaxAbs, 0.4)
	g, j = comb(1, 2000, 1000)
	assert.Less(t, derive(t, g, j, nil).MaxAbs, once.MaxAbs)
	for gain, delay := range map[float64]int{1: 1, 2: 100} {
		g, j = comb(gain, delay, 1e5)
		_, err := compare.Derive(g, j, nil)
		var config *compare.ConfigError
		require.ErrorAs(t, err, &config, "gain %v", gain)
	}
}

// TestLoopsThroughParametersAreFollowed: a loop may close at a parameter, and
// feed another loop.
func TestLoopsThroughParametersAreFollowed(t *testing.T) {
	g, j := comb(0.5, 10, 1000)
	g.Nodes = append(g.Nodes, osc("fm", kpn.OscSine, 1, 0))
	g.Edges = append(g.Edges,
		modulation("fm", "fm", "freq", kpn.ModulationAdd, 0.01),
		modulation("sum", "fm", "freq", kpn.ModulationAdd, 1),
	)
	g.Edges[3].DelayFrames = 1
	g.Outputs = []string{"fm"}
	loose := derive(t, g, j, nil)
	g.Edges[3].Modulation.Scale = 0
	assert.Greater(t, loose.MaxAbs, derive(t, g, j, nil).MaxAbs)
}
