package cpuref

import "sawmill/kpn"

// mostSteady bounds the parameters whose values a worker keeps filled in: 16
// MiB.
const mostSteady = 16 << 20 / 8 / chunkFrames

// values are the values of the parameters over a chunk. Those that do not
// change are filled in once, or once a row.
type values struct {
	// steady has the values of each node's parameters that do not change,
	// nil for those that do.
	steady [][][]float64
	// list has the per-item ones.
	list []perItem
	row  int
	// scratch is for the others, by their place in the node's list.
	scratch []float64
	// tracks are the values that the blocks of a session have brought; nil
	// outside of sessions.
	tracks *tracks
}

// perItem is a parameter that is filled in once a row.
type perItem struct {
	ref    kpn.ParamRef
	values []float64
}

func newValues(p *plan) values {
	s := values{row: -1, steady: make([][][]float64, len(p.nodes))}
	most, kept := 0, 0
	for i := range p.nodes {
		v := &p.nodes[i]
		most = max(most, len(v.params))
		s.steady[i] = make([][]float64, len(v.params))
		for k := range v.params {
			q := &v.params[k]
			if q.Rate == kpn.PerFrame || kept == mostSteady {
				continue
			}
			kept++
			s.steady[i][k] = make([]float64, chunkFrames)
			if q.Rate == kpn.PerItem {
				s.list = append(s.list, perItem{kpn.ParamRef{Node: v.id, Param: q.Name}, s.steady[i][k]})
				continue
			}
			fill(s.steady[i][k], q.Value)
		}
	}
	s.scratch = make([]float64, most*chunkFrames)
	return s
}

// enter turns to a row.
func (s *values) enter(job *kpn.Job, row int) {
	if s.row == row {
		return
	}
	s.row = row
	for _, p := range s.list {
		fill(p.values, job.ItemValue(p.ref, row/job.Shape.C, row%job.Shape.C))
	}
}

// read gives the bound values of a run's parameter k over n frames from one of
// the parameter's on. They may be changed only if the parameter is modulated.
func (s *values) read(r *run, i, k, first, n int) []float64 {
	p, steady, own := &r.node.params[k], s.steady[i][k], s.scratch[k*chunkFrames:][:n]
	switch {
	case s.tracks.read(own, i, k, s.row, first):
	case steady == nil:
		readParam(own, r.node.id, &p.NodeParam, r.job, r.b, r.c, first)
	case len(p.modulators) == 0:
		return steady[:n]
	default:
		copy(own, steady)
	}
	return own
}

// readParam fills dst with a parameter's values for row (b, c) from its frame
// first on. Before its first and after its last frame a per-frame parameter
// keeps its value.
func readParam(dst []float64, node string, p *kpn.NodeParam, job *kpn.Job, b, c, first int) {
	ref := kpn.ParamRef{Node: node, Param: p.Name}
	switch p.Rate {
	case kpn.Constant:
		fill(dst, p.Value)
	case kpn.PerItem:
		fill(dst, job.ItemValue(ref, b, c))
	case kpn.PerFrame:
		row := job.Frames[ref].Row(b, c)
		for i := range dst {
			dst[i] = float64(row[min(max(first+i, 0), len(row)-1)])
		}
	}
}

func fill(dst []float64, value float64) {
	for i := range dst {
		dst[i] = value
	}
}
