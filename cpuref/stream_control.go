package cpuref

import (
	"context"

	"sawmill/kpn"
)

// slow are the control signals of a session, which run ahead of the audio
// frames as far as these need.
type slow struct {
	*render
	control kpn.Control
	place   map[string]int
	// curves has for each signal the rows one after the other, stride frames
	// each, of which have are there, from control frame first on.
	curves              [][]float64
	stride, have, first int
	pace                float64
}

// newSlow prepares the control nodes of a graph that was taken apart.
func newSlow(g *kpn.Graph, split *kpn.Split, job *kpn.Job) (*slow, error) {
	p := newPlan(split.Control)
	r, err := newStreamRender(p, split.Job(g, job))
	if err != nil {
		return nil, err
	}
	s := &slow{render: r, control: g.Control, pace: g.Control.Step(job.Shape.F, job.Rate), place: map[string]int{}}
	for o, id := range split.Control.Outputs {
		s.place[id] = o
	}
	s.curves = make([][]float64, len(split.Control.Outputs))
	return s, nil
}

// reach renders what the audio frames before one need.
func (s *slow) reach(ctx context.Context, frames int) error {
	if s == nil {
		return nil
	}
	// The last frame lies between two control frames.
	end := int(float64(frames-1)*s.pace) + 2
	from := s.first + s.have
	if end <= from {
		return nil
	}
	n, rows := end-from, s.job.Shape.Rows()
	blocks := make([][]float64, len(s.curves))
	for o := range blocks {
		blocks[o] = make([]float64, rows*n)
	}
	err := s.eachRow(func(w *worker, row int) error { return w.deliver(ctx, blocks, row, n, from, end) })
	if err != nil {
		return err
	}
	stride := s.have + n
	for o := range s.curves {
		all := make([]float64, rows*stride)
		for row := range rows {
			copy(all[row*stride:], s.curves[o][row*s.stride:][:s.have])
			copy(all[row*stride+s.have:], blocks[o][row*n:(row+1)*n])
		}
		s.curves[o] = all
	}
	s.stride, s.have = stride, stride
	return nil
}

// drop forgets what no audio frame from one on needs.
func (s *slow) drop(frame int) {
	if s == nil {
		return
	}
	gone := min(int(float64(frame)*s.pace)-s.first, s.have)
	if gone <= 0 {
		return
	}
	left := s.have - gone
	for o := range s.curves {
		all := make([]float64, s.job.Shape.Rows()*left)
		for row := range s.job.Shape.Rows() {
			copy(all[row*left:][:left], s.curves[o][row*s.stride+gone:])
		}
		s.curves[o] = all
	}
	s.first, s.have, s.stride = s.first+gone, left, left
}

// interpolate is the step of [kpn.KindControl].
func (s *slow) interpolate(r *run) {
	row := r.b*s.job.Shape.C + r.c
	curve := s.curves[s.place[r.node.id]][row*s.stride:][:s.have]
	for i := range r.out {
		p := float64(r.first+i) * s.pace
		k := int(p)
		w := p - float64(k)
		k -= s.first
		r.out[i] = curve[k] + float64(w*(curve[k+1]-curve[k]))
	}
}
