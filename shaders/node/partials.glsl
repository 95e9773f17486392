//! uses: phase sine
//! step: begin fold state params
//! state: 2
//! cost: 60
// partials: harmonics of one fixed-point phase, with signals as amplitudes. Its multiples are exact, found by adding it
// up.

const double PARTIALS_LOWEST = 1e-6LF;

struct partials_params {
	uvec2 increment, offset;
	float per_hertz;  // increments of a hertz, in cycles
};

// phase is that of the frame to come, without the offset; now is that of this frame, with it. harmonic and reach are
// the multiples of now and of the increment that the next source has.
struct partials_state {
	uvec2 phase, now, harmonic, reach;
};

partials_params partials_prepare(node_info info, double freq, double phase) {
	partials_params p;
	precise double nyquist = 0.5LF * rate;
	precise double hz = freq < PARTIALS_LOWEST ? 0.0LF : min(freq, nyquist);
	p.increment = increment_from_hz(hz, info.inv_rate);
	p.offset = phase_from_cycles(phase);
	p.per_hertz = float(info.inv_rate);
	return p;
}

partials_state partials_seek(partials_params p, node_info info, uint t) {
	return partials_state(phase_mul(p.increment, t), uvec2(0u), uvec2(0u), uvec2(0u));
}

void partials_save(partials_state s, uint slot) {
	state_write(slot, s.phase.x);
	state_write(slot + 1u, s.phase.y);
}

partials_state partials_load(uint slot) {
	return partials_state(uvec2(state_read(slot), state_read(slot + 1u)), uvec2(0u), uvec2(0u), uvec2(0u));
}

// partials_at is the state at a frame's first source.
partials_state partials_at(uvec2 phase, partials_params p) {
	uvec2 now = phase_add(phase, p.offset);
	return partials_state(phase, now, now, p.increment);
}

void partials_begin(inout partials_state s, partials_params p) {
	s = partials_at(s.phase, p);
	s.phase = phase_add(s.phase, p.increment);
}

// partials_silent says whether the source's harmonic is at half the sample rate or above. Once one is, all after it
// are, so that reach stays: it would go round.
bool partials_silent(partials_state s) {
	return s.reach.y >= 0x80000000u;
}

void partials_up(inout partials_state s, partials_params p) {
	s.harmonic = phase_add(s.harmonic, s.now);
	s.reach = partials_silent(s) ? s.reach : phase_add(s.reach, p.increment);
}

float partials_first(inout partials_state s, partials_params p, float amplitude) {
	precise float y = amplitude * sin_cycles(s.harmonic);
	y = partials_silent(s) ? 0.0 : y;
	partials_up(s, p);
	return y;
}

float partials_next(float sum, inout partials_state s, partials_params p, float amplitude) {
	precise float y = sum + partials_first(s, p, amplitude);
	return y;
}

//! adjoint: fold state params seekable
//! adjoint state: 2
// The adjoint walks frames from the last to the first. A frame's phase is offset + increment t, so that the sum of
// the derivatives by phase over all later frames reaches the frequency.
// Source: the sum, differentiated term by term.

// number is that of the next source's harmonic, by_phase this frame's derivative so far, and later that of all later
// frames.
struct partials_cotangent {
	partials_state at;
	float number, by_phase;
	double later;
};

partials_cotangent partials_rewind(partials_state s) {
	return partials_cotangent(s, 1.0, 0.0, 0.0LF);
}

void partials_adjoint_save(partials_cotangent s, uint slot) {
	uvec2 words = unpackDouble2x32(s.later);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
}

void partials_adjoint_load(inout partials_cotangent s, uint slot) {
	s.later = packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u)));
}

// partials_adjoint_begin goes back one frame.
void partials_adjoint_begin(inout partials_cotangent s, partials_params p) {
	s.at = partials_at(phase_sub(s.at.phase, p.increment), p);
	s.number = 1.0;
	s.by_phase = 0.0;
}

void partials_adjoint(inout partials_cotangent s, partials_params p, float amplitude, float c, out float damplitude) {
	bool silent = partials_silent(s.at);
	precise float to_amplitude = c * sin_cycles(s.at.harmonic);
	precise float slope = amplitude * cos_cycles(s.at.harmonic);
	slope = slope * s.number;
	slope = slope * c;
	slope = s.by_phase + slope;
	damplitude = silent ? 0.0 : to_amplitude;
	s.by_phase = silent ? s.by_phase : slope;
	precise float number = s.number + 1.0;
	s.number = number;
	partials_up(s.at, p);
}

void partials_adjoint_end(inout partials_cotangent s, partials_params p, uint t, bool seekable, out float dfreq, out float dphase) {
	precise float by_phase = s.by_phase * 6.28318548202514648;
	precise double steps = seekable ? double(by_phase) * double(t) : s.later;
	precise double later = s.later + double(by_phase);
	s.later = later;
	precise float hertz = float(steps) * p.per_hertz;
	dfreq = hertz;
	dphase = by_phase;
}
