//! step: state params frame inputs ring
//! ring: most
//! tape after: 1
//! cost: 8
// delay: the input, late by a number of frames that may be a fraction and may change.

struct delay_params {
	uint whole;
	float part;
	bool inner;  // less than the longest: more of it moves the output
};

// slope is the derivative of the last output by the delay, in frames.
struct delay_state {
	float slope;
};

delay_params delay_prepare(node_info info, double most, double delay) {
	double d = min(delay, most);
	uint whole = uint(d);
	precise double part = d - double(whole);
	return delay_params(whole, float(part), delay < most);
}

delay_state delay_seek(delay_params p, node_info info, uint t) {
	return delay_state(0.0);
}

float delay_tape(delay_state s, int i) {
	return s.slope;
}

float delay_step(inout delay_state s, delay_params p, uint t, float x, uvec2 ring) {
	ring_write(ring, t, x);
	float near = ring_read(ring, t, p.whole);
	float far = ring_read(ring, t, p.whole + 1u);
	precise float slope = far - near;
	s.slope = p.inner ? slope : 0.0;
	precise float left = 1.0 - p.part;
	precise float y = left * near;
	precise float last = p.part * far;
	y = y + last;
	return y;
}

//! adjoint: params frame after ring
// A frame's cotangent goes to the two frames that it was read from; once the walk is at a frame, all that have read
// it have been there. Its place is then free for a frame before all that are in the ring.
void delay_adjoint(delay_params p, uint t, float slope, uvec2 ring, float c, out float dx, out float ddelay) {
	// Before the step's first frame there is nothing to walk back to.
	bool live = t < 0x80000000u;
	uint far = p.whole + 1u;
	if (live && p.whole <= t) {
		precise float near_part = 1.0 - p.part;
		near_part = near_part * c;
		ring_add(ring, t - p.whole, near_part);
	}
	if (live && far <= t) {
		precise float far_part = p.part * c;
		ring_add(ring, t - far, far_part);
	}
	dx = live ? ring_take(ring, t) : 0.0;
	precise float by_delay = c * slope;
	ddelay = by_delay;
}
