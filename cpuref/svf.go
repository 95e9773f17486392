package cpuref

import (
	"math"

	"sawmill/kpn"
)

// svf is [kpn.KindSVF] at one frame.
type svf struct {
	twoPole
	damping float64 // k
	// byCutoff and byDamping are the derivatives of the coefficients.
	byCutoff, byDamping twoPole
}

// newSVF: the coefficients are c², s·c and s² over D = 1 + k·s·c. With c² + s² =
// 1 their derivatives by w are −(2sc + kc²), c² − s² and 2sc + ks² over D²; by
// k, each is itself times −s·c/D.
func newSVF(cutoff, resonance, rate float64) svf {
	s, c := halfTurn(cutoff, rate)
	k := 1 / resonance
	d := 1 + float64(k*s*c)
	f := svf{damping: k, twoPole: twoPole{c * c / d, s * c / d, s * s / d}}
	f.byCutoff = twoPole{
		first:  -(float64(2*s*c) + float64(k*c*c)),
		cross:  float64(c*c) - float64(s*s),
		second: float64(2*s*c) + float64(k*s*s),
	}.times(math.Pi / (rate * d * d))
	f.byDamping = f.times(-f.cross)
	return f
}

// forwardSVF is the step of [kpn.KindSVF].
func forwardSVF(r *run) {
	in, cutoff, resonance := r.in[0], r.param("cutoff"), r.param("resonance")
	output := r.param("output")[0]
	s := pair{r.memory[0], r.memory[1]}
	for i := range r.out {
		f := newSVF(cutoff[i], resonance[i], r.job.Rate)
		y := f.step(&s, in[i])
		switch output {
		case kpn.SVFLow:
			r.out[i] = y.low
		case kpn.SVFBand:
			r.out[i] = y.band
		case kpn.SVFHigh:
			r.out[i] = in[i] - float64(f.damping*y.band) - y.low
		default:
			r.out[i] = in[i] - float64(f.damping*y.band)
		}
	}
	r.memory[0], r.memory[1] = s.band, s.low
}

// share is what of an output is band, low and the input itself.
func (f *svf) share(output float64) (y pair, in float64) {
	switch output {
	case kpn.SVFLow:
		return pair{low: 1}, 0
	case kpn.SVFBand:
		return pair{band: 1}, 0
	case kpn.SVFHigh:
		return pair{-f.damping, -1}, 1
	default:
		return pair{-f.damping, 0}, 1
	}
}

// adjointSVF computes the states again and walks back.
func adjointSVF(r *backRun) {
	in, cutoff, resonance := r.in[0], r.param("cutoff"), r.param("resonance")
	byCutoff, byResonance := r.derivative("cutoff"), r.derivative("resonance")
	output := r.param("output")[0]
	var states, outs [chunkFrames]pair
	s := pair{r.startMemory[0], r.startMemory[1]}
	for i := range r.cotangent {
		states[i] = s
		outs[i] = newSVF(cutoff[i], resonance[i], r.job.Rate).step(&s, in[i])
	}
	c := pair{r.memoryCotangent[0], r.memoryCotangent[1]}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		f := newSVF(cutoff[i], resonance[i], r.job.Rate)
		share, direct := f.share(output)
		w := r.cotangent[i]
		by, byIn := f.back(&c, states[i], in[i], pair{w * share.band, w * share.low})
		r.inputs[0][i] = byIn + float64(direct*w)
		byCutoff[i] = by.along(f.byCutoff)
		byDamping := by.along(f.byDamping)
		if output == kpn.SVFHigh || output == kpn.SVFNotch {
			byDamping -= w * outs[i].band
		}
		byResonance[i] = -byDamping * f.damping * f.damping
	}
	r.memoryCotangent[0], r.memoryCotangent[1] = c.band, c.low
}
