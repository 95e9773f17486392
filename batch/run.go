package batch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"

	"sawmill/kpn"
)

// Result is what a run did.
type Result struct {
	// Complete says that the dataset was finished before this run.
	Complete bool
	// Rendered counts the sounds that this run wrote, Repaired those of them
	// that had been finished before and were missing or cut short.
	Rendered, Repaired int
	// Present counts the sounds that were there already.
	Present int
}

// run is one call of [Run].
type run struct {
	options *Options
	engine  kpn.Engine
	dir     *directory
	journal *journal // nil while a finished dataset is mended

	// result belongs to the committer while a pipeline runs.
	result Result

	// mu guards what progress tells: the sounds that are finished and the
	// samples that are encoded.
	mu      sync.Mutex
	done    int
	samples int64
}

// Run renders a dataset, or what is missing of it, with the given engine.
//
// Everything that can be known to be wrong is refused before anything is
// written. Errors: [OptionErrors]; those of [kpn.Preset.Check] and of the
// engine; [*ForeignError], [*ArgumentError], [*LockedError] for a directory
// that cannot be continued; [*FileError]; [*SampleError]; [*DamagedError];
// [*InterruptedError] when ctx is done. After each of them but the first
// four, the same call continues where this one stopped.
func Run(ctx context.Context, engine kpn.Engine, o Options) (Result, error) {
	return start(ctx, engine, &o, newDirectory(o.Dir))
}

func start(ctx context.Context, engine kpn.Engine, o *Options, d *directory) (Result, error) {
	r := &run{options: o, engine: engine, dir: d}
	if err := o.Validate(); err != nil {
		return r.result, err
	}
	exe, err := engine.Compile(o.Preset.Graph)
	if err != nil {
		return r.result, err
	}
	err = r.open(ctx, exe)
	if e := exe.Close(); err == nil && e != nil {
		err = e
	}
	return r.result, err
}

// open prepares the directory and does what its state asks for.
func (r *run) open(ctx context.Context, exe kpn.Executable) error {
	a := r.options.arguments(r.engine.Device())
	// Look before the first write, then again under the lock.
	state, err := r.dir.state(a)
	if err != nil {
		return err
	}
	if state == finished {
		if r.result.Complete, err = r.intact(); err != nil || r.result.Complete {
			return err
		}
	}
	if err = os.MkdirAll(r.dir.root, 0o755); err != nil {
		return &FileError{"make", r.dir.root, err}
	}
	unlock, err := r.dir.lock()
	if err != nil {
		return err
	}
	done := false
	defer func() { unlock(done) }()
	if state, err = r.dir.state(a); err != nil {
		return err
	}
	if err = r.dir.removeTemps(); err != nil {
		return err
	}
	if state == finished {
		err = r.mend(ctx, exe)
	} else {
		err = r.build(ctx, exe, a, state)
	}
	if err == nil {
		r.dir.remove(journalName)
		r.dir.remove(jobName)
		done = true
	}
	return err
}

// build renders what the journal does not list, then makes the labels and
// the manifest.
func (r *run) build(ctx context.Context, exe kpn.Executable, a *arguments, s state) error {
	if s == fresh {
		if err := r.dir.writeJob(a); err != nil {
			return err
		}
	}
	j, err := openJournal(r.dir, r.options)
	if err != nil {
		return err
	}
	r.journal = j
	r.result.Present = j.entries
	r.done = j.entries
	if s == begun {
		r.options.logger().Info("continuing", "dir", r.dir.root, "finished", j.entries, "of", r.options.Count)
	}
	err = r.renderAll(ctx, exe, j.spans())
	if e := j.close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	t, err := j.writeLabels()
	if err != nil {
		return err
	}
	return j.writeManifest(a, t)
}

// intact says whether a finished dataset needs nothing, not even tidying.
func (r *run) intact() (bool, error) {
	r.result.Present = r.options.Count
	for _, leftover := range []string{journalName, jobName} {
		if size, err := r.dir.size(leftover); err != nil || size >= 0 {
			return false, err
		}
	}
	m, err := r.openFinished()
	if err != nil {
		return false, err
	}
	defer m.close()
	for _, err := range m.spans(r.dir, r.options) {
		return false, err
	}
	return true, nil
}

// mend renders again what is missing of a finished dataset.
func (r *run) mend(ctx context.Context, exe kpn.Executable) error {
	r.result.Present = r.options.Count
	r.done = r.options.Count
	m, err := r.openFinished()
	if err != nil {
		return err
	}
	defer m.close()
	err = r.renderAll(ctx, exe, m.spans(r.dir, r.options))
	r.result.Complete = err == nil && r.result.Rendered == 0
	return err
}

// openFinished opens the manifest and checks that the labels are there.
func (r *run) openFinished() (*manifest, error) {
	m, err := openManifest(r.dir)
	if err != nil {
		return nil, err
	}
	size, err := r.dir.size(labelsName)
	if err == nil && size != m.Labels.Bytes {
		reason := fmt.Sprintf("it has %d bytes and should have %d", size, m.Labels.Bytes)
		if size < 0 {
			reason = "it is missing"
		}
		err = &DamagedError{r.dir.path(labelsName), fmt.Sprintf("%s; delete the directory %s and run again to render everything anew", reason, r.dir.root)}
	}
	if err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// renderAll renders batch by batch.
func (r *run) renderAll(ctx context.Context, exe kpn.Executable, spans iter.Seq2[span, error]) error {
	p := newPipeline(r)
	err := p.renderAll(ctx, exe, spans)
	if e := p.close(); e != nil {
		err = e
	}
	if cause := context.Cause(ctx); cause != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, cause)) {
		return &InterruptedError{Dir: r.dir.root, Done: r.done, Count: r.options.Count, Cause: cause}
	}
	return err
}

// finish journals a published batch.
func (r *run) finish(s span, items []*item) error {
	if s.want == nil {
		entries := make([]*entry, len(items))
		for i, it := range items {
			label, err := r.options.appendLabel(nil, it)
			if err != nil {
				return err
			}
			entries[i] = &entry{Bytes: it.wave.fileBytes(), SHA256: it.sha256(), Clipped: it.clipped(), Label: label}
		}
		if err := r.journal.append(entries); err != nil {
			return err
		}
		r.report(len(items), 0)
	} else {
		r.result.Repaired += len(items)
	}
	r.result.Rendered += len(items)
	return nil
}

// report tells of progress: sounds more are finished, samples more encoded.
func (r *run) report(sounds, samples int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done += sounds
	r.samples += int64(samples)
	if r.options.Progress != nil {
		r.options.Progress(Progress{Done: r.done, Count: r.options.Count, Samples: r.samples, Present: r.result.Present})
	}
}
