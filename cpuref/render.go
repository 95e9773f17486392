package cpuref

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"sawmill/kpn"
)

// Sizes of the runs of frames.
const (
	// chunkFrames is how many frames of a row all nodes compute before the
	// next ones: few enough that their signals stay in the cache.
	chunkFrames = 256
	// blockFrames is how many frames a block has if the job doesn't say.
	blockFrames = 4096
	// maxBlockBytes bounds the blocks of all outputs together.
	maxBlockBytes = 64 << 20
)

// render is one job under way.
type render struct {
	plan    *plan
	job     *kpn.Job
	layout  *layout
	state   *state
	curves  *curves
	workers []*worker
	// wide walks the rows together, nil where they are walked one by one.
	wide *wide
	// kept is what the last measuring pass leaves for the one that delivers,
	// nil before that and where it leaves nothing.
	kept *kept
}

// newRender prepares a valid job, with its control signals.
func newRender(p *plan, job *kpn.Job, c *curves) (*render, error) {
	l := newLayout(p, p.latency+job.Shape.F, job.Rate)
	s, err := newState(p, l, job)
	if err != nil {
		return nil, err
	}
	r := &render{plan: p, job: job, layout: l, state: s, curves: c}
	return r, r.addWorkers()
}

// addWorkers makes a worker for each processor, as far as there are rows. With
// nodes of custom kinds every row has its own.
func (r *render) addWorkers() error {
	if r.plan.hasCustom() {
		return r.addWide()
	}
	for range min(runtime.GOMAXPROCS(0), r.job.Shape.Rows()) {
		r.workers = append(r.workers, newWorker(r))
	}
	return nil
}

// measureAll runs all passes that come before the frames are delivered.
func (r *render) measureAll(ctx context.Context) error {
	for level := 1; level <= r.plan.levels(); level++ {
		if err := r.measure(ctx, level); err != nil {
			return err
		}
	}
	return nil
}

// measure runs the frames that the whole-row nodes of a level look at, and
// leaves what they found in the state.
func (r *render) measure(ctx context.Context, level int) error {
	groups := r.plan.measured(level)
	r.state.restart()
	if r.wide != nil {
		return r.wide.measure(ctx, groups, level)
	}
	if level == r.plan.levels() {
		r.kept = newKept(r, groups)
	}
	return r.eachRow(func(w *worker, row int) error {
		return w.measure(ctx, groups, level, row, func(int) {})
	})
}

// deliver runs the whole graph and hands over its outputs in blocks.
func (r *render) deliver(ctx context.Context, sink kpn.Sink) error {
	r.state.restart()
	rows, frames := r.job.Shape.Rows(), r.job.Shape.F
	length := r.job.BlockFrames
	if length == 0 {
		length = blockFrames
	}
	length = min(length, frames, max(1, maxBlockBytes/8/rows/len(r.plan.outputs)))
	blocks := make([][]float64, len(r.plan.outputs))
	for o := range blocks {
		blocks[o] = make([]float64, rows*length)
	}
	next := 0
	for first := 0; first < frames; first += length {
		n := min(length, frames-first)
		from, to := next, r.plan.latency+first+n
		next = to
		if err := r.advance(ctx, blocks, n, from, to); err != nil {
			return err
		}
		for o, data := range blocks {
			shape := r.job.Shape
			shape.F = n
			if err := sink(&kpn.Block{Output: o, First: first, Shape: shape, F64: data[:rows*n]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// advance takes all rows through loop frames from to to, of which the last n are
// the blocks.
func (r *render) advance(ctx context.Context, blocks [][]float64, n, from, to int) error {
	if r.wide != nil {
		return r.wide.deliver(ctx, blocks, n, from, to)
	}
	return r.eachRow(func(w *worker, row int) error {
		return w.deliver(ctx, blocks, row, n, from, to)
	})
}

// eachRow calls f for every row, on all workers at once. Which worker takes
// which row makes no difference: they share nothing but the job.
func (r *render) eachRow(f func(w *worker, row int) error) error {
	rows := int64(r.job.Shape.Rows())
	errs := make([]error, len(r.workers))
	var taken atomic.Int64
	work := func(i int) {
		for row := taken.Add(1) - 1; row < rows && errs[i] == nil; row = taken.Add(1) - 1 {
			errs[i] = f(r.workers[i], int(row))
		}
	}
	var others sync.WaitGroup
	for i := 1; i < len(r.workers); i++ {
		others.Go(func() { work(i) })
	}
	work(0)
	others.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
