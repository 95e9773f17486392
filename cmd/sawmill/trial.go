package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"sawmill/batch"
	"sawmill/kpn"
)

// trial measures one workload on one device.
type trial struct {
	ctx    context.Context
	engine kpn.Engine
	exe    kpn.Executable
	sound  batch.Sound
	job    *kpn.Job
	// cotangents are dense and arbitrary.
	cotangents kpn.TensorCotangents
}

// stage is how far the samples go.
type stage struct {
	name string
	// once does the stage once, on as many sounds as some jobs have.
	once func(t *trial) error
	jobs int
}

var stages = []stage{
	{"render", (*trial).render, 1},
	{"readback", (*trial).readback, 1},
	{"gradient", (*trial).gradient, 1},
	{"files", (*trial).files, datasetJobs},
}

func newTrial(ctx context.Context, engine kpn.Engine, w workload) (*trial, error) {
	exe, err := engine.Compile(w.preset.Graph)
	if err != nil {
		return nil, err
	}
	t := &trial{ctx: ctx, engine: engine, exe: exe, sound: w.sound()}
	perItem := t.sound.Frames() * t.sound.Channels * len(w.preset.Graph.Outputs)
	items := min(max(1, benchSamples(engine.Device().Class)/perItem), batch.MaxBatch)
	t.setItems(items)
	return t, nil
}

// setItems chooses how many sounds a job has.
func (t *trial) setItems(items int) {
	t.job = t.sound.Job(0, items)
	t.cotangents = nil
	for range t.sound.Preset.Graph.Outputs {
		c := kpn.NewTensor(t.job.Shape)
		for i := range c.Data {
			c.Data[i] = float32(i%7) - 3
		}
		t.cotangents = append(t.cotangents, c)
	}
}

func (t *trial) close() error { return t.exe.Close() }

// samples is the number of samples that doing a stage once makes.
func (t *trial) samples(s stage) float64 {
	return float64(s.jobs * t.job.Shape.Len() * len(t.sound.Preset.Graph.Outputs))
}

// samplesPerSecond is the number of samples in a second of sound.
func (t *trial) samplesPerSecond() float64 {
	return t.sound.Rate * float64(t.sound.Channels*len(t.sound.Preset.Graph.Outputs))
}

// renderer is an executable that can leave the samples on its device.
type renderer interface {
	RenderOnly(ctx context.Context, job *kpn.Job) error
}

// render renders and leaves the samples where they are. The reference has
// no device: it hands out blocks of its own memory.
func (t *trial) render() error {
	if r, ok := t.exe.(renderer); ok {
		return r.RenderOnly(t.ctx, t.job)
	}
	return t.readback()
}

// readback brings the samples to the host and drops them.
func (t *trial) readback() error {
	return t.exe.Forward(t.ctx, t.job, func(*kpn.Block) error { return nil })
}

// gradient is what a step of an optimiser does: the samples come to the host,
// then cotangents go back and gradients come.
func (t *trial) gradient() error {
	if err := t.readback(); err != nil {
		return err
	}
	_, err := t.exe.Adjoint(t.ctx, &kpn.AdjointJob{Job: t.job, Cotangents: t.cotangents})
	return err
}

// datasetJobs is the size of the dataset that files writes: enough batches
// that one is written while the next is rendered.
const datasetJobs = 4

// files writes a dataset.
func (t *trial) files() error {
	dir, err := os.MkdirTemp("", "sawmill-bench-*")
	if err != nil {
		return err
	}
	_, err = batch.Run(t.ctx, t.engine, batch.Options{
		Sound: t.sound, Dir: dir, Count: datasetJobs * t.job.Shape.B, Version: version(),
	})
	return errors.Join(err, os.RemoveAll(dir))
}

// roundTime is how long a measurement takes, at least.
const roundTime = time.Second

// speed is the samples a second of a stage.
func (t *trial) speed(s stage) (float64, error) {
	started, n := time.Now(), 0
	for {
		if err := s.once(t); err != nil {
			return 0, err
		}
		n++
		if elapsed := time.Since(started); elapsed >= roundTime {
			return t.samples(s) * float64(n) / elapsed.Seconds(), nil
		}
	}
}

// median is the samples a second of a stage: the median of some rounds.
func (t *trial) median(s stage, rounds int) (float64, error) {
	// The first use of anything is slow: memory, caches, the clock's speed.
	if err := s.once(t); err != nil {
		return 0, err
	}
	speeds := make([]float64, rounds)
	for i := range speeds {
		var err error
		if speeds[i], err = t.speed(s); err != nil {
			return 0, err
		}
	}
	slices.Sort(speeds)
	middle := rounds / 2
	if rounds%2 == 0 {
		return (speeds[middle-1] + speeds[middle]) / 2, nil
	}
	return speeds[middle], nil
}
