package cpuref

import (
	"context"

	"sawmill/kpn"
)

// goForward measures the row and keeps its checkpoints.
func (k *backWorker) goForward(ctx context.Context) error {
	levels := k.plan.levels()
	for level := 1; level <= levels; level++ {
		keep := func(int) {}
		if k.back.early && level == levels {
			keep = k.keep
		}
		k.restart()
		if err := k.measure(ctx, k.plan.measured(level), level, k.at, keep); err != nil {
			return err
		}
	}
	if k.back.early {
		return nil
	}
	k.restart()
	// The last span is walked when its signals are.
	last := (k.back.spans.count() - 1) * k.back.spans.length
	for t := 0; t < last; t += chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		k.keep(t)
		for i := range k.plan.nodes {
			k.prepare(k.at, i, t, chunkFrames)
			k.plan.nodes[i].step.forward(&k.worker.run)
		}
	}
	k.keep(last)
	return nil
}

// restart takes the row back to frame 0.
func (k *backWorker) restart() {
	clear(k.worker.samples(k.at))
	clear(k.rowPhases())
}

func (k *backWorker) rowPhases() []uint64 {
	nodes := len(k.plan.nodes)
	return k.state.phases[k.at*nodes:][:nodes]
}

// keep copies the row's state at loop frame t if a span starts there.
func (k *backWorker) keep(t int) {
	if t%k.back.spans.length == 0 {
		samples, phases := k.checkpoint(t / k.back.spans.length)
		copy(samples, k.worker.samples(k.at))
		copy(phases, k.rowPhases())
	}
}

// checkpoint is the place of a span's.
func (k *backWorker) checkpoint(span int) (samples []float64, phases []uint64) {
	size, nodes := k.layout.samples, len(k.plan.nodes)
	return k.checkpoints[span*size:][:size], k.phasesAt[span*nodes:][:nodes]
}

// recompute computes a span's signals from its checkpoint.
func (k *backWorker) recompute(ctx context.Context, index, from, to int) error {
	samples, phases := k.checkpoint(index)
	copy(k.worker.samples(k.at), samples)
	copy(k.rowPhases(), phases)
	for t := from; t < to; t += chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		k.recomputeChunk(from, t, min(chunkFrames, to-t))
	}
	k.held = index
	return nil
}

func (k *backWorker) recomputeChunk(from, t, n int) {
	for i := range k.plan.nodes {
		k.phases[i][(t-from)/chunkFrames] = k.rowPhases()[i]
		k.prepare(k.at, i, t, n)
		r := &k.worker.run
		for p, kept := range k.inputs[i] {
			if kept != nil {
				copy(kept[t-from:], r.in[p])
			}
		}
		k.plan.nodes[i].step.forward(r)
		copy(k.signals[i][t-from:], r.out)
	}
}

// readCotangents reads the cotangents of the outputs over a span of loop
// frames: zeros where the job asks for none.
func (k *backWorker) readCotangents(from, to int) error {
	latency := k.plan.latency
	most := max(1, mostRead/k.job.Shape.C)
	for o, dst := range k.outputs {
		clear(dst)
		for first := max(0, from-latency); first < to-latency; first += most {
			n := min(most, to-latency-first)
			if err := k.readPart(dst[first+latency-from:][:n], o, first); err != nil {
				return err
			}
		}
	}
	return nil
}

// readPart reads the row's cotangents of an output from frame first on, with
// those of its item's other channels.
func (k *backWorker) readPart(dst []float64, output, first int) error {
	b, c, n := k.at/k.job.Shape.C, k.at%k.job.Shape.C, len(dst)
	if size := k.job.Shape.C * n; len(k.read) < size {
		k.read = make([]float32, size)
	}
	part := k.read[:k.job.Shape.C*n]
	k.back.reading.Lock()
	err := k.back.adjoint.Cotangents.Read(output, kpn.Window{Item: b, Items: 1, First: first, Frames: n}, part)
	k.back.reading.Unlock()
	for i, x := range part[c*n : (c+1)*n] {
		dst[i] = float64(x)
	}
	return err
}
