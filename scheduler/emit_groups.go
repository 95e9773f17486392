package scheduler

import (
	"fmt"
	"strings"
)

// group cuts the steps into groups. The steps of a group are walked frame by
// frame together; its oversampled ones, which take four frames at a time, come
// after them. What modulates an oversampled step is walked later still, in the
// next group: its cotangents are only known then.
func (k *backText) group() {
	k.groups = map[*Step]int{}
	for i := len(k.steps) - 1; i >= 0; i-- {
		s := k.steps[i]
		if s.Loop > 0 && (i == len(k.steps)-1 || k.steps[i+1].Loop != s.Loop) {
			k.groupLoop(s.Loop)
		}
		next := k.groups[s.Step]
		if s.byQuads() {
			next++
		}
		for _, in := range s.Inputs {
			if in.Back {
				continue
			}
			k.groups[in.From] = max(k.groups[in.From], next)
		}
	}
}

// groupLoop puts the steps of a loop into the last group that one of them
// needs.
func (k *backText) groupLoop(loop int) {
	last := 0
	for _, s := range k.steps {
		if s.Loop == loop {
			last = max(last, k.groups[s.Step])
		}
	}
	for _, s := range k.steps {
		if s.Loop == loop {
			k.groups[s.Step] = last
		}
	}
}

// inGroup lists the steps of a group, from the last to the first.
func (k *backText) inGroup(group int) (frames, oversampled []*backStep) {
	for i := len(k.steps) - 1; i >= 0; i-- {
		switch s := k.steps[i]; {
		case k.groups[s.Step] != group:
		case s.byQuads():
			oversampled = append(oversampled, s)
		default:
			frames = append(frames, s)
		}
	}
	return frames, oversampled
}

// frame writes the function that all lanes run for each four frames. Its loops
// over the frames keep kernels a quarter as large as the forward ones.
func (k *backText) frame(b *strings.Builder) {
	a := k.adjoint
	b.WriteString("// lane_adjoint walks every node back over four frames, down to loop frame n, a multiple of 4.\n")
	b.WriteString("void lane_adjoint(uint n) {\n\tuint at = lane_row * row_quads + (n - segment_first) / 4u;\n")
	emitControlTurn(b, k.reckoned)
	for o := range a.Outputs {
		fmt.Fprintf(b, "\tvec4 c%d = cotangent_load(%du * rows * row_quads + at);\n", o, o)
	}
	for _, slot := range k.signals {
		fmt.Fprintf(b, "\tvec4 x%d = tape_load(%du * rows * row_quads + at);\n", slot, slot)
	}
	last := 0
	for _, s := range k.steps {
		last = max(last, k.groups[s.Step])
		if k.quads(s.Step) {
			fmt.Fprintf(b, "\treal4 %s_c = real4(0.0);\n", s.name())
		}
	}
	for group := range last + 1 {
		frames, oversampled := k.inGroup(group)
		k.emitFrames(b, group, frames, oversampled)
		for _, s := range oversampled {
			k.emitOversampledCall(b, s)
		}
	}
	b.WriteString("}\n")
}

// quads says whether a step's cotangent is kept for four frames: it is
// oversampled, or walked in a later group than something that it feeds.
func (k *backText) quads(s *Step) bool { return s.byQuads() || k.groups[s] > 0 }

// emitFrames writes the loop over the frames of one group.
func (k *backText) emitFrames(b *strings.Builder, group int, frames, oversampled []*backStep) {
	for _, s := range oversampled {
		for i, in := range s.mods() {
			if _, taped := k.adjoint.taped(in); !taped {
				fmt.Fprintf(b, "\t%s %s_m%d = %s(0.0);\n", in.From.vector(), s.name(), i, in.From.vector())
			}
		}
	}
	b.WriteString("\tfor (uint k = 4u; k > 0u;) {\n\t\tk--;\n\t\tuint m = n + k;\n")
	k.emitValues(b, group)
	for i := len(frames) - 1; i >= 0; i-- {
		s := frames[i]
		from := "0.0"
		if k.quads(s.Step) {
			from = fmt.Sprintf("frame_of(%s_c, k)", s.name())
		}
		fmt.Fprintf(b, "\t\tprecise real %s = %s;\n", s.name(), from)
	}
	for o, out := range k.adjoint.Outputs {
		if k.has(out.From) && k.groups[out.From] == group {
			k.bring(b, "\t\t", group, out.From, fmt.Sprintf("frame_of(c%d, k)", o), out.Queue, k.outputQueues[o])
		}
	}
	for _, s := range frames {
		k.emitBackEdges(b, s)
	}
	for _, s := range frames {
		s.emitCall(b, k)
	}
	for _, s := range oversampled {
		for i, in := range s.mods() {
			if _, taped := k.adjoint.taped(in); !taped {
				fmt.Fprintf(b, "\t\tframe_put(%s_m%d, k, %s);\n", s.name(), i, k.value(in))
			}
		}
	}
	b.WriteString("\t}\n")
}

// emitBackEdges adds what the edges that close a loop bring back to their
// sources, which are walked before their readers.
func (k *backText) emitBackEdges(b *strings.Builder, s *backStep) {
	for i, in := range s.Inputs {
		if in.Back {
			fmt.Fprintf(b, "\t\t%s = %s + fifo_back(%du, %du, m);\n", in.From.name(), in.From.name(), s.queues[i], in.Queue)
		}
	}
}

// emitOversampledCall takes an oversampled step back over four frames, and what
// it gives to its modulators.
func (k *backText) emitOversampledCall(b *strings.Builder, s *backStep) {
	if s.Shader.Adjoint == nil {
		return
	}
	args := fmt.Sprintf("n, %s_c", s.name())
	for i, in := range s.mods() {
		if slot, taped := k.adjoint.taped(in); taped {
			args += fmt.Sprintf(", x%d", slot)
		} else {
			args += fmt.Sprintf(", %s_m%d", s.name(), i)
		}
	}
	for i := range s.Inputs {
		fmt.Fprintf(b, "\tvec4 %s_d%d;\n", s.name(), i)
		args += fmt.Sprintf(", %s_d%d", s.name(), i)
	}
	fmt.Fprintf(b, "\t%s_adjoint(%s);\n", s.name(), args)
	for i, in := range s.Inputs {
		if !k.has(in.From) {
			continue
		}
		b.WriteString("\tfor (uint k = 4u; k > 0u;) {\n\t\tk--;\n\t\tuint m = n + k;\n")
		k.bring(b, "\t\t", k.groups[s.Step], in.From, fmt.Sprintf("frame_of(%s_d%d, k)", s.name(), i), in.Queue, s.queues[i])
		b.WriteString("\t}\n")
	}
}

// bring adds what an edge brings back to its source's cotangent, as many frames
// earlier as the edge queues.
func (k *backText) bring(b *strings.Builder, indent string, group int, source *Step, value string, queue, slot int) {
	add := value
	if queue > 0 {
		add = fmt.Sprintf("fifo_back(%du, %du, m)", slot, queue)
	}
	if k.groups[source] == group && !source.byQuads() {
		fmt.Fprintf(b, "%s%s = %s + %s;\n", indent, source.name(), source.name(), add)
	} else {
		fmt.Fprintf(b, "%sframe_put(%s_c, k, frame_of(%s_c, k) + %s);\n", indent, source.name(), source.name(), add)
	}
	if queue > 0 {
		fmt.Fprintf(b, "%sfifo_write(%du, %du, m, %s);\n", indent, slot, queue, value)
	}
}
