package scheduler

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sawmill/kpn"
)

// name is the step's GLSL identifier: unique by its index, readable by its
// node's name, without the double underscores that GLSL reserves.
func (s *Step) name() string {
	words := strings.FieldsFunc(s.Node.ID, func(r rune) bool { return r == '_' })
	return strings.Join(append([]string{"n" + strconv.Itoa(s.Index)}, words...), "_")
}

func (s *Step) kind() string { return string(s.Node.Kind) }

func (s *Step) folds() bool { return s.Shader.Takes("fold") }

func (s *Step) takesState() bool { return s.Shader.Takes("state") }

func (s *Step) hasPrepare() bool { return len(s.Params) > 0 }

func (s *Step) hasState() bool { return s.takesState() || len(s.Stages) > 0 }

// emit writes the step's section: its variables and its functions.
func (s *Step) emit(b *strings.Builder, k *kernelText) {
	title := fmt.Sprintf("node %s: %s", s.Node.ID, s.kind())
	if s.Ratio > 1 {
		title += fmt.Sprintf(", %dx, %v", s.Ratio, s.Node.Quality)
	}
	section(b, title)
	s.emitInfo(b)
	s.emitPrepare(b)
	s.emitState(b, !k.schedule.Strategy.Chunked)
	s.emitFrame(b)
	if k.tape {
		s.declareBefore(b)
	}
	if s.Loop == 0 {
		s.emitQuad(b, s.First+k.pad(), looped(k.steps), k.tape)
	}
}

// emitInfo writes the function that tells the kind of the step's place.
func (s *Step) emitInfo(b *strings.Builder) {
	if !s.hasPrepare() && !s.takesState() {
		return
	}
	peak := "0.0"
	if s.Spec.WholeRow {
		peak = fmt.Sprintf("uintBitsToFloat(peaks[%du * rows + lane_row])", s.PeakSlot)
	}
	fmt.Fprintf(b, "node_info %s_info() {\n\treturn node_info(%s * inv_rate, %du, %#xu, %s);\n}\n\n",
		s.name(), doubleLiteral(1/float64(s.Ratio)), s.Ratio, kpn.NodeStream(s.Node.ID), peak)
}

// emitPrepare writes the step's parameters and the function that reads them:
// once a lane, or each frame if one of them changes with the frame.
func (s *Step) emitPrepare(b *strings.Builder) {
	if !s.hasPrepare() {
		return
	}
	if s.perFrame() {
		s.emitRows(b)
	}
	name := s.name()
	if s.folds() && !s.Shader.Takes("params") {
		for _, p := range s.Params {
			fmt.Fprintf(b, "real %s_%s;\n", name, p.Name)
		}
		fmt.Fprintf(b, "\nvoid %s_prepare(uint t%s) {\n", name, s.modDeclarations())
		for i := range s.Params {
			fmt.Fprintf(b, "\t%s_%s = %s;\n", name, s.Params[i].Name, s.value(b, i))
		}
		b.WriteString("}\n\n")
		return
	}
	fmt.Fprintf(b, "%s_params %s_params;\n\n", s.kind(), name)
	if s.updates() {
		s.emitUpdate(b)
		return
	}
	fmt.Fprintf(b, "void %s_prepare(uint t%s) {\n", name, s.modDeclarations())
	values := make([]string, len(s.Params))
	for i := range s.Params {
		values[i] = s.value(b, i)
	}
	fmt.Fprintf(b, "\t%s_params = %s_prepare(%s_info()%s", name, s.kind(), name, s.tableArguments())
	for i, p := range s.Params {
		fmt.Fprintf(b, ",\n\t\t%s /* %s */", values[i], p.Name)
	}
	b.WriteString(");\n}\n\n")
}

// updates says whether only parameters change with the frame that the kind
// can set anew without the others.
func (s *Step) updates() bool {
	if !s.perFrame() || len(s.Shader.Update) == 0 {
		return false
	}
	for i := range s.Params {
		if p := &s.Params[i]; p.Changes() && !slices.Contains(s.Shader.Update, p.Name) {
			return false
		}
	}
	return true
}

// emitUpdate writes the function that prepares the step once a lane, with the
// bound values of what is modulated, and the one that sets anew what changes.
func (s *Step) emitUpdate(b *strings.Builder) {
	name := s.name()
	fmt.Fprintf(b, "void %s_fix() {\n\tuint t = 0u;\n\t%s_params = %s_prepare(%s_info()", name, name, s.kind(), name)
	for i := range s.Params {
		p := &s.Params[i]
		fmt.Fprintf(b, ",\n\t\t%s /* %s */", s.read(p), p.Name)
	}
	b.WriteString(");\n}\n\n")
	fmt.Fprintf(b, "void %s_prepare(uint t%s) {\n", name, s.modDeclarations())
	values := make([]string, 0, len(s.Shader.Update))
	for _, param := range s.Shader.Update {
		i := slices.IndexFunc(s.Params, func(p Param) bool { return p.Name == param })
		values = append(values, s.value(b, i))
	}
	fmt.Fprintf(b, "\t%s_update(%s_params, %s_info(), %s);\n}\n\n", s.kind(), name, name, strings.Join(values, ", "))
}

