//! uses: phase reciprocal_wide sine_wide two_pole
//! step: state params inputs
//! state: 2
//! tape: 2
//! cost: 14
// svf: a state-variable filter, by the trapezoidal rule.

const int SVF_LOW = 0, SVF_BAND = 1, SVF_HIGH = 2;

struct svf_params {
	int shape;
	two_pole pole;
	float damping;
	two_pole by_cutoff;  // derivatives of the coefficients
};

struct svf_state {
	vec2 s;
};

// svf_prepare: with s and c the sine and cosine of half the cutoff's angle, the coefficients are c^2, s c and s^2 over
// D = 1 + k s c. Their derivatives by that half angle are -(2 s c + k c^2), c^2 - s^2 and 2 s c + k s^2 over D^2.
svf_params svf_prepare(node_info info, int shape, double cutoff, float resonance) {
	svf_params p;
	p.shape = shape;
	precise double nyquist = 0.5LF * rate;
	precise double half_rate = 0.5LF * info.inv_rate;
	uvec2 angle = increment_from_hz(min(cutoff, nyquist), half_rate);
	precise double s = sin_cycles_wide(angle);
	precise double c = cos_cycles_wide(angle);
	precise double k = recip(double(resonance));
	precise double ss = s * s;
	precise double cc = c * c;
	precise double sc = s * c;
	precise double d = k * sc;
	d = 1.0LF + d;
	precise double per = recip(d);
	precise dvec3 f = dvec3(cc, sc, ss) * per;
	p.pole = two_pole(float(f.x), float(f.y), float(f.z));
	p.damping = float(k);
	precise double twice = sc + sc;
	precise double kc = k * cc;
	precise double ks = k * ss;
	precise dvec3 by = dvec3(-(twice + kc), cc - ss, twice + ks);
	precise double scale = 3.14159265358979312LF * info.inv_rate;
	scale = scale * per;
	scale = scale * per;
	by = by * scale;
	p.by_cutoff = two_pole(float(by.x), float(by.y), float(by.z));
	return p;
}

svf_state svf_seek(svf_params p, node_info info, uint t) {
	return svf_state(vec2(0.0));
}

void svf_save(svf_state s, uint slot) {
	state_write(slot, floatBitsToUint(s.s.x));
	state_write(slot + 1u, floatBitsToUint(s.s.y));
}

svf_state svf_load(uint slot) {
	return svf_state(vec2(uintBitsToFloat(state_read(slot)), uintBitsToFloat(state_read(slot + 1u))));
}

float svf_tape(svf_state s, int i) {
	return i == 0 ? s.s.x : s.s.y;
}

float svf_step(inout svf_state s, svf_params p, float x) {
	vec2 y = two_pole_step(s.s, p.pole, x);
	precise float notch = p.damping * y.x;
	notch = x - notch;
	precise float high = notch - y.y;
	return p.shape == SVF_LOW ? y.y : p.shape == SVF_BAND ? y.x : p.shape == SVF_HIGH ? high : notch;
}

//! adjoint: state params inputs before
//! adjoint state: 2
struct svf_cotangent {
	vec2 s;
};

svf_cotangent svf_rest() {
	return svf_cotangent(vec2(0.0));
}

void svf_adjoint_save(svf_cotangent c, uint slot) {
	state_write(slot, floatBitsToUint(c.s.x));
	state_write(slot + 1u, floatBitsToUint(c.s.y));
}

void svf_adjoint_load(inout svf_cotangent c, uint slot) {
	c.s = vec2(uintBitsToFloat(state_read(slot)), uintBitsToFloat(state_read(slot + 1u)));
}

// Each coefficient's derivative by the damping k is itself times -mixed; high and notch have k besides.
void svf_adjoint(inout svf_cotangent back, svf_params p, float x, float before0, float before1, float c,
		out float dx, out float dcutoff, out float dresonance) {
	bool rest = p.shape != SVF_LOW && p.shape != SVF_BAND;
	precise float damped = p.damping * c;
	vec2 d = vec2(p.shape == SVF_BAND ? c : rest ? -damped : 0.0, p.shape == SVF_LOW ? c : p.shape == SVF_HIGH ? -c : 0.0);
	vec2 s = vec2(before0, before1);
	vec2 moved = s;
	vec2 y = two_pole_step(moved, p.pole, x);
	float through;
	vec3 by = two_pole_back(back.s, p.pole, s, x, d, through);
	precise float direct = through + c;
	dx = rest ? direct : through;
	dcutoff = two_pole_along(by, p.by_cutoff);
	precise float by_damping = two_pole_along(by, p.pole) * p.pole.mixed;
	precise float besides = c * y.x;
	by_damping = by_damping + (rest ? besides : 0.0);
	by_damping = by_damping * p.damping;
	by_damping = by_damping * p.damping;
	dresonance = by_damping;
}
