package gradcheck

import (
	"context"
	"math"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"

	"sawmill/kpn"
)

// probe is a direction that the parameters are moved along, and what of the
// function is looked at: parts of it, each the sum over some rows.
type probe struct {
	moves []*move
	// joint says that the moves are of several parameters, whose units differ:
	// the length of a step is then its multiple of the smallest.
	joint bool
	parts int
	// part is what a row counts for.
	part func(row int) int
	// rough is the largest that each part's steps found, see [value].
	rough []float64
}

// estimate is the derivative of one part along the probe's direction.
type estimate struct {
	// adjoint is what the gradients say, and difference what the render does,
	// per unit of the direction.
	adjoint, difference float64
	// rounding bounds the error of the difference that comes from rounding, and
	// spread is how far it is from that of the step before.
	rounding, spread float64
	// step is the length of the step that counts.
	step float64
	// ok is false where no step was of use.
	ok bool
}

// differences tries the steps from the largest down, and takes for each part
// the smaller of those two neighbours that agree best, and that rounding leaves
// most of.
func (c *checker) differences(ctx context.Context, p *probe) ([]estimate, error) {
	p.rough = make([]float64, p.parts)
	best := make([]estimate, p.parts)
	doubt := make([]float64, p.parts)
	for e := range doubt {
		doubt[e] = math.Inf(1)
	}
	var last []estimate
	// What the steps smaller than the best differ by, times the step.
	noise := make([]float64, p.parts)
	for t := reach; t >= least; t /= factor {
		next, err := c.differencesAt(ctx, p, t)
		if err != nil {
			return nil, err
		}
		var doubts, size norm
		for e := range next {
			d := math.Inf(1)
			if last != nil && last[e].ok && next[e].ok {
				next[e].spread = math.Abs(last[e].difference - next[e].difference)
				noise[e] = max(noise[e], next[e].spread*next[e].step)
				// Steps so small that nothing changes agree too.
				d = next[e].spread + next[e].rounding/deviations
			}
			if next[e].ok && (!best[e].ok || d < doubt[e]) {
				best[e], doubt[e], noise[e] = next[e], d, 0
			}
			if !best[e].ok {
				// Nothing yet, but there is something to be moved.
				best[e].step = next[e].step
			}
			if next[e].step > 0 {
				doubts.add(doubt[e])
				size.add(best[e].difference)
			}
		}
		last = next
		// Close enough not to matter: smaller steps would cost and add noise.
		if doubts.value() <= c.options.Relative/100*size.value() {
			break
		}
	}
	for e := range best {
		// It is rounding that makes them differ.
		if best[e].step > 0 {
			best[e].rounding = max(best[e].rounding, noisy*noise[e]/best[e].step)
		}
	}
	return best, nil
}

// differencesAt takes the central difference of all parts with t times the
// smallest step.
func (c *checker) differencesAt(ctx context.Context, p *probe, t float64) ([]estimate, error) {
	var failed error
	moved := make([]bool, p.parts)
	rough, whole := make([]float64, p.parts), make([]float64, p.parts)
	f := func(y, x []float64) {
		clear(y)
		if failed != nil {
			return
		}
		at := c.point
		for _, m := range p.moves {
			at = m.bind(at, m.at(x[0]))
		}
		v, err := c.evaluate(ctx, at)
		if err != nil {
			failed = err
			return
		}
		for row, l := range v.rows {
			e := p.part(row)
			y[e] += l
			rough[e] += v.rough[row]
			for node := range v.peaks {
				moved[e] = moved[e] || v.peaks[node][row] != c.base.peaks[node][row]
			}
			moved[e] = moved[e] || v.limits[row] != c.base.limits[row]
		}
	}
	slopes := mat.NewDense(p.parts, 1, nil)
	fd.Jacobian(slopes, f, []float64{0}, &fd.JacobianSettings{Formula: fd.Central, Step: t})
	if failed != nil {
		return nil, failed
	}
	for row, x := range c.rough {
		whole[p.part(row)] += x
	}
	parts := make([]estimate, p.parts)
	change, length := p.predict(c.gradients, t)
	for e := range parts {
		if length[e] == 0 {
			continue
		}
		p.rough[e] = max(p.rough[e], rough[e])
		if rough[e] = p.rough[e]; rough[e] == 0 {
			// Nothing changes, or by less than a rounding: anywhere.
			rough[e] = whole[e]
		}
		parts[e] = estimate{
			adjoint:    change[e] / length[e],
			difference: slopes.At(e, 0) * 2 * t / length[e],
			rounding:   deviations * unit * math.Sqrt(roundings/3*rough[e]) / length[e],
			step:       length[e],
			ok:         !moved[e],
		}
	}
	return parts, nil
}

// predict returns for each part what the gradients say that it changes by
// between −t and t, and the length of the change of the parameter.
func (p *probe) predict(all *kpn.Gradients, t float64) (change, length []float64) {
	change = make([]float64, p.parts)
	lengths := make([]norm, p.parts)
	for _, m := range p.moves {
		g, _ := all.Find(m.ref)
		for i := range m.base {
			if m.base[i] == 0 {
				continue
			}
			e := 0
			if p.parts > 1 {
				e = i / g.Shape.F
			}
			d := m.change(i, t)
			change[e] += float64(d * g.At(i))
			lengths[e].add(d)
		}
	}
	length = make([]float64, p.parts)
	for e := range length {
		length[e] = lengths[e].value()
		if p.joint {
			length[e] = 2 * t
		}
	}
	return change, length
}

// noisy is how much larger noise may be than what the steps show.
const noisy = 4

// The rounding of float64 samples: how many roundings of the sample's own size
// it takes to make one, the largest relative error of each, and how many
// standard deviations are allowed.
const (
	roundings  = 16
	unit       = 0x1p-53
	deviations = 8
)

// norm is a Euclidean norm.
type norm struct{ squares float64 }

func (n *norm) add(x float64) { n.squares += float64(x * x) }

func (n *norm) value() float64 { return math.Sqrt(n.squares) }
