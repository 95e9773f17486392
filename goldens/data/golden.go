// Package data holds the goldens: what the reference gave for each case when
// it was last looked at, in float64. They are written by the reference alone
// (go run ./goldens/regenerate CASE) and compared within a few roundings,
// never by hash: mathematical functions are not the same to the last bit on
// every processor.
package data

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// Golden is the output of one case.
type Golden struct {
	Case string
	// Reference says what computed it.
	Reference string
	Shape     kpn.Shape
	Outputs   []Output
}

// Output is the signal of one of the graph's outputs.
type Output struct {
	Name string
	// Samples is a dense tensor of the golden's shape.
	Samples []float64
}

// MaxBytes is the largest that a golden's file may be.
const MaxBytes = 64 << 10

// header is the first line of every golden.
const header = "sawmill golden 1"

// perLine is how many samples a line holds.
const perLine = 4

// FileName is the name of a case's golden under this directory.
func FileName(caseName string) string { return caseName + ".txt" }

// Render computes a case's golden on an engine.
func Render(ctx context.Context, engine kpn.Engine, c *cases.Case) (g *Golden, err error) {
	device := engine.Device()
	g = &Golden{Case: c.Name, Reference: device.Name + ", " + device.Version, Shape: c.Shape}
	for _, name := range c.Graph.Outputs {
		g.Outputs = append(g.Outputs, Output{Name: name, Samples: make([]float64, c.Shape.Len())})
	}
	executable, err := engine.Compile(c.Graph)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, executable.Close()) }()
	err = executable.Forward(ctx, c.GoldenJob(), func(b *kpn.Block) error {
		for i := range b.Shape.Len() {
			item, channel, f := b.Shape.Coordinates(i)
			g.Outputs[b.Output].Samples[c.Shape.Index(item, channel, b.First+f)] = b.At(i)
		}
		return nil
	})
	return g, err
}

// Encode writes a golden as text: a header, then for each output its name and
// its samples, row after row, each with as many digits as it needs.
func (g *Golden) Encode() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\ncase %s\nreference %s\nshape %d %d %d\n", header, g.Case, g.Reference, g.Shape.B, g.Shape.C, g.Shape.F)
	for _, o := range g.Outputs {
		fmt.Fprintf(&b, "output %s\n", o.Name)
		for i, x := range o.Samples {
			b.WriteString(strconv.FormatFloat(x, 'g', -1, 64))
			if i%perLine == perLine-1 || i == len(o.Samples)-1 {
				b.WriteByte('\n')
			} else {
				b.WriteByte(' ')
			}
		}
	}
	return b.Bytes()
}

// Decode reads a golden. It fails with *[FileError].
func Decode(file string, data []byte) (*Golden, error) {
	g := &Golden{}
	fault := func(line int, format string, args ...any) error {
		return &FileError{File: file, Line: line, Reason: fmt.Sprintf(format, args...)}
	}
	if len(data) > MaxBytes {
		return nil, fault(0, "it has %d bytes, allowed is %d; give the case a smaller shape", len(data), MaxBytes)
	}
	scanner := bufio.NewScanner(bytes.NewReader(data))
	line := 0
	for scanner.Scan() {
		line++
		text := scanner.Text()
		word, rest, _ := strings.Cut(text, " ")
		switch {
		case line == 1 && text == header:
		case line == 1:
			return nil, fault(line, "want %q", header)
		case word == "case":
			g.Case = rest
		case word == "reference":
			g.Reference = rest
		case word == "shape":
			if _, err := fmt.Sscanf(rest, "%d %d %d", &g.Shape.B, &g.Shape.C, &g.Shape.F); err != nil {
				return nil, fault(line, "want three extents: %v", err)
			}
		case word == "output":
			g.Outputs = append(g.Outputs, Output{Name: rest})
		case len(g.Outputs) == 0:
			return nil, fault(line, "samples before the first output")
		default:
			o := &g.Outputs[len(g.Outputs)-1]
			for _, field := range strings.Fields(text) {
				x, err := strconv.ParseFloat(field, 64)
				if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
					return nil, fault(line, "%q is no sample", field)
				}
				o.Samples = append(o.Samples, x)
			}
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fault(line, "%v", err)
	}
	for _, o := range g.Outputs {
		if len(o.Samples) != g.Shape.Len() {
			return nil, fault(0, "output %q has %d samples, want %d", o.Name, len(o.Samples), g.Shape.Len())
		}
	}
	return g, nil
}

// FileError is a golden that cannot be read.
type FileError struct {
	File string
	// Line is 0 for a fault of the whole file.
	Line   int
	Reason string
}

// Error implements error.
func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("goldens/data/%s: %s", e.File, e.Reason)
	}
	return fmt.Sprintf("goldens/data/%s:%d: %s", e.File, e.Line, e.Reason)
}

// tolerance is how far a sample may be from its golden, relative to the
// larger of its magnitude and 1. A double's rounding is 1.1e-16; the longest
// sum in a case has some hundred terms, and what cpuref raises to a power, or
// divides by a row's peak, is within 20 of its own rounding.
const tolerance = 1e-12

// Difference is the first sample that differs, or what else does; nil if the
// goldens agree.
func (g *Golden) Difference(got *Golden) error {
	fault := func(format string, args ...any) error {
		return &FileError{File: FileName(g.Case), Reason: fmt.Sprintf(format, args...)}
	}
	if g.Case != got.Case {
		return fault("it is of case %q, want %q", g.Case, got.Case)
	}
	if g.Shape != got.Shape || len(g.Outputs) != len(got.Outputs) {
		return fault("the case has %d outputs of %v, the golden %d of %v; regenerate it", len(got.Outputs), got.Shape, len(g.Outputs), g.Shape)
	}
	for o, want := range g.Outputs {
		if want.Name != got.Outputs[o].Name {
			return fault("output %d is %q in the case, %q in the golden; regenerate it", o, got.Outputs[o].Name, want.Name)
		}
		for i, x := range want.Samples {
			y := got.Outputs[o].Samples[i]
			if e := math.Abs(y - x); !(e <= tolerance*max(1, math.Abs(x))) {
				b, c, f := g.Shape.Coordinates(i)
				return fault("output %q, item %d, channel %d, frame %d: the reference gives %v, the golden is %v; if the change is meant, regenerate it", want.Name, b, c, f, y, x)
			}
		}
	}
	return nil
}
