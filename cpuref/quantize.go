package cpuref

import (
	"math"

	"sawmill/kpn"
)

// forwardQuantize is the step of [kpn.KindQuantize].
func forwardQuantize(r *run) {
	in, scale, root, mask := r.in[0], r.param("scale"), r.param("root"), r.param("mask")
	for i := range r.out {
		if scale[i] == kpn.ScaleNone {
			r.out[i] = in[i]
			continue
		}
		r.out[i] = root[i] + nearestNote(in[i]-root[i], degreesOf(scale[i], mask[i]))
	}
}

// degreesOf is a scale's mask.
func degreesOf(scale, mask float64) int {
	if scale == kpn.ScaleMask {
		return int(mask)
	}
	return kpn.ScaleDegrees[int(scale)]
}

// nearestNote is the whole number nearest to x that a mask allows.
func nearestNote(x float64, degrees int) float64 {
	x = min(max(x, -kpn.QuantizeReach), kpn.QuantizeReach)
	allowed := func(n float64) bool {
		// QuantizeReach and a few octaves more are whole octaves.
		return degrees>>(int(n+2*kpn.QuantizeReach)%12)&1 == 1
	}
	below := math.Floor(x)
	for !allowed(below) {
		below--
	}
	above := math.Floor(x) + 1
	for !allowed(above) {
		above++
	}
	if above-x <= x-below+2*kpn.QuantizeTie {
		return above
	}
	return below
}

// adjointQuantize: notes stand still.
func adjointQuantize(r *backRun) {
	scale, byRoot := r.param("scale"), r.derivative("root")
	for i, c := range r.cotangent {
		r.inputs[0][i] = 0
		if scale[i] == kpn.ScaleNone {
			r.inputs[0][i] = c
		} else {
			byRoot[i] = c
		}
	}
}
