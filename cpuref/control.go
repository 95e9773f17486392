package cpuref

import (
	"context"
	"fmt"

	"sawmill/kpn"
)

// forwardControl is the step of [kpn.KindControl]: at control position p, with
// k the frame before and w what is left, x[k] + w·(x[k+1]−x[k]).
func forwardControl(r *run) {
	for i := range r.out {
		k, w := r.position(i)
		r.out[i] = r.curve[k] + float64(w*(r.curve[k+1]-r.curve[k]))
	}
}

// adjointControl is the transpose of the interpolation.
func adjointControl(r *backRun) {
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		k, w := r.position(i)
		c := r.cotangent[i]
		r.curveCotangent[k] += c * (1 - w)
		r.curveCotangent[k+1] += c * w
	}
}

// position is where frame i of the run is in the control signal, which stays
// where it is after the job's last frame.
func (r *run) position(i int) (k int, w float64) {
	p := float64(min(r.first+i, r.job.Shape.F-1)) * r.pace
	k = min(int(p), len(r.curve)-2)
	return k, p - float64(k)
}

// control is the control nodes of a graph.
type control struct {
	graph *kpn.Graph
	split kpn.Split
	plan  *plan
}

// curves are the control signals of a job, or their cotangents.
type curves struct {
	// signals has a dense [B, C, frames] tensor for each of the control
	// graph's outputs.
	signals [][]float64
	frames  int
	// pace is how many control frames an audio frame lasts.
	pace float64
	// index has the place in signals of an audio node's, −1 for others.
	index []int
}

// newCurves makes the memory for the control signals that a plan's nodes
// interpolate, or refuses.
func (c *control) newCurves(p *plan, job *kpn.Job) (*curves, error) {
	s := &curves{
		frames: c.graph.Control.Frames(job.Shape.F, job.Rate),
		pace:   c.graph.Control.Step(job.Shape.F, job.Rate),
	}
	rows, count := job.Shape.Rows(), len(c.split.Control.Outputs)
	if most := kpn.MaxControlFrames / max(1, count) / rows; s.frames > most {
		return nil, &kpn.JobError{
			Field: "frames",
			Reason: fmt.Sprintf("%d rows (items times channels) of %d control signals have %d control frames each, allowed are %d in all; render at most %d rows at a time, or lower the control rate",
				rows, count, s.frames, kpn.MaxControlFrames, kpn.MaxControlFrames/max(1, count)/s.frames),
		}
	}
	for range count {
		s.signals = append(s.signals, make([]float64, rows*s.frames))
	}
	place := map[string]int{}
	for o, id := range c.split.Control.Outputs {
		place[id] = o
	}
	for i := range p.nodes {
		s.index = append(s.index, -1)
		if v := &p.nodes[i]; v.kind == kpn.KindControl {
			s.index[i] = place[v.id]
		}
	}
	return s, nil
}

// of is a row of an audio node's control signal, if it is one.
func (s *curves) of(node, row int) (curve []float64, pace float64) {
	if s == nil || s.index[node] < 0 {
		return nil, 0
	}
	return s.signals[s.index[node]][row*s.frames:][:s.frames], s.pace
}

// zeros are the cotangents of control signals, to be added to.
func (s *curves) zeros() *curves {
	if s == nil {
		return nil
	}
	back := *s
	back.signals = make([][]float64, len(s.signals))
	for o := range back.signals {
		back.signals[o] = make([]float64, len(s.signals[o]))
	}
	return &back
}

// render renders the control signals of a job for the audio nodes of a plan;
// none where the graph has no control nodes.
func (c *control) render(ctx context.Context, audio *plan, job *kpn.Job) (*curves, error) {
	if c == nil {
		return nil, nil
	}
	s, err := c.newCurves(audio, job)
	if err != nil || len(s.signals) == 0 {
		return s, err
	}
	r, err := newRender(c.plan, c.split.Job(c.graph, job), nil)
	if err != nil {
		return nil, err
	}
	return s, r.deliver(ctx, func(b *kpn.Block) error {
		n := b.Shape.F
		for row := range b.Shape.Rows() {
			copy(s.signals[b.Output][row*s.frames+b.First:], b.F64[row*n:(row+1)*n])
		}
		return nil
	})
}

// adjoint takes the cotangents of the control signals to the gradients of the
// control nodes' parameters.
func (c *control) adjoint(ctx context.Context, job *kpn.Job, cotangents *curves, gradients *kpn.Gradients) error {
	if c == nil || len(cotangents.signals) == 0 {
		return nil
	}
	r, err := newRender(c.plan, c.split.Job(c.graph, job), nil)
	if err != nil {
		return err
	}
	return newBackward(r, gradients, nil, cotangents).take(ctx)
}

// read gives the cotangents of a row of an output.
func (s *curves) read(dst []float64, output, row, first int) error {
	copy(dst, s.signals[output][row*s.frames+first:])
	return nil
}
