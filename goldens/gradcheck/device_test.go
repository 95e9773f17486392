package gradcheck_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/cases"
	"sawmill/goldens/compare"
	"sawmill/goldens/conformance"
	"sawmill/gpu"
	"sawmill/kpn"
)

// software opens the software renderer.
func software(t *testing.T) kpn.Engine {
	t.Helper()
	engine, err := gpu.NewEngine(gpu.Selector{Class: gpu.Class(conformance.DeviceClass())})
	conformance.RequireGPU(t, err)
	t.Cleanup(func() { require.NoError(t, engine.Close()) })
	return engine
}

// TestDeviceOnEveryCase holds the gradients of the software renderer to those
// of the reference. The blocks are so short that state, queues and sums go
// from segment to segment.
func TestDeviceOnEveryCase(t *testing.T) {
	all, err := cases.All()
	require.NoError(t, err)
	device := software(t)
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			job := c.Job(kpn.Shape{B: c.Shape.B, C: c.Shape.C, F: 150}, c.Seed, c.FirstItem)
			job.BlockFrames = 64
			asked := &kpn.AdjointJob{Job: job, Cotangents: compare.RandomCotangents(c.Seed, len(c.Graph.Outputs), job.Shape)}
			_, err := compare.Run{Case: c.Name, Reference: cpuref.New(), Candidate: device}.Adjoints(context.Background(), c.Graph, asked)
			require.NoError(t, err)
		})
	}
}
