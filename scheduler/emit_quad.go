package scheduler

import (
	"fmt"
	"strings"

	"sawmill/kpn"
)

// quadFrames is how many frames a step is evaluated for at a time: those of
// one vec4 store. Going step by step over four frames, instead of frame by
// frame over all steps, keeps each step's parameters and taps in registers.
const quadFrames = 4

var quadFields = [quadFrames]string{"x", "y", "z", "w"}

// emitQuad writes the function that gives four frames of the step from loop
// frame n on. A step whose skew is not over yet is silent and stands still.
func (s *Step) emitQuad(b *strings.Builder, skew int, looped, tape bool) {
	if s.Ratio > 1 {
		fmt.Fprintf(b, "%s %s_quad(uint n%s) {\n", s.vector(), s.name(), s.quadDeclarations())
		s.emitOversampled(b, skew, looped)
	} else {
		fmt.Fprintf(b, "%s %s_quad(uint n%s) {\n", s.vector(), s.name(), s.inputDeclarations(true))
		fmt.Fprintf(b, "\t%s y = %s(0.0);\n", s.vector(), s.vector())
		for k := range quadFrames {
			open, shut := guard(k, skew)
			if tape {
				s.emitBefore(b, k, false)
			}
			fmt.Fprintf(b, "\t%sy.%s = %s;%s\n", open, quadFields[k], s.frameCall(k, skew), shut)
			if tape {
				s.emitBefore(b, k, true)
			}
		}
		b.WriteString("\treturn y;\n")
	}
	b.WriteString("}\n")
}

// guard is what keeps frame k of a quad from running before the step's skew is
// over.
func guard(k, skew int) (open, shut string) {
	if skew == 0 {
		return "", ""
	}
	return fmt.Sprintf("if (%s >= %du) { ", loopFrame(k), skew), " }"
}

func loopFrame(k int) string {
	if k == 0 {
		return "n"
	}
	return fmt.Sprintf("n + %du", k)
}

// ownFrame is the step's own frame index at frame k of a quad.
func ownFrame(k, skew int) string {
	switch {
	case k > skew:
		return fmt.Sprintf("n + %du", k-skew)
	case k < skew:
		return fmt.Sprintf("n - %du", skew-k)
	}
	return "n"
}

// place is the step's own frame index modulo 4 at frame k of a quad: loops
// start at multiples of 4.
func place(k, skew int) int { return ((k-skew)%quadFrames + quadFrames) % quadFrames }

// frameCall is the call of the step's frame function for frame k of a quad.
func (s *Step) frameCall(k, skew int) string {
	args := []string{ownFrame(k, skew), fmt.Sprintf("%du", place(k, skew))}
	for i := range s.Inputs {
		args = append(args, fmt.Sprintf("%s.%s", s.inputName(i), quadFields[k]))
	}
	return fmt.Sprintf("%s_frame(%s)", s.name(), strings.Join(args, ", "))
}

// unrolled is how many steps of a frame are written out. Higher ratios loop
// over runs of that many, so that kernels stay small enough to compile.
const unrolled = 8

// emitOversampled steps the node Ratio times for each of four frames and runs
// the cascade over all of their samples, stage by stage, in the order of time.
func (s *Step) emitOversampled(b *strings.Builder, skew int, looped bool) {
	inner := s.innerStages()
	var samples []string
	if looped {
		samples = s.emitLooped(b, skew, inner)
	} else {
		samples = s.emitUnrolled(b, skew, inner)
	}
	last := s.emitCascade(b, "\t", samples, s.Stages[inner:])
	fmt.Fprintf(b, "\treturn vec4(%s);\n", strings.Join(last, ", "))
}

// byQuads says whether the step is oversampled four frames at a time, which
// shares the taps of its decimator. In a loop it goes frame by frame.
func (s *Step) byQuads() bool { return s.Ratio > 1 && s.Loop == 0 }

