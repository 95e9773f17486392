package gpu

import (
	"slices"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// tensorWindow is the part of a job's tensors that one segment reads.
type tensorWindow struct {
	tensors []*kpn.Tensor
	// tables are the numbers of nodes' tables, whole, by the same slots; nil
	// for what the job brings.
	tables [][]float32
	// before and after are how many frames a segment reads on either side of
	// its own.
	before, after int
	frames        int
	// first is the window's first frame.
	first int
	// layout is, for each tensor, its offset in the window and its strides
	// from item to item and channel to channel; 0 where an axis repeats.
	layout [][3]uint32
	data   []float32
}

func newTensorWindow(p *scheduler.Program, job *kpn.Job) tensorWindow {
	w := tensorWindow{frames: job.Shape.F}
	w.before, w.after = windowMargins(p)
	for _, t := range p.Layout.Tensors {
		w.tables = append(w.tables, t.Table)
		if t.Table != nil {
			w.tensors = append(w.tensors, nil)
		} else if t.Ref.Param == "" {
			w.tensors = append(w.tensors, job.Inputs[t.Ref.Node])
		} else {
			w.tensors = append(w.tensors, job.Frames[t.Ref])
		}
	}
	w.layout = make([][3]uint32, len(w.tensors))
	return w
}

// slack covers the rounding of latencies, warm-ups and ends to whole quads.
const slack = 16

// windowMargins are how many frames a segment reads at most before and after
// its own. After it: the peak of a delayed whole-row step is found that much
// later in the loop, while undelayed sources run ahead.
func windowMargins(p *scheduler.Program) (before, after int) {
	skew := 0
	for _, s := range p.Steps {
		skew = max(skew, s.First)
	}
	return p.Strategy.WarmUp + skew + p.Latency + slack, p.Latency + skew + slack
}

// len bounds the window's length in samples for segments of so many frames.
func (w *tensorWindow) len(segment int) int {
	n := 0
	for i, t := range w.tensors {
		if w.tables[i] != nil {
			n += len(w.tables[i])
			continue
		}
		n += t.Rows() * min(w.frames, segment+w.before+w.after)
	}
	return n
}

// fill copies the frames that a segment reads. After a tensor's last frame
// kernels read that frame again, so the window always reaches it when the
// segment does.
func (w *tensorWindow) fill(first, frames int) []float32 {
	if len(w.tensors) == 0 {
		return nil
	}
	last := min(w.frames, first+frames+w.after)
	w.first = min(max(0, first-w.before), w.frames-1)
	length := last - w.first
	w.data = slices.Grow(w.data[:0], w.len(frames))
	for i, t := range w.tensors {
		if w.tables[i] != nil {
			w.layout[i] = [3]uint32{uint32(len(w.data))}
			w.data = append(w.data, w.tables[i]...)
			continue
		}
		w.layout[i] = [3]uint32{uint32(len(w.data)), uint32(t.C * length), uint32(length)}
		if t.B == 1 {
			w.layout[i][1] = 0
		}
		if t.C == 1 {
			w.layout[i][2] = 0
		}
		for row := range t.Rows() {
			at := row * t.F
			w.data = append(w.data, t.Data[at+w.first:at+last]...)
		}
	}
	return w.data
}
