package scheduler

import (
	"fmt"
	"strings"
)

// beforeName is the variable of four frames of one of the words that a step's
// state had before each of them, which its adjoint reads from the tape.
func (s *Step) beforeName(word int) string { return fmt.Sprintf("%s_before%d", s.name(), word) }

// emitBefore takes the state before frame k of a quad, or after it, in kernels
// that write a tape.
func (s *Step) emitBefore(b *strings.Builder, k int, after bool) {
	if after != s.Shader.TapeAfter {
		return
	}
	for word := range s.Shader.TapeWords {
		fmt.Fprintf(b, "\t%s.%s = %s_tape(%s_state, %d);\n", s.beforeName(word), quadFields[k], s.kind(), s.name(), word)
	}
}

// emitLoopBefore is the same for frame k of the kernel's own loop.
func (s *Step) emitLoopBefore(b *strings.Builder, after bool) {
	if after != s.Shader.TapeAfter {
		return
	}
	for word := range s.Shader.TapeWords {
		fmt.Fprintf(b, "\t\t\tframe_put(%s, k, %s_tape(%s_state, %d));\n", s.beforeName(word), s.kind(), s.name(), word)
	}
}

// declareBefore declares those variables.
func (s *Step) declareBefore(b *strings.Builder) {
	for word := range s.Shader.TapeWords {
		fmt.Fprintf(b, "vec4 %s = vec4(0.0);\n", s.beforeName(word))
	}
}
