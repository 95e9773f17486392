package cpuref

import "math"

// forwardPan is the step of [kpn.KindPan].
func forwardPan(r *run) {
	in, pan := r.in[0], r.param("pan")
	for i := range r.out {
		share, _ := panShare(pan[i], r.c)
		r.out[i] = in[i] * share
	}
}

// panShare is what of the signal is in a channel, and its derivative by pan.
func panShare(pan float64, channel int) (share, slope float64) {
	right, left := math.Sincos((1 + pan) * math.Pi / 4)
	switch channel {
	case 0:
		return left, -right * math.Pi / 4
	case 1:
		return right, left * math.Pi / 4
	default:
		return 1, 0
	}
}

// adjointPan: the derivative of a product is the other factor.
func adjointPan(r *backRun) {
	in, pan, byPan := r.in[0], r.param("pan"), r.derivative("pan")
	for i, c := range r.cotangent {
		share, slope := panShare(pan[i], r.c)
		r.inputs[0][i] = c * share
		byPan[i] = c * in[i] * slope
	}
}
