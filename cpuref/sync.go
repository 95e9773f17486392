package cpuref

import (
	"math"

	"sawmill/kpn"
)

// forwardSync is the step of [kpn.KindSync].
func forwardSync(r *run) {
	offset := r.param("phase")
	slaves := newSlaves(r)
	ratio := r.node.ratio
	samples := r.out
	if ratio > 1 {
		samples = r.oversampled[:ratio*len(r.out)]
	}
	phase := *r.phase
	for i := range r.out {
		w := slaves.at(i)
		shift := fixed(offset[i])
		for s := range ratio {
			samples[i*ratio+s] = w.at(phase + shift)
			phase += w.increment
		}
	}
	*r.phase = phase
	r.node.decimator.run(r.out, samples, r.history, r.work)
}

// slaves gives a synced oscillator's waveform frame by frame.
type slaves struct {
	shape, limit, freq, cycles, width []float64
	rate, perHertz                    float64
}

func newSlaves(r *run) slaves {
	return slaves{
		shape: r.param("shape"), limit: r.param("band_limit"), freq: r.param("freq"),
		cycles: r.param("cycles"), width: r.param("width"),
		rate: r.job.Rate, perHertz: 1 / (r.job.Rate * float64(r.node.ratio)),
	}
}

// at is the waveform of frame i.
func (s *slaves) at(i int) slave {
	w := slave{
		shape: int(s.shape[i]), smoothing: smoothings[int(s.limit[i])],
		increment: increment(s.freq[i], s.rate, s.perHertz),
		cycles:    s.cycles[i], width: s.width[i],
	}
	if most := s.rate / 2 / s.freq[i]; w.increment > 0 && most < w.cycles {
		w.cycles, w.limited = max(most, 1), true
	}
	w.step = w.cycles * cycles(w.increment)
	w.reset()
	return w
}

// slave is what a synced oscillator plays during one frame. Places are in
// cycles of the slave since the master's cycle began.
type slave struct {
	shape     int
	smoothing smoothing
	increment uint64
	// cycles is how many the slave makes in one of the master, limited where
	// the sample rate holds no more, and step how much of one in a sample.
	cycles, step, width float64
	limited             bool
	// edges are the steps and corners of the slave's own cycle, and end that
	// at the end of the master's.
	edges [2]edgeOf
	count int
	end   edgeOf
	// height and corner are how the end's grow with cycles.
	height, corner float64
}

// edgeOf is a step and a corner of a waveform, every cycle from the one given
// on.
type edgeOf struct {
	place float64
	first float64
	// height is the step's, and corner how the slope changes, a cycle.
	height, corner float64
	// moves is set where the place is the width.
	moves bool
}

// reset finds the waveform's steps and corners.
func (w *slave) reset() {
	s := w.cycles
	w.end = edgeOf{height: w.naive(0) - w.naive(s), corner: w.tilt(0) - w.tilt(s)}
	w.height = -w.tilt(s)
	switch w.shape {
	case kpn.OscSine:
		w.corner = 4 * math.Pi * math.Pi * math.Sin(2*math.Pi*part(s))
	case kpn.OscSaw:
		w.edges, w.count = [2]edgeOf{{first: 1, height: -2}}, 1
	case kpn.OscPulse:
		if w.width > 0 && w.width < 1 {
			w.edges, w.count = [2]edgeOf{{first: 1, height: 2}, {place: w.width, height: -2, moves: true}}, 2
		}
	case kpn.OscTriangle:
		w.edges, w.count = [2]edgeOf{{first: 1, corner: 8}, {place: 0.5, corner: -8}}, 2
	}
}

// part is a place in its own cycle.
func part(p float64) float64 { return p - math.Floor(p) }

// naive is the waveform without residuals. A pulse is high where its cycle has
// begun and its falling edge has not come: with the places that [slave.around]
// finds, so that a step and its residual never lie on two sides of a sample.
func (w *slave) naive(p float64) float64 {
	if w.shape == kpn.OscPulse {
		if math.Floor(p-w.width) < math.Floor(p) {
			return 1
		}
		return -1
	}
	p = part(p)
	switch w.shape {
	case kpn.OscSine:
		return math.Sin(2 * math.Pi * p)
	case kpn.OscSaw:
		return float64(2*p) - 1
	default:
		return 1 - float64(4*math.Abs(p-0.5))
	}
}

// tilt is its slope, a cycle.
func (w *slave) tilt(p float64) float64 {
	p = part(p)
	switch {
	case w.shape == kpn.OscSine:
		return 2 * math.Pi * math.Cos(2*math.Pi*p)
	case w.shape == kpn.OscSaw:
		return 2
	case w.shape == kpn.OscPulse:
		return 0
	case p < 0.5:
		return 4
	default:
		return -4
	}
}

// master is a phase in cycles. Its last bits are left, so that it stays below 1.
func master(phase uint64) float64 { return float64(phase>>12) / (1 << 52) }

// at is the waveform at a phase of the master.
func (w *slave) at(phase uint64) float64 {
	p := w.cycles * master(phase)
	y := w.naive(p)
	w.around(p, func(e *edgeOf, from, _ float64) {
		d := from / w.step
		y += float64(e.height*w.stepped(d)) + float64(e.corner*w.step*w.cornered(d))
	})
	return y
}

// around goes through the steps and corners nearest to place p, on both sides of
// it, in this cycle of the master and in its neighbours: one that is from cycles
// before p, which grows by moved where cycles does.
func (w *slave) around(p float64, do func(e *edgeOf, from, moved float64)) {
	if w.increment == 0 || w.smoothing.step == nil {
		return
	}
	for k := range w.count {
		e := &w.edges[k]
		last := math.Floor(w.cycles - e.place)
		if last < e.first {
			continue
		}
		before := math.Floor(p - e.place)
		if before >= e.first {
			do(e, p-e.place-before, 0)
		}
		if next := max(before+1, e.first); next <= last {
			do(e, p-e.place-next, 0)
		}
		do(e, p+(w.cycles-e.place-last), 1)
		do(e, p-w.cycles-(e.first+e.place), -1)
	}
	do(&w.end, p, 0)
	do(&w.end, p-w.cycles, -1)
}

// stepped is the residual of a unit step d samples ago.
func (w *slave) stepped(d float64) float64 {
	if d < 0 {
		return w.smoothing.step(-d)
	}
	return -w.smoothing.step(d)
}

// cornered is that of a corner.
func (w *slave) cornered(d float64) float64 { return w.smoothing.corner(math.Abs(d)) }
