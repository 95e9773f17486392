package alias

import (
	"context"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strings"

	"sawmill/kpn"
)

// Notes are the notes measured, in cycles of the transform: primes, near
// 441, 2093 and 7041 Hz.
var Notes = [3]int{655, 3111, 10463}

// Table is all that is measured, in a fixed order.
type Table []Level

// Settings lists what [Measure] measures: every shape with steps or corners,
// every band limit and ratio with the high tier, and 4× with the standard one;
// what a table smooths at 1× alone.
func Settings() []Setting {
	var list []Setting
	for _, shape := range []int{kpn.OscSaw, kpn.OscPulse, kpn.OscTriangle} {
		for _, limit := range []int{kpn.BandLimitNone, kpn.BandLimitPolyBLEP2, kpn.BandLimitPolyBLEP4, kpn.BandLimitKaiser} {
			for _, t := range []struct {
				ratio   int
				quality kpn.Quality
			}{{1, kpn.High}, {2, kpn.High}, {4, kpn.Standard}, {4, kpn.High}, {8, kpn.High}} {
				if limit == kpn.BandLimitKaiser && t.ratio > 1 {
					continue // what it leaves is below the decimator's own
				}
				for _, cycles := range Notes {
					list = append(list, Setting{Shape: shape, Limit: limit, Ratio: t.ratio, Quality: t.quality, Cycles: cycles})
				}
			}
		}
	}
	return list
}

// Measure measures all settings on an engine.
func Measure(ctx context.Context, engine kpn.Engine) (Table, error) {
	var table Table
	for _, s := range slices.Concat(Settings(), synced(), swept()) {
		l, err := Of(ctx, engine, s)
		if err != nil {
			return nil, err
		}
		table = append(table, l)
	}
	return table, nil
}

//go:embed preface.md
var preface string

// Markdown is the table as the page docs/alias.md.
func (t Table) Markdown() string {
	var b strings.Builder
	b.WriteString(preface)
	t, rest := t[:len(Settings())], t[len(Settings()):]
	for _, shape := range []int{kpn.OscSaw, kpn.OscPulse, kpn.OscTriangle} {
		fmt.Fprintf(&b, "\n## %s\n\n| band limit | ratio | tier |", title(choice("shape", shape)))
		for _, cycles := range Notes {
			fmt.Fprintf(&b, " %.1f Hz |", Setting{Cycles: cycles}.Frequency())
		}
		b.WriteString("\n|---|---|---|---|---|---|\n")
		for i := 0; i < len(t); i += len(Notes) {
			if t[i].Shape == shape {
				t[i : i+len(Notes)].rows(&b)
			}
		}
	}
	b.WriteString("\n## Up to half the sample rate\n\nAlias and strongest alias with the decimator's transition band included.\n\n| shape | band limit | ratio | tier | 440.8 Hz | 2093.4 Hz | 7040.7 Hz |\n|---|---|---|---|---|---|---|\n")
	for i := 0; i < len(t); i += len(Notes) {
		s := t[i].Setting
		if s.Ratio == 1 {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %d× | %v |", choice("shape", s.Shape), choice("band_limit", s.Limit), s.Ratio, s.Quality)
		for _, l := range t[i : i+len(Notes)] {
			fmt.Fprintf(&b, " %s / %s |", figure(l.FullAlias), figure(l.FullWorst))
		}
		b.WriteString("\n")
	}
	rest.moving(&b)
	return b.String()
}

// rows writes one setting at all notes, and the reference's figures below.
func (t Table) rows(b *strings.Builder) {
	s := t[0].Setting
	tier := s.Quality.String()
	if s.Ratio == 1 {
		tier = "none"
	}
	fmt.Fprintf(b, "| %s | %d× | %s |", choice("band_limit", s.Limit), s.Ratio, tier)
	for _, l := range t {
		h := fmt.Sprintf("%+.2f", math.Round(100*l.Harmonic)/100+0) // +0 turns −0 into 0
		if !l.hasHarmonics() {
			h = "none"
		}
		fmt.Fprintf(b, " %s / %s, h %s |", figure(l.Alias), figure(l.Worst), h)
	}
	b.WriteString("\n")
	if _, ok := Reference(s); !ok {
		return
	}
	b.WriteString("| | | *reference* |")
	for _, l := range t {
		r, _ := Reference(l.Setting)
		fmt.Fprintf(b, " *%.1f / %.1f, h %+.2f* |", r.Alias, r.Worst, r.Harmonic)
	}
	b.WriteString("\n")
}

// floor is where figures stop to mean anything: far below the rounding of the
// samples that are written to files.
const floor = -150

func figure(dB float64) string {
	if dB < floor {
		return fmt.Sprintf("below %d", floor)
	}
	return fmt.Sprintf("%.1f", dB)
}

// choice is the name of an osc's choice.
func choice(param string, index int) string {
	spec, _ := kpn.Lookup(kpn.KindOsc)
	p, _, _ := spec.Param(param)
	return p.Choices[index]
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
