//! uses: phase sine
//! step: params inputs
//! cost: 1
// pan: the input times the cosine or the sine of an eighth of 1 + pan cycles, on the first two channels.

struct pan_params {
	float share;
	float slope;  // of the share, by pan
};

pan_params pan_prepare(node_info info, float pan) {
	precise double cycles = double(pan) * 0.125LF;
	cycles = cycles + 0.125LF;
	uvec2 phase = phase_from_cycles(cycles);
	float left = cos_cycles(phase);
	float right = sin_cycles(phase);
	precise float turned = 0.785398185253143311 * (lane_channel == 0u ? -right : left);
	bool aside = lane_channel > 1u;
	return pan_params(aside ? 1.0 : lane_channel == 0u ? left : right, aside ? 0.0 : turned);
}

float pan_step(pan_params p, float x) {
	precise float y = x * p.share;
	return y;
}

//! adjoint: params inputs
void pan_adjoint(pan_params p, float x, float c, out float dx, out float dpan) {
	precise float to_x = c * p.share;
	precise float to_pan = c * x;
	to_pan = to_pan * p.slope;
	dx = to_x;
	dpan = to_pan;
}
