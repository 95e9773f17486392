//! step: state params inputs
//! state: 3
//! tape: 4
//! cost: 14
// subharmonic: the input, and its lowpass turned over in every other cycle. Lowpass and flip-flop are in double, by the
// reference's own operations: which frame turns the flip-flop must be the same frame everywhere.

const double SUBHARMONIC_QUIET = 9.31322574615478515625e-10LF;  // 2^-30
const uint SUBHARMONIC_TURNED = 1u, SUBHARMONIC_ARMED = 2u;

struct subharmonic_params {
	double part;  // of the way, in a frame
	float slope;  // its derivative by the cutoff
	float level;
};

struct subharmonic_state {
	double low;
	uint flip;
};

subharmonic_params subharmonic_prepare(node_info info, double cutoff, float level) {
	precise double cycles = cutoff * info.inv_rate;
	precise double part = 6.283185307179586LF * cycles;
	precise double slope = 6.283185307179586LF * info.inv_rate;
	bool all = part >= 1.0LF;
	return subharmonic_params(all ? 1.0LF : part, all ? 0.0 : float(slope), level);
}

subharmonic_state subharmonic_seek(subharmonic_params p, node_info info, uint t) {
	return subharmonic_state(0.0LF, 0u);
}

void subharmonic_save(subharmonic_state s, uint slot) {
	uvec2 words = unpackDouble2x32(s.low);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
	state_write(slot + 2u, s.flip);
}

subharmonic_state subharmonic_load(uint slot) {
	return subharmonic_state(packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u))), state_read(slot + 2u));
}

// subharmonic_tape: three floats hold a double of this size to the last bit, so that the adjoint finds the flip-flop
// where it was.
float subharmonic_tape(subharmonic_state s, int i) {
	float high = float(s.low);
	precise double rest = s.low - double(high);
	float middle = float(rest);
	precise double last = rest - double(middle);
	return i == 0 ? high : i == 1 ? middle : i == 2 ? float(last) : float(s.flip);
}

// subharmonic_move is the state after a sample.
subharmonic_state subharmonic_move(subharmonic_state s, subharmonic_params p, float x) {
	precise double by = double(x) - s.low;
	by = p.part * by;
	precise double low = s.low + by;
	uint flip = s.flip;
	bool turns = (flip & SUBHARMONIC_ARMED) != 0u && low > SUBHARMONIC_QUIET;
	flip = turns ? (flip ^ (SUBHARMONIC_TURNED | SUBHARMONIC_ARMED)) : flip;
	flip = low < -SUBHARMONIC_QUIET ? (flip | SUBHARMONIC_ARMED) : flip;
	return subharmonic_state(low, flip);
}

// subharmonic_turned is the lowpass with its sign.
float subharmonic_turned(subharmonic_state s) {
	float low = float(s.low);
	return (s.flip & SUBHARMONIC_TURNED) != 0u ? -low : low;
}

float subharmonic_step(inout subharmonic_state s, subharmonic_params p, float x) {
	s = subharmonic_move(s, p, x);
	precise float y = p.level * subharmonic_turned(s);
	y = x + y;
	return y;
}

//! adjoint: state params inputs before
//! adjoint state: 1
struct subharmonic_cotangent {
	float low;
};

subharmonic_cotangent subharmonic_rest() {
	return subharmonic_cotangent(0.0);
}

void subharmonic_adjoint_save(subharmonic_cotangent c, uint slot) {
	state_write(slot, floatBitsToUint(c.low));
}

void subharmonic_adjoint_load(inout subharmonic_cotangent c, uint slot) {
	c.low = uintBitsToFloat(state_read(slot));
}

void subharmonic_adjoint(inout subharmonic_cotangent back, subharmonic_params p, float x,
		float high, float middle, float last, float flip, float c, out float dx, out float dcutoff, out float dlevel) {
	precise double before = double(middle) + double(last);
	before = double(high) + before;
	subharmonic_state s = subharmonic_move(subharmonic_state(before, uint(flip)), p, x);
	precise float by_level = c * subharmonic_turned(s);
	dlevel = by_level;
	precise float through = p.level * c;
	through = (s.flip & SUBHARMONIC_TURNED) != 0u ? -through : through;
	precise float by_low = back.low + through;
	float part = float(p.part);
	float moves = float(double(x) - before);
	precise float by_cutoff = by_low * moves;
	by_cutoff = by_cutoff * p.slope;
	dcutoff = by_cutoff;
	precise float reaches = part * by_low;
	precise float to_input = c + reaches;
	dx = to_input;
	precise float stays = by_low - reaches;
	back.low = stays;
}
