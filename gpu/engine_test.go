package gpu_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/goldens/compare"
	"sawmill/goldens/conformance"
	"sawmill/gpu"
	"sawmill/kpn"
)

func testedEngine(t *testing.T) kpn.Engine {
	t.Helper()
	e, err := gpu.NewEngine(gpu.Selector{Class: gpu.Class(conformance.DeviceClass())}, gpu.Debug())
	conformance.RequireGPU(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

// glide is an oscillator whose frequency changes with every frame, so that
// segments carry its phase and its decimator.
func glide(shape kpn.Shape) (*kpn.Graph, *kpn.Job) {
	ref := kpn.ParamRef{Node: "osc", Param: "freq"}
	freq := kpn.NewTensor(shape)
	for i := range freq.Data {
		freq.Data[i] = 200 + float32(i%977)
	}
	g := &kpn.Graph{
		Nodes: []kpn.Node{{ID: "osc", Kind: kpn.KindOsc, Oversample: 4, Params: map[string]kpn.Param{
			"shape": kpn.Const(kpn.OscSaw), "freq": {Rate: kpn.PerFrame},
		}}},
		Outputs: []string{"osc"},
	}
	return g, &kpn.Job{Shape: shape, Rate: 48000, Frames: map[kpn.ParamRef]*kpn.Tensor{ref: freq}}
}

func rendered(t *testing.T, x kpn.Executable, job *kpn.Job) []float32 {
	t.Helper()
	out := make([]float32, job.Shape.Len())
	require.NoError(t, x.Forward(context.Background(), job, func(b *kpn.Block) error {
		for i, v := range b.F32 {
			item, c, f := b.Shape.Coordinates(i)
			out[job.Shape.Index(item, c, b.First+f)] = v
		}
		return nil
	}))
	return out
}

func TestCarriedStateAgreesWithTheReference(t *testing.T) {
	g, job := glide(kpn.Shape{B: 3, C: 2, F: 1003})
	job.BlockFrames = 100
	_, err := compare.Engines(context.Background(), cpuref.New(), testedEngine(t), g, job)
	require.NoError(t, err)
}

func TestQueuedEdgesAgreeWithTheReference(t *testing.T) {
	for _, delay := range []int{1, 3, 4, 50} {
		g := &kpn.Graph{
			Nodes: []kpn.Node{{ID: "hiss", Kind: kpn.KindNoise}, {ID: "sum", Kind: kpn.KindMix}},
			Edges: []kpn.Edge{
				{From: "hiss", To: "sum", Port: "in_0"},
				{From: "hiss", To: "sum", Port: "in_1", DelayFrames: delay},
			},
			Outputs: []string{"sum"},
		}
		job := &kpn.Job{Shape: kpn.Shape{B: 2, C: 2, F: 4001}, Rate: 48000, BlockFrames: 1000}
		_, err := compare.Engines(context.Background(), cpuref.New(), testedEngine(t), g, job)
		require.NoError(t, err, "delay %d", delay)
	}
}

func TestForwardsMayRepeatAndOverlap(t *testing.T) {
	g, job := glide(kpn.Shape{B: 2, C: 1, F: 5000})
	x, err := testedEngine(t).Compile(g)
	require.NoError(t, err)
	defer func() { require.NoError(t, x.Close()) }()
	first := rendered(t, x, job)
	small := *job
	small.BlockFrames = 64
	results := make([][]float32, 4)
	var wait sync.WaitGroup
	for i := range results {
		wait.Add(1)
		go func() {
			defer wait.Done()
			j := job
			if i%2 == 1 {
				j = &small
			}
			results[i] = rendered(t, x, j)
		}()
	}
	wait.Wait()
	for _, r := range results {
		require.True(t, slices.Equal(first, r))
	}
}

func TestSinkErrorStopsTheRender(t *testing.T) {
	g, job := glide(kpn.Shape{B: 1, C: 1, F: 1000})
	job.BlockFrames = 100
	x, err := testedEngine(t).Compile(g)
	require.NoError(t, err)
	defer func() { require.NoError(t, x.Close()) }()
	full := errors.New("full")
	blocks := 0
	err = x.Forward(context.Background(), job, func(*kpn.Block) error {
		blocks++
		return full
	})
	require.ErrorIs(t, err, full)
	require.Equal(t, 1, blocks)
}

func TestCancelledBetweenSegments(t *testing.T) {
	g, job := glide(kpn.Shape{B: 1, C: 1, F: 1000})
	job.BlockFrames = 100
	x, err := testedEngine(t).Compile(g)
	require.NoError(t, err)
	defer func() { require.NoError(t, x.Close()) }()
	ctx, cancel := context.WithCancel(context.Background())
	err = x.Forward(ctx, job, func(*kpn.Block) error {
		cancel()
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
}

func TestEngineRefusesWhatIsWrong(t *testing.T) {
	e := testedEngine(t)
	_, err := e.Compile(&kpn.Graph{Nodes: []kpn.Node{{ID: "a", Kind: "nothing"}}, Outputs: []string{"a"}})
	var fault *kpn.GraphError
	require.ErrorAs(t, err, &fault)
	g, job := glide(kpn.Shape{B: 1, C: 1, F: 10})
	x, err := e.Compile(g)
	require.NoError(t, err)
	defer func() { require.NoError(t, x.Close()) }()
	job.Frames = nil
	var missing *kpn.JobError
	require.ErrorAs(t, x.Forward(context.Background(), job, nil), &missing)
}
