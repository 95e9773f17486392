//! step: state params inputs
//! state: 2
//! tape: 1
//! cost: 8
// slew: the input, followed no faster than at given rates. It remembers in double: a slow rise adds less than the last
// bit of a float to each frame.

struct slew_params {
	double rise, fall;  // in a frame
	real per_rate;
};

struct slew_state {
	double last;
};

slew_params slew_prepare(node_info info, double rise, double fall) {
	precise double up = rise * info.inv_rate;
	precise double down = fall * info.inv_rate;
	return slew_params(up, down, real(info.inv_rate));
}

slew_state slew_seek(slew_params p, node_info info, uint t) {
	return slew_state(0.0LF);
}

void slew_save(slew_state s, uint slot) {
	uvec2 words = unpackDouble2x32(s.last);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
}

slew_state slew_load(uint slot) {
	return slew_state(packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u))));
}

float slew_tape(slew_state s, int i) {
	return float(s.last);
}

real slew_step(inout slew_state s, slew_params p, real x) {
	precise double low = s.last - p.fall;
	precise double high = s.last + p.rise;
	s.last = min(max(double(x), low), high);
	return real(s.last);
}

//! adjoint: state params inputs before
//! adjoint state: 2
struct slew_cotangent {
	real last;
};

slew_cotangent slew_rest() {
	return slew_cotangent(real(0.0));
}

void slew_adjoint_save(slew_cotangent c, uint slot) {
	uvec2 words = unpackDouble2x32(double(c.last));
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
}

void slew_adjoint_load(inout slew_cotangent c, uint slot) {
	c.last = real(packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u))));
}

// The cotangent goes to what the output follows. The tape has the output before only to a float, which matters where
// the input is as near to its limit as that.
void slew_adjoint(inout slew_cotangent back, slew_params p, real x, float last, real c,
		out real dx, out real drise, out real dfall) {
	precise double low = double(last) - p.fall;
	precise double high = double(last) + p.rise;
	precise real both = c + back.last;
	precise real by_rate = both * p.per_rate;
	bool rises = double(x) > high;
	bool falls = !rises && double(x) < low;
	drise = rises ? by_rate : real(0.0);
	dfall = falls ? -by_rate : real(0.0);
	dx = rises || falls ? real(0.0) : both;
	back.last = rises || falls ? both : real(0.0);
}
