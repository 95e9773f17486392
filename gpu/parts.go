package gpu

import (
	"context"

	"sawmill/kpn"
)

// heldBytes is how many samples of a job may wait on the host, rather than be
// rendered twice.
const heldBytes = 1 << 30

// partItems is how many items of a job to render at once. A graph that ends in
// a whole-row kind is rendered twice where the job is not one segment, and that
// costs more than to gather parts of it that are.
func (x *Executable) partItems(job *kpn.Job) int {
	s := job.Shape
	item := 4 * int64(s.C) * int64(roundUp4(s.F)) * int64(x.program.Stored())
	limit := min(x.device.Describe().Limits.StorageBytes, wholeBytes)
	if x.program.Keep == nil || job.BlockFrames > 0 || item > limit || item > heldBytes/int64(s.B) {
		return s.B
	}
	parts := (int64(s.B)*item + limit - 1) / limit
	return int((int64(s.B) + parts - 1) / parts)
}

// runParts renders a job some items at a time. The sink gets its blocks once
// all are rendered.
func (x *Executable) runParts(ctx context.Context, job *kpn.Job, items int, sink kpn.Sink) error {
	var all []float32
	if sink != nil {
		all = make([]float32, job.Shape.Len())
	}
	for first := 0; first < job.Shape.B; first += items {
		part := job.Slice(first, min(items, job.Shape.B-first))
		var gather kpn.Sink
		if sink != nil {
			row := first * job.Shape.C
			gather = func(b *kpn.Block) error {
				for r := range b.Shape.Rows() {
					copy(all[(row+r)*job.Shape.F+b.First:], b.F32[r*b.Shape.F:(r+1)*b.Shape.F])
				}
				return nil
			}
		}
		if err := x.runWhole(ctx, part, nil, gather); err != nil {
			return err
		}
	}
	if sink == nil {
		return nil
	}
	return sink(&kpn.Block{Shape: job.Shape, F32: all})
}
