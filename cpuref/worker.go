package cpuref

import "context"

// worker evaluates one row at a time, a chunk of frames at a time. It has the
// scratch for that; what a row keeps is in the render's state.
type worker struct {
	*render
	// row is the row under way.
	row int
	// signals holds each node's output, and delayed the input of each edge
	// with a delay.
	signals [][]float64
	delayed []float64
	run     run
	// sources, in and params are the arrays behind the run's, one for each
	// source, port and parameter of the node that has most.
	sources, in, params [][]float64
	values              values
}

func newWorker(r *render) *worker {
	w := &worker{render: r, row: -1, signals: slabs(len(r.plan.nodes), chunkFrames), values: newValues(r.plan)}
	inputs, ports, params, ratio, work := 1, 1, 0, 1, 0
	for i := range r.plan.nodes {
		v := &r.plan.nodes[i]
		inputs = max(inputs, len(v.inputs))
		ports = max(ports, len(v.ports))
		params = max(params, len(v.params))
		ratio = max(ratio, v.ratio)
		work = max(work, v.decimator.work(chunkFrames))
	}
	w.delayed = make([]float64, inputs*chunkFrames)
	w.sources = make([][]float64, inputs)
	w.in = make([][]float64, ports)
	w.params = make([][]float64, params)
	w.run.oversampled = make([]float64, ratio*chunkFrames)
	w.run.work = make([]float64, work)
	return w
}

// slabs are n lists of so many frames.
func slabs(n, frames int) [][]float64 {
	list := make([][]float64, n)
	for i := range list {
		list[i] = make([]float64, frames)
	}
	return list
}

// measure takes a row once through the frames that the whole-row nodes of a
// level ask for, whose groups are given. It calls before at the start of each
// chunk.
func (w *worker) measure(ctx context.Context, groups []bool, level, row int, before func(t int)) error {
	w.enter(row)
	frames := w.measuredFrames(level)
	do := func(i, t, off, n int) {
		w.prepare(i, t, off, n)
		w.measureOr(level)
	}
	for t := 0; t < frames; t += chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		before(t)
		n := min(chunkFrames, frames-t)
		w.walk(groups, t, n, do)
		w.kept.take(w, t, n)
	}
	return nil
}

// measuredFrames is how many frames the whole-row nodes of a level ask for.
func (r *render) measuredFrames(level int) int {
	frames := 0
	for i := range r.plan.nodes {
		if v := &r.plan.nodes[i]; v.level == level && v.step.measure != nil {
			frames = max(frames, v.latency+r.job.Shape.F)
		}
	}
	return frames
}

// measureOr takes the run that was prepared into the statistic of a whole-row
// node of a level, and computes those of other nodes.
func (w *worker) measureOr(level int) {
	if v := w.run.node; v.level == level && v.step.measure != nil {
		v.step.measure(&w.run)
		return
	}
	w.forward()
}

// deliver takes a row through loop frames from to to, of which the last n are
// the row's part of the blocks.
func (w *worker) deliver(ctx context.Context, blocks [][]float64, row, n, from, to int) error {
	w.enter(row)
	for t := from; t < to; t += chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		length := min(chunkFrames, to-t)
		w.walk(w.kept.give(w, t, length), t, length, w.step)
		w.output(blocks, n, t, length, to)
	}
	return nil
}

// output takes the outputs of a chunk of length frames from t on to the row's
// part of the blocks, which are the n frames before to.
func (w *worker) output(blocks [][]float64, n, t, length, to int) {
	samples := w.samples()
	for o, e := range w.plan.outputs {
		out := w.delayed[:length]
		delay(out, w.signals[e.from][:length], w.layout.outputs[o].of(samples), t)
		skip := max(0, to-n-t)
		if skip < length {
			copy(blocks[o][w.row*n+t+skip-(to-n):], out[skip:])
		}
	}
}

// enter turns to a row.
func (w *worker) enter(row int) {
	w.row = row
	w.values.enter(w.job, row)
}

// walk goes through n frames from t on, a chunk at most, group by group; all
// of them, or those that are wanted. It calls do for every node and run of
// frames, which start off frames after t.
func (w *worker) walk(wanted []bool, t, n int, do func(i, t, off, n int)) {
	for g := range w.plan.groups {
		s := &w.plan.groups[g]
		if wanted != nil && !wanted[g] {
			continue
		}
		if s.run == 0 {
			do(s.first, t, 0, n)
			continue
		}
		for off := 0; off < n; off += s.run {
			length := min(s.run, n-off)
			for i := s.first; i < s.end; i++ {
				do(i, t, off, length)
			}
			w.feed(s, t, off, length)
		}
	}
}

// feed stores what a loop's nodes feed back.
func (w *worker) feed(s *group, t, off, n int) {
	for i := s.first; i < s.end; i++ {
		for k, e := range w.plan.nodes[i].inputs {
			if e.feeds {
				store(w.signals[e.from][off:][:n], w.layout.rings[i][k].of(w.samples()), t+off)
			}
		}
	}
}

// step computes a node's run of frames.
func (w *worker) step(i, t, off, n int) {
	w.prepare(i, t, off, n)
	w.forward()
}

// forward computes the run that was prepared, if the node has started.
func (w *worker) forward() {
	if len(w.run.out) > 0 {
		w.run.node.step.forward(&w.run)
	}
}
