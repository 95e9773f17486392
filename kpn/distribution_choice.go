package kpn

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// choice picks one of its values, each as likely as the others, in the order
// of the file.
type choice struct {
	values []float64
	// names are the values' names, where the parameter is an enumeration.
	names []string
}

func (d choice) Value(u float64) float64 { return d.values[pick(u, len(d.values))] }

func (d choice) Unit(v float64) float64 {
	best := 0
	for i, x := range d.values {
		if math.Abs(x-v) < math.Abs(d.values[best]-v) {
			best = i
		}
	}
	return (float64(best) + 0.5) / float64(len(d.values))
}

func (d choice) Support() (lo, hi float64) { return slices.Min(d.values), slices.Max(d.values) }

func (d choice) String() string {
	words := d.names
	if words == nil {
		for _, v := range d.values {
			words = append(words, number(v))
		}
	}
	return "choice(" + strings.Join(words, ", ") + ")"
}

// midi picks a whole MIDI note from lo to hi, each as likely as the others,
// and gives its frequency in Hz: note 69 is 440 Hz.
type midi struct{ lo, hi int }

// note is the MIDI note of a unit value.
func (d midi) note(u float64) float64 { return float64(d.lo + pick(u, d.hi-d.lo+1)) }

func (d midi) Value(u float64) float64 { return noteFrequency(d.note(u)) }

func (d midi) Unit(v float64) float64 {
	if !(v > 0) {
		return 0
	}
	note := clamp(math.Round(69+12*math.Log2(v/440)), float64(d.lo), float64(d.hi))
	return (note - float64(d.lo) + 0.5) / float64(d.hi-d.lo+1)
}

func (d midi) Support() (lo, hi float64) {
	return noteFrequency(float64(d.lo)), noteFrequency(float64(d.hi))
}

func (d midi) String() string { return fmt.Sprintf("midi(%d, %d)", d.lo, d.hi) }

func noteFrequency(note float64) float64 { return 440 * math.Exp2((note-69)/12) }

// pick is the index of a unit value among n equal parts of [0, 1).
func pick(u float64, n int) int { return min(max(int(u*float64(n)), 0), n-1) }
