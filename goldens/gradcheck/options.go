package gradcheck

import (
	"fmt"
	"math"

	"sawmill/kpn"
)

// Options say how to check.
type Options struct {
	// Case names the check in errors; it may be empty.
	Case string
	// Seed keys cotangents, nudges and directions.
	Seed uint64
	// Relative is the largest relative error against finite differences; 0
	// means [DefaultRelative].
	Relative float64
	// Nudge is the largest relative change that takes values off corners; 0
	// means [DefaultNudge], and a negative number none.
	Nudge float64
	// Directions is how many random directions, and how many single frames, a
	// tensor is moved along; 0 means [DefaultDirections].
	Directions int
	// Progress, unless it is nil, is told how many parts of a check are done.
	Progress func(done, of int)
}

// The defaults of [Options].
const (
	DefaultRelative   = 1e-6
	DefaultNudge      = 1e-3
	DefaultDirections = 4
)

// maxDirections bounds the differences of one tensor.
const maxDirections = 1024

// MaxSamples bounds a check: items × channels × frames × outputs. Cotangents
// and samples lie in memory, 12 bytes each, and the job is rendered some ten
// times for each parameter.
const MaxSamples = 1 << 24

// filled returns the options with defaults in place.
func (o Options) filled() (Options, error) {
	if o.Relative == 0 {
		o.Relative = DefaultRelative
	}
	if o.Nudge == 0 {
		o.Nudge = DefaultNudge
	}
	if o.Directions == 0 {
		o.Directions = DefaultDirections
	}
	switch {
	case !(o.Relative > 0 && o.Relative < 0.5):
		return o, &OptionError{"relative", fmt.Sprintf("got %g, allowed is above 0 and below ½, or nothing could fail", o.Relative)}
	case !(o.Nudge <= 0.1) || math.IsInf(o.Nudge, 0):
		return o, &OptionError{"nudge", fmt.Sprintf("got %g, allowed is up to 0.1", o.Nudge)}
	case o.Directions < 2 || o.Directions > maxDirections:
		return o, &OptionError{"directions", fmt.Sprintf("got %d, allowed is 2 to %d", o.Directions, maxDirections)}
	}
	return o, nil
}

// OptionError is an option that makes no sense.
type OptionError struct{ Option, Reason string }

// Error implements error.
func (e *OptionError) Error() string { return fmt.Sprintf("gradcheck: %s: %s", e.Option, e.Reason) }

// checkSize refuses jobs that are too large to check.
func checkSize(g *kpn.Graph, job *kpn.Job) error {
	// Validated before: no factor is zero.
	if samples := float64(job.Shape.B) * float64(job.Shape.C) * float64(job.Shape.F) * float64(len(g.Outputs)); samples > MaxSamples {
		return &kpn.JobError{Field: "shape", Reason: fmt.Sprintf("%v and %d outputs are %.3g samples; a check takes up to %d: take fewer items or frames", job.Shape, len(g.Outputs), samples, MaxSamples)}
	}
	return nil
}
