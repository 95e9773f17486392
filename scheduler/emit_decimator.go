package scheduler

import (
	"fmt"
	"strconv"
	"strings"

	"sawmill/kpn"
)

// halfBandName is the GLSL name of a stage: its input ratio and its length
// tell the stages of all tiers apart.
func halfBandName(h kpn.HalfBand) string {
	name := fmt.Sprintf("halfband_%dx_%d", h.InputRatio, 4*h.M-1)
	if h.Pad > 0 {
		name += "_pad"
	}
	return name
}

// decimators writes each half-band stage that the steps use, once.
func (k *kernelText) decimators(b *strings.Builder, carry bool) {
	written := map[string]bool{}
	for _, step := range k.steps {
		for _, h := range step.Stages {
			if name := halfBandName(h); !written[name] {
				written[name] = true
				emitHalfBand(b, name, h)
				emitHalfBandState(b, name, h, carry)
			}
		}
	}
}

// emitHalfBand writes a stage as straight code with constant indices and
// constant taps, so that its history lives in registers. The odd taps act on
// the second sample of each pair, the centre tap on the first, M−1 pairs ago.
func emitHalfBand(b *strings.Builder, name string, h kpn.HalfBand) {
	taps := oddTaps(h)
	section(b, "decimator "+name)
	pad := ""
	if h.Pad > 0 {
		pad = "\tfloat pad;\n"
	}
	fmt.Fprintf(b, "struct %s {\n\tfloat odd[%d];\n\tfloat even[%d];\n%s};\n\n", name, 2*h.M, h.M, pad)
	fmt.Fprintf(b, "float %s_step(inout %s h, float a, float b) {\n", name, name)
	if h.Pad > 0 {
		b.WriteString("\tfloat late = h.pad;\n\th.pad = b;\n\tb = a;\n\ta = late;\n")
	}
	shift(b, "odd", 2*h.M, "b")
	shift(b, "even", h.M, "a")
	const sums = 4
	for i := range h.M {
		tap := h.M - 1 - i // from the smallest, at the ends, to the centre
		term := fmt.Sprintf("%s * (h.odd[%d] + h.odd[%d])", floatLiteral(taps[tap]), h.M-1-tap, h.M+tap)
		if i < sums {
			fmt.Fprintf(b, "\tprecise float s%d = %s;\n", i, term)
		} else {
			fmt.Fprintf(b, "\ts%d = s%d + %s;\n", i%sums, i%sums, term)
		}
	}
	last := min(sums, h.M) - 1
	for i := last - 1; i >= 0; i-- {
		fmt.Fprintf(b, "\ts%d = s%d + s%d;\n", last, last, i)
	}
	fmt.Fprintf(b, "\ts%d = s%d + 0.5 * h.even[0];\n\treturn s%d;\n}\n\n", last, last, last)
}

func shift(b *strings.Builder, array string, length int, newest string) {
	for i := range length - 1 {
		fmt.Fprintf(b, "\th.%s[%d] = h.%s[%d];\n", array, i, array, i+1)
	}
	fmt.Fprintf(b, "\th.%s[%d] = %s;\n", array, length-1, newest)
}

// emitHalfBandState writes the functions that clear a stage and, where
// segments carry it, load and save it.
func emitHalfBandState(b *strings.Builder, name string, h kpn.HalfBand, carry bool) {
	var words []string
	for i := range 2 * h.M {
		words = append(words, fmt.Sprintf("h.odd[%d]", i))
	}
	for i := range h.M {
		words = append(words, fmt.Sprintf("h.even[%d]", i))
	}
	if h.Pad > 0 {
		words = append(words, "h.pad")
	}
	each := func(head, format string, args func(i int, word string) []any) {
		fmt.Fprintf(b, "void %s_%s {\n", name, head)
		for i, w := range words {
			fmt.Fprintf(b, "\t"+format+"\n", args(i, w)...)
		}
		b.WriteString("}\n\n")
	}
	each("clear(out "+name+" h)", "%s = 0.0;", func(_ int, w string) []any { return []any{w} })
	if !carry {
		return
	}
	each("load(out "+name+" h, uint slot)", "%s = uintBitsToFloat(state_read(slot + %du));", func(i int, w string) []any { return []any{w, i} })
	each("save("+name+" h, uint slot)", "state_write(slot + %du, floatBitsToUint(%s));", func(i int, w string) []any { return []any{i, w} })
}

// floatLiteral writes a float32 so that it reads back to the same bits.
func floatLiteral(x float32) string {
	text := strconv.FormatFloat(float64(x), 'g', -1, 32)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// doubleLiteral writes a float64 so that it reads back to the same bits.
func doubleLiteral(x float64) string {
	text := strconv.FormatFloat(x, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text + "LF"
}
