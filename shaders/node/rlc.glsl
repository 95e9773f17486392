//! uses: reciprocal reciprocal_wide two_pole
//! step: state params inputs
//! state: 2
//! tape: 2
//! cost: 12
// rlc: resistor, inductor and capacitor in series, by the trapezoidal rule.

struct rlc_params {
	two_pole pole;
	// What relative changes of inductance and of capacitance take from the coefficients, twice.
	two_pole by_inductance, by_capacitance;
	// How k changes with the resistance, and half of what part inductance and capacitance change by for each unit.
	float damping_per_ohm, per_inductance, per_capacitance;
};

struct rlc_state {
	vec2 s;
};

// rlc_prepare: 1 over the root of L C is its estimate in float, good to 3e-7, after a step of Newton's method. The
// coefficients are 1, g and g^2 over D = 1 + k g + g^2; times D^2, their derivatives by g are -(k + 2 g), 1 - g^2 and
// 2 g + k g^2, and by k, -g, -g^2 and -g^3. Inductance changes both by -1/2 of its own relative change, capacitance g
// by -1/2 and k by 1/2. The sums are formed here, since with a small L or a large R the parts of a sum cancel.
rlc_params rlc_prepare(node_info info, double resistance, double inductance, double capacitance) {
	rlc_params p;
	precise double square = inductance * capacitance;
	square = square * 1e-12LF;
	precise double root = double(recip(sqrt_pos(float(square))));
	precise double off = square * root;
	off = off * root;
	off = 3.0LF - off;
	off = off * 0.5LF;
	root = root * off;
	precise double g = 0.5LF * info.inv_rate;
	g = g * root;
	precise double per_ohm = capacitance * 1e-9LF;
	per_ohm = per_ohm * root;
	precise double k = resistance * per_ohm;
	precise double gg = g * g;
	precise double kg = k * g;
	precise double d = 1.0LF + kg;
	d = d + gg;
	precise double per = recip(d);
	precise dvec3 f = dvec3(1.0LF, g, gg) * per;
	p.pole = two_pole(float(f.x), float(f.y), float(f.z));
	precise double twice = gg + gg;
	precise double both = kg + gg;
	precise double kept = 1.0LF - both;
	precise double apart = 1.0LF + kg;
	precise dvec3 l = dvec3(-(both + both), g * kept, twice) * per;
	l = l * per;
	p.by_inductance = two_pole(float(l.x), float(l.y), float(l.z));
	kept = apart - gg;
	precise dvec3 c = dvec3(-twice, g * kept, twice * apart) * per;
	c = c * per;
	p.by_capacitance = two_pole(float(c.x), float(c.y), float(c.z));
	p.damping_per_ohm = float(per_ohm);
	precise double per_inductance = 0.5LF * recip(inductance);
	precise double per_capacitance = 0.5LF * recip(capacitance);
	p.per_inductance = float(per_inductance);
	p.per_capacitance = float(per_capacitance);
	return p;
}

rlc_state rlc_seek(rlc_params p, node_info info, uint t) {
	return rlc_state(vec2(0.0));
}

void rlc_save(rlc_state s, uint slot) {
	state_write(slot, floatBitsToUint(s.s.x));
	state_write(slot + 1u, floatBitsToUint(s.s.y));
}

rlc_state rlc_load(uint slot) {
	return rlc_state(vec2(uintBitsToFloat(state_read(slot)), uintBitsToFloat(state_read(slot + 1u))));
}

float rlc_tape(rlc_state s, int i) {
	return i == 0 ? s.s.x : s.s.y;
}

float rlc_step(inout rlc_state s, rlc_params p, float x) {
	return two_pole_step(s.s, p.pole, x).y;
}

//! adjoint: state params inputs before
//! adjoint state: 2
struct rlc_cotangent {
	vec2 s;
};

rlc_cotangent rlc_rest() {
	return rlc_cotangent(vec2(0.0));
}

void rlc_adjoint_save(rlc_cotangent c, uint slot) {
	state_write(slot, floatBitsToUint(c.s.x));
	state_write(slot + 1u, floatBitsToUint(c.s.y));
}

void rlc_adjoint_load(inout rlc_cotangent c, uint slot) {
	c.s = vec2(uintBitsToFloat(state_read(slot)), uintBitsToFloat(state_read(slot + 1u)));
}

// Each coefficient's derivative by k is itself times -mixed.
void rlc_adjoint(inout rlc_cotangent back, rlc_params p, float x, float before0, float before1, float c,
		out float dx, out float dresistance, out float dinductance, out float dcapacitance) {
	vec3 by = two_pole_back(back.s, p.pole, vec2(before0, before1), x, vec2(0.0, c), dx);
	precise float to_resistance = two_pole_along(by, p.pole) * p.pole.mixed;
	to_resistance = to_resistance * p.damping_per_ohm;
	dresistance = -to_resistance;
	precise float to_inductance = two_pole_along(by, p.by_inductance) * p.per_inductance;
	dinductance = -to_inductance;
	precise float to_capacitance = two_pole_along(by, p.by_capacitance) * p.per_capacitance;
	dcapacitance = -to_capacitance;
}
