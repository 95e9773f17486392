package nodepages

import (
	"context"
	"fmt"
	"image/color"

	"sawmill/cpuref"
	"sawmill/goldens/chart"
	"sawmill/kpn"
)

// colors are those of a preset's nodes of one kind, in their order.
var colors = []color.RGBA{
	{R: 0x14, G: 0x3a, B: 0x6b, A: 0xff},
	{R: 0xc2, G: 0x5a, B: 0x00, A: 0xff},
	{R: 0x2c, G: 0x7a, B: 0x3f, A: 0xff},
	{R: 0x8a, G: 0x2b, B: 0x86, A: 0xff},
}

// wave is how long the first picture is at most, in seconds.
const wave = 0.02

// draw renders the nodes of the page's kind in its preset, item 0 and channel 0,
// and draws what they give: a wave, and the spectrum of the whole but for control
// signals. It adds the pictures to files.
func (p *page) draw(ctx context.Context, files map[string][]byte) error {
	signals, rate, err := p.render(ctx)
	if err != nil || len(signals) == 0 {
		return err
	}
	time, frequency := chart.New("ms", ""), chart.New("kHz", "dB")
	for i, s := range signals {
		shown := s.samples
		if !p.slow() {
			shown = shown[:min(len(shown), int(wave*rate))]
		}
		time.Line(s.node, colors[i], 1.2, chart.Points(shown, 0, 1000/rate))
		db, step := chart.Spectrum(s.samples)
		frequency.Line(s.node, colors[i], 1, chart.Points(db, 0, step*rate/1000))
	}
	time.RoomForLegend()
	frequency.Plot.Y.Min, frequency.Plot.Y.Max = floor, 20
	frequency.RoomForLegend()
	frequency.Plot.Y.Tick.Marker = chart.Decibels{}
	if err := p.add(files, time, "", "what the preset's nodes give"); err != nil || p.slow() {
		return err
	}
	return p.add(files, frequency, "_spectrum", "their spectra")
}

// slow kinds are shown whole, and without a spectrum.
func (p *page) slow() bool { return p.spec.Control || p.spec.Kind == kpn.KindAdsr }

// floor is where spectra end, in dB.
const floor = -160

func (p *page) add(files map[string][]byte, c *chart.Chart, suffix, caption string) error {
	svg, err := c.SVG()
	name := string(p.spec.Kind) + suffix + ".svg"
	files[name] = svg
	p.pictures = append(p.pictures, picture{name, caption})
	return err
}

type signal struct {
	node    string
	samples []float64
}

// render gives the signals of the preset's nodes of the kind, as many as there
// are colours.
func (p *page) render(ctx context.Context) (signals []signal, rate float64, err error) {
	preset, err := kpn.ParsePreset(p.file, []byte(p.preset))
	if err != nil {
		return nil, 0, err
	}
	g := *preset.Graph
	g.Outputs = nil
	for i := range g.Nodes {
		if g.Nodes[i].Kind == p.spec.Kind && len(signals) < len(colors) {
			g.Outputs = append(g.Outputs, g.Nodes[i].ID)
			signals = append(signals, signal{node: g.Nodes[i].ID})
		}
	}
	if len(signals) == 0 && p.spec.Kind == kpn.KindInput {
		// What it gives is its reader's.
		return nil, 0, nil
	}
	if len(signals) == 0 {
		return nil, 0, fmt.Errorf("%s has no node of the kind", p.file)
	}
	for i := range g.Nodes {
		// Control nodes give no output; they are shown at the audio rate.
		g.Nodes[i].Control = false
	}
	shape := kpn.Shape{B: 1, C: preset.Channels, F: int(preset.Seconds * preset.Rate)}
	job := &kpn.Job{Shape: shape, Rate: preset.Rate, Seed: 1}
	preset.Bind(job)
	x, err := cpuref.New().Compile(&g)
	if err != nil {
		return nil, 0, err
	}
	err = x.Forward(ctx, job, func(b *kpn.Block) error {
		signals[b.Output].samples = append(signals[b.Output].samples, b.F64[:b.Shape.F]...)
		return nil
	})
	return signals, preset.Rate, err
}
