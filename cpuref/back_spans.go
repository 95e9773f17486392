package cpuref

import (
	"fmt"
	"math"

	"sawmill/kpn"
)

const (
	// maxBack bounds what all workers of an adjoint keep, in bytes.
	maxBack = 512 << 20
	// leastSpan is the fewest frames worth a checkpoint.
	leastSpan = 16 * chunkFrames
	// mostRead bounds how many cotangents are read at a time.
	mostRead = 1 << 18
)

// spans cut the loop of a row that goes back. The row's state at the start of
// every span, its checkpoint, is kept for the whole row, all signals for one
// span at a time.
type spans struct {
	// frames is the length of the loop, and length that of a span.
	frames, length int
	// signals is how many values are kept for each frame of a span, memory for
	// each of its chunks, and state for each checkpoint.
	signals, memory, state int
}

// newSpans chooses spans for which the checkpoints take about as much memory
// as the signals: both grow with the square root of the frames.
func newSpans(p *plan, l *layout, frames int) spans {
	s := spans{frames: frames, signals: len(p.nodes) + len(p.outputs), state: l.samples + len(p.nodes)}
	for i := range p.nodes {
		for _, e := range p.nodes[i].inputs {
			if e.delay > 0 {
				s.signals++
			}
		}
	}
	for _, m := range l.memory {
		s.memory += m.size
	}
	each := float64(s.signals) + float64(s.memory)/chunkFrames
	equal := math.Sqrt(float64(frames) * float64(s.state) / each)
	chunks := int(math.Ceil(max(equal, leastSpan) / chunkFrames))
	s.length = chunks * chunkFrames
	return s
}

// count is how many spans there are.
func (s spans) count() int { return (s.frames + s.length - 1) / s.length }

// longest is the length of the longest span.
func (s spans) longest() int { return min(s.length, s.frames) }

// bytes is what one worker keeps for checkpoints and signals.
func (s spans) bytes() int {
	return 8 * (s.longest()*s.signals + s.chunks()*s.memory + s.count()*s.state)
}

// chunks is how many chunks the longest span has.
func (s spans) chunks() int { return (s.longest() + chunkFrames - 1) / chunkFrames }

// workerBytes is what one worker keeps: besides, the state of a row and its
// cotangent, some chunks for each node, the cotangents as they are read, what
// the nodes of loops keep at each run of a chunk, and the row's values of
// gradients that rows share.
func (b *backward) workerBytes() int {
	channels := b.job.Shape.C
	read := min(max(mostRead, channels), channels*b.spans.longest())
	total := b.spans.bytes() + 8*b.layout.samples + 8*4*chunkFrames*len(b.plan.nodes) + 4*read
	total += 8 * b.replayed()
	for _, list := range b.targets {
		for _, t := range list {
			if t != nil && t.shared {
				total += 8 * t.Shape.F
			}
		}
	}
	return total
}

// fit leaves as many workers as there is memory for, or refuses.
func (b *backward) fit() error {
	each := b.workerBytes()
	if each > maxBack {
		return &kpn.JobError{
			Field: "frames",
			Reason: fmt.Sprintf("the adjoint of a row of %d frames needs %d bytes, allowed is %d; take fewer frames at a time, shorten the edges' delays, or bind per-frame parameters for each row",
				b.job.Shape.F, each, maxBack),
		}
	}
	b.workers = b.workers[:min(len(b.workers), maxBack/each)]
	return nil
}

// measuresAllMemory says whether the nodes that the last measuring pass runs
// are all that keep something from frame to frame: then that pass can leave the
// checkpoints. It is as long as the loop, since what makes a node late keeps
// something. Without such a pass nothing may be kept at all.
func (p *plan) measuresAllMemory(l *layout) bool {
	measured := p.measured(p.levels())
	for g := range p.groups {
		for i := p.groups[g].first; i < p.groups[g].end; i++ {
			keeps := p.nodes[i].remembers || l.history[i].size > 0
			for _, ring := range l.rings[i] {
				keeps = keeps || ring.size > 0
			}
			if keeps && !measured[g] {
				return false
			}
		}
	}
	return true
}
