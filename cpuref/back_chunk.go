package cpuref

import "sawmill/kpn"

// chunk takes n frames from t on back, in a span that starts at from. At
// level 0 it collects gradients; at others, what the statistics of that
// level's whole-row nodes get, to which only nodes of at least that level
// contribute.
func (k *backWorker) chunk(from, t, n, level int) {
	for i := range k.cotangents {
		clear(k.cotangents[i])
	}
	for o, e := range k.plan.outputs {
		undelay(k.cotangents[e.from], k.outputs[o][t-from:][:n], k.layout.outputs[o].of(k.samples), t)
	}
	for i := len(k.plan.nodes) - 1; i >= 0; i-- {
		v := &k.plan.nodes[i]
		if v.level < level || v.step.adjoint == nil {
			continue
		}
		k.prepareBack(i, from, t, n, level)
		v.step.adjoint(&k.run)
		for p, e := range v.inputs {
			undelay(k.cotangents[e.from], k.run.inputs[p], k.layout.rings[i][p].of(k.samples), t)
		}
		if level == 0 {
			k.collect(i, t)
		}
	}
}

// prepareBack sets up the run of a node's adjoint.
func (k *backWorker) prepareBack(i, from, t, n, level int) {
	v := &k.plan.nodes[i]
	r := &k.run
	r.node, r.job, r.first = v, k.job, t
	r.b, r.c = k.at/k.job.Shape.C, k.at%k.job.Shape.C
	r.cotangent = k.cotangents[i][:n]
	r.in = k.in[:len(v.inputs)]
	r.inputs = k.ports[:len(v.inputs)]
	for p, e := range v.inputs {
		r.in[p] = k.signals[e.from][t-from:][:n]
		if e.delay > 0 {
			r.in[p] = k.inputs[i][p][t-from:][:n]
		}
		r.inputs[p] = k.ports[p][:n]
	}
	r.params = k.params[:len(v.params)]
	r.derivatives = k.by[:max(1, len(v.params))]
	for p := range r.derivatives {
		r.derivatives[p] = k.by[p][:n]
		clear(r.derivatives[p])
	}
	for p := range v.params {
		r.params[p] = k.values[p*chunkFrames:][:n]
		readParam(r.params[p], v.id, &v.params[p], k.job, r.b, r.c, t-v.arrival)
	}
	at := k.at*len(k.plan.nodes) + i
	r.startPhase = k.phases[i][(t-from)/chunkFrames]
	r.later = &k.later[i]
	r.peak, r.moment = &k.state.peaks[at], &k.moments[i]
	r.finds = level > 0 && v.level == level && v.step.measure != nil
	if v.step.measure != nil {
		r.peakFrame = k.back.peakFrame(i, k.at)
	}
	r.historyCotangent = k.layout.history[i].of(k.samples)
	r.work = k.worker.run.work
}

// collect adds a chunk's derivatives to the gradients, from the last frame to
// the first.
func (k *backWorker) collect(i, t int) {
	v := &k.plan.nodes[i]
	for p, to := range k.back.targets[i] {
		if to == nil {
			continue
		}
		by := k.run.derivatives[p]
		if to.rows != nil {
			for f := len(by) - 1; f >= 0; f-- {
				to.rows[k.at] += by[f]
			}
			continue
		}
		values := k.values64(to)
		for f := len(by) - 1; f >= 0; f-- {
			frame := t + f - v.arrival
			if v.kind == kpn.KindInput && frame >= len(values) {
				continue // An input is silent after its last frame.
			}
			values[min(max(frame, 0), len(values)-1)] += by[f]
		}
	}
}

// values64 are the row's values of a per-frame gradient.
func (k *backWorker) values64(to *target) []float64 {
	if to.shared {
		return k.own[to]
	}
	at := k.at * to.Shape.F
	return to.F64[at : at+to.Shape.F]
}

// commit adds the row's values to those that rows share, if it has all.
func (k *backWorker) commit(complete bool) {
	if len(k.own) == 0 {
		return
	}
	k.back.turn.take(k.at, func() {
		for to, own := range k.own {
			if complete {
				k.addShared(to, own)
			}
			clear(own)
		}
	})
}

func (k *backWorker) addShared(to *target, own []float64) {
	b, c := k.at/k.job.Shape.C, k.at%k.job.Shape.C
	if to.Shape.B == 1 {
		b = 0
	}
	if to.Shape.C == 1 {
		c = 0
	}
	at := to.Shape.Index(b, c, 0)
	for f, x := range own {
		to.F64[at+f] += x
	}
}
