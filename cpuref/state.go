package cpuref

import (
	"fmt"

	"sawmill/kpn"
)

// maxState bounds what the rows of a job may keep between blocks, with one
// frame of each output, in bytes.
const maxState = 1 << 30

// layout says where a row's memory holds what.
type layout struct {
	// history and rings are the places of each node's decimator memory and
	// of the delay lines of its inputs; memory those of what the nodes' kinds
	// keep, and outputs those of the outputs' delay lines.
	history []place
	memory  []place
	rings   [][]place
	outputs []place
	// samples is the size of the whole.
	samples int
}

// place is a part of a row's samples.
type place struct {
	at, size int
}

// of is the part of a row's samples that the place names.
func (p place) of(samples []float64) []float64 { return samples[p.at : p.at+p.size] }

// newLayout lays out a row's memory for a loop of so many frames: no delay
// line needs to be longer, since it would only give zeros.
func newLayout(p *plan, frames int, rate float64) *layout {
	l := &layout{}
	take := func(size int) place {
		at := l.samples
		l.samples += size
		return place{at, size}
	}
	for i := range p.nodes {
		v := &p.nodes[i]
		l.history = append(l.history, take(v.decimator.memory()))
		memory := 0
		if v.step.memory != nil {
			memory = v.step.memory(v, rate)
		}
		l.memory = append(l.memory, take(memory))
		var rings []place
		for _, e := range v.inputs {
			rings = append(rings, take(min(e.delay, frames)))
		}
		l.rings = append(l.rings, rings)
	}
	for _, e := range p.outputs {
		l.outputs = append(l.outputs, take(min(e.delay, frames)))
	}
	return l
}

// state is what the rows keep between runs of frames. Each slice has the
// rows one after the other.
type state struct {
	samples []float64
	phases  []uint64
	peaks   []float64
	peaksAt []int
}

// newState makes the rows' state, or refuses if it would be too large.
func newState(p *plan, l *layout, job *kpn.Job) (*state, error) {
	rows, nodes := job.Shape.Rows(), len(p.nodes)
	perRow := 8 * (l.samples + 3*nodes + len(p.outputs))
	if rows > maxState/perRow {
		return nil, &kpn.JobError{
			Field: "items",
			Reason: fmt.Sprintf("%d rows (items times channels) need %d bytes each, allowed is %d in all; render at most %d rows at a time, or shorten the edges' delays",
				rows, perRow, maxState, maxState/perRow),
		}
	}
	return &state{
		samples: make([]float64, rows*l.samples),
		phases:  make([]uint64, rows*nodes),
		peaks:   make([]float64, rows*nodes),
		peaksAt: make([]int, rows*nodes),
	}, nil
}

// restart takes all rows back to frame 0. What was measured stays.
func (s *state) restart() {
	clear(s.samples)
	clear(s.phases)
}
