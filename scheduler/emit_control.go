package scheduler

import (
	"fmt"
	"slices"
	"strings"
)

// isControl says whether the step stands for a control signal.
func (s *Step) isControl() bool { return s.Shader.Takes("control") }

// controlFirsts lists the frames at which the control steps of a kernel
// start: those that start together read together.
func controlFirsts(steps []*Step) []int {
	var firsts []int
	for _, s := range steps {
		if s.isControl() && !slices.Contains(firsts, s.First) {
			firsts = append(firsts, s.First)
		}
	}
	return firsts
}

// emitControl declares what the control steps of a kernel keep, and writes the
// function that reads it for the four frames from loop frame n on.
func emitControl(b *strings.Builder, steps []*Step, pad int) {
	firsts := controlFirsts(steps)
	if len(firsts) == 0 {
		return
	}
	section(b, "control signals")
	for _, first := range firsts {
		fmt.Fprintf(b, "int control_at_%d = -1;\n", first)
	}
	for _, s := range steps {
		if s.isControl() {
			fmt.Fprintf(b, "%s %s_from = 0.0, %s_by = 0.0, %s_next = 0.0;\n", s.scalar(), s.name(), s.name(), s.name())
		}
	}
	b.WriteString("\nvoid lane_control(uint n) {\n")
	for _, first := range firsts {
		at := fmt.Sprintf("control_at_%d", first)
		fmt.Fprintf(b, "\tint k_%d = control_index(n - min(n, %du));\n", first, first+pad)
		fmt.Fprintf(b, "\twhile (%s != k_%d) {\n\t\t%s = k_%d;\n", at, first, at, first)
		for _, s := range steps {
			if s.isControl() && s.First == first {
				s.emitControlRead(b, at)
			}
		}
		b.WriteString("\t}\n")
	}
	b.WriteString("}\n\n")
}

// emitControlRead reads three frames of the step's signal.
func (s *Step) emitControlRead(b *strings.Builder, at string) {
	name := s.name()
	fmt.Fprintf(b, "\t\tprecise double %s_start = control_read(%du, %s);\n", name, s.ControlSlot, at)
	fmt.Fprintf(b, "\t\tprecise double %s_mid = control_read(%du, %s + 1);\n", name, s.ControlSlot, at)
	fmt.Fprintf(b, "\t\tprecise double %s_step = %s_mid - %s_start, %s_then = control_read(%du, %s + 2) - %s_mid;\n", name, name, name, name, s.ControlSlot, at, name)
	for _, part := range [][2]string{{"from", "start"}, {"by", "step"}, {"next", "then"}} {
		fmt.Fprintf(b, "\t\t%s_%s = %s(%s_%s);\n", name, part[0], s.scalar(), name, part[1])
	}
}

// emitControlFrame writes the function that gives the signal at a frame.
func (s *Step) emitControlFrame(b *strings.Builder) {
	name := s.name()
	fmt.Fprintf(b, "%s %s_frame(uint t, uint quad) {\n\treturn control_step(control_at_%d, %s_from, %s_by, %s_next, t);\n}\n\n",
		s.scalar(), name, s.First, name, name, name)
}
