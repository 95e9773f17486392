package cpuref

import (
	"math"

	"sawmill/kpn"
)

// bend is what the reference knows of a waveshaper's shape.
type bend struct {
	// at is the shape f at u, and slope its derivative.
	at, slope func(u float64) float64
	// mean is that of f from low to high, low below high.
	mean func(low, high float64) float64
	// slopes are the derivatives of mean by its ends.
	slopes func(low, high float64) (byLow, byHigh float64)
}

// bends is indexed by the shape parameter.
var bends = [...]bend{
	kpn.WaveshaperTanh: {math.Tanh, tanhSlope, tanhMean, tanhSlopes},
	kpn.WaveshaperHard: {hardAt, hardSlope, hardMean, hardSlopes},
	kpn.WaveshaperFold: {foldAt, foldSlope, foldMean, foldSlopes},
}

// over is the mean from u to v, whichever is larger, or f where they are equal.
func (f *bend) over(u, v float64) float64 {
	if u == v {
		return f.at(u)
	}
	return f.mean(min(u, v), max(u, v))
}

// slopesOver are the derivatives of over.
func (f *bend) slopesOver(u, v float64) (byU, byV float64) {
	switch {
	case u == v:
		half := f.slope(u) / 2
		return half, half
	case u < v:
		return f.slopes(u, v)
	default:
		byV, byU = f.slopes(v, u)
		return byU, byV
	}
}

// forwardWaveshaper is the step of [kpn.KindWaveshaper].
func forwardWaveshaper(r *run) {
	in, shape, drive, bias := r.in[0], r.param("shape"), r.param("drive"), r.param("bias")
	plain := r.param("antialias")[0] == kpn.AntialiasNone
	last := r.memory[0]
	for i, x := range in {
		f := &bends[int(shape[i])]
		u := float64(drive[i]*x) + bias[i]
		if plain {
			r.out[i] = f.at(u)
		} else {
			r.out[i] = f.over(float64(drive[i]*last)+bias[i], u)
		}
		last = x
	}
	r.memory[0] = last
}

// adjointWaveshaper: a frame's input has part in its own output and the next.
func adjointWaveshaper(r *backRun) {
	in, shape, drive, bias := r.in[0], r.param("shape"), r.param("drive"), r.param("bias")
	byDrive, byBias := r.derivative("drive"), r.derivative("bias")
	plain := r.param("antialias")[0] == kpn.AntialiasNone
	b := r.memoryCotangent[0]
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		last := r.startMemory[0]
		if i > 0 {
			last = in[i-1]
		}
		f, c := &bends[int(shape[i])], r.cotangent[i]
		u, before := float64(drive[i]*in[i])+bias[i], float64(drive[i]*last)+bias[i]
		byU, byBefore := f.slope(u), 0.0
		if !plain {
			byBefore, byU = f.slopesOver(before, u)
		}
		byU *= c
		byBefore *= c
		r.inputs[0][i] = b + float64(byU*drive[i])
		b = byBefore * drive[i]
		byDrive[i] = float64(byU*in[i]) + float64(byBefore*last)
		byBias[i] = byU + byBefore
	}
	r.memoryCotangent[0] = b
}
