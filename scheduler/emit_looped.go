package scheduler

import (
	"fmt"
	"strings"
)

// mostUnrolled is how many steps of a frame, over all nodes, a kernel may have
// for their calls to be written out for each of four frames. Compiling takes
// more than linear time and memory: two oscillators at 8x, written out, take a
// driver 3 s, eight of them 36 s and 2.8 GB; looped 5 s.
const mostUnrolled = 16

// looped says whether the steps of oversampled nodes are in a loop over the
// frames: slower to run where the loop is long, and much faster to compile.
func looped(steps []*Step) bool {
	total := 0
	for _, s := range steps {
		if s.Ratio > 1 {
			total += min(s.Ratio, unrolled)
		}
	}
	return total > mostUnrolled
}

// emitLooped writes the steps of four frames as a loop and returns the names
// of the samples that they give to the cascade.
func (s *Step) emitLooped(b *strings.Builder, skew, inner int) []string {
	names := numbered("x", s.samples())
	for i := range names {
		fmt.Fprintf(b, "\tvec4 s%d = vec4(0.0);\n", i)
	}
	b.WriteString("\tfor (uint k = 0u; k < 4u; k++) {\n")
	fmt.Fprintf(b, "\t\tuint t = n + k - %du;\n", skew)
	s.emitModsOfFrame(b, "\t\t", func(name string) string { return "frame_of(" + name + "_q, k)" })
	fmt.Fprintf(b, "\t\tfloat %s = 0.0;\n", strings.Join(names, " = 0.0, "))
	if skew > 0 {
		fmt.Fprintf(b, "\t\tif (n + k >= %du) {\n", skew)
	}
	s.emitBegin(b, "\t\t", "t % 4u == 0u")
	s.emitSteps(b, "\t\t", names, inner)
	if skew > 0 {
		b.WriteString("\t\t}\n")
	}
	for i, name := range names {
		fmt.Fprintf(b, "\t\tframe_put(s%d, k, %s);\n", i, name)
	}
	b.WriteString("\t}\n")
	var samples []string
	for k := range quadFrames {
		for i := range names {
			samples = append(samples, fmt.Sprintf("s%d.%s", i, quadFields[k]))
		}
	}
	return samples
}
