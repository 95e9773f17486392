package cpuref

import "context"

// backWorker takes one row at a time back.
type backWorker struct {
	*worker
	back *backward
	// signals are the nodes' outputs over a span, and inputs those of the
	// edges with a delay, by node and port; held is the span that they are of.
	signals [][]float64
	inputs  [][][]float64
	held    int
	// phases are the nodes' phases at the start of each chunk of a span, and
	// memories what their kinds keep there, one after the other.
	phases   [][]uint64
	memories [][]float64
	// checkpoints are the row's samples at the start of every span, one after
	// the other, and phasesAt its phases.
	checkpoints []float64
	phasesAt    []uint64
	// cotangents are those of the nodes' outputs over a chunk.
	cotangents [][]float64
	// samples is the cotangent of what the row keeps between chunks, laid out
	// as that, and later that of the phases.
	samples []float64
	later   []float64
	// moments are the derivatives by the nodes' statistics.
	moments []float64
	run     backRun
	// reaching has the cotangents of a node's sources; getting, ports and by are
	// arrays behind the run's.
	reaching, getting, ports, by [][]float64
	// outputs are the cotangents of the outputs over a span.
	outputs [][]float64
	// bound is scratch for the bound values of a modulated parameter.
	bound  []float64
	replay replay
	// own are the row's values for gradients that rows share.
	own map[*target][]float64
}

func newBackWorker(b *backward, w *worker) *backWorker {
	nodes, span := len(b.plan.nodes), b.spans.longest()
	k := &backWorker{
		worker: w, back: b,
		signals:     slabs(nodes, span),
		inputs:      make([][][]float64, nodes),
		phases:      make([][]uint64, nodes),
		memories:    make([][]float64, nodes),
		checkpoints: make([]float64, b.spans.count()*b.layout.samples),
		phasesAt:    make([]uint64, b.spans.count()*nodes),
		cotangents:  slabs(nodes, chunkFrames),
		samples:     make([]float64, b.layout.samples),
		later:       make([]float64, nodes), moments: make([]float64, nodes),
		outputs: slabs(len(b.plan.outputs), span),
		own:     map[*target][]float64{},
		bound:   make([]float64, chunkFrames),
		replay:  newReplay(b.render),
	}
	inputs, ports, params := 1, 1, 1
	for i := range b.plan.nodes {
		v := &b.plan.nodes[i]
		k.phases[i] = make([]uint64, b.spans.chunks())
		k.memories[i] = make([]float64, b.spans.chunks()*b.layout.memory[i].size)
		k.inputs[i] = make([][]float64, len(v.inputs))
		for p, e := range v.inputs {
			if e.delay > 0 {
				k.inputs[i][p] = make([]float64, span)
			}
		}
		inputs, ports = max(inputs, len(v.inputs)), max(ports, len(v.ports))
		params = max(params, len(v.params))
		for _, t := range b.targets[i] {
			if t != nil && t.shared {
				k.own[t] = make([]float64, t.Shape.F)
			}
		}
	}
	k.reaching, k.by = slabs(inputs, chunkFrames), slabs(params, chunkFrames)
	k.getting, k.ports = make([][]float64, inputs), make([][]float64, ports)
	k.run.spread = make([]float64, len(w.run.oversampled))
	return k
}

// takeRow takes a row forward for its statistics and checkpoints and then back:
// once for each level of whole-row nodes, from the last, to find what their
// statistics get, and once for the gradients.
func (k *backWorker) takeRow(ctx context.Context, row int) error {
	k.enter(row)
	k.held = -1
	if err := k.goForward(ctx); err != nil {
		return err
	}
	clear(k.moments)
	for level := k.plan.levels(); level >= 0; level-- {
		clear(k.samples)
		clear(k.later)
		for s := k.back.spans.count() - 1; s >= 0; s-- {
			if err := k.span(ctx, s, level); err != nil {
				return err
			}
		}
	}
	return nil
}

// span takes a span back, whose signals it first computes again.
func (k *backWorker) span(ctx context.Context, index, level int) error {
	from := index * k.back.spans.length
	to := min(from+k.back.spans.length, k.back.spans.frames)
	if k.held != index {
		if err := k.recompute(ctx, index, from, to); err != nil {
			return err
		}
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
