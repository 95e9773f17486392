package scheduler

import (
	"fmt"
	"slices"
	"strings"
)

// needs lists the inputs whose values the step's adjoint reads: those of its
// ports if it says so, and all that modulate it, since its parameters follow
// from them.
func (s *backStep) needs() []Input {
	switch {
	case s.Shader.Adjoint == nil:
		return nil
	case s.reads():
		return s.Inputs
	}
	return s.mods()
}

// find finds which values the adjoints need, and how they are had.
func (k *backText) find() {
	needed := map[*Step]bool{}
	for _, s := range k.steps {
		k.want(s.needs(), needed)
		k.signals = append(k.signals, s.before...)
	}
	slices.Sort(k.signals)
	k.signals = slices.Compact(k.signals)
	for _, s := range k.adjoint.Steps {
		if needed[s] {
			k.reckoned = append(k.reckoned, s)
		}
	}
}

// want adds what some inputs deliver to the values that a kernel needs.
func (k *backText) want(inputs []Input, needed map[*Step]bool) {
	for _, in := range inputs {
		if slot, ok := k.adjoint.taped(in); ok {
			k.signals = append(k.signals, slot)
			continue
		}
		if !needed[in.From] {
			needed[in.From] = true
			k.want(in.From.Inputs, needed)
		}
	}
}

// value is the expression for what an edge delivers at frame k of four.
func (k *backText) value(in Input) string {
	if slot, ok := k.adjoint.taped(in); ok {
		return fmt.Sprintf("frame_of(x%d, k)", slot)
	}
	return in.From.name() + "_y"
}

// portValue is the same, rounded as ports are.
func (k *backText) portValue(s *Step, i int) string {
	in := s.Inputs[i]
	if i < s.Ports && in.From.isControl() {
		return "real(" + k.value(in) + ")"
	}
	return k.value(in)
}

// emitValues reckons the values that are not on the tape and that the steps of
// a group need.
func (k *backText) emitValues(b *strings.Builder, group int) {
	needed := map[*Step]bool{}
	for _, s := range k.steps {
		if k.groups[s.Step] == group {
			k.want(s.needs(), needed)
		}
	}
	for _, s := range k.reckoned {
		if !needed[s] {
			continue
		}
		args := fmt.Sprintf("m - %du, (m - %du) & 3u", s.First, s.First)
		for i := range s.Inputs {
			args += ", " + k.portValue(s, i)
		}
		fmt.Fprintf(b, "\t\t%s %s_y = %s_frame(%s);\n", s.scalar(), s.name(), s.name(), args)
		if s.First > 0 {
			fmt.Fprintf(b, "\t\t%s_y = m >= %du ? %s_y : 0.0;\n", s.name(), s.First, s.name())
		}
	}
}
