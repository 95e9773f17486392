package compare

import (
	"fmt"

	"sawmill/kpn"
)

// A bound holds no more of a signal than its magnitude. Where a kind knows that
// it never goes as low as that below zero, it says so here, for what the signal
// modulates: a frequency times a vibrato between 0.9 and 1.1 is never 0.

// atLeast notes the lowest value of a node's signal.
func (d *derivation) atLeast(n *kpn.Node, low float64) {
	if d.floors == nil {
		d.floors = map[string]float64{}
	}
	d.floors[n.ID] = low
}

// reach is where the values of an edge's source lie. A late one is 0 first.
func (d *derivation) reach(e kpn.Edge) (low, high float64) {
	b := d.source(e)
	low, high = -b.magnitude, b.magnitude
	if floor, ok := d.floors[e.From]; ok && !d.loops.feeds(e) {
		low = max(low, floor-d.fine*b.worst)
	}
	if at, ok := d.ranges[e.From]; ok {
		low, high = max(low, at.low-d.fine*b.worst), min(high, at.high+d.fine*b.worst)
	}
	if e.DelayFrames > 0 {
		low, high = min(low, 0), max(high, 0)
	}
	return low, high
}

// corners is the span of products of two spans.
func corners(a, b, c, e float64) (low, high float64) {
	return min(a*c, a*e, b*c, b*e), max(a*c, a*e, b*c, b*e)
}

// productFloor notes the lowest value of a product of a node's inputs.
func (d *derivation) productFloor(n *kpn.Node, low, high float64) {
	for _, e := range d.graph.Inputs(n.ID) {
		from, to := d.reach(e)
		low, high = corners(low, high, from, to)
	}
	d.atLeast(n, low)
}

// mixFloor notes the lowest value of a sum of a node's inputs times levels.
func (d *derivation) mixFloor(n *kpn.Node) {
	sum := 0.0
	for k, e := range d.graph.Inputs(n.ID) {
		from, to := d.reach(e)
		level := d.param(n, fmt.Sprintf("level_%d", k))
		low, _ := corners(from, to, level.min, level.max)
		sum += low
	}
	d.atLeast(n, sum)
}
