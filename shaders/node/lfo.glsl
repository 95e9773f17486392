//! uses: phase reciprocal sine exp2 log2 pow
//! step: state params
//! state: 4
//! update: freq
//! cost: 60
// lfo: five shapes between 0 and 1 of one fixed-point phase, mixed by powers of their weights.

// What a shape counts for: its share of the mix, and the derivatives of its power by the weight and by the exponent,
// both over the sum of powers.
struct lfo_part {
	real share, by_weight, by_exponent;
};

struct lfo_params {
	uvec2 increment, offset;
	uvec2 turned_increment, turned_offset;  // of sine and square
	double ratio;  // of their phase to that of the others
	real turn;     // the same
	lfo_part sine, triangle, saw, falling, square;
	real per_hertz;  // increments of a hertz, in cycles
};

// phase is that of the frame before the one to come, without the offset, and turned that of sine and square.
struct lfo_state {
	uvec2 phase, turned;
};

// A weight below the least counts as 0.
bool lfo_counts(real weight) {
	return weight >= real(1e-30LF);
}

// lfo_power is a weight's power, given 1 over the largest of them: so counted, one is 1, and no sum vanishes.
real lfo_power(real weight, real per_largest, real exponent) {
	precise real u = weight * per_largest;
	return lfo_counts(weight) ? pow_unit(min(u, real(1.0)), exponent) : real(0.0);
}

lfo_part lfo_part_of(real weight, real power, real per_largest, real per_sum, real exponent) {
	bool counts = lfo_counts(weight);
	precise real share = power * per_sum;
	precise real by_weight = share * recip(counts ? weight : real(1.0));
	by_weight = by_weight * exponent;
	precise real lone = per_largest * per_sum;
	precise real u = weight * per_largest;
	precise real by_exponent = log2_precise(counts ? min(u, real(1.0)) : real(1.0)) * real(0.69314718055994529LF);
	by_exponent = by_exponent * share;
	return lfo_part(share, counts ? by_weight : exponent == real(1.0) ? lone : real(0.0), counts ? by_exponent : real(0.0));
}

// lfo_update sets what follows from the frequency.
void lfo_update(inout lfo_params p, node_info info, double freq) {
	precise double hz = min(freq, 0.5LF * rate);
	p.increment = increment_from_hz(hz, info.inv_rate);
	precise double turned_hz = hz * p.ratio;
	p.turned_increment = increment_from_hz(turned_hz, info.inv_rate);
}

lfo_params lfo_prepare(node_info info, double freq, double phase, real sine, real triangle, real saw, real falling,
		real square, real exponent, double turn) {
	lfo_params p;
	p.offset = phase_from_cycles(phase);
	p.per_hertz = real(info.inv_rate);
	precise double ratio = turn == 6.2831853071795862LF ? 1.0LF : turn * 0.15915494309189535LF;
	precise double turned_phase = phase * ratio;
	turned_phase = turned_phase + 0.5LF * (ratio - 1.0LF);
	p.turned_offset = phase_from_cycles(turned_phase);
	p.ratio = ratio;
	p.turn = real(ratio);
	lfo_update(p, info, freq);
	real largest = max(max(max(sine, triangle), max(saw, falling)), square);
	bool silent = !lfo_counts(largest);
	real per_largest = silent ? real(0.0) : recip(silent ? real(1.0) : largest);
	real sine_power = lfo_power(sine, per_largest, exponent);
	real triangle_power = lfo_power(triangle, per_largest, exponent);
	real saw_power = lfo_power(saw, per_largest, exponent);
	real falling_power = lfo_power(falling, per_largest, exponent);
	real square_power = lfo_power(square, per_largest, exponent);
	precise real sum = sine_power + triangle_power;
	sum = sum + saw_power;
	sum = sum + falling_power;
	sum = sum + square_power;
	real per_sum = silent ? real(0.0) : recip(silent ? real(1.0) : sum);
	p.sine = lfo_part_of(sine, sine_power, per_largest, per_sum, exponent);
	p.triangle = lfo_part_of(triangle, triangle_power, per_largest, per_sum, exponent);
	p.saw = lfo_part_of(saw, saw_power, per_largest, per_sum, exponent);
	p.falling = lfo_part_of(falling, falling_power, per_largest, per_sum, exponent);
	p.square = lfo_part_of(square, square_power, per_largest, per_sum, exponent);
	return p;
}

lfo_state lfo_seek(lfo_params p, node_info info, uint t) {
	return lfo_state(phase_mul(p.increment, t), phase_mul(p.turned_increment, t));
}

void lfo_save(lfo_state s, uint slot) {
	state_write(slot, s.phase.x);
	state_write(slot + 1u, s.phase.y);
	state_write(slot + 2u, s.turned.x);
	state_write(slot + 3u, s.turned.y);
}

lfo_state lfo_load(uint slot) {
	return lfo_state(uvec2(state_read(slot), state_read(slot + 1u)), uvec2(state_read(slot + 2u), state_read(slot + 3u)));
}

// lfo_cycles is a phase in cycles, in [0, 1], in pieces that are exact, summed from the smallest.
real lfo_cycles(uvec2 phase) {
	precise real low = real(int(phase.x & 0xffffu)) * real(5.42101086242752217e-20LF);
	precise real mid = real(int(((phase.y & 0xffu) << 16) | (phase.x >> 16))) * real(3.5527136788005009e-15LF);
	precise real x = real(int(phase.y >> 8)) * real(5.9604644775390625e-8LF);
	mid = mid + low;
	x = x + mid;
	return x;
}

real lfo_sine(uvec2 phase) {
	precise real y = real(0.5) - cos_scaled(phase, real(0.5));
	return y;
}

