package cpuref

import (
	"math"

	"sawmill/kpn"
)

// measureNormalize takes the largest magnitude over the frames of the input
// that the job asks for: those that the graph's latency does not trim.
func measureNormalize(r *run) {
	from, to := r.node.latency, r.node.latency+r.job.Shape.F
	for i, x := range r.in[0] {
		if t := r.first + i; from <= t && t < to {
			*r.peak = max(*r.peak, math.Abs(x))
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
