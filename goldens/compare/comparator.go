package compare

import (
	"errors"
	"fmt"

	"sawmill/kpn"
)

// Side tells the two sides of a comparison apart.
type Side int

// The sides.
const (
	Reference Side = iota
	Candidate
)

// String names the side.
func (s Side) String() string {
	if s == Reference {
		return "reference"
	}
	return "candidate"
}

func (s Side) other() Side { return 1 - s }

// Config sets a comparison up.
type Config struct {
	// Case names the comparison in errors; it may be empty.
	Case string
	// Outputs names the graph's outputs, in order.
	Outputs []string
	// Shape is that of each output.
	Shape kpn.Shape
	// Tolerances holds one for each output, or one for all.
	Tolerances []Tolerance
	// Reference and Candidate are the devices that run.
	Reference, Candidate kpn.Device
	// SelfTest allows both devices to be the same, for comparing two ways of
	// rendering on one device.
	SelfTest bool
}

// Comparator compares two streams of blocks. It keeps a copy of what one
// side gave and the other has not reached. It is not safe for concurrent use.
type Comparator struct {
	config  Config
	outputs []outputState
	// fault is the first structural error.
	fault error
}

// outputState is the progress of one output.
type outputState struct {
	tally tally
	// next is the first frame that a side has not given yet.
	next [2]int
	// queue holds the blocks of the side that is ahead.
	queue [2][]*kpn.Block
}

// New starts a comparison. It fails with *[SameDeviceError] if both sides
// run on one device and the configuration does not call that a self-test.
func New(config Config) (*Comparator, error) {
	if config.Reference == config.Candidate && !config.SelfTest {
		return nil, &SameDeviceError{Case: config.Case, Device: config.Reference}
	}
	if s := config.Shape; s.B < 1 || s.C < 1 || s.F < 1 {
		return nil, &ConfigError{config.Case, fmt.Sprintf("the shape is %v; there would be nothing to compare", s)}
	}
	n := len(config.Outputs)
	if n == 0 {
		return nil, &ConfigError{config.Case, "no output is named; there would be nothing to compare"}
	}
	if t := len(config.Tolerances); t != 1 && t != n {
		return nil, &ConfigError{config.Case, fmt.Sprintf("got %d tolerances, want one, or one for each of %d outputs", t, n)}
	}
	c := &Comparator{config: config, outputs: make([]outputState, n)}
	for i := range c.outputs {
		t := config.Tolerances[min(i, len(config.Tolerances)-1)]
		if err := t.Validate(); err != nil {
			return nil, fmt.Errorf("%s: %w", label(config.Case, config.Outputs[i]), err)
		}
		c.outputs[i].tally.report = OutputReport{Output: config.Outputs[i], Tolerance: t}
	}
	return c, nil
}

// Feed takes the next block of a side, and compares as much of it as the
// other side has given. It fails with *[ExtentError] if the block does not
// continue the side's output.
func (c *Comparator) Feed(side Side, b *kpn.Block) error {
	if err := c.check(side, b); err != nil {
		if c.fault == nil {
			c.fault = err
		}
		return err
	}
	o := &c.outputs[b.Output]
	o.next[side] += b.Shape.F
	done := 0
	for queue := &o.queue[side.other()]; done < b.Shape.F && len(*queue) > 0; {
		head := (*queue)[0]
		// Both sides stand at the same frame, so done frames into b is where
		// the head's uncompared part starts.
		skip := b.First + done - head.First
		n := min(b.Shape.F-done, head.Shape.F-skip)
		if side == Candidate {
			o.tally.add(span{head, skip}, span{b, done}, n)
		} else {
			o.tally.add(span{b, done}, span{head, skip}, n)
		}
		done += n
		if skip+n == head.Shape.F {
			*queue = (*queue)[1:]
		}
	}
	if done < b.Shape.F {
		o.queue[side] = append(o.queue[side], tail(b, done))
	}
	return nil
}