real lfo_triangle(uvec2 phase, real x) {
	precise real y = real(2.0) * x;
	y = phase.y < 0x80000000u ? y : real(2.0) - y;
	return y;
}

real lfo_square(uvec2 phase) {
	return phase.y - 0x40000000u < 0x80000000u ? real(1.0) : real(0.0);
}

// lfo_mix is the mix of values of the shapes; the falling saw's is that of the saw, from 1 or from 0.
real lfo_mix(lfo_params p, real sine, real triangle, real saw, real falling, real square) {
	precise real y = p.sine.share * sine;
	y = y + p.triangle.share * triangle;
	y = y + p.saw.share * saw;
	y = y + p.falling.share * falling;
	y = y + p.square.share * square;
	return y;
}

real lfo_step(inout lfo_state s, lfo_params p) {
	s.phase = phase_add(s.phase, p.increment);
	s.turned = phase_add(s.turned, p.turned_increment);
	uvec2 phase = phase_add(s.phase, p.offset);
	uvec2 turned = phase_add(s.turned, p.turned_offset);
	real x = lfo_cycles(phase);
	precise real falling = real(1.0) - x;
	return lfo_mix(p, lfo_sine(turned), lfo_triangle(phase, x), x, falling, lfo_square(turned));
}

//! adjoint: state params seekable
//! adjoint state: 4
// The derivative of a mean by one of its powers, over their sum, is that shape less the mean. A frame's increment has
// part in the phases of its own and all later frames.

// later is the derivative by the phase, added up over this and all later frames, and later_turned that by the phase of
// the sine.
struct lfo_cotangent {
	lfo_state at;
	double later, later_turned;
	real by_turned;
	real by_phase, by_exponent;
	real by_sine, by_triangle, by_saw, by_falling, by_square;
};

lfo_cotangent lfo_rewind(lfo_state s) {
	return lfo_cotangent(s, 0.0LF, 0.0LF, real(0.0), real(0.0), real(0.0), real(0.0), real(0.0), real(0.0), real(0.0), real(0.0));
}

void lfo_adjoint_save(lfo_cotangent s, uint slot) {
	uvec2 words = unpackDouble2x32(s.later);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
	words = unpackDouble2x32(s.later_turned);
	state_write(slot + 2u, words.x);
	state_write(slot + 3u, words.y);
}

void lfo_adjoint_load(inout lfo_cotangent s, uint slot) {
	s.later = packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u)));
	s.later_turned = packDouble2x32(uvec2(state_read(slot + 2u), state_read(slot + 3u)));
}

// lfo_adjoint_begin has nothing to do: a frame's phase is what the state holds after it.
void lfo_adjoint_begin(inout lfo_cotangent s, lfo_params p) {
}

// lfo_weigh takes what a shape is above the mean, times the cotangent, and adds to the derivative by the exponent.
real lfo_weigh(inout lfo_cotangent s, lfo_part part, real above) {
	precise real e = part.by_exponent * above;
	s.by_exponent = s.by_exponent + e;
	precise real w = part.by_weight * above;
	return w;
}

void lfo_adjoint_step(inout lfo_cotangent s, lfo_params p, uint substep, real c) {
	uvec2 phase = phase_add(s.at.phase, p.offset);
	uvec2 turned = phase_add(s.at.turned, p.turned_offset);
	s.at.phase = phase_sub(s.at.phase, p.increment);
	s.at.turned = phase_sub(s.at.turned, p.turned_increment);
	precise real x = lfo_cycles(phase);
	precise real falling = real(1.0) - x;
	precise real sine = lfo_sine(turned);
	precise real triangle = lfo_triangle(phase, x);
	precise real square = lfo_square(turned);
	precise real mean = lfo_mix(p, sine, triangle, x, falling, square);
	s.by_exponent = real(0.0);
	s.by_sine = lfo_weigh(s, p.sine, c * (sine - mean));
	s.by_triangle = lfo_weigh(s, p.triangle, c * (triangle - mean));
	s.by_saw = lfo_weigh(s, p.saw, c * (x - mean));
	s.by_falling = lfo_weigh(s, p.falling, c * (falling - mean));
	s.by_square = lfo_weigh(s, p.square, c * (square - mean));
	precise real by_turned = sin_scaled(turned, real(3.1415926535897931LF)) * p.sine.share;
	by_turned = by_turned * c;
	s.by_turned = by_turned;
	precise real by_phase = lfo_mix(p, real(0.0), phase.y < 0x80000000u ? real(2.0) : real(-2.0), real(1.0), real(-1.0), real(0.0));
	by_phase = by_phase * c;
	s.by_phase = by_phase;
}

// lfo_adjoint_end ends the frame t. Where the frequency stays, the phase is the increment times this and all frames
// before.
void lfo_adjoint_end(inout lfo_cotangent s, lfo_params p, uint t, bool seekable, out real dfreq, out real dphase,
		out real dsine, out real dtriangle, out real dsaw, out real dfalling, out real dsquare, out real dexponent) {
	precise double later = s.later + double(s.by_phase);
	s.later = later;
	precise double later_turned = s.later_turned + double(s.by_turned);
	s.later_turned = later_turned;
	precise real by_phase = s.by_turned * p.turn;
	by_phase = s.by_phase + by_phase;
	precise double steps = double(by_phase) * (double(t) + 1.0LF);
	later_turned = later_turned * p.ratio;
	later = later + later_turned;
	steps = seekable ? steps : later;
	precise real hertz = real(steps) * p.per_hertz;
	dfreq = hertz;
	dphase = by_phase;
	dsine = s.by_sine;
	dtriangle = s.by_triangle;
	dsaw = s.by_saw;
	dfalling = s.by_falling;
	dsquare = s.by_square;
	dexponent = s.by_exponent;
}
