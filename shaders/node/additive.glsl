//! uses: phase sine exp2 log2 pow
//! step: begin state params
//! state: 2
//! loops: 257
//! cost: 2000
// additive: harmonics of one fixed-point phase. Its multiples are exact, found by adding it up.

const double ADDITIVE_LOWEST = 1e-6LF;

struct additive_params {
	uvec2 increment, offset;
	double count;
	uint last;  // harmonic, a part of which there may be
	float tilt, odd, even;
	float per_hertz;  // increments of a hertz, in cycles
};

// phase is that of the frame to come, without the offset; now is that of this frame, with it.
struct additive_state {
	uvec2 phase, now;
};

additive_params additive_prepare(node_info info, double freq, double phase, double count, float tilt, float balance) {
	additive_params p;
	precise double nyquist = 0.5LF * rate;
	precise double hz = freq < ADDITIVE_LOWEST ? 0.0LF : min(freq, nyquist);
	p.increment = increment_from_hz(hz, info.inv_rate);
	p.offset = phase_from_cycles(phase);
	p.count = count;
	p.last = uint(int(ceil(count)));
	p.tilt = tilt;
	precise float odd = 1.0 - balance;
	precise float even = 1.0 + balance;
	p.odd = odd;
	p.even = even;
	p.per_hertz = float(info.inv_rate);
	return p;
}

additive_state additive_seek(additive_params p, node_info info, uint t) {
	return additive_state(phase_mul(p.increment, t), uvec2(0u));
}

void additive_save(additive_state s, uint slot) {
	state_write(slot, s.phase.x);
	state_write(slot + 1u, s.phase.y);
}

additive_state additive_load(uint slot) {
	return additive_state(uvec2(state_read(slot), state_read(slot + 1u)), uvec2(0u));
}

void additive_begin(inout additive_state s, additive_params p) {
	s.now = phase_add(s.phase, p.offset);
	s.phase = phase_add(s.phase, p.increment);
}

// additive_share is the part that there is of harmonic k.
float additive_share(additive_params p, uint k) {
	precise double rest = p.count - double(k - 1u);
	return float(min(rest, 1.0LF));
}

// additive_silent says whether k increments, which follow those of harmonic k - 1, are half a cycle or more. Those
// before are less, and one is half a cycle at most, so that they do not go round.
bool additive_silent(uvec2 reach) {
	return reach.y >= 0x80000000u;
}

float additive_step(additive_state s, additive_params p) {
	precise float sum = 0.0;
	uvec2 phase = s.now;
	uvec2 reach = p.increment;
	for (uint k = 1u; k <= p.last && !additive_silent(reach); k++) {
		precise float amplitude = pow_precise(float(int(k)), -p.tilt) * ((k & 1u) == 1u ? p.odd : p.even);
		amplitude = amplitude * additive_share(p, k);
		amplitude = amplitude * sin_cycles(phase);
		sum = sum + amplitude;
		phase = phase_add(phase, s.now);
		reach = phase_add(reach, p.increment);
	}
	return sum;
}

//! adjoint: state params substep seekable
//! adjoint state: 2
// The adjoint walks frames from the last to the first. A frame's phase is offset + increment t, so that the sum of
// the derivatives by phase over all later frames reaches the frequency.
// Source: the sum, differentiated term by term.

// later is the derivative by phase, added up over all later frames; the others are this frame's.
struct additive_cotangent {
	additive_state at;
	float by_phase, by_count, by_tilt, by_balance;
	double later;
};

additive_cotangent additive_rewind(additive_state s) {
	return additive_cotangent(s, 0.0, 0.0, 0.0, 0.0, 0.0LF);
}

void additive_adjoint_save(additive_cotangent s, uint slot) {
	uvec2 words = unpackDouble2x32(s.later);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
}

void additive_adjoint_load(inout additive_cotangent s, uint slot) {
	s.later = packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u)));
}

// additive_adjoint_begin goes back one frame.
void additive_adjoint_begin(inout additive_cotangent s, additive_params p) {
	s.at.phase = phase_sub(s.at.phase, p.increment);
	s.at.now = phase_add(s.at.phase, p.offset);
}

void additive_adjoint_step(inout additive_cotangent s, additive_params p, uint substep, float c) {
	precise float by_phase = 0.0;
	precise float by_count = 0.0;
	precise float by_tilt = 0.0;
	precise float by_balance = 0.0;
	uvec2 phase = s.at.now;
	uvec2 reach = p.increment;
	for (uint k = 1u; k <= p.last && !additive_silent(reach); k++) {
		bool odd = (k & 1u) == 1u;
		float share = additive_share(p, k);
		precise float slope = pow_precise(float(int(k)), -p.tilt);
		precise float part = slope * sin_cycles(phase);
		precise float sided = part * (odd ? p.odd : p.even);
		slope = slope * (odd ? p.odd : p.even);
		slope = slope * share;
		slope = slope * float(int(k));
		slope = slope * cos_cycles(phase);
		by_phase = by_phase + slope;
		// At the last harmonic, whole or not, more count is more of it.
		by_count = k == p.last ? sided : by_count;
		sided = sided * share;
		sided = sided * log2_precise(float(int(k)));
		by_tilt = by_tilt + sided;
		part = part * share;
		by_balance = odd ? by_balance - part : by_balance + part;
		phase = phase_add(phase, s.at.now);
		reach = phase_add(reach, p.increment);
	}
	by_phase = by_phase * 6.28318548202514648;
	by_phase = by_phase * c;
	by_count = by_count * c;
	by_tilt = by_tilt * -0.693147182464599609;
	by_tilt = by_tilt * c;
	by_balance = by_balance * c;
	s.by_phase = by_phase;
	s.by_count = by_count;
	s.by_tilt = by_tilt;
	s.by_balance = by_balance;
}

void additive_adjoint_end(inout additive_cotangent s, additive_params p, uint t, bool seekable, out float dfreq, out float dphase, out float dcount, out float dtilt, out float dbalance) {
	precise double steps = seekable ? double(s.by_phase) * double(t) : s.later;
	precise double later = s.later + double(s.by_phase);
	s.later = later;
	precise float hertz = float(steps) * p.per_hertz;
	dfreq = hertz;
	dphase = s.by_phase;
	dcount = s.by_count;
	dtilt = s.by_tilt;
	dbalance = s.by_balance;
}
