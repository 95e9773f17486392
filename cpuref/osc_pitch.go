package cpuref

import (
	"math"

	"sawmill/kpn"
)

// waves gives an oscillator's waveform frame by frame.
type waves struct {
	shape, limit, width, saw, harmonics []float64
	shift                               shift
	rate, perHertz                      float64
	before                              bool
}

func newWaves(r *run) waves {
	return waves{
		shape: r.param("shape"), limit: r.param("band_limit"), width: r.param("width"),
		saw: r.param("saw"), harmonics: r.param("harmonics"),
		shift: newShift(r), rate: r.job.Rate,
		perHertz: 1 / (r.job.Rate * float64(r.node.ratio)),
		before:   r.param("advance")[0] == kpn.AdvanceBefore,
	}
}

// increment is the fixed-point phase step of frame i's samples.
func (w *waves) increment(i int) uint64 { return increment(w.shift.hertz(i), w.rate, w.perHertz) }

// at is the waveform of frame i.
func (w *waves) at(i int) waveform {
	wave := waveform{
		shape:     w.shape[i],
		smoothing: smoothings[int(w.limit[i])],
		increment: w.increment(i),
		width:     w.width[i],
		edge:      fixed(w.width[i]),
		saw:       w.saw[i],
		harmonics: w.harmonics[i],
	}
	if w.before {
		wave.ahead = wave.increment
	}
	return wave
}

// shift is a frequency that a pitch shifts.
type shift struct {
	freq, pitch, low, high []float64
	nyquist                float64
}

func newShift(r *run) shift {
	return shift{r.param("freq"), r.param("pitch"), r.param("pitch_low"), r.param("pitch_high"), r.job.Rate / 2}
}

// hertz is the frequency of frame i; the oscillator limits it to half the
// sample rate.
func (s *shift) hertz(i int) float64 {
	if s.pitch[i] == 0 && s.low[i] <= 0 && s.high[i] >= 0 {
		return s.freq[i]
	}
	return s.freq[i] * math.Exp2(max(min(s.pitch[i], s.high[i]), s.low[i])/12)
}

// slopes are the derivatives of the limited frequency by freq and by pitch.
func (s *shift) slopes(i int) (byFreq, byPitch float64) {
	ratio := math.Exp2(max(min(s.pitch[i], s.high[i]), s.low[i]) / 12)
	hertz := s.freq[i] * ratio
	if hertz > s.nyquist {
		return 0, 0
	}
	if s.pitch[i] >= s.low[i] && s.pitch[i] <= s.high[i] {
		byPitch = hertz * math.Ln2 / 12
	}
	return ratio, byPitch
}

// squareSaw is (1 − s/2)·tanh(½πK·sin)·(1 + s·cos).
func (w *waveform) squareSaw(phase uint64) float64 {
	sin, cos := math.Sincos(2 * math.Pi * (float64(int64(phase)) / cycle))
	return (1 - w.saw/2) * math.Tanh(math.Pi/2*w.harmonics*sin) * (1 + float64(w.saw*cos))
}

// squareSawSlope differentiates it by the product rule.
func (w *waveform) squareSawSlope(phase uint64) slope {
	sin, cos := math.Sincos(2 * math.Pi * (float64(int64(phase)) / cycle))
	edge := math.Tanh(math.Pi / 2 * w.harmonics * sin)
	sech := 1 / math.Cosh(math.Pi/2*w.harmonics*sin)
	less, tilt := 1-w.saw/2, 1+float64(w.saw*cos)
	steep := math.Pi / 2 * sech * sech
	return slope{
		phase:     2 * math.Pi * less * (float64(steep*w.harmonics*cos*tilt) - float64(edge*w.saw*sin)),
		saw:       edge * (float64(less*cos) - tilt/2),
		harmonics: less * tilt * steep * sin,
	}
}
