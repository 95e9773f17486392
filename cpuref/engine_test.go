package cpuref_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

func TestDevice(t *testing.T) {
	d := engine.Device()
	assert.Equal(t, kpn.Reference, d.Class)
	assert.Equal(t, "go", d.Backend)
	assert.NotEmpty(t, d.Name)
	assert.NoError(t, engine.Close())
}

func TestCompileRefusesBadGraphs(t *testing.T) {
	var fault *kpn.GraphError
	_, err := engine.Compile(&kpn.Graph{})
	require.ErrorAs(t, err, &fault)
	_, err = engine.Compile(single("osk", nil))
	require.ErrorAs(t, err, &fault)
	assert.Equal(t, "node", fault.Node)
	cycle := &kpn.Graph{
		Nodes:   []kpn.Node{{ID: "a", Kind: kpn.KindGain}, {ID: "b", Kind: kpn.KindGain}},
		Edges:   []kpn.Edge{{From: "a", To: "b", Port: "in"}, {From: "b", To: "a", Port: "in"}},
		Outputs: []string{"b"},
	}
	_, err = engine.Compile(cycle)
	require.ErrorIs(t, err, kpn.ErrCycle)
}

func TestForwardRefusesBadJobs(t *testing.T) {
	perFrame := map[string]kpn.Param{"freq": {Rate: kpn.PerFrame}}
	shape := kpn.Shape{B: 1, C: 1, F: 4}
	freq := kpn.ParamRef{Node: "node", Param: "freq"}
	var (
		jobFault *kpn.JobError
		extent   *kpn.ShapeError
		outside  *kpn.RangeError
	)
	cases := map[string]struct {
		graph  *kpn.Graph
		job    *kpn.Job
		target any
	}{
		"no frames":      {single(kpn.KindOsc, nil), &kpn.Job{Shape: kpn.Shape{B: 1, C: 1}, Rate: rate}, &jobFault},
		"no rate":        {single(kpn.KindOsc, nil), &kpn.Job{Shape: shape}, &jobFault},
		"no binding":     {single(kpn.KindOsc, perFrame), &kpn.Job{Shape: shape, Rate: rate}, &jobFault},
		"no input":       {single(kpn.KindInput, nil), &kpn.Job{Shape: shape, Rate: rate}, &jobFault},
		"above Nyquist":  {single(kpn.KindOsc, constants(map[string]float64{"freq": 30000})), &kpn.Job{Shape: shape, Rate: rate}, &outside},
		"wrong extent":   {single(kpn.KindInput, nil), &kpn.Job{Shape: shape, Rate: rate, Inputs: map[string]*kpn.Tensor{"node": kpn.NewTensor(kpn.Shape{B: 2, C: 1, F: 4})}}, &extent},
		"not a number":   {single(kpn.KindOsc, perFrame), &kpn.Job{Shape: shape, Rate: rate, Frames: map[kpn.ParamRef]*kpn.Tensor{freq: {Shape: shape, Data: []float32{1, 2, float32(math.NaN()), 4}}}}, &outside},
		"too many rows":  {single(kpn.KindOsc, nil), &kpn.Job{Shape: kpn.Shape{B: kpn.MaxBatch, C: kpn.MaxChannels, F: 1}, Rate: rate}, &jobFault},
		"too long edges": {delayed(), &kpn.Job{Shape: kpn.Shape{B: 200, C: 1, F: 1 << 21}, Rate: rate}, &jobFault},
	}
	for name, c := range cases {
		x, err := engine.Compile(c.graph)
		require.NoError(t, err, name)
		err = x.Forward(t.Context(), c.job, func(*kpn.Block) error {
			t.Errorf("%s: a block was delivered", name)
			return nil
		})
		require.ErrorAs(t, err, c.target, name)
	}
	x, err := engine.Compile(cases["not a number"].graph)
	require.NoError(t, err)
	require.ErrorAs(t, x.Forward(t.Context(), cases["not a number"].job, nil), &outside)
	assert.Equal(t, 2, outside.F)
}

// delayed is a noise through an edge of the longest delay.
func delayed() *kpn.Graph {
	return &kpn.Graph{
		Nodes:   []kpn.Node{{ID: "a", Kind: kpn.KindNoise}, {ID: "b", Kind: kpn.KindGain}},
		Edges:   []kpn.Edge{{From: "a", To: "b", Port: "in", DelayFrames: kpn.MaxEdgeDelay}},
		Outputs: []string{"b"},
	}
}

// TestShortRendersTakeLongDelays needs no more memory for an edge's delay
// than the render has frames.
func TestShortRendersTakeLongDelays(t *testing.T) {
	got := render(t, delayed(), &kpn.Job{Shape: kpn.Shape{B: 2000, C: 1, F: 5}, Rate: rate})
	assert.Equal(t, make([]float64, 10000), got[0])
}

// TestCompiledGraphIsACopy changes the graph after it was compiled.
func TestCompiledGraphIsACopy(t *testing.T) {
	g := single(kpn.KindConstant, map[string]kpn.Param{"value": {Rate: kpn.PerItem}})
	x, err := engine.Compile(g)
	require.NoError(t, err)
	g.Nodes[0].Params["value"] = kpn.Const(2)
	g.Nodes[0].ID, g.Outputs[0] = "other", "other"
	got := forward(t, x, 1, &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: 3}, Rate: rate, Items: map[kpn.ParamRef][]float64{
		{Node: "node", Param: "value"}: {1},
	}})
	assert.Equal(t, []float64{1, 1, 1}, got[0])
	assert.NoError(t, x.Close())
}

func TestForwardStopsWhenCancelled(t *testing.T) {
	x, err := engine.Compile(single(kpn.KindOsc, nil))
	require.NoError(t, err)
	job := &kpn.Job{Shape: kpn.Shape{B: 2, C: 1, F: 10000}, Rate: rate, BlockFrames: 1000}
	ctx, cancel := context.WithCancel(t.Context())
	blocks := 0
	err = x.Forward(ctx, job, func(*kpn.Block) error {
		blocks++
		if blocks == 3 {
			cancel()
		}
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 3, blocks)
	err = x.Forward(ctx, job, func(*kpn.Block) error {
		t.Error("a block was delivered")
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
}

// TestMeasuringStopsWhenCancelled has a pass before the first block.
func TestMeasuringStopsWhenCancelled(t *testing.T) {
	x, err := engine.Compile(everything())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = x.Forward(ctx, items(0, 8, frames), func(*kpn.Block) error {
		t.Error("a block was delivered")
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
}

func TestForwardStopsAtTheSinksError(t *testing.T) {
	x, err := engine.Compile(everything())
	require.NoError(t, err)
	full := errors.New("the disk is full")
	blocks := 0
	err = x.Forward(t.Context(), items(0, 8, frames), func(*kpn.Block) error {
		blocks++
		return full
	})
	require.ErrorIs(t, err, full)
	assert.Equal(t, 1, blocks)
}

// TestBlocksOfManyRowsAreShort keeps the outputs' buffers under 64 MiB.
func TestBlocksOfManyRowsAreShort(t *testing.T) {
	x, err := engine.Compile(single(kpn.KindConstant, nil))
	require.NoError(t, err)
	job := &kpn.Job{Shape: kpn.Shape{B: 1 << 16, C: 1, F: 300}, Rate: rate, BlockFrames: 300}
	total := 0
	require.NoError(t, x.Forward(t.Context(), job, func(b *kpn.Block) error {
		assert.LessOrEqual(t, 8*len(b.F64), 64<<20)
		total += b.Shape.F
		return nil
	}))
	assert.Equal(t, 300, total)
}
