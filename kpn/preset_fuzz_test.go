package kpn_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// FuzzParsePreset holds that a file either becomes a preset whose every draw
// makes a valid job, or gives errors with positions inside the file.
func FuzzParsePreset(f *testing.F) {
	demo, err := os.ReadFile("../presets/demo.json")
	require.NoError(f, err)
	f.Add(demo)
	f.Add([]byte(drawPreset))
	f.Add([]byte(reordered))
	f.Add([]byte(controlPreset))
	f.Add([]byte(defaultPreset))
	f.Add([]byte(matrixPreset))
	for _, c := range badMatrices {
		f.Add([]byte(matrices(c.text)))
	}
	for _, c := range slices.Concat(badPresets, badDistributions, badControls, badDefaults) {
		if len(c.text) < 1<<12 {
			f.Add([]byte(c.text))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkAllocations(t, preset, data)
		p, err := kpn.ParsePreset("p.json", data)
		if err != nil {
			checkErrors(t, err)
			return
		}
		require.NoError(t, p.Graph.Validate())
		job := &kpn.Job{Shape: kpn.Shape{B: 3, C: 1, F: 1}, Rate: p.Rate, Seed: 1, Inputs: map[string]*kpn.Tensor{}}
		inputs := 0
		for _, n := range p.Graph.Nodes {
			if n.Kind == kpn.KindInput {
				inputs++
				job.Inputs[n.ID] = kpn.NewTensor(job.Shape)
			}
		}
		var faults kpn.PresetErrors
		if err := p.Check(p.Rate); inputs > 0 {
			require.ErrorAs(t, err, &faults)
			require.Len(t, faults, min(inputs, 101))
		} else {
			require.NoError(t, err)
		}
		p.Bind(job)
		require.NoError(t, job.Validate(p.Graph))
	})
}

// checkErrors looks at the form of the errors of a file.
func checkErrors(t *testing.T, err error) {
	t.Helper()
	var list kpn.PresetErrors
	require.True(t, errors.As(err, &list), "%T", err)
	require.NotEmpty(t, list)
	require.LessOrEqual(t, len(list), 101)
	line := 0
	for _, e := range list {
		require.NotEmpty(t, e.Reason)
		require.GreaterOrEqual(t, e.Line, line)
		require.Equal(t, e.Line > 0, e.Column > 0)
		line = e.Line
	}
}
