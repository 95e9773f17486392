// Package chart draws lines as SVG: the pictures of reports and of the pages of
// node kinds.
package chart

import (
	"bytes"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The size of a plot, and how much fits in it.
const (
	plotWidth  = 4.2 * vg.Inch
	plotHeight = 2.7 * vg.Inch
	// fullPoints is how many points a line may have before it becomes the
	// outline of its extremes.
	fullPoints = 1200
	// fontFamily is how the plots' font is named in SVG.
	fontFamily = "font-family:Liberation Sans"
)

// Chart is a plot under construction. The first error stays.
type Chart struct {
	Plot *plot.Plot
	err  error
}

// New starts a chart, with the labels of its axes.
func New(x, y string) *Chart {
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
	return &Chart{Plot: p}
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

// Decibels are ticks 40 dB apart.
type Decibels struct{}

// Ticks implements [plot.Ticker].
func (Decibels) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for y := 40 * math.Ceil(low/40); y <= high; y += 40 {
		ticks = append(ticks, plot.Tick{Value: y, Label: strconv.FormatFloat(y, 'f', -1, 64)})
	}
	return ticks
}

// Points places samples, the first at first and step apart; what is no number is left out. Of more than fit, it
// keeps the least and the largest of every few.
func Points(samples []float64, first, step float64) plotter.XYs {
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

// Line draws a line with a name in the legend, so many points wide.
func (c *Chart) Line(name string, col color.Color, width float64, xys plotter.XYs) {
	c.add(name, draw.LineStyle{Color: col, Width: vg.Points(width)}, xys)
}

// Dashes draws a dashed line.
func (c *Chart) Dashes(name string, col color.Color, xys plotter.XYs) {
	c.add(name, draw.LineStyle{Color: col, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(4), vg.Points(3)}}, xys)
}

// add draws a line, or a dot where there is one point only.
func (c *Chart) add(name string, style draw.LineStyle, xys plotter.XYs) {
	if len(xys) == 0 || c.err != nil {
		return
	}
	line, err := plotter.NewLine(xys)
	if err != nil {
		c.err = err
		return
	}
	line.LineStyle = style
	c.Plot.Add(line)
	if len(xys) == 1 {
		dot, err := plotter.NewScatter(xys)
		if err != nil {
			c.err = err
			return
		}
		dot.GlyphStyle = draw.GlyphStyle{Color: style.Color, Radius: 2 + style.Width/2, Shape: draw.CircleGlyph{}}
		c.Plot.Add(dot)
	}
	if name != "" {
		c.Plot.Legend.Add(name, line)
	}
}

// RoomForLegend leaves room above the lines.
func (c *Chart) RoomForLegend() {
	y := &c.Plot.Y
	if math.IsInf(y.Min, 0) || math.IsInf(y.Max, 0) {
		y.Min, y.Max = -1, 1
	}
	height := y.Max - y.Min
	if height == 0 {
		height = max(1, math.Abs(y.Max))
		y.Min -= height / 2
	}
	y.Max += 0.3 * height
	if c.Plot.X.Min == c.Plot.X.Max {
		c.Plot.X.Min, c.Plot.X.Max = c.Plot.X.Min-1, c.Plot.X.Max+1
	}
}

// SVG renders the plot.
func (c *Chart) SVG() ([]byte, error) {
	if c.err != nil {
		return nil, c.err
	}
	canvas := vgsvg.New(plotWidth, plotHeight)
	// Room for the half of a label that stands at the end of an axis.
	c.Plot.Draw(draw.Crop(draw.New(canvas), 0, -vg.Points(14), 0, 0))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, err
	}
	// Where that font is missing, one like it.
	return bytes.ReplaceAll(b.Bytes(), []byte(fontFamily), []byte(fontFamily+",Arial,Helvetica,sans-serif")), nil
}
