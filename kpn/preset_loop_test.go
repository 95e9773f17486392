package kpn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// A cycle is a loop where one of its edges is delayed, be it an input's or a
// modulation's; beside a delayed edge, the one that is not is at fault.
func TestDelayedCyclesAreLoops(t *testing.T) {
	t.Parallel()
	p := parse(t, wrap(`"out": {"kind": "osc", "modulate": {"freq": {"from": "half", "delay_frames": 1}}}, "half": {"kind": "gain", "inputs": ["out"]}`))
	require.Equal(t, [][]string{{"out", "half"}}, p.Graph.Loops())
	_, err := kpn.ParsePreset("p.json", []byte(wrap(`"out": {"kind": "osc", "modulate": {"freq": [{"from": "half", "delay_frames": 1},
"half"]}}, "half": {"kind": "gain", "inputs": ["out"]}`)))
	require.ErrorIs(t, err, kpn.ErrCycle)
	require.ErrorContains(t, err, `p.json:3:1: $.nodes.out.modulate.freq[1]: the node's output reaches its own input: out → half → out`)
}

// What only the whole graph shows is said where the file has it.
func TestFaultsOfLoopsHaveAPlace(t *testing.T) {
	t.Parallel()
	_, err := kpn.ParsePreset("p.json", []byte(wrap(`"half": {"kind": "gain", "inputs": [{"from": "out", "delay_frames": 9}]},
"out": {"kind": "normalize", "inputs": ["half"]}`)))
	require.Error(t, err)
	var fault *kpn.PresetError
	require.ErrorAs(t, err, &fault)
	require.Contains(t, fault.Path, "$.nodes.")
}
