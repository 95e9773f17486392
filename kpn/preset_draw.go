package kpn

// Draw is a sampled parameter's value for one item.
type Draw struct {
	// Unit is uniform in [0, 1).
	Unit float64
	// Value is the distribution's value of Unit, rounded to float32: labels
	// stay short, and a last bit that differs between maths libraries does
	// not show.
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
		u := UnitDraw(seed, item, s.Name)
		lo, hi := s.Distribution.Support()
		draws[i] = Draw{Unit: u, Value: singlePrecision(s.Distribution.Value(u), lo, hi)}
		switch d := s.Distribution.(type) {
		case midi:
			note := d.note(u)
			draws[i].Note = &note
		case choice:
			if d.names != nil {
				draws[i].Name = d.names[pick(u, len(d.names))]
			}
		}
	}
	return draws
}

// Bind draws the job's items, FirstItem and those after it, and sets the
// parameters of the nodes that they feed in job.Items.
func (p *Preset) Bind(job *Job) {
	if job.Items == nil {
		job.Items = map[ParamRef][]float64{}
	}
	for i := range p.bindings {
		job.Items[p.bindings[i].ref] = make([]float64, job.Shape.B)
	}
	ranges := p.bindingRanges(job.Rate)
	for b := range job.Shape.B {
		draws := p.Draw(job.Seed, job.FirstItem+uint64(b))
		for i := range p.bindings {
			binding := &p.bindings[i]
			v := binding.value(draws[binding.sampled].Value)
			job.Items[binding.ref][b] = singlePrecision(v, ranges[i].lo, ranges[i].hi)
		}
	}
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
		ranges[i] = uniform{param.Min, param.Upper(rate)}
	}
	return ranges
}
