package scheduler

import (
	"fmt"
	"strings"
)

// emitLoop writes the steps of a loop for four frames, frame by frame. What
// closes the loop is read before its source has the frame, and stored after.
// Kernels that write a tape take each step's state before its frame.
func emitLoop(b *strings.Builder, loop []*Step, pad int, tape bool) {
	for _, s := range loop {
		fmt.Fprintf(b, "\t%s %s = %s(0.0);\n", s.vector(), s.name(), s.vector())
		for i, in := range s.Inputs {
			if in.From.Loop != s.Loop {
				emitQueue(b, in, s.queueName(i))
			}
		}
	}
	b.WriteString("\tfor (uint k = 0u; k < 4u; k++) {\n\t\tuint m = n + k;\n")
	for _, s := range loop {
		first := s.First + pad
		args := fmt.Sprintf("m - %du, (m - %du) & 3u", first, first)
		for i, in := range s.Inputs {
			args += ", " + s.emitLoopInput(b, i, in)
		}
		fmt.Fprintf(b, "\t\tif (m >= %du) {\n", first)
		if tape {
			s.emitLoopBefore(b, false)
		}
		fmt.Fprintf(b, "\t\t\tframe_put(%s, k, %s_frame(%s));\n", s.name(), s.name(), args)
		if tape {
			s.emitLoopBefore(b, true)
		}
		b.WriteString("\t\t}\n")
		for _, reader := range loop {
			for _, in := range reader.Inputs {
				if in.From == s && in.closes(reader) {
					fmt.Fprintf(b, "\t\tfifo_write(%du, %du, m, float(frame_of(%s, k)));\n", in.QueueSlot, in.Queue, s.name())
				}
			}
		}
	}
	b.WriteString("\t}\n")
}

// closes says whether the source of an edge into a step of its loop has a frame
// later than the step: what it gave before is read first, and stored anew when
// it has the next. Where the source comes first, the step stores for itself.
func (in Input) closes(reader *Step) bool {
	return in.Back && in.From.Index >= reader.Index
}

func (s *Step) queueName(i int) string { return fmt.Sprintf("%s_q%d", s.name(), i) }

// emitLoopInput returns the expression for an input at frame k.
func (s *Step) emitLoopInput(b *strings.Builder, i int, in Input) string {
	name := s.queueName(i)
	switch {
	case in.From.Loop != s.Loop:
		value := fmt.Sprintf("frame_of(%s, k)", in.value(name))
		if i < s.Ports && in.From.isControl() {
			return "real(" + value + ")"
		}
		return value
	case in.closes(s):
		return fmt.Sprintf("real(fifo_read(%du, %du, m))", in.QueueSlot, in.Queue)
	case in.Queue > 0:
		fmt.Fprintf(b, "\t\treal %s = fifo_read(%du, %du, m);\n", name, in.QueueSlot, in.Queue)
		fmt.Fprintf(b, "\t\tfifo_write(%du, %du, m, float(frame_of(%s, k)));\n", in.QueueSlot, in.Queue, in.From.name())
		return name
	}
	return fmt.Sprintf("frame_of(%s, k)", in.From.name())
}