// emitRows writes the function that reads the parameters that stay the same,
// once a lane, of a step whose others change with the frame: reading memory
// each frame would take longer than many a step.
func (s *Step) emitRows(b *strings.Builder) {
	for i := range s.Params {
		if p := &s.Params[i]; p.RowSlot >= 0 {
			fmt.Fprintf(b, "%s %s;\n", p.scalar(), s.rowName(p))
		}
	}
	fmt.Fprintf(b, "\nvoid %s_rows() {\n", s.name())
	for i := range s.Params {
		if p := &s.Params[i]; p.RowSlot >= 0 {
			fmt.Fprintf(b, "\t%s = row_%s(%du);\n", s.rowName(p), p.scalar(), p.RowSlot)
		}
	}
	b.WriteString("}\n\n")
}

func (s *Step) rowName(p *Param) string { return s.name() + "_row_" + p.Name }

// prepareCall is what a lane does first for the step's parameters.
func (s *Step) prepareCall() string {
	switch {
	case !s.hasPrepare():
		return ""
	case s.updates():
		return s.name() + "_rows(); " + s.name() + "_fix();"
	case s.perFrame():
		return s.name() + "_rows();"
	}
	return s.name() + "_prepare(0u);"
}

// emitState writes the step's state and the functions that seek and fill it
// and, where segments carry it, load and save it.
func (s *Step) emitState(b *strings.Builder, carry bool) {
	if !s.hasState() {
		return
	}
	name := s.name()
	if s.takesState() {
		fmt.Fprintf(b, "%s_state %s_state;\n", s.kind(), name)
	}
	for _, h := range s.Stages {
		emitHistory(b, s.stageName(h), h)
	}
	fmt.Fprintf(b, "\nvoid %s_seek(uint t) {\n", name)
	if s.hasPrepare() && s.perFrame() {
		fmt.Fprintf(b, "\t%s_prepare(t%s);\n", name, s.restMods())
	}
	if s.takesState() {
		fmt.Fprintf(b, "\t%s_state = %s_seek(%s_params, %s_info(), t);\n", name, s.kind(), name, name)
	}
	for _, h := range s.Stages {
		for _, v := range history(s.stageName(h), h) {
			fmt.Fprintf(b, "\t%s = 0.0;\n", v)
		}
	}
	b.WriteString("}\n\n")
	if carry {
		s.emitCarry(b)
	}
	if s.Shader.Takes("quad") {
		fmt.Fprintf(b, "void %s_fill(uint t) {\n\t%s_fill(%s_state, %s_params, t);\n}\n\n", name, s.kind(), name, name)
	}
}

// emitCarry writes the functions that keep the state between segments.
func (s *Step) emitCarry(b *strings.Builder) {
	histories := s.remembered(history)
	fmt.Fprintf(b, "void %s_load() {\n", s.name())
	if s.Shader.StateWords > 0 {
		fmt.Fprintf(b, "\t%s_state = %s_load(%du);\n", s.name(), s.kind(), s.StateSlot)
	}
	fmt.Fprintf(b, "}\n\nvoid %s_save() {\n", s.name())
	if s.Shader.StateWords > 0 {
		fmt.Fprintf(b, "\t%s_save(%s_state, %du);\n", s.kind(), s.name(), s.StateSlot)
	}
	emitKeep(b, s.HistorySlot, histories)
	b.WriteString("}\n\n")
	if len(histories) == 0 {
		return
	}
	fmt.Fprintf(b, "void %s_recall() {\n", s.name())
	emitRecall(b, s.HistorySlot, "segment_first != 0u", histories)
	b.WriteString("}\n\n")
}

func (s *Step) stageName(h kpn.HalfBand) string {
	return fmt.Sprintf("%s_stage%d", s.name(), h.InputRatio)
}

// emitFrame writes the function that gives the step's output at its own frame
// t; oversampled steps have none unless they are in a loop.
func (s *Step) emitFrame(b *strings.Builder) {
	if s.byQuads() {
		return
	}
	if s.isControl() {
		s.emitControlFrame(b)
		return
	}
	fmt.Fprintf(b, "%s %s_frame(uint t, uint quad%s) {\n", s.scalar(), s.name(), s.inputDeclarations(false))
	s.emitBegin(b, "\t", "quad == 0u")
	switch {
	case s.Ratio > 1:
		s.emitDecimated(b)
	case s.folds():
		s.emitFold(b)
	default:
		fmt.Fprintf(b, "\treturn %s;\n", s.stepCall("0u"))
	}
	b.WriteString("}\n\n")
}

