package scheduler

import (
	"fmt"
	"strconv"
	"strings"

	"sawmill/kpn"
)

// emitHalfBand writes one stage of a step's decimator as straight code on
// variables of its own, with constant taps, so that its history lives in
// registers. (Arrays in structures, passed by reference, take Mesa's compiler
// minutes to see through.) The odd taps act on the second sample of each
// pair, the centre tap on the first, M−1 pairs ago.
func emitHalfBand(b *strings.Builder, name string, h kpn.HalfBand) {
	taps := oddTaps(h)
	fmt.Fprintf(b, "// %s halves %dx with %d taps.\n", name, h.InputRatio, 4*h.M-1)
	for _, v := range halfBandState(name, h) {
		fmt.Fprintf(b, "float %s = 0.0;\n", v)
	}
	fmt.Fprintf(b, "\nfloat %s(float a, float b) {\n", name)
	if h.Pad > 0 {
		fmt.Fprintf(b, "\tfloat late = %s_pad;\n\t%s_pad = b;\n\tb = a;\n\ta = late;\n", name, name)
	}
	odd := func(i int) string { return fmt.Sprintf("%s_odd%d", name, i) }
	even := func(i int) string { return fmt.Sprintf("%s_even%d", name, i) }
	shift(b, odd, 2*h.M, "b")
	shift(b, even, h.M, "a")
	const sums = 4
	for i := range h.M {
		tap := h.M - 1 - i // from the smallest, at the ends, to the centre
		term := fmt.Sprintf("%s * (%s + %s)", floatLiteral(taps[tap]), odd(h.M-1-tap), odd(h.M+tap))
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
	fmt.Fprintf(b, "\ts%d = s%d + 0.5 * %s;\n\treturn s%d;\n}\n\n", last, last, even(0), last)
}

// halfBandState names the variables that a stage remembers.
func halfBandState(name string, h kpn.HalfBand) []string {
	var names []string
	for i := range 2 * h.M {
		names = append(names, fmt.Sprintf("%s_odd%d", name, i))
	}
	for i := range h.M {
		names = append(names, fmt.Sprintf("%s_even%d", name, i))
	}
	if h.Pad > 0 {
		names = append(names, name+"_pad")
	}
	return names
}

func shift(b *strings.Builder, name func(int) string, length int, newest string) {
	for i := range length - 1 {
		fmt.Fprintf(b, "\t%s = %s;\n", name(i), name(i+1))
	}
	fmt.Fprintf(b, "\t%s = %s;\n", name(length-1), newest)
}

// floatLiteral writes a float32 so that it reads back to the same bits.
func floatLiteral(x float32) string { return literal(float64(x), 32) }

// doubleLiteral writes a float64 so that it reads back to the same bits.
func doubleLiteral(x float64) string { return literal(x, 64) + "LF" }

func literal(x float64, bits int) string {
	text := strconv.FormatFloat(x, 'g', -1, bits)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}
