package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"sawmill/goldens/conformance"
)

// The size of a plot, and how much fits in it.
const (
	plotWidth    = 4.2 * vg.Inch
	plotHeight   = 2.7 * vg.Inch
	waveformSpan = 160
	// fullPoints is how many points a line may have before it becomes the
	// outline of its extremes.
	fullPoints = 1200
	// fontFamily is how the plots' font is named in SVG.
	fontFamily = "font-family:Liberation Sans"
)

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
	c := newChart("frame", "")
	c.line("reference", referenceColor, 4, points(p.want[first:last], float64(first), 1))
	c.line("engine", candidateColor, 1.2, points(p.got[first:last], float64(first), 1))
	c.roomForLegend()
	return c.svg()
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
	c := newChart("frame", "")
	c.line("engine − reference", differenceColor, 1, points(d, 0, 1))
	if t := p.tolerance(); !t.Exact && t.MaxAbs < 4*largest {
		end := float64(max(1, len(d)-1))
		c.dashes("allowed", limitColor, plotter.XYs{{X: 0, Y: t.MaxAbs}, {X: end, Y: t.MaxAbs}})
		c.dashes("", limitColor, plotter.XYs{{X: 0, Y: -t.MaxAbs}, {X: end, Y: -t.MaxAbs}})
		largest = max(largest, t.MaxAbs)
	}
	if largest == 0 {
		largest = 1
	}
	c.plot.Y.Min, c.plot.Y.Max = -1.1*largest, 1.1*largest
	c.roomForLegend()
	return c.svg()
}

// spectra plots the spectra of both signals and of the error.
func (p *picture) spectra() ([]byte, error) {
	c := newChart("kHz", "dB")
	top := -math.MaxFloat64
	add := func(name string, col color.Color, width float64, signal []float64) {
		db, step := spectrum(signal)
		for _, y := range db {
			top = max(top, y)
		}
		c.line(name, col, width, points(db, 0, step*p.trial.Rate/1000))
	}
	add("reference", referenceColor, 3, p.want)
	add("engine", candidateColor, 1, p.got)
	add("difference", differenceColor, 1, p.difference())
	c.plot.Y.Min, c.plot.Y.Max = floorDB, max(0, top)+10
	c.roomForLegend()
	c.plot.Y.Tick.Marker = decibels{}
	return c.svg()
}

// caption says what a picture shows.
func (p *picture) caption() string {
	o := &p.trial.Report.Outputs[p.output]
	line := fmt.Sprintf("%s at %g Hz, output %s, item %d, channel %d; worst at frame %d: got %g, want %g. Largest error %.3g (%s)",
		p.trial.Label, p.trial.Rate, o.Output, p.item, p.channel, p.frame, p.got[p.frame], p.want[p.frame], o.MaxAbs, conformance.Level(o.MaxAbs))
	return line + "; allowed: " + o.Tolerance.String()
}

// chart is a plot under construction. The first error stays.
type chart struct {
	plot *plot.Plot
	err  error
}

func newChart(x, y string) *chart {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = x, y
	// To the left the names can be wider than reckoned: the browser may have
	// another font.
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.ThumbnailWidth = vg.Points(16)
	p.Legend.Padding = vg.Points(2)
	for _, style := range []*text.Style{
		&p.Legend.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.X.Label.TextStyle, &p.Y.Label.TextStyle,
	} {
		style.Font.Variant, style.Font.Size = "Sans", vg.Points(9)
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = enoughDigits{}, enoughDigits{}
	grid := plotter.NewGrid()
	grid.Vertical.Color = color.Gray{Y: 0xe4}
	grid.Horizontal.Color = color.Gray{Y: 0xe4}
	p.Add(grid)
	return &chart{plot: p}
}

// enoughDigits are the usual ticks with as many digits as tell them apart: the
// usual labels of a signal that hardly moves are all the same.
type enoughDigits struct{}

// Ticks implements [plot.Ticker].
func (enoughDigits) Ticks(low, high float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(low, high)
	digits := 3
	if largest := max(math.Abs(low), math.Abs(high)); high > low && largest > 0 {
		digits = min(15, max(digits, 2+int(math.Ceil(math.Log10(largest/(high-low))))))
	}
	for i := range ticks {
		if ticks[i].Label != "" {
			ticks[i].Label = tickLabel(ticks[i].Value, digits)
		}
	}
	return ticks
}

// tickLabel writes a number, without an exponent if it is of usual size.
func tickLabel(x float64, digits int) string {
	if size := math.Abs(x); size >= 1000 && size < 1e6 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', digits, 64)
}

// decibels are ticks 40 dB apart.
type decibels struct{}

// Ticks implements [plot.Ticker].
func (decibels) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for y := 40 * math.Ceil(low/40); y <= high; y += 40 {
		ticks = append(ticks, plot.Tick{Value: y, Label: strconv.FormatFloat(y, 'f', -1, 64)})
	}
	return ticks
}

