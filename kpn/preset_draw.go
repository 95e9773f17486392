package kpn

// Draw is a sampled parameter's value for one item.
type Draw struct {
	// Unit is uniform in [0, 1), or what was given, in [0, 1].
	Unit float64
	// Value is the distribution's value of Unit. Where it was drawn it is
	// rounded to float32, so that a last bit that differs between maths
	// libraries does not show. What was given is not rounded.
	Value float64
	// Note is the MIDI note, where the distribution is one; else nil.
	Note *float64
	// Name is the name of the value, where it is one of an enumeration.
	Name string
}

// Draw draws the sampled parameters of an item, in the order of Sampled. Each
// depends on the seed, the item and its own name, and on nothing else.
func (p *Preset) Draw(seed, item uint64) []Draw {
	draws := make([]Draw, len(p.Sampled))
	for i := range p.Sampled {
		s := &p.Sampled[i]
		draws[i] = s.draw(UnitDraw(seed, item, s.Name))
		lo, hi := s.Distribution.Support()
		draws[i].Value = singlePrecision(draws[i].Value, lo, hi)
	}
	return draws
}

// draw is what a unit value gives, before it is rounded.
func (s *Sampled) draw(unit float64) Draw {
	draw := Draw{Unit: unit, Value: s.Distribution.Value(unit)}
	switch d := s.Distribution.(type) {
	case midi:
		note := d.note(unit)
		draw.Note = &note
	case choice:
		if d.names != nil {
			draw.Name = d.names[pick(unit, len(d.names))]
		}
	}
	return draw
}

// Bind draws the job's items, FirstItem and those after it, and sets the
// parameters of the nodes that they feed in job.Items.
func (p *Preset) Bind(job *Job) {
	draws := make([][]Draw, job.Shape.B)
	for b := range draws {
		draws[b] = p.Draw(job.Seed, job.FirstItem+uint64(b))
	}
	ranges := p.bindingRanges(job.Rate)
	p.bindItems(job, draws, func(i int, v float64) float64 {
		return singlePrecision(v, ranges[i].lo, ranges[i].hi)
	})
}

// bindingRanges are the ranges of the parameters that are bound, so that
// rounding does not leave them.
func (p *Preset) bindingRanges(rate float64) []uniform {
	ranges := make([]uniform, len(p.bindings))
	for i := range p.bindings {
		ref := p.bindings[i].ref
		n, _ := p.Graph.Node(ref.Node)
		spec, _ := Lookup(n.Kind)
		param, _, _ := spec.Param(ref.Param)
		ranges[i] = uniform{param.Min, param.Upper(p.nodeRate(n, rate))}
	}
	return ranges
}
