package cpuref

import (
	"context"
	"errors"
	"fmt"

	"sawmill/kpn"
)

// wide walks all rows node by node, since nodes of custom kinds see all rows of
// a frame at once.
type wide struct {
	*render
	// rows has a worker for each row; entries the nodes of custom kinds, nil
	// for others.
	rows    []*worker
	entries []*entry
}

// addWide makes a worker for each row and an entry for each node of a custom
// kind.
func (r *render) addWide() error {
	each, rows := 8*chunkFrames*(len(r.plan.nodes)+r.plan.countParams()+4), r.job.Shape.Rows()
	if most := maxState / each; rows > most {
		return &kpn.JobError{Field: "items", Reason: fmt.Sprintf("%d rows (items times channels) of a graph with custom kinds need %d bytes each, allowed is %d in all; render at most %d rows at a time", rows, each, maxState, most)}
	}
	u := &wide{render: r, entries: make([]*entry, len(r.plan.nodes))}
	for range rows {
		u.rows = append(u.rows, newWorker(r))
	}
	for i := range r.plan.nodes {
		v := &r.plan.nodes[i]
		if v.custom == nil {
			continue
		}
		e, err := newEntry(r.plan.graph, v)
		if err != nil {
			return err
		}
		u.entries[i] = e
	}
	r.wide, r.workers = u, u.rows
	return nil
}

func (p *plan) countParams() int {
	n := 0
	for i := range p.nodes {
		n += len(p.nodes[i].params)
	}
	return n
}

// measure is worker.measure for all rows.
func (u *wide) measure(ctx context.Context, groups []bool, level int) error {
	u.restart()
	frames := u.measuredFrames(level)
	for t := 0; t < frames; t += chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := u.walk(groups, t, min(chunkFrames, frames-t), func(w *worker) { w.measureOr(level) })
		if err != nil {
			return err
		}
	}
	u.restart()
	return nil
}

// deliver is worker.deliver for all rows.
func (u *wide) deliver(ctx context.Context, blocks [][]float64, n, from, to int) error {
	for t := from; t < to; t += chunkFrames {
		if err := ctx.Err(); err != nil {
			return err
		}
		length := min(chunkFrames, to-t)
		if err := u.walk(nil, t, length, (*worker).forward); err != nil {
			return err
		}
		for _, w := range u.rows {
			w.output(blocks, n, t, length, to)
		}
	}
	return nil
}

// walk is worker.walk for all rows: do computes the run that was prepared of a
// row, for nodes of the catalogue's kinds.
func (u *wide) walk(wanted []bool, t, n int, do func(*worker)) error {
	for row, w := range u.rows {
		w.enter(row)
	}
	for g := range u.plan.groups {
		s := &u.plan.groups[g]
		if wanted != nil && !wanted[g] {
			continue
		}
		length := s.run
		if length == 0 {
			length = n
		}
		for off := 0; off < n; off += length {
			part := min(length, n-off)
			for i := s.first; i < s.end; i++ {
				if err := u.step(i, t, off, part, do); err != nil {
					return err
				}
			}
			if s.run == 0 {
				continue
			}
			for _, w := range u.rows {
				w.feed(s, t, off, part)
			}
		}
	}
	return nil
}

// step computes a node's run of frames of all rows.
func (u *wide) step(i, t, off, n int, do func(*worker)) error {
	for _, w := range u.rows {
		w.prepare(i, t, off, n)
		if u.entries[i] == nil {
			do(w)
		}
	}
	if u.entries[i] == nil {
		return nil
	}
	return u.entries[i].run(u.rows)
}

// restart releases the states: the next frame is the first.
func (u *wide) restart() {
	if u == nil {
		return
	}
	for _, e := range u.entries {
		if e != nil {
			e.keep(nil)
		}
	}
}

// Metrics implements [kpn.Meter].
func (r *render) Metrics(id string) (kpn.Metrics, bool) {
	if e := r.wide.of(id); e != nil {
		return e.metrics, e.reports
	}
	return kpn.Metrics{}, false
}

// of is the entry of a node, nil if it has none.
func (u *wide) of(id string) *entry {
	if u == nil {
		return nil
	}
	for _, e := range u.entries {
		if e != nil && e.node.id == id {
			return e
		}
	}
	return nil
}

// meter starts a block: what nodes report counts from here.
func (u *wide) meter() {
	if u == nil {
		return
	}
	for _, e := range u.entries {
		if e != nil {
			e.metrics, e.reports = kpn.Metrics{}, false
		}
	}
}

// unsupported is the error of an entry without an adjoint, if it is one.
func unsupported(err error) bool {
	var e *kpn.UnsupportedError
	return errors.As(err, &e)
}
