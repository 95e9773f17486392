package data

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sawmill/kpn"
)

// Decode reads a golden. It wants all of what [Golden.Encode] writes in its
// place, and each block's values to fit its checksum, so that a value that was
// changed by hand is found. It fails with *[FileError].
func Decode(file string, text []byte) (*Golden, error) {
	d := &decoder{file: file}
	if len(text) > MaxBytes {
		return nil, d.fault("it has %d bytes, allowed is %d; give the case a smaller shape", len(text), MaxBytes)
	}
	d.lines = strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	g := &Golden{}
	if err := d.preamble(g); err != nil {
		return nil, err
	}
	for len(d.lines) > 0 {
		if err := d.section(g); err != nil {
			return nil, err
		}
	}
	if len(g.Outputs) == 0 {
		return nil, d.fault("it has no outputs")
	}
	return g, nil
}

// decoder is the rest of a golden's text.
type decoder struct {
	file  string
	lines []string
	// line counts those that were taken.
	line int
	// values counts the values of all tensors, those of zeros that the text
	// leaves out too: more than bytes in the largest file are too many.
	values int
}

func (d *decoder) fault(format string, args ...any) error {
	return &FileError{File: d.file, Line: d.line, Reason: fmt.Sprintf(format, args...)}
}

// next takes a line: its first word and the rest.
func (d *decoder) next() (word, rest string) {
	if len(d.lines) == 0 {
		return "", ""
	}
	word, rest, _ = strings.Cut(d.lines[0], " ")
	d.lines, d.line = d.lines[1:], d.line+1
	return word, rest
}

// want takes a line that begins with a word, and returns the rest.
func (d *decoder) want(word string) (string, error) {
	got, rest := d.next()
	if got != word {
		return "", d.fault("got %q, want %q", got, word)
	}
	return rest, nil
}

func (d *decoder) preamble(g *Golden) error {
	if len(d.lines) == 0 || d.lines[0] != header {
		d.line = 1
		return d.fault("want %q", header)
	}
	d.next()
	var fields [4]string
	for i, word := range []string{wordCase, wordReference, wordShape, wordCotangents} {
		var err error
		if fields[i], err = d.want(word); err != nil {
			return err
		}
	}
	g.Case, g.Reference = fields[0], fields[1]
	var err error
	if g.Shape, err = d.shape(strings.Fields(fields[2])); err != nil {
		return err
	}
	if g.CotangentSeed, err = strconv.ParseUint(fields[3], 10, 64); err != nil {
		return d.fault("want the seed of the cotangents: %v", err)
	}
	return nil
}

// shape reads three extents. A value takes two bytes or more, so that larger
// tensors than a file holds are none.
func (d *decoder) shape(fields []string) (kpn.Shape, error) {
	var extents [3]int
	if len(fields) != len(extents) {
		return kpn.Shape{}, d.fault("want three extents, got %d", len(fields))
	}
	n := 1
	for i, text := range fields {
		x, err := strconv.Atoi(text)
		if err != nil || x < 1 || x > MaxBytes || n*x > MaxBytes {
			return kpn.Shape{}, d.fault("%q is no extent of a tensor in so small a file", text)
		}
		extents[i], n = x, n*x
	}
	return kpn.Shape{B: extents[0], C: extents[1], F: extents[2]}, nil
}

// section reads one output, gradient or list of peaks.
func (d *decoder) section(g *Golden) error {
	word, rest := d.next()
	switch {
	case word == wordOutput && len(g.Gradients)+len(g.Peaks) == 0:
		samples, err := d.tensor(g.Shape, sampleBlock, sampleScale)
		g.Outputs = append(g.Outputs, Output{Name: rest, Samples: samples})
		return err
	case (word == wordGradient || word == wordUnsupported) && len(g.Peaks) == 0:
		return d.gradient(g, word, strings.Fields(rest))
	case word == wordPeaks:
		return d.peaks(g, rest)
	}
	return d.fault("%q is no section, or not in its place", word)
}

