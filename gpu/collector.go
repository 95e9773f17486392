package gpu

import (
	"slices"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// collector brings gradients from loop frames and slots to the job's terms.
type collector struct {
	lowered *scheduler.Adjoint
	job     *kpn.Job
	// rows are the sums' totals, by slot, of all rows.
	rows [][]float64
	// frames are the per-frame gradients, by slot.
	frames []frameCollector
	peaks  [][]int
	// controls are the derivatives by the control signals, laid out like
	// those, nil where there are none.
	controls *signals
}

// frameCollector collects one per-frame gradient. Several loop frames may read
// a tensor's first frame, or its last: head and tail are what they add up to,
// by row, from the last to the first.
type frameCollector struct {
	scheduler.FrameGradient
	shape      kpn.Shape
	data       []float64
	narrow     []float32
	head, tail []float64
	// controls is where a control signal's derivative goes instead, from
	// value base on.
	controls *signals
	base     int
}

func newCollector(a *scheduler.Adjoint, job *kpn.Job, controls *signals) *collector {
	c := &collector{lowered: a, job: job, rows: make([][]float64, len(a.Sums)), peaks: make([][]int, a.Layout.Peaks)}
	if controls != nil {
		c.controls = &signals{frames: controls.frames, step: controls.step, values: make([]float64, len(controls.values))}
	}
	for _, f := range a.Frames {
		if slot := slices.Index(a.Layout.Controls, f.Ref.Node); slot >= 0 && f.Ref.Param == "" {
			c.frames = append(c.frames, frameCollector{FrameGradient: f, controls: c.controls, base: slot * controls.frames})
			continue
		}
		t := job.Frames[f.Ref]
		if f.Ref.Param == "" {
			t = job.Inputs[f.Ref.Node]
		}
		own := frameCollector{FrameGradient: f, shape: t.Shape}
		rows := job.Shape.Rows()
		own.head, own.tail = make([]float64, rows), make([]float64, rows)
		if t.Rows() == rows {
			own.narrow = make([]float32, t.Len())
		} else {
			// Rows that share values add up: in double precision.
			own.data = make([]float64, t.Len())
		}
		c.frames = append(c.frames, own)
	}
	return c
}

// add takes a row's gradient at loop frames from first on.
func (f *frameCollector) add(job *kpn.Job, row, first int, values []float32) {
	if f.controls != nil {
		f.addControl(job, row, first, values)
		return
	}
	b, c := row/job.Shape.C, row%job.Shape.C
	at := f.at(b, c)
	last := f.shape.F - 1
	for i := len(values) - 1; i >= 0; i-- {
		x := float64(values[i])
		switch frame := first + i - f.Late; {
		case frame <= 0:
			f.head[row] += x
		case frame >= last:
			if f.Ref.Param != "" || frame == last {
				f.tail[row] += x
			}
		case f.narrow != nil:
			f.narrow[at+frame] = values[i]
		default:
			f.data[at+frame] += x
		}
	}
}

// at is where the values of item b, channel c start.
func (f *frameCollector) at(b, c int) int {
	if f.shape.B == 1 {
		b = 0
	}
	if f.shape.C == 1 {
		c = 0
	}
	return f.shape.Index(b, c, 0)
}

// finish brings the ends in.
func (f *frameCollector) finish(job *kpn.Job) (narrow []float32) {
	if f.narrow == nil {
		f.narrow = make([]float32, len(f.data))
		f.ends(job, func(at int, x float64) { f.data[at] += x })
		for i, x := range f.data {
			f.narrow[i] = float32(x)
		}
		return f.narrow
	}
	f.ends(job, func(at int, x float64) { f.narrow[at] += float32(x) })
	return f.narrow
}

// ends hands out the ends of all rows. A signal of one frame has one end.
func (f *frameCollector) ends(job *kpn.Job, add func(at int, x float64)) {
	for row := range f.head {
		at := f.at(row/job.Shape.C, row%job.Shape.C)
		add(at, f.head[row])
		add(at+f.shape.F-1, f.tail[row])
	}
}

// addControl spreads a row's derivative over the two control frames that each
// frame is between.
func (f *frameCollector) addControl(job *kpn.Job, row, first int, values []float32) {
	rows := job.Shape.Rows()
	for i := len(values) - 1; i >= 0; i-- {
		frame := min(max(first+i-f.Late, 0), job.Shape.F-1)
		place := float64(frame) * f.controls.step
		k := min(int(place), f.controls.frames-2)
		later := float64(values[i]) * (place - float64(k))
		at := (f.base+k)*rows + row
		f.controls.values[at] += float64(values[i]) - later
		f.controls.values[at+rows] += later
	}
}

// finish sets the gradients of the graph's audio part.
func (c *collector) finish(all *kpn.Gradients) {
	for slot, sum := range c.lowered.Sums {
		if v, ok := all.Find(sum.Ref); ok {
			v.SetRows(c.rows[slot])
		}
	}
	for i := range c.frames {
		f := &c.frames[i]
		if v, ok := all.Find(f.Ref); ok && f.controls == nil {
			v.F32 = f.finish(c.job)
		}
	}
	for _, step := range c.lowered.Strategy.PeakPasses {
		all.PeakFrames[step.Node.ID] = c.peaks[step.PeakSlot]
	}
}

// readFrames brings the per-frame gradients of a segment to the host.
func (b *backward) readFrames(s segment) error {
	if len(b.lowered.Frames) == 0 {
		return nil
	}
	rows, n := b.job.Shape.Rows(), b.plan.segmentFrames
	values := make([]float32, len(b.lowered.Frames)*rows*n)
	offset := 8 * len(b.lowered.Sums) * (1 + n/scheduler.Granule) * rows
	err := b.executable.device.do(func() error {
		read(b.memory.buffers[bindGradients], offset, values)
		return nil
	})
	if err != nil {
		return err
	}
	for i := range b.collector.frames {
		for row := range rows {
			at := (i*rows + row) * n
			b.collector.frames[i].add(b.whole.Job, b.first*b.job.Shape.C+row, s.first, values[at:at+s.frames])
		}
	}
	return nil
}

// readRows brings the totals and the frames of the peaks to the host.
func (b *backward) readRows() error {
	rows, peaks := b.job.Shape.Rows(), b.lowered.Layout.Peaks
	totals := make([]float64, len(b.lowered.Sums)*rows)
	frames := make([]uint32, 2*peaks*rows)
	err := b.executable.device.do(func() error {
		read(b.memory.buffers[bindGradients], 0, totals)
		read(b.memory.buffers[bindPeaks], 0, frames)
		return nil
	})
	if err != nil {
		return err
	}
	for slot := range b.lowered.Sums {
		b.collector.rows[slot] = append(b.collector.rows[slot], totals[slot*rows:(slot+1)*rows]...)
	}
	for _, step := range b.lowered.Strategy.PeakPasses {
		own := frames[(peaks+step.PeakSlot)*rows:][:rows]
		for _, t := range own {
			b.collector.peaks[step.PeakSlot] = append(b.collector.peaks[step.PeakSlot], int(t)-step.Arrival)
		}
	}
	return nil
}
