package gradcheck_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
	"sawmill/kpn"
)

// TestDeviceOnShortRows takes three frames of each case, of many items. In a
// long row the gradient by a frequency is almost only that by the phase, times
// the frames before: what the increment does to a waveform's residual at the
// frame itself is lost in it.
func TestDeviceOnShortRows(t *testing.T) {
	all, err := cases.All()
	require.NoError(t, err)
	device := software(t)
	for _, c := range all {
		if c.Preset != "" {
			// The first frames of an attack are next to silence, which
			// normalize blows up; conformance has presets at longer shapes.
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			job := c.Job(kpn.Shape{B: 24, C: c.Shape.C, F: 3}, c.Seed, c.FirstItem)
			asked := &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(c.Seed, len(c.Graph.Outputs), job.Shape)}
			_, err := compare.Run{Case: c.Name, Reference: cpuref.New(), Candidate: device}.Adjoints(context.Background(), c.Graph, asked)
			require.NoError(t, err)
		})
	}
}
