package kpn

import (
	"fmt"
	"math/bits"
)

// Quality is the tier of a decimator: how far it holds aliases down.
type Quality int

// The quality tiers. The zero value is Standard.
const (
	Standard Quality = iota
	Draft
	High
)

// qualities is in the order of the constants.
var qualities = []struct {
	name     string
	stopband float64
}{
	Standard: {"standard", 100},
	Draft:    {"draft", 60},
	High:     {"high", 140},
}

func (q Quality) valid() bool { return q >= 0 && int(q) < len(qualities) }

// String names the tier as presets spell it.
func (q Quality) String() string {
	if !q.valid() {
		return fmt.Sprintf("Quality(%d)", int(q))
	}
	return qualities[q].name
}

// QualityNames lists the tiers, lowest first.
func QualityNames() []string { return []string{"draft", "standard", "high"} }

// ParseQuality finds a tier by name.
func ParseQuality(name string) (Quality, bool) {
	for q := range qualities {
		if qualities[q].name == name {
			return Quality(q), true
		}
	}
	return 0, false
}

// StopbandDB is the attenuation of everything that would alias into the
// pass band, in dB.
func (q Quality) StopbandDB() float64 { return qualities[q].stopband }

// Passband is the edge of a decimator's pass band as a fraction of the
// output's Nyquist frequency.
const Passband = 0.9

// HalfBand describes one stage of a decimator: a half-band FIR filter of
// 4·M−1 taps, designed as a Kaiser-windowed sinc, that halves the rate. At
// offset k from its centre the tap is ½ for k = 0, 0 for other even k, and
// for odd k
//
//	g · sin(πk/2)/(πk) · I₀(Beta·√(1 − (k/(2M−1))²)) / I₀(Beta),
//
// with g such that the odd taps add up to ½.
type HalfBand struct {
	// InputRatio is the rate of the stage's input, as a multiple of the
	// sample rate.
	InputRatio int
	M          int
	Beta       float64
	// Pad is 1 if the stage's input is delayed by one of its samples, so
	// that the group delay comes out whole, and 0 otherwise.
	Pad int
}

// halfBands holds M and Beta of the stages, by the tier and by log₂ of the
// ratio at the stage's input: a small M, with the Beta that is best for it,
// such that the errors of a whole cascade add up to less than the tier's
// attenuation, in the pass band too. Kaiser's estimates of M and Beta fail
// for filters as short as most of these.
var halfBands = [...][6]struct {
	m    int
	beta float64
}{
	Standard: {{35, 10.80}, {8, 13.05}, {6, 13.35}, {5, 11.62}, {3, 6.36}, {3, 6.38}},
	Draft:    {{21, 6.40}, {5, 7.84}, {3, 3.11}, {2, 2.50}, {2, 2.52}, {2, 2.52}},
	High:     {{49, 15.13}, {10, 16.51}, {8, 18.29}, {7, 17.18}, {6, 15.39}, {5, 11.80}},
}

// Decimator returns the half-band stages that bring ratio (a power of two)
// down to 1, highest rate first, and their total group delay in output
// frames, which is whole. Ratio 1 has no stages.
//
// Each stage leaves [0, Passband·Nyquist] of the final rate untouched and
// suppresses what folds into it. Stage i of the cascade reads two samples
// for each that it writes; its newest tap is on the newest sample, so with
// its centre on an even sample it is M−1 output samples late.
//
// Source: Kaiser, "Nonrecursive digital filter design using the I₀-sinh
// window function", ISCAS 1974; Bellanger, Daguet, Lepagnol, "Interpolation,
// extrapolation, and reduction of computation speed in digital filters",
// IEEE Trans. ASSP 22(4), 1974.
func Decimator(ratio int, q Quality) (stages []HalfBand, latency int) {
	for r := ratio; r > 1; r /= 2 {
		h := halfBands[q][bits.Len(uint(r))-2]
		pad := latency % 2
		stages = append(stages, HalfBand{InputRatio: r, M: h.m, Beta: h.beta, Pad: pad})
		latency = (latency+pad)/2 + h.m - 1
	}
	return stages, latency
}

// Latency is the node's own latency in frames: its decimator's group delay,
// and the delay of a custom kind.
func (n *Node) Latency() int {
	_, latency := Decimator(n.Ratio(), n.Quality)
	return latency + n.Delay
}
