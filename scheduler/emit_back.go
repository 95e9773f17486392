package scheduler

import (
	"fmt"
	"slices"
	"strings"
)

// named is a variable of a kernel with the slot that its value goes to.
type named struct {
	name string
	slot int
}

// carries says whether the step's adjoint has a state.
func (s *backStep) carries() bool {
	return s.Shader.AdjointTakes("state") || len(s.Stages) > 0
}

// sumNames are the variables of the step's sums in the kernel that finds the
// moment of a step, or in the one that gives gradients.
func (s *backStep) sumNames(moment *Step) []named {
	if moment != nil {
		if moment == s.Step {
			return []named{{s.name() + "_moment", s.moment}}
		}
		return nil
	}
	return s.paramNames("sum", s.sums)
}

// frameNames are the same for gradients with a value for each frame.
func (s *backStep) frameNames(moment *Step) []named {
	if moment != nil {
		return nil
	}
	list := s.paramNames("frames", s.frames)
	if s.isSource() {
		list = append(list, named{s.name() + "_frames", s.frames[len(s.frames)-1]})
	}
	return list
}

func (s *backStep) paramNames(word string, slots []int) []named {
	var list []named
	for i, p := range s.Params {
		if slots[i] >= 0 {
			list = append(list, named{fmt.Sprintf("%s_%s_%s", s.name(), word, p.Name), slots[i]})
		}
	}
	return list
}

// emit writes the step's section: its parameters, its state, its gradients
// and the function that takes it back one frame. The kernel that finds the
// step's moment has no use for its derivatives.
func (s *backStep) emit(b *strings.Builder, carry, moment bool) {
	section(b, fmt.Sprintf("node %s: adjoint of %s", s.Node.ID, s.kind()))
	s.emitInfo(b)
	s.emitPrepare(b)
	s.emitRewind(b, carry)
	for i, p := range s.Params {
		if s.sums[i] >= 0 {
			fmt.Fprintf(b, "precise real %s_sum_%s = 0.0;\n", s.name(), p.Name)
		}
		if s.frames[i] >= 0 {
			fmt.Fprintf(b, "vec4 %s_frames_%s = vec4(0.0);\n", s.name(), p.Name)
		}
	}
	if s.isSource() {
		fmt.Fprintf(b, "vec4 %s_frames = vec4(0.0);\n", s.name())
	}
	if s.Spec.WholeRow {
		s.emitWhole(b, moment)
	}
	if s.byQuads() {
		s.emitOversampledBack(b)
		return
	}
	fmt.Fprintf(b, "\nvoid %s_adjoint(uint m, uint k, real c", s.name())
	for i := range s.Inputs {
		if i >= s.Ports || s.reads() {
			fmt.Fprintf(b, ", %s %s", s.inputType(i, false), s.inputName(i))
		}
	}
	for i := range s.before {
		fmt.Fprintf(b, ", float before%d", i)
	}
	for i := range s.Inputs {
		fmt.Fprintf(b, ", out real d%d", i)
	}
	b.WriteString(") {\n")
	s.emitPlace(b, "\t")
	for i := s.Ports; i < len(s.Inputs); i++ {
		fmt.Fprintf(b, "\td%d = 0.0;\n", i)
	}
	switch {
	case s.Shader.AdjointTakes("fold"):
		s.emitFoldBack(b)
	case s.Shader.AdjointTakes("state") && !s.Shader.AdjointTapes():
		s.emitStepsBack(b)
	default:
		s.emitPlainBack(b, moment)
	}
	b.WriteString("}\n")
}

// emitPlace writes what comes before a frame: the step's own frame and, where
// they change with it, its parameters.
func (s *backStep) emitPlace(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%suint t = m - %du;\n", indent, s.First)
	if s.First > 0 {
		// A step whose skew is not over is silent. What it walks over then is
		// its own past, which nothing sees.
		fmt.Fprintf(b, "%sbool live = m >= %du;\n", indent, s.First)
		if !s.carries() {
			fmt.Fprintf(b, "%sc = live ? c : 0.0;\n", indent)
		}
	}
	if s.hasPrepare() && s.perFrame() {
		fmt.Fprintf(b, "%s%s_prepare(t%s);\n", indent, s.name(), s.modArguments())
	}
}

// emitGradient adds a parameter's derivative to its sum or sets its frame.
func (s *backStep) emitGradient(b *strings.Builder, indent string, param int, value string) {
	name := s.Params[param].Name
	if s.sums[param] >= 0 {
		sum := fmt.Sprintf("%s_sum_%s", s.name(), name)
		fmt.Fprintf(b, "%s%s = %s + %s;\n", indent, sum, sum, value)
	}
	if s.frames[param] >= 0 {
		fmt.Fprintf(b, "%sframe_put(%s_frames_%s, k, %s);\n", indent, s.name(), name, value)
	}
}

