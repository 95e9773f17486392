package cpuref

import "math"

// rlc is [kpn.KindRLC] at one frame.
type rlc struct {
	twoPole
	pace, damping float64 // g and k
	// byPace and byDamping are the derivatives of the coefficients.
	byPace, byDamping twoPole
	// inductance and capacitance are in henry and farad.
	inductance, capacitance float64
}

// newRLC: the coefficients are 1, g and g² over D = 1 + k·g + g². Their
// derivatives by g are −(k + 2g), 1 − g² and 2g + kg² over D²; by k, each is
// itself times −g/D.
func newRLC(resistance, inductance, capacitance, rate float64) rlc {
	f := rlc{inductance: inductance * 1e-3, capacitance: capacitance * 1e-9}
	g := 1 / (2 * rate * math.Sqrt(f.inductance*f.capacitance))
	k := resistance * math.Sqrt(f.capacitance/f.inductance)
	f.pace, f.damping = g, k
	d := 1 + float64(k*g) + float64(g*g)
	f.twoPole = twoPole{1 / d, g / d, g * g / d}
	f.byPace = twoPole{
		first:  -(k + 2*g),
		cross:  1 - float64(g*g),
		second: 2*g + float64(k*g*g),
	}.times(1 / (d * d))
	f.byDamping = f.times(-f.cross)
	return f
}

// forwardRLC is the step of [kpn.KindRLC].
func forwardRLC(r *run) {
	resistance, inductance, capacitance := r.param("resistance"), r.param("inductance"), r.param("capacitance")
	s := pair{r.memory[0], r.memory[1]}
	for i := range r.out {
		r.out[i] = newRLC(resistance[i], inductance[i], capacitance[i], r.job.Rate).step(&s, r.in[0][i]).low
	}
	r.memory[0], r.memory[1] = s.band, s.low
}

// adjointRLC computes the states again and walks back. Inductance and
// capacitance change g by −½ of their relative change, k by ∓½.
func adjointRLC(r *backRun) {
	resistance, inductance, capacitance := r.param("resistance"), r.param("inductance"), r.param("capacitance")
	byR, byL, byC := r.derivative("resistance"), r.derivative("inductance"), r.derivative("capacitance")
	in := r.in[0]
	var states [chunkFrames]pair
	s := pair{r.startMemory[0], r.startMemory[1]}
	for i := range r.cotangent {
		states[i] = s
		newRLC(resistance[i], inductance[i], capacitance[i], r.job.Rate).step(&s, in[i])
	}
	c := pair{r.memoryCotangent[0], r.memoryCotangent[1]}
	for i := len(r.cotangent) - 1; i >= 0; i-- {
		f := newRLC(resistance[i], inductance[i], capacitance[i], r.job.Rate)
		by, byIn := f.back(&c, states[i], in[i], pair{low: r.cotangent[i]})
		r.inputs[0][i] = byIn
		byPace, byDamping := by.along(f.byPace), by.along(f.byDamping)
		byR[i] = byDamping * math.Sqrt(f.capacitance/f.inductance)
		byL[i] = -(float64(byPace*f.pace) + float64(byDamping*f.damping)) / (2 * inductance[i])
		byC[i] = (float64(byDamping*f.damping) - float64(byPace*f.pace)) / (2 * capacitance[i])
	}
	r.memoryCotangent[0], r.memoryCotangent[1] = c.band, c.low
}
