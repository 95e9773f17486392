package cpuref

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"sawmill/kpn"
)

// demo is an adjoint of the demo preset, ready to run.
func demo(t *testing.T, rows, frames int) (*executable, *kpn.AdjointJob, *backward) {
	t.Helper()
	p, err := kpn.ReadPreset("../presets/demo.json")
	require.NoError(t, err)
	compiled, err := New().Compile(p.Graph)
	require.NoError(t, err)
	x, ok := compiled.(*executable)
	require.True(t, ok)
	job := &kpn.Job{Shape: kpn.Shape{B: rows, C: 1, F: frames}, Rate: p.Rate, Seed: 1}
	p.Bind(job)
	a := &kpn.AdjointJob{Job: job, Cotangents: kpn.TensorCotangents{kpn.NewTensor(kpn.Shape{B: 1, C: 1, F: frames})}}
	r, err := newRender(x.plan, job, nil)
	require.NoError(t, err)
	return x, a, newBackward(r, kpn.NewGradients(x.graph, job), nil, nil)
}

// TestAdjointOfAMinuteIsSmall counts what 64 rows of a minute keep: with one
// worker for each, under 512 MiB.
func TestAdjointOfAMinuteIsSmall(t *testing.T) {
	_, _, b := demo(t, 64, 60*48000)
	require.Less(t, 64*b.workerBytes()+8*len(b.state.samples), 512<<20)
	require.Less(t, b.spans.bytes(), 4<<20)
	// Sixteen times the frames take about four times the memory.
	_, _, long := demo(t, 1, 16*60*48000)
	require.Less(t, long.spans.bytes(), 5*b.spans.bytes())
}

// TestAdjointAllocatesWhatItCounts compares the count with what is allocated
// in all, in a job of several rows and checkpoints.
func TestAdjointAllocatesWhatItCounts(t *testing.T) {
	before := runtime.GOMAXPROCS(1)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	x, a, b := demo(t, 3, 100000)
	require.Greater(t, b.spans.count(), 10)
	var start, end runtime.MemStats
	runtime.ReadMemStats(&start)
	_, err := x.Adjoint(t.Context(), a)
	require.NoError(t, err)
	runtime.ReadMemStats(&end)
	got, counted := float64(end.TotalAlloc-start.TotalAlloc), float64(b.workerBytes())
	// The count rounds scratch up; the render's own state comes on top.
	require.InEpsilon(t, counted, got, 0.5, "%v bytes counted, %v allocated", counted, got)
}

// TestSpansSuitTheirState: long delays make checkpoints dear, and spans long.
func TestSpansSuitTheirState(t *testing.T) {
	for _, state := range []int{1, 100, 1 << 20} {
		for _, frames := range []int{1, 255, 256, 257, 48000, 1 << 24} {
			p := &plan{nodes: make([]node, 3), outputs: make([]edge, 1)}
			s := newSpans(p, &layout{samples: state}, frames)
			require.Zero(t, s.length%chunkFrames)
			require.LessOrEqual(t, (s.count()-1)*s.length, frames)
			require.GreaterOrEqual(t, s.count()*s.length, frames)
			signals, checkpoints := s.longest()*s.signals, s.count()*s.state
			require.LessOrEqual(t, checkpoints, 2*max(signals, s.state), "%d frames, state %d", frames, state)
		}
	}
}
