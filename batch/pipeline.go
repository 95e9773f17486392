package batch

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync"
	"sync/atomic"

	"sawmill/kpn"
)

// pipeline takes batches from the engine to finished files. The caller's
// goroutine renders and encodes; writers append to files and hash; one
// committer publishes each batch and journals it. Every queue is bounded, so
// that a slow disk slows the engine instead of filling memory.
type pipeline struct {
	run     *run
	options *Options
	dir     *directory
	// tasks has one queue a writer: an item's pieces stay in order.
	tasks []chan task
	free  chan *slab
	parts chan *part

	writers, committer sync.WaitGroup

	mu  sync.Mutex
	err error
}

// part is a batch on its way.
type part struct {
	span  span
	items []*item
	// pending counts the pieces that are not written yet.
	pending sync.WaitGroup
	// dropped parts were not rendered to their end.
	dropped bool
}

// slab holds the encoded samples of a block, item by item.
type slab struct {
	data []byte
	uses atomic.Int32
}

// task is a piece of an item's file.
type task struct {
	part *part
	item *item
	data []byte
	slab *slab
}

func newPipeline(r *run) *pipeline {
	const slabs = 2 // one is written while the next is filled
	p := &pipeline{
		run:     r,
		options: r.options,
		dir:     r.dir,
		free:    make(chan *slab, slabs),
		parts:   make(chan *part, 1),
	}
	for range slabs {
		p.free <- &slab{}
	}
	for range runtime.GOMAXPROCS(0) {
		queue := make(chan task, 64)
		p.tasks = append(p.tasks, queue)
		p.writers.Go(func() { p.write(queue) })
	}
	p.committer.Go(p.commit)
	return p
}

// fail records the first error; everything after it is dropped.
func (p *pipeline) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
	}
}

func (p *pipeline) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// renderAll renders batch by batch until the spans end or something fails.
func (p *pipeline) renderAll(ctx context.Context, exe kpn.Executable, spans iter.Seq2[span, error]) error {
	for s, err := range spans {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = p.render(ctx, exe, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// render renders one batch and queues it to be published.
func (p *pipeline) render(ctx context.Context, exe kpn.Executable, s span) error {
	if err := p.failure(); err != nil {
		return err
	}
	job, draws, err := p.options.Load(s.first, s.n)
	if err != nil {
		return err
	}
	part := &part{span: s, items: make([]*item, s.n)}
	for i := range part.items {
		part.items[i] = newItem(p.options, s.first+i, draws[i])
	}
	e := newEncoder(p, part)
	err = exe.Forward(ctx, job, e.sink)
	if err == nil {
		err = e.end()
	} else if e.err == nil {
		// The engine counts items from the batch's first.
		err = fmt.Errorf("items %d to %d: %w", s.first, s.first+s.n-1, err)
	}
	part.dropped = err != nil
	p.parts <- part
	return err
}

// close waits for what is queued and returns the first failure.
func (p *pipeline) close() error {
	close(p.parts)
	p.committer.Wait()
	for _, queue := range p.tasks {
		close(queue)
	}
	p.writers.Wait()
	return p.failure()
}

// send queues a piece for the item's writer.
func (p *pipeline) send(t task) {
	t.part.pending.Add(1)
	p.tasks[t.item.index%len(p.tasks)] <- t
}

func (p *pipeline) write(queue chan task) {
	for t := range queue {
		if p.failure() == nil {
			if err := t.item.write(p.dir, t.data); err != nil {
				p.fail(err)
			}
		}
		if t.slab.uses.Add(-1) == 0 {
			p.free <- t.slab
		}
		t.part.pending.Done()
	}
}

func (p *pipeline) commit() {
	for part := range p.parts {
		part.pending.Wait()
		if !part.dropped && p.failure() == nil {
			if err := p.publish(part); err != nil {
				p.fail(err)
			}
		}
		if part.dropped || p.failure() != nil {
			for _, it := range part.items {
				p.dir.remove(it.tempName())
			}
		}
	}
}

func (p *pipeline) publish(part *part) error {
	for i, want := range part.span.want {
		it := part.items[i]
		if got := it.sha256(); got != want {
			return &DamagedError{p.dir.path(it.name), fmt.Sprintf("it was lost, and rendered again it has the SHA-256 %s instead of %s; delete the directory and render everything anew", got, want)}
		}
	}
	if err := p.dir.publish(part.items); err != nil {
		return err
	}
	return p.run.finish(part.span, part.items)
}
