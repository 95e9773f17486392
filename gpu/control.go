package gpu

import (
	"context"
	"fmt"
	"sync"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// controls is the control part of a graph: a program of its own, in double
// precision, whose outputs the audio part reads.
type controls struct {
	split kpn.Split
	rate  kpn.Control
	part  *Executable
	// idle is the memory of a finished job's signals, kept for the next.
	idle []float64
	lock sync.Mutex
}

// newControls prepares the control part of a graph, if it has one, and returns
// the audio part.
func (d *Device) newControls(g *kpn.Graph, workgroup int) (*controls, *kpn.Graph, error) {
	split, ok := g.Split()
	if !ok {
		return nil, g, nil
	}
	if len(split.Control.Outputs) == 0 {
		// No audio node reads any.
		return nil, split.Audio, nil
	}
	lowered, err := scheduler.LowerWide(split.Control)
	if err != nil {
		return nil, nil, err
	}
	part := &Executable{device: d, graph: split.Control, program: lowered, workgroup: workgroup, kernels: map[string]*program{}}
	return &controls{split: split, rate: g.Control, part: part}, split.Audio, nil
}

// signals are the control signals of a job, as kernels read them: signal by
// signal and frame by frame, all rows.
type signals struct {
	values []float64
	frames int
	// first is the first of these frames, which is 0 but for sessions.
	first int
	step  float64
}

// check bounds what the control signals of a job take.
func (c *controls) check(job *kpn.Job) error {
	frames := c.rate.Frames(job.Shape.F, job.Rate)
	per := frames * len(c.split.Control.Outputs)
	if rows := job.Shape.Rows(); rows > kpn.MaxControlFrames/per {
		return &kpn.JobError{Field: "items", Reason: fmt.Sprintf("%d rows (items times channels) of %d control frames of %d signals are more than %d; render fewer items at a time, or choose a lower control rate",
			rows, frames, len(c.split.Control.Outputs), kpn.MaxControlFrames)}
	}
	return nil
}

// render renders the control signals of a job.
func (c *controls) render(ctx context.Context, g *kpn.Graph, job *kpn.Job) (*signals, error) {
	if err := c.check(job); err != nil {
		return nil, err
	}
	own := c.split.Job(g, job)
	rows := own.Shape.Rows()
	s := &signals{frames: own.Shape.F, step: c.rate.Step(job.Shape.F, job.Rate)}
	s.values = c.take(rows * s.frames * len(c.split.Control.Outputs))
	err := c.part.Forward(ctx, own, func(b *kpn.Block) error {
		base := (b.Output/2*s.frames + b.First) * rows
		join(s.values[base:], b, rows)
		return nil
	})
	return s, err
}

// join takes one of the two floats that add up to a control signal, the larger
// first, from rows of frames to frames of rows: a few frames of all rows at a
// time, which stay in a processor's cache.
func join(values []float64, b *kpn.Block, rows int) {
	const few = 16
	for first := 0; first < b.Shape.F; first += few {
		last := min(first+few, b.Shape.F)
		for row := range rows {
			at := first*rows + row
			for _, x := range b.F32[row*b.Shape.F:][first:last] {
				if b.Output%2 == 0 {
					values[at] = float64(x)
				} else {
					values[at] += float64(x)
				}
				at += rows
			}
		}
	}
}

// take returns memory for so many values, of a finished job if there is some.
func (c *controls) take(n int) []float64 {
	c.lock.Lock()
	defer c.lock.Unlock()
	values := c.idle
	c.idle = nil
	if cap(values) < n {
		return make([]float64, n)
	}
	return values[:n]
}

// keep takes the memory of signals that nobody reads any more.
func (c *controls) keep(s *signals) {
	if c == nil || s == nil {
		return
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	c.idle = s.values
}

// slice takes the rows of some of the items.
func (s *signals) slice(rows, first, count int) *signals {
	if s == nil || count == rows {
		return s
	}
	part := &signals{frames: s.frames, step: s.step, values: make([]float64, 0, len(s.values)/rows*count)}
	for at := first; at < len(s.values); at += rows {
		part.values = append(part.values, s.values[at:at+count]...)
	}
	return part
}

// setUniforms tells a kernel where the signals are: behind the row parameters.
func (s *signals) setUniforms(p *program, rowParams int) {
	if s == nil {
		return
	}
	p.setUint("control_first", uint32(rowParams))
	p.setUint("control_frames", uint32(s.frames))
	p.setUint("control_base", uint32(s.first))
	p.setDouble("control_pace", s.step)
	p.setDouble("control_span", 0.25/s.step)
}

// upload puts the signals behind so many row parameters. Call it on the
// device's thread.
func (s *signals) upload(b *buffer, after int) {
	if s != nil {
		upload(b, 8*after, s.values)
	}
}

// words is the number of values of the signals.
func (s *signals) words() int {
	if s == nil {
		return 0
	}
	return len(s.values)
}

// adjoint takes the derivatives by the control signals back to the parameters
// of control nodes.
func (c *controls) adjoint(ctx context.Context, g *kpn.Graph, job *kpn.Job, by *signals, all *kpn.Gradients) error {
	own := c.split.Job(g, job)
	rows := own.Shape.Rows()
	var cotangents kpn.TensorCotangents
	for o := range c.split.Control.Outputs {
		t := kpn.NewTensor(own.Shape)
		for row := range rows {
			for f := range by.frames {
				t.Data[row*by.frames+f] = float32(by.values[(o*by.frames+f)*rows+row])
			}
		}
		cotangents = append(cotangents, t)
	}
	part, err := c.part.Adjoint(ctx, &kpn.AdjointJob{Job: own, Cotangents: cotangents})
	if err != nil {
		return err
	}
	for i := range part.List {
		if v, ok := all.Find(part.List[i].Ref); ok {
			*v = part.List[i]
		}
	}
	return nil
}
