package gpu

import (
	"context"
	"math"

	"sawmill/kpn"
)

// slow are the control signals of a session: a session of the control part,
// which runs ahead of the audio frames as far as these need.
type slow struct {
	part *session
	// window is what is kept of the signals, from control frame window.first
	// on; curves has it signal by signal, frame by frame, all rows.
	window signals
	curves [][]float64
}

// stream starts the control part of a session.
func (c *controls) stream(g *kpn.Graph, j *kpn.StreamJob) (*slow, error) {
	own := *j
	own.Rate = c.rate.Rate
	own.Values = c.split.Job(g, j.Job()).Items
	part, err := c.part.Stream(&own)
	if err != nil {
		return nil, err
	}
	p, ok := part.(*session)
	if !ok {
		panic("gpu: a session of another engine")
	}
	return &slow{
		part:   p,
		window: signals{first: -c.part.Latency(), step: c.rate.Step(0, j.Rate)},
		curves: make([][]float64, len(c.split.Control.Outputs)),
	}, nil
}

// room is a window as large as that of so many audio frames can be.
func (s *slow) room(rows, frames int) *signals {
	if s == nil {
		return nil
	}
	w := s.window
	w.frames = int(math.Ceil(float64(frames)*w.step)) + 3
	w.values = make([]float64, len(s.curves)*w.frames*rows)
	return &w
}

// reach renders what the audio frames before one need, and forgets what none
// from another on does.
func (s *slow) reach(ctx context.Context, from, end int) error {
	if s == nil {
		return nil
	}
	w := &s.window
	rows := s.part.plan.shape.Rows()
	// The last frame lies between two control frames.
	if n := int(float64(end-1)*w.step) + 2 - w.first - w.frames; n > 0 {
		blocks, err := s.part.Next(ctx, &kpn.StreamBlock{Frames: n})
		if err != nil {
			return err
		}
		for o := range s.curves {
			// Each output comes as two floats that add up to it.
			high, low := blocks[2*o].F32, blocks[2*o+1].F32
			for f := range n {
				for row := range rows {
					s.curves[o] = append(s.curves[o], float64(high[row*n+f])+float64(low[row*n+f]))
				}
			}
		}
		w.frames += n
	}
	if gone := int(float64(max(from, 0))*w.step) - w.first; gone > 0 {
		gone = min(gone, w.frames)
		for o, all := range s.curves {
			s.curves[o] = append(all[:0], all[gone*rows:]...)
		}
		w.first, w.frames = w.first+gone, w.frames-gone
	}
	w.values = w.values[:0]
	for _, all := range s.curves {
		w.values = append(w.values, all...)
	}
	return nil
}

// signals are the window, nil where there are no control signals.
func (s *slow) signals() *signals {
	if s == nil {
		return nil
	}
	return &s.window
}

// close ends the control part.
func (s *slow) close() error {
	if s == nil {
		return nil
	}
	return s.part.Close()
}