// points places samples; what is no number is left out. Of more than fit, it
// keeps the least and the largest of every few.
func points(samples []float64, first, step float64) plotter.XYs {
	var xys plotter.XYs
	every := 1
	if len(samples) > fullPoints {
		every = (2*len(samples) + fullPoints - 1) / fullPoints
	}
	for i := 0; i < len(samples); i += every {
		low, high := math.Inf(1), math.Inf(-1)
		for _, y := range samples[i:min(i+every, len(samples))] {
			if !math.IsNaN(y) && !math.IsInf(y, 0) {
				low, high = min(low, y), max(high, y)
			}
		}
		if low > high {
			continue
		}
		x := first + step*float64(i)
		xys = append(xys, plotter.XY{X: x, Y: low})
		if high > low {
			xys = append(xys, plotter.XY{X: x, Y: high})
		}
	}
	return xys
}

func (c *chart) line(name string, col color.Color, width float64, xys plotter.XYs) {
	c.add(name, draw.LineStyle{Color: col, Width: vg.Points(width)}, xys)
}

func (c *chart) dashes(name string, col color.Color, xys plotter.XYs) {
	c.add(name, draw.LineStyle{Color: col, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(4), vg.Points(3)}}, xys)
}

// add draws a line, or a dot where there is one point only.
func (c *chart) add(name string, style draw.LineStyle, xys plotter.XYs) {
	if len(xys) == 0 || c.err != nil {
		return
	}
	line, err := plotter.NewLine(xys)
	if err != nil {
		c.err = err
		return
	}
	line.LineStyle = style
	c.plot.Add(line)
	if len(xys) == 1 {
		dot, err := plotter.NewScatter(xys)
		if err != nil {
			c.err = err
			return
		}
		dot.GlyphStyle = draw.GlyphStyle{Color: style.Color, Radius: 2 + style.Width/2, Shape: draw.CircleGlyph{}}
		c.plot.Add(dot)
	}
	if name != "" {
		c.plot.Legend.Add(name, line)
	}
}

// roomForLegend leaves room above the lines.
func (c *chart) roomForLegend() {
	y := &c.plot.Y
	if math.IsInf(y.Min, 0) || math.IsInf(y.Max, 0) {
		y.Min, y.Max = -1, 1
	}
	height := y.Max - y.Min
	if height == 0 {
		height = max(1, math.Abs(y.Max))
		y.Min -= height / 2
	}
	y.Max += 0.3 * height
	if c.plot.X.Min == c.plot.X.Max {
		c.plot.X.Min, c.plot.X.Max = c.plot.X.Min-1, c.plot.X.Max+1
	}
}

// svg renders the plot.
func (c *chart) svg() ([]byte, error) {
	if c.err != nil {
		return nil, c.err
	}
	canvas := vgsvg.New(plotWidth, plotHeight)
	// Room for the half of a label that stands at the end of an axis.
	c.plot.Draw(draw.Crop(draw.New(canvas), 0, -vg.Points(14), 0, 0))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, err
	}
	// Where that font is missing, one like it.
	return bytes.ReplaceAll(b.Bytes(), []byte(fontFamily), []byte(fontFamily+",Arial,Helvetica,sans-serif")), nil
}
