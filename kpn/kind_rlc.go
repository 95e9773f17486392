package kpn

// KindRLC is a resistor, an inductor and a capacitor in series: the input is
// the voltage across the three, the output that across the capacitor.
//
// With R, L, C in ohm, henry and farad, Z = √(L/C), and i the current, its
// equations in p = Z·i and v are p' = (in − (R/Z)·p − v)/√(LC) and v' =
// p/√(LC), solved by the trapezoidal rule: with g = 1/(2·rate·√(LC)), k = R/Z,
// D = 1 + k·g + g² and the states a and b of the rule,
//
//	p = (a + g·(in − b))/D, v = b + g·p
//
// and then a becomes 2·p − a, and b 2·v − b. Nothing is warped: resonances near
// half the sample rate come out lower than 1/(2π√(LC)). Where inductance or
// capacitance change, a and b stay. With whatever changes, a² + b² never grows
// without an input. [RLCHeat] is what the resistor takes out.
//
// Shapes: in [B,C,F] V; resistance [B,C,F] Ω in [0, 1e9]; inductance [B,C,F] mH
// in [1e-6, 1e6]; capacitance [B,C,F] nF in [1e-6, 1e9]; out [B,C,F] V.
// State: a and b, 0 at first. Latency: 0 frames. Gradients: in, resistance,
// inductance, capacitance, each through all later frames.
// Errors: *RangeError if a parameter is out of range.
// Source: Zavalishin, "The art of VA filter design", 2.1.2, 2018, 3.3 and 4.4,
// of whose state-variable filter this is the lowpass.
const KindRLC Kind = "rlc"

var rlcSpec = Spec{
	Kind:   KindRLC,
	Doc:    "A resistor, an inductor and a capacitor in series: from the voltage across them to that across the capacitor.",
	Source: "Zavalishin, The art of VA filter design, 2018",
	Inputs: []Port{{Name: "in", Doc: "the voltage", Least: 1}},
	Params: []Parameter{
		{Name: "resistance", Doc: "of the resistor", Unit: "ohm", Default: 100, Max: 1e9, Differentiable: true},
		{Name: "inductance", Doc: "of the inductor", Unit: "mH", Default: 100, Min: 1e-6, Max: 1e6, Differentiable: true},
		{Name: "capacitance", Doc: "of the capacitor", Unit: "nF", Default: 100, Min: 1e-6, Max: 1e9, Differentiable: true},
	},
	MaxOversample: 1,
	Stateful:      true,
}

// RLCHeat is the energy in joules that the resistor of a [KindRLC] turns to
// heat in the time from one frame to the next: R·i²/rate, with R in ohm and
// i the mean current of that time. All of it charges the capacitor, of a
// capacitance in nF, from the voltage before to that after: i is what that
// takes. With the trapezoidal rule this is exact: what the source gives,
// i times the mean of its two voltages, is what inductor and capacitor gain
// plus this.
func RLCHeat(rate, resistance, capacitance, before, after float64) float64 {
	current := capacitance * 1e-9 * (after - before) * rate
	return resistance * current * current / rate
}
