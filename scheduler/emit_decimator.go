package scheduler

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sawmill/kpn"
)

// emitHalfBand writes one stage over a run of samples, as straight code with
// constant taps on variables of its own, so that its history lives in
// registers. (Arrays in structures, passed by reference, take Mesa's compiler
// minutes to see through.) It returns the names of the outputs, half as many.
//
// The odd taps act on the second sample of each pair, the centre tap on the
// first, M−1 pairs ago. Outputs are made in groups, tap by tap from the
// smallest to the largest: the group shares each tap, and neighbours share
// most samples of a tap's pairs.
func emitHalfBand(b *strings.Builder, indent, name string, h kpn.HalfBand, samples []string) []string {
	fmt.Fprintf(b, "%s// %s\n", indent, name)
	if h.Pad > 0 {
		late := name + "_late"
		fmt.Fprintf(b, "%sfloat %s = %s_pad;\n%s%s_pad = %s;\n", indent, late, name, indent, name, samples[len(samples)-1])
		samples = append([]string{late}, samples[:len(samples)-1]...)
	}
	odd, even := oddNames(name, h), evenNames(name, h)
	for i := range len(samples) / 2 {
		even = append(even, samples[2*i])
		odd = append(odd, samples[2*i+1])
	}
	taps := oddTaps(h)
	outputs := make([]string, len(samples)/2)
	const group = 4
	for from := 0; from < len(outputs); from += group {
		to := min(from+group, len(outputs))
		for i := from; i < to; i++ {
			outputs[i] = fmt.Sprintf("%s_y%d", name, i)
		}
		for tap := h.M - 1; tap >= 0; tap-- {
			for i := from; i < to; i++ {
				term := fmt.Sprintf("%s * (%s + %s)", floatLiteral(taps[tap]), odd[i+h.M-1-tap], odd[i+h.M+tap])
				if tap == h.M-1 {
					fmt.Fprintf(b, "%sprecise float %s = %s;\n", indent, outputs[i], term)
				} else {
					fmt.Fprintf(b, "%s%s = %s + %s;\n", indent, outputs[i], outputs[i], term)
				}
			}
		}
		for i := from; i < to; i++ {
			fmt.Fprintf(b, "%s%s = %s + 0.5 * %s;\n", indent, outputs[i], outputs[i], even[i])
		}
	}
	remember(b, indent, oddNames(name, h), odd)
	remember(b, indent, evenNames(name, h), even)
	return outputs
}

// remember moves the newest samples into the variables that outlive the run.
func remember(b *strings.Builder, indent string, history, samples []string) {
	newest := samples[len(samples)-len(history):]
	for i, name := range history {
		fmt.Fprintf(b, "%s%s = %s;\n", indent, name, newest[i])
	}
}

func oddNames(name string, h kpn.HalfBand) []string  { return numbered(name+"_odd", 2*h.M-1) }
func evenNames(name string, h kpn.HalfBand) []string { return numbered(name+"_even", h.M-1) }

func numbered(name string, count int) []string {
	names := make([]string, count)
	for i := range names {
		names[i] = name + strconv.Itoa(i)
	}
	return names
}

// history names the variables that a stage remembers.
func history(name string, h kpn.HalfBand) []string {
	names := slices.Concat(oddNames(name, h), evenNames(name, h))
	if h.Pad > 0 {
		names = append(names, name+"_pad")
	}
	return names
}

// remembered names what all of the step's stages do, by what names one's.
func (s *Step) remembered(of func(name string, h kpn.HalfBand) []string) []string {
	var names []string
	for _, h := range s.Stages {
		names = append(names, of(s.stageName(h), h)...)
	}
	return names
}

// emitHistory declares those of one.
func emitHistory(b *strings.Builder, name string, h kpn.HalfBand) {
	fmt.Fprintf(b, "// %s halves %dx with %d taps.\n", name, h.InputRatio, 4*h.M-1)
	for _, v := range history(name, h) {
		fmt.Fprintf(b, "float %s = 0.0;\n", v)
	}
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
