package compare

import (
	"math"

	"sawmill/kpn"
)

// A filter's roundings stay in its state for as long as its impulse response
// lasts. A signal that holds still repeats the same roundings in every frame,
// so that they are taken to add up and not to cancel: all of them times the sum
// of the magnitudes of the response from there to the output.

// recursive is the bound of a filter's output.
type recursive struct {
	// gain is the sum of the magnitudes of the impulse response, and carried of
	// the response to an error of the state.
	gain, carried float64
	// own are the roundings of a frame's output, state those of the state that
	// it leaves.
	own, state roundings
	// moved is what the errors of parameters move output and state by.
	movedOutput, movedState float64
}

// of is the bound, for an input.
func (r *recursive) of(in bound) bound {
	b := in.scaled(r.gain)
	b = r.own.onto(b)
	state := r.state.times(r.carried)
	b = state.onto(b)
	moved := r.movedOutput + r.movedState*r.carried
	b.bias += moved
	b.worst += moved
	return b
}

// lasting is how many frames' worth of errors a state has of which it keeps at
// most a part from one frame to the next.
func (d *derivation) lasting(part float64) float64 {
	return min(float64(d.frames()), 1/max(1-part, 0x1p-60))
}

// frames is how many frames a state may have behind it at most: the job's, and
// what edges and decimators are late by.
func (d *derivation) frames() int {
	late := d.job.Shape.F
	for _, e := range d.graph.Edges {
		late += e.DelayFrames
	}
	for i := range d.graph.Nodes {
		late += d.graph.Nodes[i].Latency()
	}
	return late
}

// settings are the values of some parameters of a node, for each row; ok is
// false where they change within a row.
func (d *derivation) settings(n *kpn.Node, names ...string) (rows [][]float64, ok bool) {
	columns := make([][]float64, len(names))
	most := 1
	for _, p := range d.graph.Parameters(n) {
		for k, name := range names {
			if p.Name != name {
				continue
			}
			switch {
			case p.Changes():
				return nil, false
			case p.Rate == kpn.PerItem:
				columns[k] = d.job.Items[kpn.ParamRef{Node: n.ID, Param: name}]
			default:
				columns[k] = []float64{p.Value}
			}
			most = max(most, len(columns[k]))
		}
	}
	seen := map[[4]float64]bool{}
	for i := range most {
		row, key := make([]float64, len(names)), [4]float64{}
		for k, c := range columns {
			// As many values as items, or as rows: so many follow each other.
			row[k] = c[i/(most/len(c))]
			key[k] = row[k]
		}
		if !seen[key] {
			seen[key] = true
			rows = append(rows, row)
		}
	}
	return rows, true
}

// onePoleBound: with G the gain and s the state, v = G·(in − s) makes three
// roundings (difference, G itself, product), low one, and s' = low + v another,
// in which v is twice. What is left of an error of s after a frame is 1 − 2G.
func onePoleBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	cutoff := d.param(n, "cutoff")
	gain := func(hz float64) float64 {
		s, c := math.Sincos(math.Pi * hz / d.job.Rate)
		return s / (s + c)
	}
	least, most := gain(cutoff.min), gain(cutoff.max)
	high := d.param(n, "output").min == kpn.OnePoleHigh
	rows, ok := d.settings(n, "cutoff")
	if !ok {
		return d.onePole(least, most, cutoff.rounding*d.fine, high, in[0]), nil
	}
	var b bound
	for _, row := range rows {
		g := gain(row[0])
		b = b.or(d.onePole(g, g, 0, high, in[0]))
	}
	return b, nil
}

// onePole is the bound for gains in a range, and cutoffs that are off.
func (d *derivation) onePole(least, most, off float64, high bool, in bound) bound {
	last := d.lasting(max(math.Abs(1-2*least), math.Abs(1-2*most)))
	x, s := in.magnitude, 1.0
	if most > 0.5 {
		// The state overshoots.
		s = max(s, 2*most*last)
	}
	low := max(1, (1-least)*s+most)
	if most <= 0.5 {
		low = 1 // Both are means of the input so far.
	}
	r := recursive{gain: low, carried: (1 - least) * last}
	s *= x
	r.own.add(3, most*(x+s))
	r.own.add(1, low*x)
	r.state.add(6, most*(x+s))
	r.state.add(1, low*x)
	r.state.add(1, s)
	if high {
		r.gain = 1 + low
		r.own.add(1, r.gain*x)
	}
	r.movedOutput = math.Pi / d.job.Rate * off * (x + s)
	r.movedState = 2 * r.movedOutput
	return r.of(in)
}

// dcBlockerBound: the mean is one of the input so far, and no larger. 1 − pole
// is rounded, and its product with the output, which has been itself, and the
// sum.
func dcBlockerBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	pole := d.param(n, "pole")
	x := in[0].magnitude
	r := recursive{gain: 2, carried: d.lasting(pole.max)}
	r.own.add(1, 2*x)
	r.state.add(3, (1-pole.min)*2*x)
	r.state.add(1, x)
	r.movedState = d.fine * pole.rounding * 2 * x
	return r.of(in[0]), nil
}

// slewBound: minimum and maximum move by no more than what they choose from:
// the input, and the output before and a step. That is kept in float64, whose
// roundings may add up until the output meets the input again, which may be
// never; the output is rounded once, unless it is the input.
func slewBound(d *derivation, n *kpn.Node, in []bound) (bound, error) {
	rise, fall := d.param(n, "rise"), d.param(n, "fall")
	last := float64(d.frames())
	x := in[0].magnitude
	step := min(max(rise.max, fall.max)/d.job.Rate, 2*x)
	b := rounded(in[0], x)
	off := last * (max(rise.rounding, fall.rounding)/d.job.Rate + 0x1p-53*(x+2*step)/d.fine)
	b.worst, b.bias = b.worst+off, b.bias+off
	return b, nil
}