// emitBegin writes what comes before a frame's steps. fresh is the condition
// for the first of four frames.
func (s *Step) emitBegin(b *strings.Builder, indent, fresh string) {
	if s.hasPrepare() && s.perFrame() {
		fmt.Fprintf(b, "%s%s_prepare(t%s);\n", indent, s.name(), s.modArguments())
	}
	if s.Shader.Takes("begin") {
		fmt.Fprintf(b, "%s%s_begin(%s_state, %s_params);\n", indent, s.kind(), s.name(), s.name())
	}
	switch {
	case !s.Shader.Takes("quad"):
	case s.perFrame():
		// Each frame may want its four made in another way.
		fmt.Fprintf(b, "%s%s_fill(t);\n", indent, s.name())
	default:
		fmt.Fprintf(b, "%sif (%s) {\n%s\t%s_fill(t);\n%s}\n", indent, fresh, indent, s.name(), indent)
	}
}

// emitFold combines the sources of a variadic port one after another.
func (s *Step) emitFold(b *strings.Builder) {
	var shared string
	if s.takesState() {
		shared = fmt.Sprintf("%s_state, %s_params, ", s.name(), s.name())
	}
	for i := range s.Ports {
		args := fmt.Sprintf("%sin%d", shared, i)
		for _, p := range s.sourceParams(i) {
			args += fmt.Sprintf(", %s_%s", s.name(), s.Params[p].Name)
		}
		if i == 0 {
			fmt.Fprintf(b, "\treal y = %s_first(%s);\n", s.kind(), args)
		} else {
			fmt.Fprintf(b, "\ty = %s_next(y, %s);\n", s.kind(), args)
		}
	}
	b.WriteString("\treturn y;\n")
}

// passes is the expression for whether the step gives all of its row on as it
// comes in.
func (s *Step) passes() string {
	if !s.Shader.Takes("passes") || s.perFrame() {
		return "false"
	}
	return fmt.Sprintf("%s_passes(%s_params)", s.kind(), s.name())
}

// sourceParams are the places of the parameters that belong to a source of a
// variadic port.
func (s *Step) sourceParams(source int) []int {
	var list []int
	for i := range s.Params {
		if p := &s.Params[i]; p.Spec.PerInput && strings.HasSuffix(p.Name, fmt.Sprintf("_%d", source)) {
			list = append(list, i)
		}
	}
	return list
}

// stepCall is the call of the kind's step function for one of a frame's steps.
func (s *Step) stepCall(substep string) string {
	var args []string
	for _, token := range s.Shader.Step {
		switch token {
		case "state":
			args = append(args, s.name()+"_state")
		case "params":
			args = append(args, s.name()+"_params")
		case "substep":
			args = append(args, substep)
		case "frame":
			args = append(args, "t")
		case "quad":
			args = append(args, "quad")
		case "ring":
			args = append(args, s.ring(s.RingSlot))
		case "signal":
			args = append(args, fmt.Sprintf("signal_read(%du, t)", s.TensorSlot))
		case "inputs":
			args = append(args, s.portArguments()...)
		}
	}
	return fmt.Sprintf("%s_step(%s)", s.kind(), strings.Join(args, ", "))
}

// ring is the place of a ring, of the step or of its adjoint.
func (s *Step) ring(slot int) string { return fmt.Sprintf("uvec2(%du, %du)", slot, s.RingFrames) }

// lateness is the latency of what reaches the step: what its per-frame
// parameters wait for, to meet the content of their own frame.
func (s *Step) lateness() int { return s.Arrival - s.Node.Latency() - (s.First - s.Skew) }

// read is the expression for the parameter's value. What feeds a phase or a
// time is a double; choices are whole numbers; the rest is float.
func (s *Step) read(p *Param) string {
	kind := p.scalar()
	switch {
	case p.TensorSlot >= 0:
		return fmt.Sprintf("%s(tensor_read(%du, t, %du))", kind, p.TensorSlot, s.lateness())
	case p.RowSlot >= 0 && s.perFrame():
		return s.rowName(p)
	case p.RowSlot >= 0:
		return fmt.Sprintf("row_%s(%du)", kind, p.RowSlot)
	case p.Spec.Choices == nil:
		return p.literal(p.Value)
	default:
		return strconv.Itoa(int(p.Value))
	}
}
