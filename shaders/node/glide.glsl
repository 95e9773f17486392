//! uses: reciprocal_wide exp2_wide
//! step: state params frame inputs
//! state: 2
//! tape: 1
//! cost: 8
// glide: follows its input exponentially. It remembers in double: with a long time a step is smaller than the last bit
// of a float.

// step is the part of the way that a frame makes, and per_second the derivative of that by the time.
struct glide_params {
	double step;
	real per_second;
};

struct glide_state {
	double last;
};

// With u = 1/(time rate), the step is 1 - e^-u, that is 1 - 2^x with x = -u log2 e, and its derivative -e^-u u/time.
glide_params glide_prepare(node_info info, double time) {
	precise double frames = time * rate;
	// Below, e^-u is 0.
	bool instant = frames < 0.001LF;
	precise double u = recip(instant ? 1.0LF : frames);
	precise double x = u * -1.4426950408889634LF;
	precise double left = exp2_precise(x);
	precise double step = x > -0.5LF ? -exp2_reduced(max(x, -0.5LF)) : 1.0LF - left;
	precise double slope = left * u;
	slope = slope * u;
	slope = slope * rate;
	return glide_params(instant ? 1.0LF : step, instant ? real(0.0) : real(-slope));
}

glide_state glide_seek(glide_params p, node_info info, uint t) {
	return glide_state(0.0LF);
}

void glide_save(glide_state s, uint slot) {
	uvec2 words = unpackDouble2x32(s.last);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
}

glide_state glide_load(uint slot) {
	return glide_state(packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u))));
}

float glide_tape(glide_state s, int i) {
	return float(s.last);
}

real glide_step(inout glide_state s, glide_params p, uint t, real x) {
	precise double y = t == 0u ? double(x) : s.last;
	precise double way = double(x) - y;
	way = way * p.step;
	y = y + way;
	s.last = y;
	return real(y);
}

//! adjoint: state params frame inputs before
//! adjoint state: 2
// The output before frame 0 is its input, all of which comes from there.
struct glide_cotangent {
	double last;
};

glide_cotangent glide_rest() {
	return glide_cotangent(0.0LF);
}

void glide_adjoint_save(glide_cotangent c, uint slot) {
	uvec2 words = unpackDouble2x32(c.last);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
}

void glide_adjoint_load(inout glide_cotangent c, uint slot) {
	c.last = packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u)));
}

void glide_adjoint(inout glide_cotangent back, glide_params p, uint t, real x, float before, real c, out real dx, out real dtime) {
	precise double all = double(c) + back.last;
	precise double to_x = all * p.step;
	precise double rest = all * (1.0LF - p.step);
	dx = real(t == 0u ? all : to_x);
	back.last = t == 0u ? 0.0LF : rest;
	precise real way = x - real(before);
	way = way * p.per_second;
	way = way * real(all);
	dtime = t == 0u ? real(0.0) : way;
}
