package compare

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"sawmill/kpn"
)

// referenceBlock is the block length that the reference is asked for where
// the job leaves it open: an engine could choose the whole job.
const referenceBlock = 4096

// Engines renders a job on two engines at once and compares all outputs. It
// keeps at most one block for each output of the engine that is ahead. With
// no tolerances it derives one for each output, see [DeriveRanged].
//
// It fails with *[SameDeviceError], with the engines' own errors, or with
// those of [Comparator.Finish]; the report is valid for the latter.
func Engines(ctx context.Context, ref, dev kpn.Engine, g *kpn.Graph, job *kpn.Job, tolerances ...Tolerance) (Report, error) {
	return Run{Reference: ref, Candidate: dev}.Compare(ctx, g, job, tolerances...)
}

// Run is a pair of engines to compare.
type Run struct {
	// Case names the comparison in errors; it may be empty.
	Case                 string
	Reference, Candidate kpn.Engine
	// CandidateJob is rendered on the candidate instead of the reference's
	// job if it is set: the same samples asked for in another way.
	CandidateJob *kpn.Job
	// SelfTest allows both engines to be on the same device.
	SelfTest bool
}

// Compare does what [Engines] does.
func (r Run) Compare(ctx context.Context, g *kpn.Graph, job *kpn.Job, tolerances ...Tolerance) (Report, error) {
	config := Config{
		Case: r.Case, Outputs: g.Outputs, Shape: job.Shape,
		Reference: r.Reference.Device(), Candidate: r.Candidate.Device(), SelfTest: r.SelfTest,
	}
	if config.Reference == config.Candidate && !config.SelfTest {
		return Report{}, &SameDeviceError{Case: r.Case, Device: config.Reference}
	}
	if len(tolerances) == 0 {
		derived, err := DeriveRanged(ctx, r.Reference, g, job)
		if err != nil {
			return Report{}, err
		}
		tolerances = derived
	}
	config.Tolerances = tolerances
	comparator, err := New(config)
	if err != nil {
		return Report{}, err
	}
	jobs := [2]kpn.Job{*job, *job}
	if r.CandidateJob != nil {
		jobs[Candidate] = *r.CandidateJob
	}
	if jobs[Reference].BlockFrames == 0 {
		jobs[Reference].BlockFrames = referenceBlock
	}
	if err := r.render(ctx, g, jobs, comparator); err != nil {
		return Report{}, err
	}
	return comparator.Finish()
}

// render runs both engines and feeds the comparator.
func (r Run) render(ctx context.Context, g *kpn.Graph, jobs [2]kpn.Job, comparator *Comparator) error {
	m := newMeeting(comparator)
	both, cancel := context.WithCancel(ctx)
	defer cancel()
	release := context.AfterFunc(both, m.stop)
	defer release()
	var errs [2]error
	var group sync.WaitGroup
	for side, engine := range [2]kpn.Engine{r.Reference, r.Candidate} {
		group.Go(func() {
			errs[side] = forward(both, engine, g, &jobs[side], m.sink(Side(side)))
			m.leave(Side(side))
			if errs[side] != nil {
				cancel()
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	// A structural fault is the comparator's to report, and a side that was
	// stopped because the other failed has no error of its own.
	var extent *ExtentError
	for side, err := range errs {
		if err != nil && !errors.As(err, &extent) && !errors.Is(err, errStopped) && !errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s: %w", Side(side), err)
		}
	}
	return nil
}

func forward(ctx context.Context, engine kpn.Engine, g *kpn.Graph, job *kpn.Job, sink kpn.Sink) (err error) {
	executable, err := engine.Compile(g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, executable.Close()) }()
	return executable.Forward(ctx, job, sink)
}
