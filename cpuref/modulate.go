package cpuref

import "sawmill/kpn"

// modulate makes a parameter's bound values on a channel what its modulators
// make of them, whose signals are among sources: see [kpn.Modulation].
func (p *param) modulate(values []float64, sources [][]float64, channel int, rate float64) {
	for _, m := range p.modulators {
		if !m.Acts(channel) {
			continue
		}
		for i, x := range sources[m.input][:len(values)] {
			values[i] = m.Apply(values[i], x)
		}
	}
	least, most := p.Spec.Min, p.Spec.Upper(rate)
	for i, v := range values {
		values[i] = min(max(v, least), most)
	}
}

// unmodulate is the adjoint of modulate: it makes by, the derivatives by the
// modulated values, those by the bound ones, and sets those by the modulators'
// signals in cotangents. Beyond the ends of the parameter's range there are
// none.
func (p *param) unmodulate(by, bound []float64, sources, cotangents [][]float64, channel int, rate float64) {
	least, most := p.Spec.Min, p.Spec.Upper(rate)
	steps := make([]float64, len(p.modulators)+1)
	for i := range by {
		steps[0] = bound[i]
		for k, m := range p.modulators {
			steps[k+1] = steps[k]
			if m.Acts(channel) {
				steps[k+1] = m.Apply(steps[k], sources[m.input][i])
			}
		}
		if v := steps[len(p.modulators)]; v < least || v > most {
			by[i] = 0
		}
		for k := len(p.modulators) - 1; k >= 0; k-- {
			m := &p.modulators[k]
			by[i], cotangents[m.input][i] = m.back(by[i], steps[k], sources[m.input][i], channel)
		}
	}
}

// back takes the derivative by what a modulator makes of a value to those by
// the value and by the modulator's signal.
func (m *modulator) back(by, value, signal float64, channel int) (byValue, bySignal float64) {
	switch {
	case !m.Acts(channel):
		return by, 0
	case m.Mode == kpn.ModulationMultiply:
		return by * float64(m.Scale*signal), by * m.Scale * value
	default:
		return by, by * m.Scale
	}
}
