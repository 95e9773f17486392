package kpn

import (
	"fmt"
	"math"
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

// kaiserMargin is added to the tier's attenuation, in dB: the errors of the
// stages of a cascade add up, and Kaiser's estimate is not a bound.
const kaiserMargin = 6

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
	attenuation := q.StopbandDB() + kaiserMargin
	beta := 0.1102 * (attenuation - 8.7)
	for r := ratio; r > 1; r /= 2 {
		transition := 0.5 - Passband/float64(r)
		order := (attenuation - 7.95) / (14.36 * transition)
		m := int(math.Ceil((order + 2) / 4))
		pad := latency % 2
		stages = append(stages, HalfBand{InputRatio: r, M: m, Beta: beta, Pad: pad})
		latency = (latency+pad)/2 + m - 1
	}
	return stages, latency
}

// Latency is the node's own latency in frames: its decimator's group delay.
func (n *Node) Latency() int {
	_, latency := Decimator(n.Ratio(), n.Quality)
	return latency
}