// Pending is how many frames of an output a side is ahead of the other.
func (c *Comparator) Pending(side Side, output int) int {
	o := &c.outputs[output]
	return max(0, o.next[side]-o.next[side.other()])
}

// check tests a block's place and extent against what must come next.
func (c *Comparator) check(side Side, b *kpn.Block) error {
	if b.Output < 0 || b.Output >= len(c.outputs) {
		return &ExtentError{
			Case: c.config.Case, Output: fmt.Sprint(b.Output), Side: side,
			Got: b.Shape, Want: c.config.Shape, Reason: "gave a block of an output that the graph does not have",
		}
	}
	fault := func(got, want kpn.Shape, reason string) error {
		return &ExtentError{Case: c.config.Case, Output: c.config.Outputs[b.Output], Side: side, Got: got, Want: want, Reason: reason}
	}
	want, next := c.config.Shape, c.outputs[b.Output].next[side]
	switch s := b.Shape; {
	case s.B != want.B || s.C != want.C:
		return fault(s, kpn.Shape{B: want.B, C: want.C, F: s.F}, "gave a block of another shape")
	case s.F < 1:
		return fault(s, kpn.Shape{B: want.B, C: want.C, F: 1}, "gave an empty block")
	case b.First != next:
		return fault(kpn.Shape{B: s.B, C: s.C, F: b.First}, kpn.Shape{B: s.B, C: s.C, F: next}, "gave a block out of order, that starts at another frame")
	case next+s.F > want.F:
		return fault(kpn.Shape{B: s.B, C: s.C, F: next + s.F}, want, "gave more frames than the job asks for")
	case (b.F64 == nil) == (b.F32 == nil) || len(b.F64)+len(b.F32) != s.Len():
		return fault(kpn.Shape{B: 1, C: 1, F: len(b.F64) + len(b.F32)}, s, "gave a block whose data is not of its shape")
	}
	return nil
}

// Finish ends the comparison. The report covers what both sides gave; the
// error is an *[ExtentError] if that is not the whole job, and otherwise
// joins a *[MismatchError] for each output outside its tolerance.
func (c *Comparator) Finish() (Report, error) {
	r := Report{Case: c.config.Case, Reference: c.config.Reference, Candidate: c.config.Candidate, Shape: c.config.Shape}
	var errs []error
	for i := range c.outputs {
		o := &c.outputs[i]
		r.Outputs = append(r.Outputs, o.tally.finish())
		if err := c.missing(i); err != nil && c.fault == nil {
			c.fault = err
		}
		if err := r.Outputs[i].mismatch(c.config.Case); err != nil {
			errs = append(errs, err)
		}
	}
	if c.fault != nil {
		return r, c.fault
	}
	return r, errors.Join(errs...)
}

// missing reports the side that gave fewer frames, if it gave too few.
func (c *Comparator) missing(output int) error {
	next, want := c.outputs[output].next, c.config.Shape
	side := Candidate
	if next[Reference] < next[Candidate] {
		side = Reference
	}
	if next[side] == want.F {
		return nil
	}
	return &ExtentError{
		Case: c.config.Case, Output: c.config.Outputs[output], Side: side,
		Got: kpn.Shape{B: want.B, C: want.C, F: next[side]}, Want: want, Reason: "ended early",
	}
}

// tail copies a block from a frame on: a block's data is only lent.
func tail(b *kpn.Block, from int) *kpn.Block {
	s := kpn.Shape{B: b.Shape.B, C: b.Shape.C, F: b.Shape.F - from}
	t := &kpn.Block{Output: b.Output, First: b.First + from, Shape: s}
	if b.F64 != nil {
		t.F64 = copyRows(b.F64, b.Shape, from)
	} else {
		t.F32 = copyRows(b.F32, b.Shape, from)
	}
	return t
}

func copyRows[T any](data []T, s kpn.Shape, from int) []T {
	out := make([]T, 0, s.Rows()*(s.F-from))
	for row := range s.Rows() {
		out = append(out, data[row*s.F+from:(row+1)*s.F]...)
	}
	return out
}
