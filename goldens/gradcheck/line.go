package gradcheck

import (
	"context"
	"fmt"
	"math"

	"sawmill/kpn"
)

// line checks one parameter.
func (c *checker) line(ctx context.Context, t *target) (Line, error) {
	sum := tally{line: Line{Ref: t.ref, Rate: t.rate, Unit: t.unit()}}
	for _, d := range c.directions(t) {
		g, _ := c.gradients.Find(t.ref)
		p := &probe{
			moves: []*move{newMove(t, c.point.job, d.weight)},
			parts: g.Shape.Rows(),
			part:  rowsOf(g.Shape, c.point.job.Shape),
		}
		found, err := c.differences(ctx, p)
		if err != nil {
			return Line{}, err
		}
		for e, x := range found {
			sum.add(x, Place{B: e / g.Shape.C, C: e % g.Shape.C, Frame: d.frame, Direction: d.name})
		}
	}
	return sum.finish(c.options.Relative, 0), nil
}

// rowsOf says which of a gradient's rows a row of the job counts for.
func rowsOf(g, job kpn.Shape) func(row int) int {
	return func(row int) int {
		b, c := min(row/job.C, g.B-1), min(row%job.C, g.C-1)
		return b*g.C + c
	}
}

// direction is a way to move a parameter's values.
type direction struct {
	name   string
	frame  int
	weight func(i int) float64
}

// directions lists those of a target. All items and channels move at once.
func (c *checker) directions(t *target) []direction {
	if t.tensor == nil {
		return []direction{{"", -1, func(int) float64 { return 1 }}}
	}
	var all []direction
	frames := t.tensor.F
	for k := range c.options.Directions {
		name := fmt.Sprintf("direction %d", k)
		all = append(all, direction{name, -1, func(i int) float64 { return c.weight(t, name, i) }})
	}
	for k := range c.options.Directions {
		f := 0
		switch {
		case k == 1:
			f = frames - 1
		case k > 1:
			f = int(kpn.UnitDraw(c.options.Seed, uint64(k), fmt.Sprintf("frame:%v", t.ref)) * float64(frames))
		}
		all = append(all, direction{fmt.Sprintf("frame %d", f), f, func(i int) float64 {
			if i%frames == f {
				return 1
			}
			return 0
		}})
	}
	return all
}

// weight is a random number whose magnitude is between ½ and 1.
func (c *checker) weight(t *target, name string, i int) float64 {
	u := 2*kpn.UnitDraw(c.options.Seed, uint64(i), fmt.Sprintf("%s:%v", name, t.ref)) - 1
	return (u + math.Copysign(1, u)) / 2
}

// together checks the dot-product identity: along one random direction of all
// parameters at once.
func (c *checker) together(ctx context.Context, all []*target) (Line, error) {
	p := &probe{joint: true, parts: 1, part: func(int) int { return 0 }}
	for _, t := range all {
		p.moves = append(p.moves, newMove(t, c.point.job, func(i int) float64 { return c.weight(t, "together", i) }))
	}
	found, err := c.differences(ctx, p)
	if err != nil {
		return Line{}, err
	}
	// The terms of the sum have random signs: it may be small by chance.
	var size norm
	for _, m := range p.moves {
		g, _ := c.gradients.Find(m.ref)
		for i := range m.base {
			size.add(m.base[i] * g.At(i))
		}
	}
	sum := tally{line: Line{All: true}}
	sum.add(found[0], Place{B: -1, C: -1, Frame: -1})
	return sum.finish(c.options.Relative, size.value()), nil
}
