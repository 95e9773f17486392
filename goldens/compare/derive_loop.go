package compare

import (
	"fmt"
	"math"
	"slices"

	"sawmill/kpn"
)

// maxGenerations bounds how often the signal of a loop is followed around it:
// what has not died away by then has no bound.
const maxGenerations = 1 << 14

// loops are the loops of a graph under derivation.
type loops struct {
	sets [][]string
	// of is the number of a node's loop, from 1; 0 is none.
	of map[string]int
	// under is the loop that is being followed, or 0, and before the bounds of
	// its nodes one time around earlier.
	under  int
	before map[string]bound
}

func newLoops(g *kpn.Graph) loops {
	l := loops{sets: g.Loops(), of: map[string]int{}}
	for i, set := range l.sets {
		for _, id := range set {
			l.of[id] = i + 1
		}
	}
	return l
}

// feeds says whether an edge closes a loop.
func (l *loops) feeds(e kpn.Edge) bool {
	return e.DelayFrames > 0 && l.of[e.From] > 0 && l.of[e.From] == l.of[e.To]
}

// source is what is known of an edge's source: of one that closes a loop, what
// it was one time around earlier.
func (d *derivation) source(e kpn.Edge) bound {
	if d.loops.feeds(e) {
		return d.loops.before[e.From]
	}
	return d.known[e.From]
}

// settle bounds the nodes of a loop. For the frames before the loop's shortest
// delay, nothing comes back; for as many behind them, what comes back is bounded
// by the bounds of those before, and so on until the job's end, or until the
// bounds no longer grow.
func (d *derivation) settle(loop int) error {
	set := d.loops.sets[loop-1]
	// A loop may be reached from another that it feeds.
	under, before := d.loops.under, d.loops.before
	d.loops.under, d.loops.before = loop, map[string]bound{}
	defer func() { d.loops.under, d.loops.before = under, before }()
	turns := d.turns(set)
	for turn := 0; turn < turns; turn++ {
		if turn >= maxGenerations {
			return &ConfigError{Reason: fmt.Sprintf("node %q: what goes around its loop (%d nodes) does not die away: no tolerance makes sense", set[0], len(set))}
		}
		for _, id := range set {
			delete(d.known, id)
		}
		same := true
		for _, id := range set {
			b, err := d.node(id)
			if err != nil {
				return err
			}
			same = same && b == d.loops.before[id]
		}
		if same && turn > 0 {
			break
		}
		for _, id := range set {
			d.loops.before[id] = d.known[id]
		}
	}
	return nil
}

// turns is how often a job's signal can go around a loop, the latencies of its
// nodes taken off the shortest delay.
func (d *derivation) turns(set []string) int {
	latency, shortest := 0, math.MaxInt32
	for _, id := range set {
		n, _ := d.graph.Node(id)
		latency += n.Latency()
	}
	for _, e := range d.graph.Edges {
		if d.loops.feeds(e) && slices.Contains(set, e.To) {
			shortest = min(shortest, e.DelayFrames)
		}
	}
	return 2 + (d.job.Shape.F+latency)/max(1, shortest-latency)
}
