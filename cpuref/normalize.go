package cpuref

import (
	"math"

	"sawmill/kpn"
)

// measureNormalize takes the largest magnitude over the frames of the input
// that the job asks for, those that the graph's latency does not trim, and the
// first frame that has it.
func measureNormalize(r *run) {
	from, to := r.node.latency, r.node.latency+r.job.Shape.F
	for i, x := range r.in[0] {
		if t := r.first + i; from <= t && t < to {
			if m := math.Abs(x); m > *r.peak {
				*r.peak, *r.peakAt = m, t
			}
		}
	}
}

// forwardNormalize is the step of [kpn.KindNormalize], once the row's largest
// magnitude is known.
func forwardNormalize(r *run) {
	in, peak, mode := r.in[0], r.param("peak"), r.param("mode")
	m := *r.peak
	for i, x := range in {
		within := mode[i] == kpn.NormalizeLimit && m <= peak[i]
		if m == 0 || within {
			r.out[i] = x
			continue
		}
		r.out[i] = x * peak[i] / m
	}
}

// adjointNormalize: with y = x·p/m, dy/dx = p/m, dy/dp = x/m and
// dy/dm = −x·p/m². What the row's statistic m gets goes to the frame that it
// is from, with that frame's sign.
func adjointNormalize(r *backRun) {
	in, peak, mode := r.in[0], r.param("peak"), r.param("mode")
	byPeak := r.derivative("peak")
	m := *r.peak
	for i := len(in) - 1; i >= 0; i-- {
		c, x := r.cotangent[i], in[i]
		within := mode[i] == kpn.NormalizeLimit && m <= peak[i]
		if m == 0 || within {
			r.inputs[0][i] = c
		} else {
			r.inputs[0][i] = c * peak[i] / m
			byPeak[i] = c * x / m
			if r.finds {
				*r.moment -= c * x * peak[i] / m / m
			}
		}
		if !r.finds && r.first+i == r.peakFrame {
			r.inputs[0][i] += math.Copysign(1, x) * *r.moment
		}
	}
}
