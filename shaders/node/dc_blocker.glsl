//! step: state params inputs
//! state: 1
//! tape: 1
//! cost: 3
// dc_blocker: the input less its mean, which is forgotten at the rate of the pole.

struct dc_blocker_params {
	float forgets;  // 1 less the pole
};

struct dc_blocker_state {
	float mean;
};

dc_blocker_params dc_blocker_prepare(node_info info, float pole) {
	precise float forgets = 1.0 - pole;
	return dc_blocker_params(forgets);
}

dc_blocker_state dc_blocker_seek(dc_blocker_params p, node_info info, uint t) {
	return dc_blocker_state(0.0);
}

void dc_blocker_save(dc_blocker_state s, uint slot) {
	state_write(slot, floatBitsToUint(s.mean));
}

dc_blocker_state dc_blocker_load(uint slot) {
	return dc_blocker_state(uintBitsToFloat(state_read(slot)));
}

float dc_blocker_tape(dc_blocker_state s, int i) {
	return s.mean;
}

float dc_blocker_step(inout dc_blocker_state s, dc_blocker_params p, float x) {
	precise float y = x - s.mean;
	precise float by = p.forgets * y;
	by = s.mean + by;
	s.mean = by;
	return y;
}

//! adjoint: state params inputs before
//! adjoint state: 1
struct dc_blocker_cotangent {
	float mean;
};

dc_blocker_cotangent dc_blocker_rest() {
	return dc_blocker_cotangent(0.0);
}

void dc_blocker_adjoint_save(dc_blocker_cotangent c, uint slot) {
	state_write(slot, floatBitsToUint(c.mean));
}

void dc_blocker_adjoint_load(inout dc_blocker_cotangent c, uint slot) {
	c.mean = uintBitsToFloat(state_read(slot));
}

void dc_blocker_adjoint(inout dc_blocker_cotangent back, dc_blocker_params p, float x, float mean, float c,
		out float dx, out float dpole) {
	precise float y = x - mean;
	precise float to_pole = back.mean * y;
	dpole = -to_pole;
	precise float to_y = p.forgets * back.mean;
	to_y = c + to_y;
	dx = to_y;
	precise float before = back.mean - to_y;
	back.mean = before;
}
