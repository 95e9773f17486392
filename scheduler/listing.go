package scheduler

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"sawmill/kpn"
)

// String lists the schedule: order, rates, latencies, strategy and layout.
func (s *Schedule) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "step\tkind\trate\tlatency\tskew\tmemory\tops/frame\tinputs")
	for _, step := range s.Steps {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%s\n",
			step.Node.ID, step.Node.Kind, step.rate(), step.Arrival, step.Skew, step.Memory, step.Cost(), step.inputList())
	}
	_ = w.Flush() // writes to memory
	fmt.Fprintf(&b, "\noutputs: %s\n", s.outputList())
	fmt.Fprintf(&b, "latency: %d frames, trimmed\n", s.Latency)
	b.WriteString(s.Strategy.String())
	b.WriteString(s.Layout.String())
	return b.String()
}

func (s *Step) rate() string {
	if s.Ratio == 1 {
		return "1x"
	}
	return fmt.Sprintf("%dx %v", s.Ratio, s.Node.Quality)
}

func (s *Step) inputList() string {
	var list []string
	for _, in := range s.Inputs {
		text := in.From.Node.ID
		if in.Delay > 0 {
			text += fmt.Sprintf(" delay %d", in.Delay)
		}
		if in.Align > 0 {
			text += fmt.Sprintf(" align %d", in.Align)
		}
		if in.Queue > 0 {
			text += fmt.Sprintf(" queue %d", in.Queue)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func (s *Schedule) outputList() string {
	var list []string
	for _, o := range s.Outputs {
		text := o.From.Node.ID
		if o.Align > 0 {
			text += fmt.Sprintf(" (align %d, queue %d)", o.Align, o.Queue)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// String describes the strategy in a few lines.
func (st Strategy) String() string {
	var b strings.Builder
	if st.Chunked {
		fmt.Fprintf(&b, "strategy: chunks of rows, each warmed up over %d frames\n", st.WarmUp)
	} else {
		fmt.Fprintf(&b, "strategy: one lane a row, state carried from segment to segment (%s cannot seek)\n", strings.Join(st.SeekBlockers, ", "))
	}
	for _, step := range st.PeakPasses {
		fmt.Fprintf(&b, "pass over the whole row for the peak of %s\n", step.Node.ID)
	}
	return b.String()
}

// String lists the layout's slots.
func (l Layout) String() string {
	var b strings.Builder
	for i, p := range l.RowParams {
		fmt.Fprintf(&b, "row parameter %d: %v", i, p.Ref)
		if p.Rate == kpn.Constant {
			fmt.Fprintf(&b, " = %g", p.Value)
		}
		b.WriteString("\n")
	}
	for i, t := range l.Tensors {
		if t.Ref.Param == "" {
			fmt.Fprintf(&b, "tensor %d: input %s\n", i, t.Ref.Node)
		} else {
			fmt.Fprintf(&b, "tensor %d: %v\n", i, t.Ref)
		}
	}
	fmt.Fprintf(&b, "state: %d words a row; queues: %d frames a lane; peaks: %d a row\n", l.StateWords, l.QueueFrames, l.Peaks)
	return b.String()
}

// Dot writes the schedule as a Graphviz graph.
func (s *Schedule) Dot() string {
	var b strings.Builder
	b.WriteString("digraph sawmill {\n\trankdir=LR;\n\tnode [shape=box, fontname=\"sans-serif\"];\n")
	for _, step := range s.Steps {
		label := fmt.Sprintf("%s\\n%s", step.Node.ID, step.Node.Kind)
		if step.Ratio > 1 {
			label += fmt.Sprintf(" %s", step.rate())
		}
		if step.Arrival > 0 {
			label += fmt.Sprintf("\\nlatency %d", step.Arrival)
		}
		fmt.Fprintf(&b, "\t%q [label=\"%s\"];\n", step.Node.ID, label)
	}
	for _, step := range s.Steps {
		for _, in := range step.Inputs {
			label := in.Port
			if d := in.Delay + in.Align; d > 0 {
				label += fmt.Sprintf(" +%d", d)
			}
			fmt.Fprintf(&b, "\t%q -> %q [label=\"%s\"];\n", in.From.Node.ID, step.Node.ID, label)
		}
	}
	for _, o := range s.Outputs {
		fmt.Fprintf(&b, "\t%q [peripheries=2];\n", o.From.Node.ID)
	}
	b.WriteString("}\n")
	return b.String()
}
