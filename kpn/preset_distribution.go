package kpn

import (
	"math"
	"slices"
	"strings"
)

// distribution builds a random value's distribution. It returns nil where
// the value is at fault; what the schema refuses it does not report again.
func (r *presetReader) distribution(v *randomValue) Distribution {
	d := v.value
	for i := range d.members {
		m := &d.members[i]
		if build, ok := builders[m.name]; ok {
			if m.name != "choice" && m.name != "constant" && !r.wantsNumbers(v) {
				return nil
			}
			return build(r, v, m.value)
		}
	}
	return nil
}

// builders make a distribution of the value of the member that names it.
var builders = map[string]func(*presetReader, *randomValue, *jsonValue) Distribution{
	"constant":    (*presetReader).constant,
	"uniform":     (*presetReader).uniform,
	"log_uniform": (*presetReader).logUniform,
	"normal":      (*presetReader).normal,
	"choice":      (*presetReader).choice,
	"midi":        (*presetReader).midi,
	"unit":        (*presetReader).unit,
}

// wantsNumbers reports the enumerations that a value of numbers feeds.
func (r *presetReader) wantsNumbers(v *randomValue) bool {
	ok := true
	for _, use := range v.uses {
		if use.spec != nil && use.spec.Choices != nil {
			f := faultAt(use.place, "%s gives numbers, but %s is one of %s; use a choice of these names", quoted(v.name), use.ref, strings.Join(use.spec.Choices, ", "))
			f.follows = true // inside a node the schema has said so
			r.faults = append(r.faults, f)
			ok = false
		}
	}
	return ok
}

// numbersOf reads a list of finite numbers.
func numbersOf(v *jsonValue) ([]float64, bool) {
	if v.kind != '[' {
		return nil, false
	}
	list := make([]float64, len(v.items))
	for i, item := range v.items {
		if !item.isNumber() {
			return nil, false
		}
		list[i] = item.number
	}
	return list, true
}

// ordered reads a [lowest, highest] pair.
func (r *presetReader) ordered(v *jsonValue) (lo, hi float64, ok bool) {
	pair, ok := numbersOf(v)
	if !ok || len(pair) != 2 {
		return 0, 0, false
	}
	if pair[0] > pair[1] {
		r.fault(v.place, "got [%s, %s]; allowed is the lowest value first", number(pair[0]), number(pair[1]))
		return 0, 0, false
	}
	return pair[0], pair[1], true
}

func (r *presetReader) uniform(_ *randomValue, v *jsonValue) Distribution {
	lo, hi, ok := r.ordered(v)
	if !ok {
		return nil
	}
	return uniform{lo, hi}
}

func (r *presetReader) logUniform(_ *randomValue, v *jsonValue) Distribution {
	lo, hi, ok := r.ordered(v)
	if !ok || lo < leastLog {
		return nil
	}
	return logUniform{lo, hi}
}

func (r *presetReader) midi(_ *randomValue, v *jsonValue) Distribution {
	lo, hi, ok := r.ordered(v)
	if !ok || lo < 0 || hi > 127 || lo != math.Trunc(lo) || hi != math.Trunc(hi) {
		return nil
	}
	return midi{int(lo), int(hi)}
}

func (r *presetReader) unit(_ *randomValue, v *jsonValue) Distribution {
	lo, hi := v.get("min"), v.get("max")
	if !lo.isNumber() || !hi.isNumber() {
		return nil
	}
	d := unitMapping{lo: lo.number, hi: hi.number, curve: 1}
	if c := v.get("curve"); c.isNumber() {
		d.curve = clamp(c.number, leastCurve, mostCurve)
	}
	if s := v.get("symmetric"); s != nil {
		d.symmetric = s.kind == 't'
	}
	if d.lo > d.hi {
		r.fault(v.place, "min %s is above max %s", number(d.lo), number(d.hi))
		return nil
	}
	return d
}

