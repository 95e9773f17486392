//! uses: reciprocal exp2 log2 pow
//! step: params frame
//! cost: 150
// envelope: attack, decay, sustain, release as a product of ramps, each raised to a power.
//
// A ramp up is (n + e)/L + e at frame n. What is left of a ramp down, which is 1 less that, is counted from where it
// reaches 0, L (1 - e) - e frames after its start: 1 less the ramp would cancel there. Starts and ends are whole frames
// plus a fraction, so that frames keep their relative precision however long the sound is, and every engine
// decides in double on which side of them a frame is.

// A ramp down: it has not started before frame from, and is over from frame end on.
struct envelope_fall {
	uint from, end;
	real from_fraction, end_fraction;  // from less the start; the end less end
	real per;  // 1 / length
	real before;  // what it is at its start
	bool still;  // of length 0: it stays at 1
};

struct envelope_params {
	uint attack_end;
	real per_attack;
	envelope_fall fall, tail;
	real sustain, alpha;
	bool attack_cut, decay_cut;  // the gate ends the attack, or leaves less than the decay
	real rate;
};

const double ENVELOPE_EPSILON = 1e-6LF;

// envelope_least is a number of frames as one that a uint holds: jobs are shorter than 2^31.
double envelope_least(double n) {
	return min(max(n, 0.0LF), 2147483647.0LF);
}

// envelope_per is 1/length. What is shorter than 1e-9 frames is over at once in any case.
real envelope_per(double frames) {
	return recip(real(max(frames, 1e-9LF)));
}

// envelope_height is how long a ramp is above 0, or below 1.
double envelope_height(double frames) {
	precise double lost = 1.0LF + frames;
	lost = ENVELOPE_EPSILON * lost;
	precise double height = frames - lost;
	return height;
}

envelope_fall envelope_ramp(double start, double frames) {
	double height = envelope_height(frames);
	precise double whole = floor(envelope_least(start)) + 1.0LF;
	precise double end = start + height;
	double end_whole = ceil(envelope_least(end));
	// A start beyond every job has a whole part too small: frames before the first, which come here too, are not before it.
	precise double from_fraction = max(whole - start, 0.0LF);
	precise double end_fraction = end - end_whole;
	real per = envelope_per(frames);
	precise real before = real(max(height, 0.0LF)) * per;
	return envelope_fall(uint(whole), uint(end_whole), real(from_fraction), real(end_fraction), per, before, frames <= 0.0LF);
}

envelope_params envelope_prepare(node_info info, double attack, double decay, real sustain, double release, double gate, real alpha) {
	precise double g = gate * rate;
	precise double attack_frames = attack * rate;
	precise double decay_frames = decay * rate;
	precise double release_frames = release * rate;
	precise double rest = max(g - attack_frames, 0.0LF);
	double a = min(attack_frames, g);
	return envelope_params(
		uint(ceil(envelope_least(envelope_height(a)))), envelope_per(a),
		envelope_ramp(a, min(rest, decay_frames)), envelope_ramp(g, release_frames),
		sustain, alpha, attack_frames > g, rest < decay_frames, real(rate));
}

// envelope_count is a number of frames, exact in two parts.
real envelope_count(uint n) {
	precise real x = real(int(n >> 12)) * real(4096.0);
	x = x + real(int(n & 4095u));
	return x;
}

// envelope_passed is the part of the attack that has passed, less epsilon.
real envelope_passed(envelope_params p, uint t) {
	precise real v = envelope_count(t) + real(ENVELOPE_EPSILON);
	v = v * p.per_attack;
	return v;
}

real envelope_up(envelope_params p, uint t) {
	precise real v = envelope_passed(p, t) + real(ENVELOPE_EPSILON);
	return t < p.attack_end ? min(v, real(1.0)) : real(1.0);
}

// envelope_left is the part of a ramp down that is left.
real envelope_left(envelope_fall f, uint t) {
	precise real v = envelope_count(f.end - min(t, f.end)) + f.end_fraction;
	v = v * f.per;
	v = t < f.from ? f.before : v;
	v = t < f.end ? min(max(v, real(0.0)), real(1.0)) : real(0.0);
	return f.still ? real(1.0) : v;
}

real envelope_step(envelope_params p, uint t) {
	precise real y = real(1.0) - p.sustain;
	y = y * pow_unit(envelope_left(p.fall, t), p.alpha);
	y = y + p.sustain;
	y = y * pow_unit(envelope_up(p, t), p.alpha);
	y = y * pow_unit(envelope_left(p.tail, t), p.alpha);
	return y;
}

//! adjoint: params frame
// A ramp's power is y = v^k. A ramp up has v = q + e with q in proportion to 1/L, so that dy/dL = -k y/v q/L; one down
// has v = 1 - q - e, and q moves with its start too: dy/dL = k y/v q/L, and dy/dstart = k y/v /L once it has begun.

