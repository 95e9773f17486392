package kpn_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// parse reads a preset that is known to be good.
func parse(t *testing.T, text string) *kpn.Preset {
	t.Helper()
	p, err := kpn.ParsePreset("preset.json", []byte(text))
	require.NoError(t, err)
	return p
}

func TestParsePreset(t *testing.T) {
	t.Parallel()
	p := parse(t, `{
		// A comment, and trailing commas.
		"$schema": "schema.json",
		"sawmill": 1,
		"description": "two",
		"seconds": 2.5, "rate": 48000, "channels": 3,
		"parameters": {"note": {"midi": [36, 84]}},
		"nodes": {
			"b": {"kind": "osc", "oversample_ratio": 4, "quality": "high", "params": {
				"shape": "saw", "freq": {"ref": "note", "multiply": 2, "add": 1}, "phase": {"uniform": [0, 1]}}},
			"a": {"kind": "noise"},
			"sum": {"kind": "mix", "inputs": ["a", {"from": "b", "delay_frames": 3}], "params": {"level_1": 0.5}},
			"out": {"kind": "gain", "inputs": {"in": "sum"}},
			"all": {"kind": "multiply", "inputs": {"in_1": "a", "in_0": "out"}},
		},
		"output": "all",
	}`)
	require.Equal(t, "two", p.Description)
	require.Equal(t, 2.5, p.Seconds)
	require.Equal(t, 48000.0, p.Rate)
	require.Equal(t, 3, p.Channels)
	want := &kpn.Graph{
		Nodes: []kpn.Node{
			{ID: "b", Kind: kpn.KindOsc, Oversample: 4, Quality: kpn.High, Params: map[string]kpn.Param{
				"shape": kpn.Const(kpn.OscSaw), "freq": {Rate: kpn.PerItem}, "phase": {Rate: kpn.PerItem},
			}},
			{ID: "a", Kind: kpn.KindNoise, Params: map[string]kpn.Param{}},
			{ID: "sum", Kind: kpn.KindMix, Params: map[string]kpn.Param{"level_1": kpn.Const(0.5)}},
			{ID: "out", Kind: kpn.KindGain, Params: map[string]kpn.Param{}},
			{ID: "all", Kind: kpn.KindMultiply, Params: map[string]kpn.Param{}},
		},
		Edges: []kpn.Edge{
			{From: "a", To: "sum", Port: "in_0"},
			{From: "b", To: "sum", Port: "in_1", DelayFrames: 3},
			{From: "sum", To: "out", Port: "in"},
			{From: "a", To: "all", Port: "in_1"},
			{From: "out", To: "all", Port: "in_0"},
		},
		Outputs: []string{"all"},
	}
	require.Equal(t, want, p.Graph)
	require.Len(t, p.Sampled, 2)
	require.Equal(t, "note", p.Sampled[0].Name)
	require.Equal(t, "Hz", p.Sampled[0].Unit)
	require.Equal(t, "midi(36, 84)", p.Sampled[0].Distribution.String())
	require.Equal(t, "b.phase", p.Sampled[1].Name)
	require.Equal(t, "cycles", p.Sampled[1].Unit)
}

func TestParsePresetDefaults(t *testing.T) {
	t.Parallel()
	// A byte order mark, as some editors write it.
	p := parse(t, "\uFEFF"+`{"sawmill": 1, "nodes": {"out": {"kind": "noise"}}, "output": "out"}`)
	require.Equal(t, 1.0, p.Seconds)
	require.Equal(t, 44100.0, p.Rate)
	require.Equal(t, 1, p.Channels)
	require.Empty(t, p.Sampled)
	require.Empty(t, p.Draw(1, 1))
}

func TestSampledAreInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	p := parse(t, `{"sawmill": 1, "output": "out",
		"nodes": {"out": {"kind": "osc", "params": {
			"width": {"uniform": [0, 1]}, "freq": {"ref": "f"}, "phase": {"uniform": [0, 1]}}}},
		"parameters": {"f": {"uniform": [20, 200]}}}`)
	var names []string
	for _, s := range p.Sampled {
		names = append(names, s.Name)
	}
	require.Equal(t, []string{"out.width", "out.phase", "f"}, names)
}

func TestReadPreset(t *testing.T) {
	t.Parallel()
	p, err := kpn.ReadPreset("../presets/demo.json")
	require.NoError(t, err)
	source, err := os.ReadFile("../presets/demo.json")
	require.NoError(t, err)
	require.Equal(t, source, p.Source)
	require.GreaterOrEqual(t, len(p.Sampled), 10)
	job := &kpn.Job{Shape: kpn.Shape{B: 256, C: p.Channels, F: 96000}, Rate: p.Rate, Seed: 1}
	p.Bind(job)
	require.NoError(t, job.Validate(p.Graph))
}

func TestReadPresetRefusesFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := kpn.ReadPreset(filepath.Join(dir, "none.json"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = kpn.ReadPreset(dir)
	require.Error(t, err)

	// A good preset, but for 10 MB of spaces at its end, which are a hole that
	// reads as zeros: had it been read to its end, it would be called binary.
	big := filepath.Join(dir, "big.json")
	good := `{"sawmill": 1, "nodes": {"out": {"kind": "noise"}}, "output": "out"}`
	require.NoError(t, os.WriteFile(big, []byte(good+strings.Repeat(" ", kpn.MaxPresetBytes)), 0o600))
	require.NoError(t, os.Truncate(big, 10<<20))
	_, err = kpn.ReadPreset(big)
	require.EqualError(t, err, big+": the file is larger than 1048576 bytes (1 MiB), the most a preset may have")
}
