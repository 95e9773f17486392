package cpuref

// maxKept bounds what a render keeps of the last measuring pass, in bytes.
const maxKept = 128 << 20

// kept are the signals of the last measuring pass that the nodes after it read:
// what lies before a whole-row node need not be computed a second time.
type kept struct {
	// rest says which groups are left for the pass that delivers.
	rest []bool
	// nodes are those whose signals are kept, and data what they are: rows of
	// frames. Those after the last measured frame are 0: no frame of an output
	// that the job asks for depends on them.
	nodes  []int
	data   [][]float64
	frames int
}

// newKept makes room for the signals that groups, which the last measuring pass
// evaluates, leave behind. It is nil where that would take too much.
func newKept(r *render, groups []bool) *kept {
	rows, frames := r.job.Shape.Rows(), r.plan.latency+r.job.Shape.F
	k := &kept{frames: frames, rest: make([]bool, len(r.plan.groups))}
	known, read := r.plan.evaluated(groups), make([]bool, len(r.plan.nodes))
	for g, s := range r.plan.groups {
		for i := s.first; i < s.end; i++ {
			k.rest[g] = k.rest[g] || !known[i]
		}
		for i := s.first; i < s.end && k.rest[g]; i++ {
			for _, e := range r.plan.nodes[i].inputs {
				read[e.from] = true
			}
		}
	}
	for _, e := range r.plan.outputs {
		read[e.from] = true
	}
	for i := range read {
		if read[i] && known[i] {
			k.nodes = append(k.nodes, i)
		}
	}
	if frames > maxKept/8/rows/max(1, len(k.nodes)) {
		return nil
	}
	for range k.nodes {
		k.data = append(k.data, make([]float64, rows*frames))
	}
	return k
}

// evaluated says which nodes have their signal in the last measuring pass: all
// of its groups', but for those that it measures.
func (p *plan) evaluated(groups []bool) []bool {
	known := make([]bool, len(p.nodes))
	for g, s := range p.groups {
		for i := s.first; i < s.end; i++ {
			v := &p.nodes[i]
			known[i] = groups[g] && (v.step.measure == nil || v.level < p.levels())
		}
	}
	return known
}

// take keeps the worker's signals of n frames from t on.
func (k *kept) take(w *worker, t, n int) {
	if k == nil {
		return
	}
	for s, i := range k.nodes {
		copy(k.data[s][w.row*k.frames+t:], w.signals[i][:n])
	}
}

// give puts them back, and says which groups are left to be walked; nil is all.
func (k *kept) give(w *worker, t, n int) []bool {
	if k == nil {
		return nil
	}
	for s, i := range k.nodes {
		copy(w.signals[i][:n], k.data[s][w.row*k.frames+t:])
	}
	return k.rest
}