// envelope_slope is k y/v, 0 where the ramp is over.
real envelope_slope(real v, real y, real k) {
	bool gone = v < real(1.17549435082228751e-38LF);
	precise real s = k * y;
	s = s * recip(gone ? real(1.0) : v);
	return gone ? real(0.0) : s;
}

// envelope_log is y ln v, 0 where v is 0.
real envelope_log(real v, real y) {
	bool gone = v < real(1.17549435082228751e-38LF);
	precise real l = log2_precise(gone ? real(1.0) : v) * real(0.69314718055994529LF);
	l = l * y;
	return gone ? real(0.0) : l;
}

// envelope_fallen is the part of a ramp down that has passed, less epsilon.
real envelope_fallen(envelope_fall f, uint t) {
	precise real x = envelope_count(t - min(t, f.from)) + f.from_fraction;
	x = t < f.from ? real(0.0) : x;
	x = x + real(ENVELOPE_EPSILON);
	x = x * f.per;
	return x;
}

// envelope_fall_log is y ln v of a ramp down, from what has passed as long as v is near 1: before the ramp starts v is
// 1 less almost nothing, frame after frame.
real envelope_fall_log(envelope_fall f, uint t, real v, real y) {
	precise real w = envelope_fallen(f, t) + real(ENVELOPE_EPSILON);
	bool early = w < real(0.25);
	precise real l = log1p_reduced(early ? -w : real(0.0)) * y;
	l = early ? l : envelope_log(v, y);
	return f.still ? real(0.0) : l;
}

// envelope_fall_gone is 1 - y of a ramp down, by the exponential's series where y is near 1 and the difference would
// keep few digits: u = k ln v, 1 - e^u = -u (1 + u/2), off by u^2/6 < 2e-5 of it.
real envelope_fall_gone(envelope_fall f, uint t, real y, real k) {
	precise real w = envelope_fallen(f, t) + real(ENVELOPE_EPSILON);
	bool early = w < real(0.25);
	precise real u = k * log1p_reduced(early ? -w : real(0.0));
	precise real g = real(0.5) * u;
	g = g + real(1.0);
	g = g * u;
	precise real rest = real(1.0) - y;
	return !f.still && early && u > real(-0.01) ? -g : rest;
}

// envelope_fall_slope is the derivative by the length of a ramp down; dstart is that by its start.
real envelope_fall_slope(envelope_fall f, uint t, real v, real y, real k, out real dstart) {
	precise real s = envelope_slope(v, y, k) * f.per;
	s = f.still || t >= f.end ? real(0.0) : s;
	dstart = t < f.from ? real(0.0) : s;
	precise real by_length = s * envelope_fallen(f, t);
	return by_length;
}

void envelope_adjoint(envelope_params p, uint t, real c, out real dattack, out real ddecay, out real dsustain,
		out real drelease, out real dgate, out real dalpha) {
	real up = envelope_up(p, t);
	real left = envelope_left(p.fall, t);
	real last = envelope_left(p.tail, t);
	real rise = pow_unit(up, p.alpha);
	real fall = pow_unit(left, p.alpha);
	real tail = pow_unit(last, p.alpha);
	precise real height = real(1.0) - p.sustain;
	precise real level = height * fall;
	level = level + p.sustain;
	// The cotangents of the three powers.
	precise real outer = c * tail;
	precise real to_tail = c * rise;
	to_tail = to_tail * level;
	precise real to_rise = outer * level;
	precise real both = outer * rise;
	precise real to_fall = both * height;

	precise real to_sustain = envelope_fall_gone(p.fall, t, fall, p.alpha) * both;
	dsustain = to_sustain;
	precise real logs = to_rise * envelope_log(up, rise);
	logs = logs + to_fall * envelope_fall_log(p.fall, t, left, fall);
	logs = logs + to_tail * envelope_fall_log(p.tail, t, last, tail);
	dalpha = logs;

	precise real by_attack = envelope_slope(up, rise, p.alpha) * envelope_passed(p, t);
	by_attack = by_attack * p.per_attack;
	by_attack = t < p.attack_end ? by_attack * to_rise : real(0.0);
	real start, end;
	precise real by_decay = to_fall * envelope_fall_slope(p.fall, t, left, fall, p.alpha, start);
	precise real by_release = to_tail * envelope_fall_slope(p.tail, t, last, tail, p.alpha, end);
	precise real by_start = to_fall * start;
	precise real by_gate = to_tail * end;
	by_attack = by_start - by_attack;
	// What the gate cuts short follows it.
	by_gate = by_gate + (p.attack_cut ? by_attack : p.decay_cut ? by_decay : real(0.0));
	by_attack = by_attack - (p.decay_cut ? by_decay : real(0.0));
	by_attack = by_attack * p.rate;
	by_decay = by_decay * p.rate;
	by_release = by_release * p.rate;
	by_gate = by_gate * p.rate;
	dattack = p.attack_cut ? real(0.0) : by_attack;
	ddecay = p.attack_cut || p.decay_cut ? real(0.0) : by_decay;
	drelease = by_release;
	dgate = by_gate;
}
