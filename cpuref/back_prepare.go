package cpuref

// view sets up a run over n frames that start off frames after t, in a span
// that starts at from, from the signals that are kept of the span. It leaves
// out the frames before the node's own first, and returns how many those are.
func (k *backWorker) view(r *run, i, from, t, off, n int) (skip int) {
	v := &k.plan.nodes[i]
	k.place(r, i)
	skip = v.standing(t+off, n)
	r.first = t + off + skip - v.start
	for p, e := range v.inputs {
		in := k.signals[e.from]
		if e.delay > 0 {
			in = k.inputs[i][p]
		}
		k.sources[p] = in[t+off-from:][skip:n]
	}
	k.connect(r, i, t+off+skip, n-skip)
	r.work = k.worker.run.work
	return skip
}

// prepareBack sets up the run of a node's adjoint.
func (k *backWorker) prepareBack(i, from, t, off, n, level int) {
	v := &k.plan.nodes[i]
	r := &k.run
	skip := k.view(&r.run, i, from, t, off, n)
	r.cotangent = k.cotangents[i][off:][skip:n]
	gets := k.gets(v, skip, n)
	r.inputs = k.ports[:len(v.ports)]
	for p, source := range v.ports {
		r.inputs[p] = nil
		if source >= 0 {
			r.inputs[p] = gets[source]
		}
	}
	r.derivatives = k.by[:max(1, len(v.params))]
	for p := range r.derivatives {
		r.derivatives[p] = k.by[p][:n-skip]
		clear(r.derivatives[p])
	}
	at := k.row*len(k.plan.nodes) + i
	r.startPhase, r.startMemory = k.started(i, from, t, off)
	r.later = &k.later[i]
	r.peak, r.moment = &k.state.peaks[at], &k.moments[i]
	r.finds = level > 0 && v.level == level && v.step.measure != nil
	if v.step.measure != nil {
		r.peakFrame = k.back.peakFrame(i, k.row)
	}
	r.historyCotangent = k.layout.history[i].of(k.samples)
	r.memoryCotangent = k.layout.memory[i].of(k.samples)
	r.curveCotangent, _ = k.back.curves.of(i, k.row)
}

// gets is where the cotangents of a node's sources go, over n frames but the
// first that are skipped.
func (k *backWorker) gets(v *node, skip, n int) [][]float64 {
	list := k.getting[:len(v.inputs)]
	for p := range list {
		list[p] = k.reaching[p][skip:n]
	}
	return list
}

// started is the phase and the memory of a node at the start of a run.
func (k *backWorker) started(i, from, t, off int) (phase uint64, memory []float64) {
	if off > 0 {
		return k.replay.at(i, off)
	}
	chunk, size := (t-from)/chunkFrames, k.layout.memory[i].size
	return k.phases[i][chunk], k.memories[i][chunk*size:][:size]
}
