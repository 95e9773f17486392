package scheduler

import (
	"fmt"
	"slices"
	"strings"

	"sawmill/kpn"
)

// emitRewind writes the step's backward state and the functions that start it
// at the end of a chunk and, where segments carry it, save it.
func (s *backStep) emitRewind(b *strings.Builder, carry bool) {
	if !s.carries() {
		return
	}
	name, kind := s.name(), s.kind()
	histories := s.remembered(backHistory)
	for _, v := range histories {
		fmt.Fprintf(b, "float %s = 0.0;\n", v)
	}
	fmt.Fprintf(b, "%s_cotangent %s_back;\n", kind, name)
	fmt.Fprintf(b, "\nvoid %s_rewind(uint top) {\n\tuint t = top - min(top, %du);\n", name, s.First)
	if s.hasPrepare() && s.perFrame() {
		fmt.Fprintf(b, "\t%s_prepare(t%s);\n", name, s.restMods())
	}
	fmt.Fprintf(b, "\t%s_back = %s;\n", name, s.start())
	if !carry {
		for _, v := range histories {
			fmt.Fprintf(b, "\t%s = 0.0;\n", v)
		}
		b.WriteString("}\n\n")
		return
	}
	fmt.Fprintf(b, "\tif (top < loop_frames) {\n\t\t%s_adjoint_load(%s_back, %du);\n\t}\n", kind, name, s.stateSlot)
	emitRecall(b, s.historySlot, "top < loop_frames", histories)
	fmt.Fprintf(b, "}\n\nvoid %s_back_save() {\n\t%s_adjoint_save(%s_back, %du);\n", name, kind, name, s.stateSlot)
	emitKeep(b, s.historySlot, histories)
	b.WriteString("}\n\n")
}

// start is the cotangent of the step's state where a walk starts. An
// oscillator's knows the phase too, which it walks back.
func (s *backStep) start() string {
	switch {
	case s.Shader.AdjointTakes("before"):
		return s.kind() + "_rest()"
	case s.CanSeek:
		return fmt.Sprintf("%s_rewind(%s_seek(%s_params, %s_info(), t))", s.kind(), s.kind(), s.name(), s.name())
	}
	return fmt.Sprintf("%s_rewind(%s_load(%du))", s.kind(), s.kind(), s.StateSlot)
}

// emitOversampledBack writes the function that takes an oversampled step back
// over four frames: the adjoint of the decimator for all of them, then, frame by
// frame, the steps from the last to the first. It loops over the frames, which
// keeps kernels small; the decimator's history would move once a frame then.
func (s *backStep) emitOversampledBack(b *strings.Builder) {
	inner := s.innerStages()
	fmt.Fprintf(b, "\nvoid %s_adjoint(uint n, vec4 c%s", s.name(), s.quadDeclarations())
	for i := range s.Inputs {
		fmt.Fprintf(b, ", out vec4 d%d_q", i)
	}
	b.WriteString(") {\n")
	samples := s.emitSpread(b, "\t", []string{"c.x", "c.y", "c.z", "c.w"}, s.Stages[inner:])
	steps := len(samples) / quadFrames
	for i := range steps {
		fmt.Fprintf(b, "\tvec4 s%d = vec4(%s, %s, %s, %s);\n", i, samples[i], samples[steps+i], samples[2*steps+i], samples[3*steps+i])
	}
	b.WriteString("\tfor (uint k = 4u; k > 0u;) {\n\t\tk--;\n\t\tuint m = n + k;\n")
	s.emitModsOfFrame(b, "\t\t", func(name string) string { return "frame_of(" + name + "_q, k)" })
	for i := range s.Inputs {
		fmt.Fprintf(b, "\t\treal d%d = 0.0;\n", i)
	}
	s.emitPlace(b, "\t\t")
	cotangents := make([]string, steps)
	for i := range cotangents {
		cotangents[i] = fmt.Sprintf("frame_of(s%d, k)", i)
	}
	s.emitFrameBack(b, "\t\t", cotangents, s.Stages[:inner])
	for i := range s.Inputs {
		fmt.Fprintf(b, "\t\tframe_put(d%d_q, k, d%d);\n", i, i)
	}
	b.WriteString("\t}\n}\n")
}

// emitStepsBack takes a step back over one frame: the adjoint of the decimator,
// if it has one, then the frame's steps.
func (s *backStep) emitStepsBack(b *strings.Builder) {
	inner := s.innerStages()
	cotangents := []string{"c"}
	if s.Ratio > 1 {
		cotangents = s.emitSpread(b, "\t", cotangents, s.Stages[inner:])
	}
	s.emitFrameBack(b, "\t", cotangents, s.Stages[:inner])
}

// emitFrameBack takes the steps of a frame back, from the last to the first,
// and takes the frame's derivatives.
func (s *backStep) emitFrameBack(b *strings.Builder, indent string, cotangents []string, inner []kpn.HalfBand) {
	s.emitBegin(b, indent)
	if s.Ratio > unrolled {
		s.emitRunsBack(b, indent, cotangents, inner)
	} else {
		for i := len(cotangents) - 1; i >= 0; i-- {
			s.emitStepBack(b, indent, fmt.Sprintf("%du", i), cotangents[i])
		}
	}
	s.emitEnd(b, indent)
}

