package report

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/plotter"

	"sawmill/goldens/chart"
	"sawmill/goldens/conformance"
)

// waveformSpan is how many frames a waveform shows.
const waveformSpan = 160

// The plots' colours: reference, candidate, difference, limits.
var (
	referenceColor  = color.RGBA{R: 0x9a, G: 0xb4, B: 0xd4, A: 0xff}
	candidateColor  = color.RGBA{R: 0x14, G: 0x3a, B: 0x6b, A: 0xff}
	differenceColor = color.RGBA{R: 0xc2, G: 0x5a, B: 0x00, A: 0xff}
	limitColor      = color.RGBA{R: 0xb0, G: 0x10, B: 0x20, A: 0xff}
)

// waveform plots both signals around the worst frame.
func (p *picture) waveform() ([]byte, error) {
	first, last := 0, len(p.want)
	if last > waveformSpan {
		first = min(max(0, p.frame-waveformSpan/2), last-waveformSpan)
		last = first + waveformSpan
	}
	c := chart.New("frame", "")
	c.Line("reference", referenceColor, 4, chart.Points(p.want[first:last], float64(first), 1))
	c.Line("engine", candidateColor, 1.2, chart.Points(p.got[first:last], float64(first), 1))
	c.RoomForLegend()
	return c.SVG()
}

// differencePlot plots the error over the whole row, and what is allowed where
// that is near.
func (p *picture) differencePlot() ([]byte, error) {
	d := p.difference()
	largest := 0.0
	for _, x := range d {
		if x = math.Abs(x); !math.IsNaN(x) && !math.IsInf(x, 0) {
			largest = max(largest, x)
		}
	}
	c := chart.New("frame", "")
	c.Line("engine − reference", differenceColor, 1, chart.Points(d, 0, 1))
	if t := p.tolerance(); !t.Exact && t.MaxAbs < 4*largest {
		end := float64(max(1, len(d)-1))
		c.Dashes("allowed", limitColor, plotter.XYs{{X: 0, Y: t.MaxAbs}, {X: end, Y: t.MaxAbs}})
		c.Dashes("", limitColor, plotter.XYs{{X: 0, Y: -t.MaxAbs}, {X: end, Y: -t.MaxAbs}})
		largest = max(largest, t.MaxAbs)
	}
	if largest == 0 {
		largest = 1
	}
	c.Plot.Y.Min, c.Plot.Y.Max = -1.1*largest, 1.1*largest
	c.RoomForLegend()
	return c.SVG()
}

// spectra plots the spectra of both signals and of the error.
func (p *picture) spectra() ([]byte, error) {
	c := chart.New("kHz", "dB")
	top := -math.MaxFloat64
	add := func(name string, col color.Color, width float64, signal []float64) {
		db, step := chart.Spectrum(signal)
		for _, y := range db {
			top = max(top, y)
		}
		c.Line(name, col, width, chart.Points(db, 0, step*p.trial.Rate/1000))
	}
	add("reference", referenceColor, 3, p.want)
	add("engine", candidateColor, 1, p.got)
	add("difference", differenceColor, 1, p.difference())
	c.Plot.Y.Min, c.Plot.Y.Max = chart.FloorDB, max(0, top)+10
	c.RoomForLegend()
	c.Plot.Y.Tick.Marker = chart.Decibels{}
	return c.SVG()
}

// caption says what a picture shows.
func (p *picture) caption() string {
	o := &p.trial.Report.Outputs[p.output]
	line := fmt.Sprintf("%s at %g Hz, output %s, item %d, channel %d; worst at frame %d: got %g, want %g. Largest error %.3g (%s)",
		p.trial.Label, p.trial.Rate, o.Output, p.item, p.channel, p.frame, p.got[p.frame], p.want[p.frame], o.MaxAbs, conformance.Level(o.MaxAbs))
	return line + "; allowed: " + o.Tolerance.String()
}
