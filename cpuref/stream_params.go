package cpuref

import "sawmill/kpn"

// tracks are the values of parameters that a session's blocks have brought. A
// parameter is read as late as what reaches its node is, so that the frames
// before the block are kept as far back as that.
type tracks struct {
	shape   kpn.Shape
	back    int
	byIndex [][]*track
	list    []*track
}

// track is one parameter's values: for each row those of back frames before the
// block, then the block's.
type track struct {
	ref   kpn.ParamRef
	param *param
	// used is set once a block has brought values; own gives a row's value
	// where one has not.
	used   bool
	own    func(row int) float64
	values []float64
	// stride is what a row takes, and first the frame of its first value.
	stride, first int
}

func newTracks(p *plan, j *kpn.StreamJob) *tracks {
	t := &tracks{shape: kpn.Shape{B: j.Items, C: j.Channels}}
	job := j.Job()
	for i := range p.nodes {
		v := &p.nodes[i]
		t.back = max(t.back, v.arrival)
		list := make([]*track, len(v.params))
		for k := range v.params {
			q := &v.params[k]
			ref := kpn.ParamRef{Node: v.id, Param: q.Name}
			own := &track{ref: ref, param: q}
			switch q.Rate {
			case kpn.Constant:
				own.own = func(int) float64 { return q.Value }
			case kpn.PerItem:
				own.own = func(row int) float64 { return job.ItemValue(ref, row/j.Channels, row%j.Channels) }
			case kpn.PerFrame:
				own.used = true
			}
			list[k] = own
			t.list = append(t.list, own)
		}
		t.byIndex = append(t.byIndex, list)
	}
	return t
}

// count is how many parameters have values once a block is added.
func (t *tracks) count(b *kpn.StreamBlock) int {
	n := 0
	for _, p := range t.list {
		if p.used || b.Params[p.ref] != nil {
			n++
		}
	}
	return n
}

// extend adds the values of a block that starts at a frame.
func (t *tracks) extend(b *kpn.StreamBlock, frame int) {
	for _, p := range t.list {
		v := b.Params[p.ref]
		if v != nil || p.used {
			t.extendOne(p, v, frame, b.Frames)
		}
	}
}

func (t *tracks) extendOne(p *track, v *kpn.Values, frame, n int) {
	back := min(t.back, frame)
	old, oldStride, oldFirst, fresh := p.values, p.stride, p.first, p.values == nil
	p.stride, p.first, p.used = back+n, frame-back, true
	p.values = make([]float64, t.shape.Rows()*p.stride)
	for row := range t.shape.Rows() {
		all := p.values[row*p.stride:][:p.stride]
		if fresh {
			// Until now it had its own value; without one, this is frame 0.
			if back > 0 {
				fill(all[:back], p.own(row))
			}
		} else {
			copy(all[:back], old[row*oldStride+p.first-oldFirst:])
		}
		now := all[back:]
		switch {
		case v == nil:
			fill(now, p.own(row))
		case v.F == 1:
			fill(now, v.At(row/t.shape.C, row%t.shape.C, 0))
		default:
			for i := range now {
				now[i] = v.At(row/t.shape.C, row%t.shape.C, i)
			}
		}
	}
}

// read fills dst with the values of node i's parameter k from its frame first
// on, and says whether blocks have brought any. Before frame 0 a parameter
// keeps its value.
func (t *tracks) read(dst []float64, i, k, row, first int) bool {
	if t == nil || !t.byIndex[i][k].used {
		return false
	}
	p := t.byIndex[i][k]
	values := p.values[row*p.stride:][:p.stride]
	for f := range dst {
		dst[f] = values[max(first+f-p.first, 0)]
	}
	return true
}
