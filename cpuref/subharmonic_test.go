package cpuref_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"sawmill/kpn"
)

// strength is the amplitude of a signal at so many cycles in all of it.
func strength(x []float64, cycles int) float64 {
	var re, im float64
	for n, v := range x {
		s, c := math.Sincos(2 * math.Pi * float64(cycles*n%len(x)) / float64(len(x)))
		re, im = re+v*c, im+v*s
	}
	return 2 * math.Hypot(re, im) / float64(len(x))
}

// A sine whose cycles alternate has no part at its own frequency, and at half of
// it 8/(3π): the integral of |sin 2x|·sin x over a period, that of a lowpass
// which passes all. The flip-flop turns where the sine crosses zero.
func TestSubharmonicIsAnOctaveBelow(t *testing.T) {
	const frames, cycles = 19200, 80
	in := make([]float32, frames)
	for n := range in {
		in[n] = float32(math.Sin(2 * math.Pi * cycles * (float64(n) + 0.5) / frames))
	}
	y := filtered(t, kpn.KindSubharmonic, map[string]float64{"cutoff": rate / 2, "level": 1}, in)
	assert.InDelta(t, 1, strength(y, cycles), 1e-8, "the input itself")
	assert.InDelta(t, 8/(3*math.Pi), strength(y, cycles/2), 1e-4, "the octave below")
	for n, x := range in {
		turned := 1.0
		if n/(frames/cycles)%2 == 1 {
			turned = -1
		}
		assert.Equal(t, float64(x)+turned*float64(x), y[n], "frame %d", n)
	}
}

// A lowpass at a low note counts the cycles of a tone whose second harmonic is
// louder than itself, though it crosses zero four times a cycle.
func TestSubharmonicHearsTheFundamental(t *testing.T) {
	const frames, cycles = 48000, 100
	in := make([]float32, frames)
	for n := range in {
		p := 2 * math.Pi * cycles * float64(n) / frames
		in[n] = float32(0.4*math.Sin(p) + 0.6*math.Cos(3*p))
	}
	crossings := func(cutoff float64) (turns int) {
		y := filtered(t, kpn.KindSubharmonic, map[string]float64{"cutoff": cutoff, "level": 1}, in)
		low, sign := 0.0, 1.0
		step := min(1, 2*math.Pi*cutoff/rate)
		for n, x := range in {
			low += step * (float64(x) - low)
			if s := (y[n] - float64(x)) / low; math.Abs(low) > 1e-6 && s*sign < 0 {
				sign, turns = s, turns+1
			}
		}
		return turns
	}
	assert.Equal(t, 3*cycles, crossings(rate/2), "every crossing counts")
	assert.InDelta(t, cycles, crossings(5), 1, "those of the tone")
}

// What is too quiet is never turned over, and a level of 0 is the input.
func TestSubharmonicOfSilence(t *testing.T) {
	in := make([]float32, 400)
	for n := range in {
		in[n] = float32(0x1p-31 * math.Cos(float64(n)))
	}
	for n, y := range filtered(t, kpn.KindSubharmonic, map[string]float64{"cutoff": rate / 2, "level": 1}, in) {
		assert.Equal(t, 2*float64(in[n]), y)
	}
	for n := range in {
		in[n] *= 0x1p31
	}
	for n, y := range filtered(t, kpn.KindSubharmonic, map[string]float64{"level": 0}, in) {
		assert.Equal(t, float64(in[n]), y)
	}
}
