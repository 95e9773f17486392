package cpuref

import (
	"sort"

	"sawmill/kpn"
)

// forwardController is the step of [kpn.KindController].
func forwardController(r *run) {
	interpolation, start, speed := r.param("interpolation"), r.param("start"), r.param("speed")
	perFrame := 1 / r.job.Rate
	for i := range r.out {
		at := start[i] + float64(speed[i]*float64(float64(r.first+i)*perFrame))
		before, after, part := curveAt(r.node.table, at)
		if interpolation[i] == kpn.ControllerHold {
			part = 0
		}
		r.out[i] = before + float64(part*(after-before))
	}
}

// curveAt is the values of the points around a time, and which part of the way
// it is between them; 0 outside the curve, where both are the nearest.
func curveAt(t *kpn.Table, at float64) (before, after, part float64) {
	next := sort.Search(t.Rows, func(i int) bool { return t.Row(i)[0] > at })
	switch next {
	case 0:
		return t.Row(0)[1], t.Row(0)[1], 0
	case t.Rows:
		return t.Row(next - 1)[1], t.Row(next - 1)[1], 0
	}
	p, q := t.Row(next-1), t.Row(next)
	return p[1], q[1], (at - p[0]) / (q[0] - p[0])
}

// adjointController: a line's slope is its derivative by time.
func adjointController(r *backRun) {
	interpolation, start, speed := r.param("interpolation"), r.param("start"), r.param("speed")
	byStart, bySpeed := r.derivative("start"), r.derivative("speed")
	perFrame := 1 / r.job.Rate
	for i, c := range r.cotangent {
		if interpolation[i] == kpn.ControllerHold {
			continue
		}
		time := float64(r.first+i) * perFrame
		slope := curveSlope(r.node.table, start[i]+float64(speed[i]*time))
		byStart[i] = c * slope
		bySpeed[i] = c * slope * time
	}
}

// curveSlope is the slope of the line that is read at a time.
func curveSlope(t *kpn.Table, at float64) float64 {
	next := sort.Search(t.Rows, func(i int) bool { return t.Row(i)[0] > at })
	if next == 0 || next == t.Rows {
		return 0
	}
	p, q := t.Row(next-1), t.Row(next)
	return (q[1] - p[1]) / (q[0] - p[0])
}
