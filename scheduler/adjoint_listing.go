package scheduler

import (
	"fmt"
	"strings"
)

// String lists the adjoint: its kernels and what lies where.
func (a *Adjoint) String() string {
	var b strings.Builder
	for i, o := range a.Signals {
		fmt.Fprintf(&b, "tape %d: %s", i, o.From.Node.ID)
		if o.Queue > 0 {
			fmt.Fprintf(&b, " queue %d", o.Queue)
		}
		b.WriteString("\n")
	}
	for i, s := range a.Sums {
		if s.Ref.Param == "" {
			continue
		}
		fmt.Fprintf(&b, "sum %d: %v\n", i, s.Ref)
	}
	for _, m := range a.Moments {
		fmt.Fprintf(&b, "sum %d: moment of %s\n", m.Sum, m.Step.Node.ID)
	}
	for i, f := range a.Frames {
		name := f.Ref.String()
		if f.Ref.Param == "" {
			name = "input " + f.Ref.Node
		}
		fmt.Fprintf(&b, "per frame %d: %s, from loop frame %d on\n", i, name, f.Late)
	}
	names := make([]string, 0, len(a.Kernels()))
	for _, k := range a.Kernels() {
		names = append(names, k.Name)
	}
	fmt.Fprintf(&b, "kernels: %s\n", strings.Join(names, ", "))
	fmt.Fprintf(&b, "state: %d words a row; queues: %d frames a lane, %d of them the tape's\n", a.StateWords, a.QueueFrames, a.TapeQueueFrames)
	return b.String()
}

// Kernels lists the kernels of the adjoint in the order in which a job of one
// segment runs them; folding comes after each that walks back.
func (a *Adjoint) Kernels() []Kernel {
	list := append([]Kernel(nil), a.Peaks...)
	if a.Tape != nil {
		list = append(list, *a.Tape)
	}
	if a.Scan != nil {
		list = append(list, *a.Scan)
	}
	list = append(list, a.Window)
	for _, m := range a.Moments {
		list = append(list, m.Kernel)
	}
	return append(list, a.Reverse, a.Fold)
}
