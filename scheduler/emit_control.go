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
// function that reads it for the frames from loop frame n on and says until
// which quad that serves.
func emitControl(b *strings.Builder, steps []*Step, pad int) {
	firsts := controlFirsts(steps)
	section(b, "control signals")
	for _, first := range firsts {
		fmt.Fprintf(b, "int %s = -1;\n", controlAt(first))
	}
	for _, s := range steps {
		if s.isControl() {
			fmt.Fprintf(b, "%s %s_from = 0.0, %s_by = 0.0, %s_next = 0.0;\n", s.scalar(), s.name(), s.name(), s.name())
		}
	}
	b.WriteString("\nuint lane_control(uint n) {\n\tuint until = 0xffffffffu;\n")
	for _, first := range firsts {
		at := controlAt(first)
		fmt.Fprintf(b, "\t%s = %s;\n", at, controlIndex(first, pad))
		fmt.Fprintf(b, "\tuntil = min(until, n + 4u * control_quads(%s, n - min(n, %du)));\n", at, first+pad)
		for _, s := range steps {
			if s.isControl() && s.First == first {
				s.emitControlRead(b, at)
			}
		}
	}
	b.WriteString("\treturn until;\n}\n\n")
}

// emitControlTurn reads in the adjoint, which walks back, where another control
// frame begins: in a loop that seldom runs.
func emitControlTurn(b *strings.Builder, steps []*Step) {
	firsts := controlFirsts(steps)
	if len(firsts) == 0 {
		return
	}
	turned := make([]string, len(firsts))
	for i, first := range firsts {
		turned[i] = fmt.Sprintf("%s != %s", controlAt(first), controlIndex(first, 0))
	}
	fmt.Fprintf(b, "\twhile (%s) {\n\t\tlane_control(n);\n\t}\n", strings.Join(turned, " || "))
}

// controlAt is the variable for the control frame that steps which start at a
// frame are at, and controlIndex the one that they should be at.
func controlAt(first int) string { return fmt.Sprintf("control_at_%d", first) }

func controlIndex(first, pad int) string {
	return fmt.Sprintf("control_index(n - min(n, %du))", first+pad)
}

// emitControlRead reads three frames of the step's signal.
func (s *Step) emitControlRead(b *strings.Builder, at string) {
	name := s.name()
	fmt.Fprintf(b, "\tprecise double %s_start = control_read(%du, %s);\n", name, s.ControlSlot, at)
	fmt.Fprintf(b, "\tprecise double %s_mid = control_read(%du, %s + 1);\n", name, s.ControlSlot, at)
	fmt.Fprintf(b, "\tprecise double %s_step = %s_mid - %s_start, %s_then = control_read(%du, %s + 2) - %s_mid;\n", name, name, name, name, s.ControlSlot, at, name)
	for _, part := range [][2]string{{"from", "start"}, {"by", "step"}, {"next", "then"}} {
		fmt.Fprintf(b, "\t%s_%s = %s(%s_%s);\n", name, part[0], s.scalar(), name, part[1])
	}
}

// emitControlFrame writes the function that gives the signal at a frame.
func (s *Step) emitControlFrame(b *strings.Builder) {
	name := s.name()
	fmt.Fprintf(b, "%s %s_frame(uint t, uint quad) {\n\treturn control_step(%s, %s_from, %s_by, %s_next, t);\n}\n\n",
		s.scalar(), name, controlAt(s.First), name, name, name)
}
