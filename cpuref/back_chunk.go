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
	for g := len(k.plan.groups) - 1; g >= 0; g-- {
		s := &k.plan.groups[g]
		if k.plan.nodes[s.first].level < level {
			continue
		}
		if s.run == 0 {
			k.node(s.first, from, t, 0, n, level)
			continue
		}
		k.record(s, from, t, n)
		for off := (n - 1) / s.run * s.run; off >= 0; off -= s.run {
			length := min(s.run, n-off)
			k.unfeed(s, t, off, length)
			for i := s.end - 1; i >= s.first; i-- {
				k.node(i, from, t, off, length, level)
			}
		}
	}
}

// unfeed is the adjoint of feed: it gives a loop's nodes what later frames
// have left for them.
func (k *backWorker) unfeed(s *group, t, off, n int) {
	for i := s.first; i < s.end; i++ {
		for p, e := range k.plan.nodes[i].inputs {
			if !e.feeds {
				continue
			}
			left := k.bound[:n]
			recall(left, k.layout.rings[i][p].of(k.samples), t+off)
			for f, c := range left {
				k.cotangents[e.from][off+f] += c
			}
		}
	}
}

// node takes a node back over n frames that start off frames after t.
func (k *backWorker) node(i, from, t, off, n, level int) {
	v := &k.plan.nodes[i]
	if v.step.adjoint == nil {
		return
	}
	skip := v.standing(t+off, n)
	k.prepareBack(i, from, t, off, n, level)
	if skip < n {
		v.step.adjoint(&k.run)
	}
	for p := range v.params {
		if q := &v.params[p]; len(q.modulators) > 0 {
			bound := k.bound[:n-skip]
			readParam(bound, v.id, &q.NodeParam, k.job, k.run.b, k.run.c, t+off+skip-v.arrival)
			q.unmodulate(k.run.derivatives[p], bound, k.sources, k.gets(v, skip, n), k.run.c, k.job.Rate)
		}
	}
	for p, e := range v.inputs {
		c, ring := k.reaching[p][:n], k.layout.rings[i][p].of(k.samples)
		clear(c[:skip])
		if e.feeds {
			store(c, ring, t+off)
		} else {
			undelay(k.cotangents[e.from][off:], c, ring, t+off)
		}
	}
	if level == 0 {
		k.collect(i, t+off+skip)
	}
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
				to.rows[k.row] += by[f]
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
	at := k.row * to.Shape.F
	return to.F64[at : at+to.Shape.F]
}

// commit adds the row's values to those that rows share, if it has all.
func (k *backWorker) commit(complete bool) {
	if len(k.own) == 0 {
		return
	}
	k.back.turn.take(k.row, func() {
		for to, own := range k.own {
			if complete {
				k.addShared(to, own)
			}
			clear(own)
		}
	})
}

func (k *backWorker) addShared(to *target, own []float64) {
	b, c := k.row/k.job.Shape.C, k.row%k.job.Shape.C
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
