// Package alias measures how much of an oscillator's output is alias: what is
// at other frequencies than the harmonics of the note.
//
// The note's frequency is p/N of the sample rate, with p prime and N the
// length of the transform, a power of two. N frames then hold p whole cycles,
// and every partial, wanted or folded, is exactly one line of the spectrum:
// no window is needed, nothing leaks, and since p and N have no common factor
// a folded partial falls on a harmonic only if its number is a multiple of N
// off.
package alias

import (
	"context"
	"errors"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"

	"sawmill/kpn"
)

const (
	// rate is the sample rate of all measurements.
	rate = 44100
	// frames is the length of the transform.
	frames = 1 << 16
	// settle is how many frames are left out before: the decimators' memory
	// is shorter.
	settle = 1 << 12
	// offset is the phase at frame 0 in cycles: odd enough that no step falls
	// on a sample at any ratio, where a naive waveform has no defined value.
	offset = 0x1p-21
	// treble is up to where harmonics are compared with their ideal levels.
	treble = 15000
)

// Setting is one oscillator.
type Setting struct {
	// Shape and Limit index the osc's choices.
	Shape, Limit int
	Ratio        int
	Quality      kpn.Quality
	// Cycles is how many cycles of the note the transform holds.
	Cycles int
	// Slave is how many cycles a slave makes in one of the note: with any, the
	// oscillator is a [kpn.KindSync].
	Slave float64
	// Depth is how far a pulse's width goes up and down from ½, in cycles, once
	// in the transform.
	Depth float64
}

// Frequency is the note's frequency in Hz.
func (s Setting) Frequency() float64 { return rate * float64(s.Cycles) / frames }

// Level is what was measured, in dB.
type Level struct {
	Setting
	// Alias is the power of the alias in the pass band relative to that of
	// the wanted harmonics in it, and Worst the strongest alias relative to
	// the fundamental.
	Alias, Worst float64
	// FullAlias and FullWorst are the same up to half the sample rate, where
	// the decimator's transition band folds onto itself.
	FullAlias, FullWorst float64
	// Harmonic is the largest deviation of a harmonic below 15 kHz from its
	// ideal level relative to the fundamental.
	Harmonic float64
}

// Of measures one oscillator on an engine.
func Of(ctx context.Context, engine kpn.Engine, s Setting) (Level, error) {
	signal, err := render(ctx, engine, s)
	if err != nil {
		return Level{}, err
	}
	spectrum := fourier.NewFFT(frames).Coefficients(nil, signal)
	power := make([]float64, len(spectrum))
	for i, x := range spectrum {
		power[i] = real(x * cmplx.Conj(x))
	}
	// A constant is neither a harmonic nor an alias to be heard.
	power[0] = 0
	l := Level{Setting: s}
	l.FullAlias, l.FullWorst = s.aliases(power, frames/2)
	passband := kpn.Passband * frames / 2
	if s.Ratio == 1 {
		passband = frames / 2
	}
	l.Alias, l.Worst = s.aliases(power, int(passband))
	for k := 2; l.hasHarmonics() && float64(k)*s.Frequency() < treble; k++ {
		if ideal := harmonic(s.Shape, k); ideal > 0 {
			if d := decibels(power[k*s.Cycles]/power[s.Cycles]) - decibels(ideal*ideal); math.Abs(d) > math.Abs(l.Harmonic) {
				l.Harmonic = d
			}
		}
	}
	return l, nil
}

// aliases sums the lines up to a bin that are no harmonics, or sidebands of any.
func (s Setting) aliases(power []float64, last int) (total, worst float64) {
	wanted, rest, strongest := 0.0, 0.0, 0.0
	for i := 1; i <= last; i++ {
		if s.wanted(i) {
			wanted += power[i]
			continue
		}
		rest += power[i]
		strongest = max(strongest, power[i])
	}
	return decibels(rest / wanted), decibels(strongest / power[s.Cycles])
}

// wanted says whether a line is a harmonic, or a sideband of the nearest one: a
// width that moves by depth moves the phase of harmonic k by 2π·k·depth, and by
// Carson's rule sidebands up to that many are all that matter. A few more are
// let pass, where they are below −150 dB. Harmonic 0 is the width itself.
func (s Setting) wanted(line int) bool {
	k := (line + s.Cycles/2) / s.Cycles
	off := math.Abs(float64(line - k*s.Cycles))
	if s.Depth == 0 {
		return off == 0
	}
	deviation := 2 * math.Pi * float64(k) * s.Depth
	return off <= deviation+10*math.Cbrt(deviation)+10
}

// harmonic is the ideal amplitude of a harmonic relative to the fundamental;
// the pulse's width is half a cycle.
func harmonic(shape, k int) float64 {
	n := float64(k)
	switch {
	case shape == kpn.OscSaw:
		return 1 / n
	case k%2 == 0 || shape == kpn.OscSine:
		return 0
	case shape == kpn.OscPulse:
		return 1 / n
	default:
		return 1 / (n * n)
	}
}

func decibels(power float64) float64 { return 10 * math.Log10(power) }

// render returns the frames to transform.
func render(ctx context.Context, engine kpn.Engine, s Setting) (signal []float64, err error) {
	node := kpn.Node{
		ID: "osc", Kind: kpn.KindOsc, Oversample: s.Ratio, Quality: s.Quality,
		Params: map[string]kpn.Param{
			"shape":      kpn.Const(float64(s.Shape)),
			"band_limit": kpn.Const(float64(s.Limit)),
			"freq":       kpn.Const(s.Frequency()),
			"phase":      kpn.Const(offset),
		},
	}
	job := &kpn.Job{Shape: kpn.Shape{B: 1, C: 1, F: settle + frames}, Rate: rate}
	if s.Slave > 0 {
		node.Kind = kpn.KindSync
		node.Params["cycles"] = kpn.Const(s.Slave)
	}
	if s.Depth > 0 {
		widths := kpn.NewTensor(job.Shape)
		for i := range widths.Data {
			widths.Data[i] = float32(0.5 + s.Depth*math.Sin(2*math.Pi*float64(i)/frames))
		}
		node.Params["width"] = kpn.Param{Rate: kpn.PerFrame}
		job.Frames = map[kpn.ParamRef]*kpn.Tensor{{Node: "osc", Param: "width"}: widths}
	}
	graph := &kpn.Graph{Nodes: []kpn.Node{node}, Outputs: []string{"osc"}}
	executable, err := engine.Compile(graph)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, executable.Close()) }()
	err = executable.Forward(ctx, job, func(b *kpn.Block) error {
		for i := range b.Shape.F {
			if b.First+i >= settle {
				signal = append(signal, b.At(i))
			}
		}
		return nil
	})
	return signal, err
}

// hasHarmonics says whether a harmonic below 15 kHz can be compared.
func (l *Level) hasHarmonics() bool {
	if l.Slave > 0 || l.Depth > 0 {
		return false
	}
	for k := 2; float64(k)*l.Frequency() < treble; k++ {
		if harmonic(l.Shape, k) > 0 {
			return true
		}
	}
	return false
}