func (r *presetReader) normal(value *randomValue, v *jsonValue) Distribution {
	pair, ok := numbersOf(v)
	if !ok || len(pair) != 2 {
		return nil
	}
	d := normal{mean: pair[0], sd: max(pair[1], 0)}
	d.lo, d.hi = value.allowed(r.preset.Rate)
	if lo := value.value.get("min"); lo.isNumber() {
		d.lo = lo.number
	}
	if hi := value.value.get("max"); hi.isNumber() {
		d.hi = hi.number
	}
	if d.lo > d.hi {
		r.fault(value.value.place, "min %s is above max %s", number(d.lo), number(d.hi))
		return nil
	}
	if d.mean < d.lo || d.mean > d.hi {
		r.fault(v.items[0].place, "got the mean %s; allowed is %s to %s", number(d.mean), number(d.lo), number(d.hi))
		return nil
	}
	return d
}

// allowed is what the parameters that a value feeds all allow.
func (v *randomValue) allowed(rate float64) (lo, hi float64) {
	lo, hi = -unbounded, unbounded
	for _, use := range v.uses {
		if use.spec == nil || use.multiply == 0 {
			continue
		}
		a := (use.spec.Min - use.add) / use.multiply
		b := (use.spec.Upper(rate) - use.add) / use.multiply
		lo, hi = max(lo, min(a, b)), min(hi, max(a, b))
	}
	if lo > hi {
		// They have nothing in common, and the check of ranges will say so.
		return -unbounded, unbounded
	}
	return lo, hi
}

func (r *presetReader) constant(value *randomValue, v *jsonValue) Distribution {
	if v.isNumber() && r.wantsNumbers(value) {
		return degenerate(v.number)
	}
	if !v.isString() {
		return nil
	}
	indices, ok := r.namesOf(value, []*jsonValue{v})
	if !ok {
		return nil
	}
	return choice{indices, []string{v.text}}
}

func (r *presetReader) choice(value *randomValue, v *jsonValue) Distribution {
	if v.kind != '[' || len(v.items) == 0 || len(v.items) > maxChoices {
		return nil
	}
	names := 0
	for _, item := range v.items {
		if item.isString() {
			names++
		}
	}
	switch names {
	case 0:
		list, ok := numbersOf(v)
		if !ok || !r.wantsNumbers(value) {
			return nil
		}
		return choice{values: list}
	case len(v.items):
		indices, ok := r.namesOf(value, v.items)
		if !ok {
			return nil
		}
		names := make([]string, len(v.items))
		for i, item := range v.items {
			names[i] = item.text
		}
		return choice{indices, names}
	}
	r.fault(v.place, "got numbers and names; allowed are only numbers or only names")
	return nil
}

// namesOf finds the indices of names in the enumeration that they feed.
func (r *presetReader) namesOf(value *randomValue, names []*jsonValue) ([]float64, bool) {
	var choices []string
	for _, use := range value.uses {
		switch {
		case use.spec == nil:
		case use.spec.Choices == nil:
			r.fault(use.place, "%s gives names, but %s takes numbers", quoted(value.name), use.ref)
			return nil, false
		case choices == nil:
			choices = use.spec.Choices
		case !slices.Equal(choices, use.spec.Choices):
			r.fault(use.place, "%s already feeds an enumeration of %s; %s is one of %s and needs a value of its own", quoted(value.name), strings.Join(choices, ", "), use.ref, strings.Join(use.spec.Choices, ", "))
			return nil, false
		}
	}
	if choices == nil {
		return nil, false
	}
	ok := true
	indices := make([]float64, len(names))
	for i, name := range names {
		index := slices.Index(choices, name.text)
		if index < 0 {
			r.faults = append(r.faults, presetFault{at: name.place, reason: func() string {
				return unknown(shorten(name.text, maxQuotedRunes), choices)
			}})
			ok = false
		}
		indices[i] = float64(index)
	}
	return indices, ok
}