func (s *backStep) emitBegin(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%s%s_adjoint_begin(%s_back, %s_params);\n", indent, s.kind(), s.name(), s.name())
}

func (s *backStep) emitStepBack(b *strings.Builder, indent, substep, cotangent string) {
	fmt.Fprintf(b, "%s%s_adjoint_step(%s_back, %s_params, %s, %s);\n", indent, s.kind(), s.name(), s.name(), substep, cotangent)
}

// emitEnd takes the derivatives of a frame.
func (s *backStep) emitEnd(b *strings.Builder, indent string) {
	derivatives := s.derivatives(b, indent)
	args := slices.Concat([]string{s.name() + "_back", s.name() + "_params", "t", fmt.Sprint(s.CanSeek)}, derivatives)
	fmt.Fprintf(b, "%s%s_adjoint_end(%s);\n", indent, s.kind(), strings.Join(args, ", "))
	if s.First > 0 {
		for _, name := range derivatives {
			fmt.Fprintf(b, "%s%s = live ? %s : 0.0;\n", indent, name, name)
		}
	}
	s.emitGradients(b, indent)
}

// emitRunsBack loops over the runs of one frame from the last to the first.
// Each takes one sample off the end of a row of names.
func (s *backStep) emitRunsBack(b *strings.Builder, indent string, cotangents []string, inner []kpn.HalfBand) {
	for i, c := range cotangents {
		fmt.Fprintf(b, "%sfloat r%d = %s;\n", indent, i, c)
	}
	fmt.Fprintf(b, "%sfor (uint run = %du; run > 0u;) {\n%s\trun -= %du;\n", indent, s.Ratio, indent, unrolled)
	fmt.Fprintf(b, "%s\tfloat run_c = r%d;\n", indent, len(cotangents)-1)
	for i := len(cotangents) - 1; i > 0; i-- {
		fmt.Fprintf(b, "%s\tr%d = r%d;\n", indent, i, i-1)
	}
	samples := s.emitSpread(b, indent+"\t", []string{"run_c"}, inner)
	for i := len(samples) - 1; i >= 0; i-- {
		s.emitStepBack(b, indent+"\t", fmt.Sprintf("run + %du", i), samples[i])
	}
	fmt.Fprintf(b, "%s}\n", indent)
}

// emitSpread brings cotangents from the rate of the last stage's output back
// to that of the first stage's input.
func (s *backStep) emitSpread(b *strings.Builder, indent string, cotangents []string, stages []kpn.HalfBand) []string {
	for i := len(stages) - 1; i >= 0; i-- {
		cotangents = emitTransposed(b, indent, s.stageName(stages[i]), stages[i], cotangents)
	}
	return cotangents
}

// emitTransposed writes the transpose of emitHalfBand: cotangents of a run of
// outputs in, those of twice as many samples out. With y the cotangents from
// output i on, the first sample of pair i gets ½·y[M−1], the second the sum of
// tap j times y[M−1−j] + y[M+j]. Later outputs are the history.
func emitTransposed(b *strings.Builder, indent, name string, h kpn.HalfBand, cotangents []string) []string {
	fmt.Fprintf(b, "%s// %s, transposed\n", indent, name)
	later := backNames(name, h)
	window := slices.Concat(cotangents, later)
	taps := oddTaps(h)
	even := make([]string, len(cotangents))
	odd := make([]string, len(cotangents))
	for i := range cotangents {
		even[i] = fmt.Sprintf("%s_even%d", name, i)
		odd[i] = fmt.Sprintf("%s_odd%d", name, i)
		fmt.Fprintf(b, "%sprecise float %s = 0.5 * %s;\n", indent, even[i], window[i+h.M-1])
		for j := h.M - 1; j >= 0; j-- {
			term := fmt.Sprintf("%s * (%s + %s)", floatLiteral(taps[j]), window[i+h.M-1-j], window[i+h.M+j])
			if j == h.M-1 {
				fmt.Fprintf(b, "%sprecise float %s = %s;\n", indent, odd[i], term)
			} else {
				fmt.Fprintf(b, "%s%s = %s + %s;\n", indent, odd[i], odd[i], term)
			}
		}
	}
	samples := make([]string, 0, 2*len(cotangents))
	for i := range cotangents {
		if h.Pad == 0 {
			samples = append(samples, even[i], odd[i])
			continue
		}
		// The stage saw its input one sample late.
		next := name + "_late"
		if i < len(cotangents)-1 {
			next = even[i+1]
		}
		samples = append(samples, odd[i], next)
	}
	if h.Pad > 0 {
		fmt.Fprintf(b, "%sfloat %s_late = %s_back_pad;\n%s%s_back_pad = %s;\n", indent, name, name, indent, name, even[0])
	}
	for i := len(later) - 1; i >= 0; i-- {
		fmt.Fprintf(b, "%s%s = %s;\n", indent, later[i], window[i])
	}
	return samples
}

func backNames(name string, h kpn.HalfBand) []string { return numbered(name+"_back", 2*h.M-1) }

// backHistory names the variables that the transpose of a stage remembers.
func backHistory(name string, h kpn.HalfBand) []string {
	names := backNames(name, h)
	if h.Pad > 0 {
		names = append(names, name+"_back_pad")
	}
	return names
}
