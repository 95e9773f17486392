//! uses: phase reciprocal_wide sine_wide
//! step: state params inputs
//! state: 1
//! tape: 1
//! cost: 5
// one_pole: a lowpass or highpass of one pole, by the trapezoidal rule.

struct one_pole_params {
	int shape;
	float gain;
	float slope;  // of the gain, by the cutoff
};

struct one_pole_state {
	float s;
};

one_pole_params one_pole_prepare(node_info info, int shape, double cutoff) {
	precise double nyquist = 0.5LF * rate;
	precise double half_rate = 0.5LF * info.inv_rate;
	uvec2 angle = increment_from_hz(min(cutoff, nyquist), half_rate);
	precise double sine = sin_cycles_wide(angle);
	precise double per = recip(sine + cos_cycles_wide(angle));
	precise double gain = sine * per;
	precise double slope = 3.14159265358979312LF * info.inv_rate;
	slope = slope * per;
	slope = slope * per;
	return one_pole_params(shape, float(gain), float(slope));
}

one_pole_state one_pole_seek(one_pole_params p, node_info info, uint t) {
	return one_pole_state(0.0);
}

void one_pole_save(one_pole_state s, uint slot) {
	state_write(slot, floatBitsToUint(s.s));
}

one_pole_state one_pole_load(uint slot) {
	return one_pole_state(uintBitsToFloat(state_read(slot)));
}

float one_pole_tape(one_pole_state s, int i) {
	return s.s;
}

float one_pole_step(inout one_pole_state s, one_pole_params p, float x) {
	precise float v = x - s.s;
	v = v * p.gain;
	precise float low = s.s + v;
	precise float next = low + v;
	s.s = next;
	precise float high = x - low;
	return p.shape == 0 ? low : high;
}

//! adjoint: state params inputs before
//! adjoint state: 1
struct one_pole_cotangent {
	float s;
};

one_pole_cotangent one_pole_rest() {
	return one_pole_cotangent(0.0);
}

void one_pole_adjoint_save(one_pole_cotangent c, uint slot) {
	state_write(slot, floatBitsToUint(c.s));
}

void one_pole_adjoint_load(inout one_pole_cotangent c, uint slot) {
	c.s = uintBitsToFloat(state_read(slot));
}

// With b the cotangent of the state after the frame and a that of low, what is multiplied with the gain gets a + 2 b.
void one_pole_adjoint(inout one_pole_cotangent back, one_pole_params p, float x, float s, float c,
		out float dx, out float dcutoff) {
	float low = p.shape == 0 ? c : -c;
	precise float by_gain = back.s + back.s;
	by_gain = by_gain + low;
	precise float reaches = by_gain * p.gain;
	precise float direct = reaches + c;
	dx = p.shape == 0 ? reaches : direct;
	precise float by_cutoff = x - s;
	by_cutoff = by_cutoff * by_gain;
	by_cutoff = by_cutoff * p.slope;
	dcutoff = by_cutoff;
	precise float before = low - reaches;
	before = back.s + before;
	back.s = before;
}
