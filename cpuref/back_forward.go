package cpuref

import "context"

// goForward measures the row and keeps its checkpoints.
func (k *backWorker) goForward(ctx context.Context) error {
	levels := k.plan.levels()
	for level := 1; level <= levels; level++ {
		keep := func(int) {}
		if k.back.early && level == levels {
			keep = k.keep
		}
		k.restart()
		if err := k.measure(ctx, k.plan.measured(level), level, k.row, keep); err != nil {
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
		k.walk(nil, t, chunkFrames, k.step)
	}
	k.keep(last)
	return nil
}

// restart takes the row back to frame 0.
func (k *backWorker) restart() {
	clear(k.worker.samples())
	clear(k.rowPhases())
}

func (k *backWorker) rowPhases() []uint64 {
	nodes := len(k.plan.nodes)
	return k.state.phases[k.row*nodes:][:nodes]
}

// keep copies the row's state at loop frame t if a span starts there.
func (k *backWorker) keep(t int) {
	if t%k.back.spans.length == 0 {
		samples, phases := k.checkpoint(t / k.back.spans.length)
		copy(samples, k.worker.samples())
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
	copy(k.worker.samples(), samples)
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
	chunk := (t - from) / chunkFrames
	k.walk(nil, t, n, func(i, t, off, n int) {
		if off == 0 {
			k.phases[i][chunk] = k.rowPhases()[i]
			memory := k.layout.memory[i]
			copy(k.memories[i][chunk*memory.size:], memory.of(k.worker.samples()))
		}
		k.step(i, t, off, n)
		at := t + off - from
		for p, kept := range k.inputs[i] {
			if kept != nil {
				copy(kept[at:at+n], k.delayed[p*chunkFrames:])
			}
		}
		copy(k.signals[i][at:], k.worker.signals[i][off:off+n])
	})
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
			if err := k.back.cotangents.read(dst[first+latency-from:][:n], o, k.row, first); err != nil {
				return err
			}
		}
	}
	return nil
}
