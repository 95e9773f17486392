package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"sawmill/batch"
)

// linePeriod is how often a run that has no terminal says how far it is.
const linePeriod = 5 * time.Second

// progress shows how far a render is: a bar on a terminal, else a line every
// few seconds.
type progress struct {
	console *console
	clock   func() time.Time
	// perSound is the samples of a sound; rate is the samples of a second.
	perSound, rate float64

	mu          sync.Mutex
	start, line time.Time
	last        batch.Progress
	container   *mpb.Progress
	bar         *mpb.Bar
}

func newProgress(c *console, o *batch.Options) *progress {
	channels := o.Channels * len(o.Preset.Graph.Outputs)
	p := &progress{
		console:  c,
		clock:    time.Now,
		perSound: float64(o.Frames()) * float64(channels),
		rate:     o.Rate * float64(channels),
	}
	p.start = p.clock()
	p.line = p.start
	if f, ok := c.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.container = mpb.New(mpb.WithOutput(f), mpb.WithWidth(32))
	}
	return p
}

// update takes the run's progress.
func (p *progress) update(now batch.Progress) {
	p.mu.Lock()
	p.last = now
	p.mu.Unlock()
	if p.container != nil {
		p.draw(now)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.clock(); t.Sub(p.line) >= linePeriod {
		p.line = t
		sounds, realtime, left := p.rates()
		p.console.log.Info("rendering", "finished", now.Done, "of", now.Count,
			"sounds/s", fmt.Sprintf("%.1f", sounds), "×realtime", fmt.Sprintf("%.0f", realtime), "left", left)
	}
}

// draw moves the bar. It holds no lock: the bar calls counts and speeds.
func (p *progress) draw(now batch.Progress) {
	if p.bar == nil {
		total := int64(float64(now.Count-now.Present) * p.perSound)
		p.bar = p.container.AddBar(total,
			mpb.PrependDecorators(decor.Any(p.counts)),
			mpb.AppendDecorators(decor.Any(p.speeds)),
			mpb.BarRemoveOnComplete(),
		)
	}
	p.bar.SetCurrent(now.Samples)
}

func (p *progress) counts(decor.Statistics) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	// Sounds become finished batch by batch; what is rendered tells more.
	rendered := p.last.Present + int(float64(p.last.Samples)/p.perSound)
	return fmt.Sprintf("%d/%d ", min(rendered, p.last.Count), p.last.Count)
}

func (p *progress) speeds(decor.Statistics) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	sounds, realtime, left := p.rates()
	return fmt.Sprintf(" %.1f sounds/s, %.0f× real time, %v left", sounds, realtime, left)
}

// rates are the speeds so far and an estimate of the time left.
func (p *progress) rates() (sounds, realtime float64, left time.Duration) {
	elapsed := p.clock().Sub(p.start).Seconds()
	samples := float64(p.last.Samples)
	if elapsed <= 0 || samples == 0 {
		return 0, 0, 0
	}
	remaining := max(0, float64(p.last.Count-p.last.Present)*p.perSound-samples)
	left = time.Duration(elapsed * remaining / samples * float64(time.Second)).Round(time.Second)
	return samples / p.perSound / elapsed, samples / p.rate / elapsed, left
}

// end takes the bar away.
func (p *progress) end() {
	if p.container == nil {
		return
	}
	if p.bar != nil {
		p.bar.Abort(true)
	}
	p.container.Wait()
}

// speed sums the run up.
func (p *progress) speed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	sounds, realtime, _ := p.rates()
	if sounds == 0 {
		return ""
	}
	elapsed := p.clock().Sub(p.start).Round(10 * time.Millisecond)
	return fmt.Sprintf(" in %v, %.1f sounds/s, %.0f× real time", elapsed, sounds, realtime)
}
