package cpuref

import (
	"context"

	"sawmill/kpn"
)

// backWorker takes one row at a time back.
type backWorker struct {
	*worker
	back *backward
	// signals are the nodes' outputs over a span, and inputs those of the
	// edges with a delay, by node and port.
	signals [][]float64
	inputs  [][][]float64
	// phases are the nodes' phases at the start of each chunk of a span.
	phases [][]uint64
	// checkpoints are the row's samples and phases at the start of the spans.
	checkpoints []checkpoint
	// cotangents are those of the nodes' outputs over a chunk.
	cotangents [][]float64
	// samples is the cotangent of what the row keeps between chunks, laid out
	// as that; later that of the phases.
	samples []float64
	later   []float64
	moments []float64
	run     backRun
	ports   [][]float64
	by      [][]float64
	read    []float32
	outputs [][]float64
	// own are the row's values for gradients that rows share.
	own map[*target][]float64
	at  int
}

type checkpoint struct {
	samples []float64
	phases  []uint64
}

func newBackWorker(b *backward, w *worker) *backWorker {
	nodes := len(b.plan.nodes)
	k := &backWorker{
		worker: w, back: b,
		signals: make([][]float64, nodes), inputs: make([][][]float64, nodes), phases: make([][]uint64, nodes),
		cotangents: make([][]float64, nodes),
		samples:    make([]float64, b.layout.samples),
		later:      make([]float64, nodes), moments: make([]float64, nodes),
		outputs: make([][]float64, len(b.plan.outputs)),
		own:     map[*target][]float64{},
	}
	span := min(spanFrames, b.frames())
	ports, params := 1, 1
	for i := range b.plan.nodes {
		v := &b.plan.nodes[i]
		k.signals[i] = make([]float64, span)
		k.cotangents[i] = make([]float64, chunkFrames)
		k.phases[i] = make([]uint64, (span+chunkFrames-1)/chunkFrames)
		k.inputs[i] = make([][]float64, len(v.inputs))
		for p, e := range v.inputs {
			if e.delay > 0 {
				k.inputs[i][p] = make([]float64, span)
			}
		}
		ports, params = max(ports, len(v.inputs)), max(params, len(v.params))
		for _, t := range b.targets[i] {
			if t != nil && t.shared {
				k.own[t] = make([]float64, t.Shape.F)
			}
		}
	}
	for o := range k.outputs {
		k.outputs[o] = make([]float64, span)
	}
	k.ports, k.by = slabs(ports), slabs(params)
	k.run.spread = make([]float64, len(w.run.oversampled))
	return k
}

// slabs are so many chunks.
func slabs(n int) [][]float64 {
	list := make([][]float64, n)
	for i := range list {
		list[i] = make([]float64, chunkFrames)
	}
	return list
}

// frames is how many frames the loop has.
func (b *backward) frames() int { return b.plan.latency + b.job.Shape.F }

// row takes a row forward for its checkpoints and then back: once for each
// level of whole-row nodes, to find what their statistics get, and once for
// the gradients.
func (k *backWorker) row(ctx context.Context, row int) error {
	k.at = row
	if err := k.keepCheckpoints(ctx); err != nil {
		return err
	}
	clear(k.moments)
	for level := k.plan.levels(); level >= 0; level-- {
		clear(k.samples)
		clear(k.later)
		for s := len(k.checkpoints) - 1; s >= 0; s-- {
			if err := k.span(ctx, s, level); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepCheckpoints walks the row once.
func (k *backWorker) keepCheckpoints(ctx context.Context) error {
	samples, phases := k.worker.samples(k.at), k.rowPhases()
	clear(samples)
	clear(phases)
	k.checkpoints = k.checkpoints[:0]
	frames := k.back.frames()
	for t := 0; t < frames; t += chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		if t%spanFrames == 0 {
			k.checkpoints = append(k.checkpoints, checkpoint{append([]float64(nil), samples...), append([]uint64(nil), phases...)})
		}
		if t/spanFrames == (frames-1)/spanFrames {
			break // The last span is walked when its signals are.
		}
		for i := range k.plan.nodes {
			k.prepare(k.at, i, t, min(chunkFrames, frames-t))
			k.plan.nodes[i].step.forward(&k.worker.run)
		}
	}
	return nil
}

func (k *backWorker) rowPhases() []uint64 {
	nodes := len(k.plan.nodes)
	return k.state.phases[k.at*nodes:][:nodes]
}

// span computes a span's signals again and takes it back.
func (k *backWorker) span(ctx context.Context, index, level int) error {
	from := index * spanFrames
	to := min(from+spanFrames, k.back.frames())
	copy(k.worker.samples(k.at), k.checkpoints[index].samples)
	copy(k.rowPhases(), k.checkpoints[index].phases)
	for t := from; t < to; t += chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		k.forward(from, t, min(chunkFrames, to-t))
	}
	if err := k.readCotangents(from, to); err != nil {
		return err
	}
	for t := (to - 1) / chunkFrames * chunkFrames; t >= from; t -= chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		k.chunk(from, t, min(chunkFrames, to-t), level)
	}
	return nil
}

// forward computes a chunk of a span that starts at from.
func (k *backWorker) forward(from, t, n int) {
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
	shape, latency := k.job.Shape, k.plan.latency
	first := max(0, from-latency)
	n := to - latency - first
	b, c := k.at/shape.C, k.at%shape.C
	for o := range k.outputs {
		clear(k.outputs[o])
		if n <= 0 {
			continue
		}
		if len(k.read) < shape.C*n {
			k.read = make([]float32, shape.C*n)
		}
		part := k.read[:shape.C*n]
		k.back.reading.Lock()
		err := k.back.adjoint.Cotangents.Read(o, kpn.Window{Item: b, Items: 1, First: first, Frames: n}, part)
		k.back.reading.Unlock()
		if err != nil {
			return err
		}
		for i, x := range part[c*n : (c+1)*n] {
			k.outputs[o][first+latency-from+i] = float64(x)
		}
	}
	return nil
}
