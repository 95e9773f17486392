package cpuref

// prepare sets up a node's run over n frames that start off frames after t. It
// leaves out those before the node's own frame 0.
func (w *worker) prepare(i, t, off, n int) {
	v, samples := &w.plan.nodes[i], w.samples()
	r := &w.run
	w.place(r, i)
	out := w.signals[i][off:][:n]
	skip := v.standing(t+off, n)
	clear(out[:skip])
	r.out, r.first = out[skip:], t+off+skip-v.start
	for k, e := range v.inputs {
		in := w.signals[e.from][off:][:n]
		if e.delay > 0 {
			ring, late := w.layout.rings[i][k].of(samples), w.delayed[k*chunkFrames:][:n]
			if e.feeds {
				recall(late, ring, t+off)
			} else {
				delay(late, in, ring, t+off)
			}
			in = late
		}
		w.sources[k] = in[skip:]
	}
	w.connect(r, i, t+off+skip, n-skip)
	at := w.row*len(w.plan.nodes) + i
	r.phase, r.peak, r.peakAt = &w.state.phases[at], &w.state.peaks[at], &w.state.peaksAt[at]
	r.history, r.memory = w.layout.history[i].of(samples), w.layout.memory[i].of(samples)
}

// standing is how many of n frames from t on come before the node's own first.
func (v *node) standing(t, n int) int { return min(max(v.start-t, 0), n) }

// place tells a run its node and its row.
func (w *worker) place(r *run, i int) {
	r.node, r.job = &w.plan.nodes[i], w.job
	r.b, r.c = w.row/w.job.Shape.C, w.row%w.job.Shape.C
	r.curve, r.pace = w.curves.of(i, w.row)
}

// connect hands node i's run its ports and the values of its parameters, over n frames
// from loop frame t on, from the worker's sources.
func (w *worker) connect(r *run, i, t, n int) {
	v := r.node
	r.in = w.in[:len(v.ports)]
	for p, k := range v.ports {
		r.in[p] = nil
		if k >= 0 {
			r.in[p] = w.sources[k]
		}
	}
	r.params = w.params[:len(v.params)]
	for k := range v.params {
		// Frame n of a parameter meets the content of frame n.
		r.params[k] = w.values.read(r, i, k, t-v.arrival, n)
		if p := &v.params[k]; len(p.modulators) > 0 {
			p.modulate(r.params[k], w.sources, r.c, w.job.Rate)
		}
	}
}

// samples is what the row keeps.
func (w *worker) samples() []float64 {
	size := w.layout.samples
	return w.state.samples[w.row*size:][:size]
}
