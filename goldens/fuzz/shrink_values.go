package fuzz

import (
	"maps"
	"math"
	"slices"
	"strconv"

	"sawmill/goldens/cases"
	"sawmill/kpn"
)

// smallerJob takes extents down, and seed, first item and rate to the usual
// ones.
func smallerJob(t *Trial, try func(*Trial) bool) {
	change := func(mar func(d *cases.Draft)) bool {
		c := t.clone()
		mar(&c.Draft)
		return try(c)
	}
	s := t.Draft.Shape
	for _, axis := range []struct {
		extent int
		set    func(d *cases.Draft, n int)
	}{
		{s.B, func(d *cases.Draft, n int) { d.Shape.B = n }},
		{s.C, func(d *cases.Draft, n int) { d.Shape.C = n }},
		{s.F, func(d *cases.Draft, n int) { d.Shape.F = n }},
	} {
		for _, n := range []int{1, 2, axis.extent / 4, axis.extent / 2, axis.extent - axis.extent/4, axis.extent - 1} {
			if n >= 1 && n < axis.extent && change(func(d *cases.Draft) { axis.set(d, n) }) {
				return
			}
		}
	}
	if t.Draft.FirstItem != 0 && change(func(d *cases.Draft) { d.FirstItem = 0 }) {
		return
	}
	if t.Draft.Rate != rates[0] && change(func(d *cases.Draft) { d.Rate = rates[0] }) {
		return
	}
	for _, seed := range []uint64{0, 1, 2, 3} {
		if seed < t.Draft.Seed && change(func(d *cases.Draft) { d.Seed = seed }) {
			return
		}
	}
}

// fewerParams leaves parameters at their defaults.
func fewerParams(t *Trial, try func(*Trial) bool) {
	for i := range t.Draft.Nodes {
		for _, name := range slices.Sorted(maps.Keys(t.Draft.Nodes[i].Params)) {
			c := t.clone()
			delete(c.Draft.Nodes[i].Params, name)
			if try(c) {
				return
			}
		}
	}
}

// plainerValues makes values fixed, or the same for more of a job, or simpler
// numbers.
func plainerValues(t *Trial, try func(*Trial) bool) {
	for i := range t.Draft.Nodes {
		n := &t.Draft.Nodes[i]
		spec, _ := kpn.Lookup(n.Kind)
		for _, name := range slices.Sorted(maps.Keys(n.Params)) {
			whole := false
			if p, _, ok := spec.Param(name); ok {
				whole = p.Choices != nil
			}
			for _, v := range plainer(n.Params[name], whole) {
				c := t.clone()
				c.Draft.Nodes[i].Params[name] = v
				if try(c) {
					return
				}
			}
		}
		if n.Signal == nil {
			continue
		}
		for _, v := range plainer(*n.Signal, false) {
			if v.Form != cases.PerFrame {
				continue
			}
			c := t.clone()
			c.Draft.Nodes[i].Signal = &v
			if try(c) {
				return
			}
		}
	}
}

// plainer lists values that are plainer than v, the plainest first.
func plainer(v cases.Values, whole bool) []cases.Values {
	switch v.Form {
	case cases.Fixed:
		var list []cases.Values
		for _, x := range simpler(v.Low, whole) {
			list = append(list, cases.Values{Low: x})
		}
		return list
	case cases.List:
		return plainerList(v, whole)
	case cases.PerItem, cases.PerRow, cases.PerFrame:
		return plainerSpan(v, whole)
	}
	return nil
}

// plainerList takes one of a list, leaves one out, or makes one simpler.
func plainerList(v cases.Values, whole bool) []cases.Values {
	var list []cases.Values
	for _, x := range v.List {
		list = append(list, cases.Values{Low: x})
	}
	for k := range v.List {
		if len(v.List) > 1 {
			list = append(list, cases.Values{Form: cases.List, List: slices.Delete(slices.Clone(v.List), k, k+1)})
		}
	}
	for k, x := range v.List {
		for _, y := range simpler(x, whole) {
			c := cases.Values{Form: cases.List, List: slices.Clone(v.List)}
			c.List[k] = y
			list = append(list, c)
		}
	}
	return list
}

// plainerSpan takes an end of a span, draws more seldom, or makes the span
// narrower, its ends simpler, or its tensor serve more of the job.
func plainerSpan(v cases.Values, whole bool) []cases.Values {
	list := []cases.Values{{Low: v.Low}, {Low: v.High}}
	for form := cases.PerItem; form < v.Form; form++ {
		list = append(list, cases.Values{Form: form, Low: v.Low, High: v.High})
	}
	span := func(low, high float64) {
		c := v
		c.Low, c.High = low, high
		list = append(list, c)
	}
	if v.Low < v.High {
		span(v.Low, v.Low)
		span(v.High, v.High)
	}
	for _, x := range simpler(v.Low, whole) {
		if float64(float32(x)) == x && x <= v.High {
			span(x, v.High)
		}
	}
	for _, x := range simpler(v.High, whole) {
		if float64(float32(x)) == x && x >= v.Low {
			span(v.Low, x)
		}
	}
	for _, one := range []struct{ item, channel bool }{{true, true}, {true, v.OneChannel}, {v.OneItem, true}} {
		if v.Form == cases.PerFrame && (one.item && !v.OneItem || one.channel && !v.OneChannel) {
			c := v
			c.OneItem, c.OneChannel = one.item, one.channel
			list = append(list, c)
		}
	}
	return list
}

// simpler lists numbers that are simpler than x: fewer digits.
func simpler(x float64, whole bool) []float64 {
	var list []float64
	add := func(y float64) {
		if weight(y) < weight(x) && !slices.Contains(list, y) {
			list = append(list, y)
		}
	}
	add(0)
	add(1)
	add(math.Trunc(x))
	if whole {
		add(x - 1)
		return list
	}
	for digits := 1; digits <= 4 && x != 0; digits++ {
		step := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-float64(digits-1))
		if y := math.Round(x/step) * step; finite(y) {
			add(float64(float32(y)))
			add(y)
		}
	}
	return list
}

// weight orders numbers by how hard they are on a reader: by their length, and
// those of one length by value.
func weight(x float64) float64 {
	short := len(strconv.FormatFloat(x, 'g', -1, 64))
	return float64(short) + 1 - 1/(1+math.Abs(x))/2
}