// derivatives declares a variable for each differentiable parameter and
// returns the arguments that they are.
func (s *backStep) derivatives(b *strings.Builder, indent string) []string {
	var args []string
	for _, p := range s.Params {
		if p.Spec.Differentiable {
			fmt.Fprintf(b, "%sreal d_%s;\n", indent, p.Name)
			args = append(args, "d_"+p.Name)
		}
	}
	return args
}

func (s *backStep) emitGradients(b *strings.Builder, indent string) {
	for i := range s.Params {
		if s.Params[i].Spec.Differentiable {
			s.emitDerivative(b, indent, i)
		}
	}
}

// emitDerivative takes a derivative through the parameter's modulations and
// adds what is left of it to the gradient.
func (s *backStep) emitDerivative(b *strings.Builder, indent string, param int) {
	p := &s.Params[param]
	if len(p.Mods) > 0 {
		s.emitModulatedBack(b, indent, p)
	}
	s.emitGradient(b, indent, param, "d_"+p.Name)
}

// emitPlainBack calls the adjoint of a kind without state.
func (s *backStep) emitPlainBack(b *strings.Builder, moment bool) {
	if s.isSource() {
		fmt.Fprintf(b, "\tfloat d_signal;\n\t%s_adjoint(float(c), d_signal);\n", s.kind())
		fmt.Fprintf(b, "\tframe_put(%s_frames, k, d_signal);\n", s.name())
		return
	}
	var args []string
	for _, token := range s.Shader.Adjoint {
		switch token {
		case "params":
			args = append(args, s.name()+"_params")
		case "frame":
			args = append(args, "t")
		case "inputs":
			args = append(args, s.portArguments()...)
		case "ring":
			args = append(args, s.ring(s.ringSlot))
		case "before", "after":
			for i := range s.before {
				args = append(args, fmt.Sprintf("before%d", i))
			}
		case "state":
			args = append(args, s.name()+"_back")
		}
	}
	args = append(args, "c")
	for i, name := range s.portArguments() {
		if !strings.HasPrefix(name, "in") {
			// A port without a source.
			name = fmt.Sprintf("none%d", i)
			fmt.Fprintf(b, "\treal %s;\n", name)
			args = append(args, name)
			continue
		}
		args = append(args, "d"+strings.TrimPrefix(name, "in"))
	}
	args = append(args, s.derivatives(b, "\t")...)
	whole := s.Shader.AdjointTakes("whole")
	if whole {
		b.WriteString("\treal d_peak_of_row;\n")
		args = append(args, "d_peak_of_row")
	}
	fmt.Fprintf(b, "\t%s_adjoint(%s);\n", s.kind(), strings.Join(args, ", "))
	if s.carries() && s.First > 0 {
		s.emitSilence(b)
	}
	s.emitGradients(b, "\t")
	switch {
	case whole && moment:
		s.emitMoment(b)
	case whole:
		fmt.Fprintf(b, "\tprecise float moment = sign(in0) * %s_total;\n", s.name())
		fmt.Fprintf(b, "\td0 = t == %s_peak_frame ? d0 + moment : d0;\n", s.name())
	}
}

// emitSilence keeps what a state still holds, once the walk is before the step's
// first frame, from reaching anything.
func (s *backStep) emitSilence(b *strings.Builder) {
	s.emitSilentPorts(b)
	for _, p := range s.Params {
		if p.Spec.Differentiable {
			fmt.Fprintf(b, "\td_%s = live ? d_%s : 0.0;\n", p.Name, p.Name)
		}
	}
}

func (s *backStep) emitSilentPorts(b *strings.Builder) {
	for i := range s.Ports {
		fmt.Fprintf(b, "\td%d = live ? d%d : 0.0;\n", i, i)
	}
}

// emitMoment adds the derivative with respect to the row's peak up and finds
// the first frame of that peak among those that the job asks for.
func (s *backStep) emitMoment(b *strings.Builder) {
	name := s.name()
	fmt.Fprintf(b, "\t%s_moment = %s_moment + d_peak_of_row;\n", name, name)
	fmt.Fprintf(b, "\tbool asked = t >= %du && t - %du < frames;\n", s.Arrival, s.Arrival)
	fmt.Fprintf(b, "\t%s_peak_frame = asked && abs(in0) == %s_peak ? t : %s_peak_frame;\n", name, name, name)
}