// gradient reads NODE.PARAM, its rate, its shape, and unless it is unsupported
// "scale", a size, "trifle", a size, and the values.
func (d *decoder) gradient(g *Golden, word string, fields []string) error {
	extra := []string{"scale", "trifle"}
	if word == wordUnsupported {
		extra = nil
	}
	if len(fields) != 5+2*len(extra) {
		return d.fault("want a parameter, its rate, three extents and %q", extra)
	}
	var v Gradient
	v.Ref.Node, v.Ref.Param, _ = strings.Cut(fields[0], ".")
	rate := slices.Index([]string{kpn.Constant.String(), kpn.PerItem.String(), kpn.PerFrame.String()}, fields[1])
	if rate < 0 {
		return d.fault("%q is no rate", fields[1])
	}
	v.Rate = kpn.ParamRate(rate)
	var err error
	if v.Shape, err = d.shape(fields[2:5]); err != nil {
		return err
	}
	for i, to := range []*float64{&v.Scale, &v.Trifle}[:len(extra)] {
		name, size := fields[5+2*i], fields[6+2*i]
		if *to, err = strconv.ParseFloat(size, 64); err != nil || name != extra[i] || !(*to >= 0) || math.IsInf(*to, 0) {
			return d.fault("want %s and a size, got %q", extra[i], name+" "+size)
		}
	}
	if d.values += v.Shape.Len(); d.values > MaxBytes {
		return d.fault("more than %d values are too many for a golden", MaxBytes)
	}
	if word == wordUnsupported {
		v.Code, v.F64 = kpn.Unsupported, make([]float64, v.Shape.Len())
	} else if v.F64, err = d.tensor(v.Shape, gradientBlock, v.Scale); err != nil {
		return err
	}
	g.Gradients = append(g.Gradients, v)
	return nil
}

func (d *decoder) peaks(g *Golden, node string) error {
	p := Peaks{Node: node}
	for len(p.Frames) < g.Shape.Rows() {
		if len(d.lines) == 0 {
			return d.fault("node %q has %d frames, want one for each of %d rows", node, len(p.Frames), g.Shape.Rows())
		}
		word, rest := d.next()
		for _, field := range append([]string{word}, strings.Fields(rest)...) {
			f, err := strconv.Atoi(field)
			if err != nil || f < 0 || f >= g.Shape.F {
				return d.fault("%q is no frame", field)
			}
			p.Frames = append(p.Frames, f)
		}
	}
	if len(p.Frames) != g.Shape.Rows() {
		return d.fault("node %q has %d frames, want one for each of %d rows", node, len(p.Frames), g.Shape.Rows())
	}
	g.Peaks = append(g.Peaks, p)
	return nil
}

// tensor reads a dense tensor, block by block.
func (d *decoder) tensor(s kpn.Shape, frames int, scale float64) ([]float64, error) {
	values := make([]float64, 0, s.Len())
	for b := range blocks(s, frames) {
		rest, err := d.want(wordBlock)
		if err != nil {
			return nil, err
		}
		at := d.line
		for len(values) < b.to {
			if len(d.lines) == 0 {
				return nil, d.fault("the block ends after %d values of %d", len(values)-b.from, b.to-b.from)
			}
			word, more := d.next()
			for _, field := range append([]string{word}, strings.Fields(more)...) {
				x, err := strconv.ParseFloat(field, 64)
				if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
					return nil, d.fault("%q is no value", field)
				}
				values = append(values, x)
			}
		}
		if len(values) != b.to {
			return nil, d.fault("the block has %d values, want %d", len(values)-b.from, b.to-b.from)
		}
		if want := b.heading(values, scale); wordBlock+" "+rest != want {
			d.line = at
			return nil, d.fault("the values below make this %q; a golden is regenerated, not edited", want)
		}
	}
	return values, nil
}
