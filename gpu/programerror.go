package gpu

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"sawmill/kpn"
)

// CompileError is a kernel that the driver's compiler refused: a defect of the
// generated source or of the driver, or of the GLSL of a custom kind.
type CompileError struct {
	Kernel string
	// Kind is the custom kind in whose text, or whose node's, the line is;
	// empty elsewhere.
	Kind kpn.Kind
	// Line is the first line at fault, from 1; 0 if the log names none.
	Line int
	// Log is what the compiler says.
	Log string
	// Source is the lines around Line, numbered.
	Source string
}

// Error implements error.
func (e *CompileError) Error() string {
	where := e.Kernel
	if e.Line > 0 {
		where += ":" + strconv.Itoa(e.Line)
	}
	advice := "please report it, with the output of sawmill inspect --glsl and sawmill doctor"
	if e.Kind != "" {
		advice = fmt.Sprintf("look at the GLSL of kind %s, which the graph brings", e.Kind)
	}
	text := where + ": the driver cannot compile the kernel: " + advice + "\n" + e.Log
	if e.Source != "" {
		text += "\n" + e.Source
	}
	return text
}

// LinkError is a kernel that compiled and did not link.
type LinkError struct {
	Kernel string
	// Log is what the linker says.
	Log string
}

// Error implements error.
func (e *LinkError) Error() string {
	return e.Kernel + ": the driver cannot link the kernel: please report it, with the output of sawmill inspect --glsl and sawmill doctor\n" + e.Log
}

// logLine finds the line number in a compiler's message: "0:12(5): error"
// (Mesa), "0(12) : error" (NVIDIA), "ERROR: 0:12:" (AMD, Intel).
var logLine = regexp.MustCompile(`\b\d+[:(](\d+)`)

// sectionOf finds the kind in a line that starts a section of a kernel.
var sectionOf = regexp.MustCompile(`^// ---- (?:kind|node \w+: (?:adjoint of )?)\s*(\w+)`)

// blame finds the custom kind whose section, or whose node's, the line is in.
func (e *CompileError) blame(custom map[kpn.Kind]*kpn.CustomKind, source string) {
	lines := strings.Split(source, "\n")
	for n := min(e.Line, len(lines)) - 1; n >= 0; n-- {
		if found := sectionOf.FindStringSubmatch(lines[n]); found != nil {
			if kind := kpn.Kind(found[1]); custom[kind] != nil {
				e.Kind = kind
			}
			return
		}
	}
}

// excerptLines is how many lines are shown on each side of the fault.
const excerptLines = 3

func newCompileError(kernel, source, log string) *CompileError {
	e := &CompileError{Kernel: kernel, Log: log}
	for message := range strings.Lines(log) {
		found := logLine.FindStringSubmatch(message)
		if found == nil || !strings.Contains(strings.ToLower(message), "error") {
			continue
		}
		if line, err := strconv.Atoi(found[1]); err == nil {
			e.Line = line
			break
		}
	}
	e.Source = excerpt(source, e.Line)
	return e
}

// excerpt is the lines around a line, numbered and with the line marked.
func excerpt(source string, line int) string {
	lines := strings.Split(source, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	var b strings.Builder
	for n := max(1, line-excerptLines); n <= min(len(lines), line+excerptLines); n++ {
		mark := " "
		if n == line {
			mark = ">"
		}
		fmt.Fprintf(&b, "%s%5d  %s\n", mark, n, lines[n-1])
	}
	return b.String()
}