// emitDecimated steps the node Ratio times for one frame and runs the cascade
// over the samples.
func (s *Step) emitDecimated(b *strings.Builder) {
	inner := s.innerStages()
	names := numbered("x", s.samples())
	fmt.Fprintf(b, "\tfloat %s = 0.0;\n", strings.Join(names, " = 0.0, "))
	s.emitSteps(b, "\t", names, inner)
	last := s.emitCascade(b, "\t", names, s.Stages[inner:])
	fmt.Fprintf(b, "\treturn %s;\n", last[0])
}

// samples is how many samples of a frame leave the loop over its runs.
func (s *Step) samples() int {
	if s.Ratio > unrolled {
		return s.Ratio / unrolled
	}
	return s.Ratio
}

// emitSteps writes the steps of one frame, which set the names.
func (s *Step) emitSteps(b *strings.Builder, indent string, names []string, inner int) {
	if s.Ratio > unrolled {
		s.emitRuns(b, indent, names, s.Stages[:inner])
		return
	}
	for i, name := range names {
		fmt.Fprintf(b, "%s%s = %s;\n", indent, name, s.stepCall(fmt.Sprintf("%du", i)))
	}
}

// innerStages is how many stages run inside the loop over the runs of a frame.
func (s *Step) innerStages() int {
	inner := 0
	for s.Ratio > unrolled && s.Stages[inner].InputRatio > s.Ratio/unrolled {
		inner++
	}
	return inner
}

// emitUnrolled writes the steps of four frames out and returns the names of
// the samples that they give to the cascade.
func (s *Step) emitUnrolled(b *strings.Builder, skew, inner int) []string {
	samples := make([]string, 0, quadFrames*min(s.Ratio, unrolled))
	for k := range quadFrames {
		open, shut := guard(k, skew)
		if skew == 0 {
			open, shut = "{ ", " }"
		}
		names := s.declare(b, k, s.samples())
		fmt.Fprintf(b, "\t%suint t = %s;\n", open, ownFrame(k, skew))
		s.emitModsOfFrame(b, "\t\t", func(name string) string { return name + "_q." + quadFields[k] })
		s.emitBegin(b, "\t\t", fmt.Sprintf("%du == 0u", place(k, skew)))
		s.emitSteps(b, "\t\t", names, inner)
		fmt.Fprintf(b, "\t%s\n", strings.TrimSpace(shut))
		samples = append(samples, names...)
	}
	return samples
}

// declare declares the samples that frame k of a quad gives to the cascade.
func (s *Step) declare(b *strings.Builder, k, count int) []string {
	names := make([]string, count)
	zeros := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf("x%d_%d", k, i)
		zeros[i] = names[i] + " = 0.0"
	}
	fmt.Fprintf(b, "\tfloat %s;\n", strings.Join(zeros, ", "))
	return names
}

// emitRuns loops over the runs of one frame. Each gives one sample, moved
// along a row of names so that the last run's ends up last.
func (s *Step) emitRuns(b *strings.Builder, indent string, names []string, inner []kpn.HalfBand) {
	fmt.Fprintf(b, "%sfor (uint run = 0u; run < %du; run += %du) {\n", indent, s.Ratio, unrolled)
	steps := make([]string, unrolled)
	for i := range steps {
		steps[i] = fmt.Sprintf("s%d", i)
		fmt.Fprintf(b, "%s\tfloat s%d = %s;\n", indent, i, s.stepCall(fmt.Sprintf("run + %du", i)))
	}
	last := s.emitCascade(b, indent+"\t", steps, inner)
	for i := range len(names) - 1 {
		fmt.Fprintf(b, "%s\t%s = %s;\n", indent, names[i], names[i+1])
	}
	fmt.Fprintf(b, "%s\t%s = %s;\n%s}\n", indent, names[len(names)-1], last[0], indent)
}

// emitCascade halves the samples stage by stage and returns the names of those
// that are left.
func (s *Step) emitCascade(b *strings.Builder, indent string, samples []string, stages []kpn.HalfBand) []string {
	for _, h := range stages {
		samples = emitHalfBand(b, indent, s.stageName(h), h, samples)
	}
	return samples
}
