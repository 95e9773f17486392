package gpu

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// CompileError is a kernel that the driver's compiler refused: a defect of the
// generated source or of the driver.
type CompileError struct {
	Kernel string
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
	text := where + ": the driver cannot compile the kernel: please report it, with the output of sawmill inspect --glsl and sawmill doctor\n" + e.Log
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
