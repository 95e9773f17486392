package gpu

import (
	"github.com/go-gl/gl/v4.3-core/gl"

	"sawmill/kpn"
	"sawmill/scheduler"
)

// past is the frames of a session's inputs and parameters that kernels may
// still read, as they lay them out.
type past struct {
	refs []kpn.ParamRef
	// tables are the numbers of nodes' tables, by the same slots; nil for what
	// blocks bring.
	tables [][]float32
	rows   kpn.Shape
	// signals has each slot's rows, from frame first on, each on its own.
	signals [][][]float32
	first   int
	// before is how many frames kernels look back.
	before int
	layout [][3]uint32
	data   []float32
}

func newPast(p *scheduler.Program, j *kpn.StreamJob) past {
	s := past{rows: kpn.Shape{B: j.Items, C: j.Channels}}
	s.before, _ = windowMargins(p)
	for _, t := range p.Layout.Tensors {
		s.refs = append(s.refs, t.Ref)
		s.tables = append(s.tables, t.Table)
		s.signals = append(s.signals, make([][]float32, s.rows.Rows()))
	}
	s.layout = make([][3]uint32, len(s.refs))
	return s
}

// len bounds the window's length in samples for segments of so many frames.
func (p *past) len(segment int) int {
	n := 0
	for _, table := range p.tables {
		if table != nil {
			n += len(table)
		} else {
			n += p.rows.Rows() * (segment + 2*p.before)
		}
	}
	return n
}

// add appends n frames of a block, from its frame at on.
func (p *past) add(b *kpn.StreamBlock, at, n int) {
	for i, ref := range p.refs {
		if p.tables[i] != nil {
			continue
		}
		v := b.Params[ref]
		if ref.Param == "" {
			v = b.Inputs[ref.Node]
		}
		for row := range p.signals[i] {
			for f := at; f < at+n; f++ {
				p.signals[i][row] = append(p.signals[i][row], float32(v.At(row/p.rows.C, row%p.rows.C, f)))
			}
		}
	}
}

// window lays out what there is, up to the last frame that is known.
func (p *past) window(known int) []float32 {
	p.data = p.data[:0]
	length := known - p.first
	for i := range p.refs {
		p.layout[i] = [3]uint32{uint32(len(p.data)), uint32(p.rows.C * length), uint32(length)}
		if p.tables[i] != nil {
			p.layout[i] = [3]uint32{uint32(len(p.data))}
			p.data = append(p.data, p.tables[i]...)
			continue
		}
		for _, row := range p.signals[i] {
			p.data = append(p.data, row...)
		}
	}
	return p.data
}

// drop forgets what no frame of the output from one on looks back to.
func (p *past) drop(frame int) {
	gone := frame - p.before - p.first
	if gone <= 0 {
		return
	}
	p.first += gone
	for i := range p.signals {
		for row, all := range p.signals[i] {
			if p.tables[i] == nil {
				p.signals[i][row] = append(all[:0], all[gone:]...)
			}
		}
	}
}

// duplicate copies a whole buffer, behind the kernels before it.
func duplicate(to, from *buffer) {
	gl.MemoryBarrier(gl.BUFFER_UPDATE_BARRIER_BIT)
	gl.BindBuffer(gl.COPY_READ_BUFFER, from.id)
	gl.BindBuffer(gl.COPY_WRITE_BUFFER, to.id)
	gl.CopyBufferSubData(gl.COPY_READ_BUFFER, gl.COPY_WRITE_BUFFER, 0, 0, min(from.size, to.size))
}
