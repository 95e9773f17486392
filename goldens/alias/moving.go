package alias

import (
	"fmt"
	"strings"

	"sawmill/kpn"
)

// slave is how many cycles the slaves of the tables make: their master cuts the
// third in two. depth is how far the widths of pulses go up and down.
const (
	slave = 2.5
	depth = 0.3
)

// sweptNotes are near [Notes], but for primes whose first four foldings lie
// away from the harmonics and their sidebands.
var sweptNotes = [3]int{673, 3061, 10253}

// steps are the settings that synced and modulated oscillators are measured at.
var steps = []struct{ limit, ratio int }{
	{kpn.BandLimitNone, 1},
	{kpn.BandLimitPolyBLEP2, 1},
	{kpn.BandLimitPolyBLEP4, 1},
	{kpn.BandLimitPolyBLEP4, 2},
	{kpn.BandLimitPolyBLEP4, 4},
	{kpn.BandLimitPolyBLEP4, 8},
}

// synced are hard-synced oscillators of every shape.
func synced() []Setting {
	var list []Setting
	for _, shape := range []int{kpn.OscSaw, kpn.OscPulse, kpn.OscTriangle, kpn.OscSine} {
		for _, at := range steps {
			for _, cycles := range Notes {
				list = append(list, Setting{Shape: shape, Limit: at.limit, Ratio: at.ratio, Quality: kpn.High, Cycles: cycles, Slave: slave})
			}
		}
	}
	return list
}

// swept are pulses whose width moves.
func swept() []Setting {
	var list []Setting
	for _, at := range steps {
		for _, cycles := range sweptNotes {
			list = append(list, Setting{Shape: kpn.OscPulse, Limit: at.limit, Ratio: at.ratio, Quality: kpn.High, Cycles: cycles, Depth: depth})
		}
	}
	return list
}

// moving writes both.
func (t Table) moving(b *strings.Builder) {
	first := len(synced())
	fmt.Fprintf(b, "\n## Hard sync\n\nA `sync` whose slave makes %g cycles in one of the note, so that the master cuts the third in two. Alias and strongest alias, as above: up to 0.9 of half the sample rate where oversampled. A sine's curvature jumps at the cut, which no residual mends: its aliases fall slower with the ratio.\n", slave)
	t[:first].plain(b, Notes)
	fmt.Fprintf(b, "\n## Pulse width modulation\n\nAn `osc` whose width is 0.5 ± %g, a sine of one cycle in the transform (%.2f Hz). Wanted are the harmonics with their sidebands, by Carson's rule; the notes are primes whose first four foldings lie between those. A width holds still during a frame: oversampled, what is left is that staircase, which falls with the depth (20 dB less at a tenth of it).\n", depth, float64(rate)/frames)
	t[first:].plain(b, sweptNotes)
}

// plain writes a table of alias and strongest alias.
func (t Table) plain(b *strings.Builder, notes [3]int) {
	b.WriteString("\n| shape | band limit | ratio |")
	for _, cycles := range notes {
		fmt.Fprintf(b, " %.1f Hz |", Setting{Cycles: cycles}.Frequency())
	}
	b.WriteString("\n|---|---|---|---|---|---|\n")
	for i := 0; i < len(t); i += len(notes) {
		s := t[i].Setting
		fmt.Fprintf(b, "| %s | %s | %d× |", choice("shape", s.Shape), choice("band_limit", s.Limit), s.Ratio)
		for _, l := range t[i : i+len(notes)] {
			fmt.Fprintf(b, " %s / %s |", figure(l.Alias), figure(l.Worst))
		}
		b.WriteString("\n")
	}
}
