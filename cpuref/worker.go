package cpuref

import "context"

// worker evaluates one row at a time, a chunk of frames at a time. It has the
// scratch for that; what a row keeps is in the render's state.
type worker struct {
	*render
	// signals holds each node's output, and delayed the input of each edge
	// with a delay.
	signals [][]float64
	delayed []float64
	run     run
	// in and params are the arrays behind the run's, one for each port and
	// parameter of the node that has most.
	in, params [][]float64
	values     []float64
}

func newWorker(r *render) *worker {
	w := &worker{render: r, signals: make([][]float64, len(r.plan.nodes))}
	ports, params, ratio, work := 1, 0, 1, 0
	for i := range r.plan.nodes {
		v := &r.plan.nodes[i]
		w.signals[i] = make([]float64, chunkFrames)
		ports = max(ports, len(v.inputs))
		params = max(params, len(v.params))
		ratio = max(ratio, v.ratio)
		work = max(work, v.decimator.work(chunkFrames))
	}
	w.delayed = make([]float64, ports*chunkFrames)
	w.values = make([]float64, params*chunkFrames)
	w.in = make([][]float64, ports)
	w.params = make([][]float64, params)
	w.run.oversampled = make([]float64, ratio*chunkFrames)
	w.run.work = make([]float64, work)
	return w
}

// measure takes a row once through the frames that the whole-row nodes of a
// level ask for. It calls before at the start of each chunk.
func (w *worker) measure(ctx context.Context, nodes []int, level, row int, before func(t int)) error {
	frames := 0
	for _, i := range nodes {
		frames = max(frames, w.plan.nodes[i].latency+w.job.Shape.F)
	}
	for t := 0; t < frames; t += chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		before(t)
		n := min(chunkFrames, frames-t)
		for _, i := range nodes {
			v := &w.plan.nodes[i]
			w.prepare(row, i, t, n)
			if v.level == level && v.step.measure != nil {
				v.step.measure(&w.run)
			} else {
				v.step.forward(&w.run)
			}
		}
	}
	return nil
}

// deliver takes a row through loop frames from to to, of which the last n are
// the row's part of the blocks.
func (w *worker) deliver(ctx context.Context, blocks [][]float64, row, n, from, to int) error {
	samples := w.samples(row)
	for t := from; t < to; t += chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		length := min(chunkFrames, to-t)
		for i := range w.plan.nodes {
			w.prepare(row, i, t, length)
			w.plan.nodes[i].step.forward(&w.run)
		}
		for o, e := range w.plan.outputs {
			out := w.delayed[:length]
			delay(out, w.signals[e.from][:length], w.layout.outputs[o].of(samples), t)
			skip := max(0, to-n-t)
			if skip < length {
				copy(blocks[o][row*n+t+skip-(to-n):], out[skip:])
			}
		}
	}
	return nil
}

// prepare sets up the run of a node over n frames from t.
func (w *worker) prepare(row, i, t, n int) {
	v, samples := &w.plan.nodes[i], w.samples(row)
	r := &w.run
	r.node, r.job, r.first = v, w.job, t
	r.b, r.c = row/w.job.Shape.C, row%w.job.Shape.C
	r.out = w.signals[i][:n]
	r.in = w.in[:len(v.inputs)]
	for k, e := range v.inputs {
		r.in[k] = w.signals[e.from][:n]
		if e.delay > 0 {
			r.in[k] = w.delayed[k*chunkFrames:][:n]
			delay(r.in[k], w.signals[e.from][:n], w.layout.rings[i][k].of(samples), t)
		}
	}
	r.params = w.params[:len(v.params)]
	for k := range v.params {
		r.params[k] = w.values[k*chunkFrames:][:n]
		// Frame n of a parameter meets the content of frame n.
		readParam(r.params[k], v.id, &v.params[k], w.job, r.b, r.c, t-v.arrival)
	}
	at := row*len(w.plan.nodes) + i
	r.phase, r.peak, r.peakAt = &w.state.phases[at], &w.state.peaks[at], &w.state.peaksAt[at]
	r.history = w.layout.history[i].of(samples)
}

// samples is what a row keeps.
func (w *worker) samples(row int) []float64 {
	size := w.layout.samples
	return w.state.samples[row*size:][:size]
}
