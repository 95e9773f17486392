package kpn

// ByParameter takes a job's gradients to the preset's random parameters:
// [items, parameters] of the derivatives by their physical values, and by
// their unit values. Draws are those that the job was bound from. What has no
// gradient, such as a choice, gives 0.
func (p *Preset) ByParameter(all *Gradients, draws [][]Draw) (physical, unit []float64) {
	width := len(p.Sampled)
	physical = make([]float64, len(draws)*width)
	unit = make([]float64, len(physical))
	for i := range p.bindings {
		b := &p.bindings[i]
		g, ok := all.Find(b.ref)
		if !ok || g.Code != Done {
			continue
		}
		for item := range draws {
			physical[item*width+b.sampled] += float64(b.multiply * g.F64[item])
		}
	}
	for item, drawn := range draws {
		for i, d := range drawn {
			// Nothing times an infinite slope is nothing.
			if x := physical[item*width+i]; x != 0 {
				unit[item*width+i] = x * p.Sampled[i].Distribution.Slope(d.Unit)
			}
		}
	}
	return physical, unit
}
