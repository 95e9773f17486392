package data

import (
	"bytes"
	"fmt"
	"strconv"

	"sawmill/kpn"
)

// The words that lines begin with.
const (
	header          = "sawmill golden 2"
	wordCase        = "case"
	wordReference   = "reference"
	wordShape       = "shape"
	wordCotangents  = "cotangents"
	wordOutput      = "output"
	wordGradient    = "gradient"
	wordUnsupported = "unsupported"
	wordPeaks       = "peaks"
	wordBlock       = "block"
)

// perLine is how many samples a line holds, framesPerLine how many frames.
const (
	perLine       = 4
	framesPerLine = 16
)

// sampleScale is the size that samples are rounded against in checksums, and
// that their errors are measured against: full scale.
const sampleScale = 1.0

// Encode writes a golden as text, each value with as many digits as it needs.
func (g *Golden) Encode() []byte {
	var b bytes.Buffer
	s := g.Shape
	fmt.Fprintf(&b, "%s\n%s %s\n%s %s\n", header, wordCase, g.Case, wordReference, g.Reference)
	fmt.Fprintf(&b, "%s %d %d %d\n%s %d\n", wordShape, s.B, s.C, s.F, wordCotangents, g.CotangentSeed)
	for i := range g.Outputs {
		o := &g.Outputs[i]
		fmt.Fprintf(&b, "%s %s\n", wordOutput, o.Name)
		writeTensor(&b, s, o.Samples, sampleBlock, sampleScale)
	}
	for i := range g.Gradients {
		g.Gradients[i].encode(&b)
	}
	for _, p := range g.Peaks {
		fmt.Fprintf(&b, "%s %s\n", wordPeaks, p.Node)
		writeLines(&b, len(p.Frames), framesPerLine, func(i int) string { return strconv.Itoa(p.Frames[i]) })
	}
	return b.Bytes()
}

// encode writes one gradient, or that there is none.
func (v *Gradient) encode(b *bytes.Buffer) {
	word := wordGradient
	if v.Code != kpn.Done {
		word = wordUnsupported
	}
	fmt.Fprintf(b, "%s %s %v %d %d %d", word, refText(v.Ref), v.Rate, v.Shape.B, v.Shape.C, v.Shape.F)
	if v.Code != kpn.Done {
		b.WriteByte('\n')
		return
	}
	fmt.Fprintf(b, " scale %s trifle %s\n", number(v.Scale), number(v.Trifle))
	writeTensor(b, v.Shape, v.F64, gradientBlock, v.Scale)
}

// refText names a parameter; an input's signal by its node alone.
func refText(ref kpn.ParamRef) string {
	if ref.Param == "" {
		return ref.Node
	}
	return ref.String()
}

func writeTensor(b *bytes.Buffer, s kpn.Shape, values []float64, frames int, scale float64) {
	for part := range blocks(s, frames) {
		fmt.Fprintln(b, part.heading(values, scale))
		writeLines(b, part.to-part.from, perLine, func(i int) string { return number(values[part.from+i]) })
	}
}

// writeLines writes words, so many a line.
func writeLines(b *bytes.Buffer, n, perLine int, word func(i int) string) {
	for i := range n {
		b.WriteString(word(i))
		if i%perLine == perLine-1 || i == n-1 {
			b.WriteByte('\n')
		} else {
			b.WriteByte(' ')
		}
	}
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
