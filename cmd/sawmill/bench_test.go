package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sawmill/cpuref"
	"sawmill/gpu"
	"sawmill/kpn"
)

// BenchmarkStages is what sawmill bench runs.
func BenchmarkStages(b *testing.B) {
	engines := map[string]func() (kpn.Engine, error){
		deviceSoftware: func() (kpn.Engine, error) { return gpu.NewEngine(gpu.Selector{Class: gpu.SoftwareClass}) },
		deviceGPU:      func() (kpn.Engine, error) { return gpu.NewEngine(gpu.Selector{Class: gpu.HardwareClass}) },
		deviceCPU:      func() (kpn.Engine, error) { return cpuref.New(), nil },
	}
	loads, err := workloads(b.Context(), "")
	require.NoError(b, err)
	for _, name := range []string{deviceGPU, deviceSoftware, deviceCPU} {
		engine, err := engines[name]()
		if err != nil {
			b.Logf("%s: %v", name, err)
			continue
		}
		for _, w := range loads {
			t, err := newTrial(b.Context(), engine, w)
			require.NoError(b, err)
			for _, s := range stages {
				b.Run(name+"/"+w.name+"/"+s.name, func(b *testing.B) { t.bench(b, s) })
			}
			require.NoError(b, t.close())
		}
		require.NoError(b, engine.Close())
	}
}

// bench is the Go benchmark of a stage.
func (t *trial) bench(b *testing.B, s stage) {
	b.Helper()
	for b.Loop() {
		require.NoError(b, s.once(t))
	}
	b.ReportMetric(t.samples(s)*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
}

// A measurement may be interrupted.
func TestBenchIsInterrupted(t *testing.T) {
	loads, err := workloads(t.Context(), "")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	trial, err := newTrial(ctx, cpuref.New(), loads[0])
	require.NoError(t, err)
	trial.setItems(1)
	_, err = trial.median(stages[1], 1)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, trial.close())
}

// Every stage of every workload makes the samples that it claims to.
func TestStages(t *testing.T) {
	loads, err := workloads(t.Context(), "")
	require.NoError(t, err)
	names := make([]string, len(loads))
	for i, w := range loads {
		names[i] = w.name
	}
	require.Equal(t, workloadNames, names)
	counter := &countingEngine{Engine: cpuref.New()}
	for _, w := range loads {
		w.preset.Seconds = 0.1
		trial, err := newTrial(t.Context(), counter, w)
		require.NoError(t, err)
		trial.setItems(3)
		for _, s := range stages {
			counter.samples = 0
			require.NoError(t, s.once(trial))
			require.InDelta(t, trial.samples(s), counter.samples, 0, "%s, %s", w.name, s.name)
			require.InDelta(t, float64(s.jobs)*3*0.1*trial.samplesPerSecond(), counter.samples, 0.5)
		}
		require.NoError(t, trial.close())
	}
}

// countingEngine counts the samples that leave it.
type countingEngine struct {
	kpn.Engine
	samples int
}

func (e *countingEngine) Compile(g *kpn.Graph) (kpn.Executable, error) {
	x, err := e.Engine.Compile(g)
	return countingExecutable{x, e}, err
}

type countingExecutable struct {
	kpn.Executable
	engine *countingEngine
}

func (x countingExecutable) Forward(ctx context.Context, job *kpn.Job, sink kpn.Sink) error {
	return x.Executable.Forward(ctx, job, func(b *kpn.Block) error {
		x.engine.samples += b.Shape.Len()
		return sink(b)
	})
}

func TestBenchJSON(t *testing.T) {
	b := benchFlags{json: filepath.Join(t.TempDir(), "b.json")}
	require.NoError(t, b.write([]benchResult{{"sine", "a device", "render", 3e8, 6250, 3}}))
	data, err := os.ReadFile(b.json)
	require.NoError(t, err)
	var got any
	require.NoError(t, json.Unmarshal(data, &got))
	require.Equal(t, map[string]any{"results": []any{map[string]any{
		"workload": "sine", "device": "a device", "stage": "render",
		"samples_per_second": 3e8, "realtime": 6250.0, "rounds": 3.0,
	}}}, got)
	b.json = filepath.Join(b.json, "below")
	require.ErrorContains(t, b.write(nil), "--json")
}

func TestBenchOnly(t *testing.T) {
	b := benchFlags{only: []string{"demo", "voice/gradient"}}
	require.NoError(t, b.checkOnly())
	require.True(t, b.wants("demo", "files"))
	require.True(t, b.wants("voice", "gradient"))
	require.False(t, b.wants("voice", "files"))
	require.False(t, b.wants("saw", "gradient"))
	for _, unknown := range []string{"drums", "demo/", "voice/fast", ""} {
		b.only = []string{unknown}
		require.ErrorContains(t, b.checkOnly(), "--only", unknown)
	}
	require.True(t, (&benchFlags{}).wants("saw", "files"))
}