// emitWhole writes what a whole-row step keeps of its row during a lane. Once a
// lane, since reading and writing memory is slow.
func (s *backStep) emitWhole(b *strings.Builder, moment bool) {
	name := s.name()
	fmt.Fprintf(b, "uint %s_peak_frame = 0xffffffffu;\n", name)
	if moment {
		fmt.Fprintf(b, "precise float %s_moment = 0.0;\nfloat %s_peak = 0.0;\n", name, name)
		fmt.Fprintf(b, "\nvoid %s_open() {\n\t%s_peak = uintBitsToFloat(peaks[%du * rows + lane_row]);\n}\n", name, name, s.PeakSlot)
		fmt.Fprintf(b, "\nvoid %s_shut() {\n\tatomicMin(peaks[%du * rows + lane_row], %s_peak_frame);\n}\n", name, s.peakFrameSlot, name)
		return
	}
	fmt.Fprintf(b, "float %s_total = 0.0;\n", name)
	fmt.Fprintf(b, "\nvoid %s_open() {\n\t%s_peak_frame = peaks[%du * rows + lane_row];\n", name, name, s.peakFrameSlot)
	fmt.Fprintf(b, "\t%s_total = float(gradients[total_at(%du)]);\n}\n", name, s.moment)
}

// emitFoldBack calls the adjoint of a kind that combines a variadic port, for
// each source.
func (s *backStep) emitFoldBack(b *strings.Builder) {
	last := s.Ports - 1
	others := s.Shader.AdjointTakes("others")
	if others {
		// What comes before and after each source, combined.
		fmt.Fprintf(b, "\treal before0 = %s_first(in0), after%d = %s_first(in%d);\n", s.kind(), last, s.kind(), last)
		for i := 1; i < last; i++ {
			fmt.Fprintf(b, "\treal before%d = %s_next(before%d, in%d);\n", i, s.kind(), i-1, i)
		}
		for i := last - 1; i > 0; i-- {
			fmt.Fprintf(b, "\treal after%d = %s_next(after%d, in%d);\n", i, s.kind(), i+1, i)
		}
	}
	var shared []string
	if s.carries() {
		shared = []string{s.name() + "_back", s.name() + "_params"}
		s.emitBegin(b, "\t")
	}
	for i := range s.Ports {
		source := fmt.Sprintf("in%d", i)
		if others {
			source = s.others(i, last)
		}
		args := slices.Concat(shared, []string{source})
		params := s.sourceParams(i)
		for _, j := range params {
			args = append(args, fmt.Sprintf("%s_%s", s.name(), s.Params[j].Name))
		}
		args = append(args, "c", fmt.Sprintf("d%d", i))
		for _, j := range params {
			fmt.Fprintf(b, "\treal d_%s;\n", s.Params[j].Name)
			args = append(args, "d_"+s.Params[j].Name)
		}
		fmt.Fprintf(b, "\t%s_adjoint(%s);\n", s.kind(), strings.Join(args, ", "))
		for _, j := range params {
			s.emitDerivative(b, "\t", j)
		}
	}
	if !s.carries() {
		return
	}
	s.emitEnd(b, "\t")
	if s.First > 0 {
		s.emitSilentPorts(b)
	}
}

// others is what all sources but one combine to.
func (s *backStep) others(i, last int) string {
	switch i {
	case 0:
		return "after1"
	case last:
		return fmt.Sprintf("before%d", last-1)
	}
	return fmt.Sprintf("%s_next(before%d, after%d)", s.kind(), i-1, i+1)
}

// emitCall writes the step's part of lane_adjoint.
func (s *backStep) emitCall(b *strings.Builder, k *backText) {
	if s.Shader.Adjoint == nil {
		return
	}
	args := fmt.Sprintf("m, k, %s", s.name())
	for i := range s.Inputs {
		if i >= s.Ports || s.reads() {
			args += ", " + k.portValue(s.Step, i)
		}
	}
	for _, slot := range s.before {
		args += fmt.Sprintf(", frame_of(x%d, k)", slot)
	}
	for i := range s.Inputs {
		fmt.Fprintf(b, "\t\treal %s_d%d = 0.0;\n", s.name(), i)
		args += fmt.Sprintf(", %s_d%d", s.name(), i)
	}
	fmt.Fprintf(b, "\t\t%s_adjoint(%s);\n", s.name(), args)
	if k.moment == s.Step {
		return
	}
	for i, in := range s.Inputs {
		switch {
		case in.Back:
			fmt.Fprintf(b, "\t\tfifo_write(%du, %du, m, float(%s_d%d));\n", s.queues[i], in.Queue, s.name(), i)
		case k.has(in.From):
			k.bring(b, "\t\t", k.groups[s.Step], in.From, fmt.Sprintf("%s_d%d", s.name(), i), in.Queue, s.queues[i])
		}
	}
}
