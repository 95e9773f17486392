//! uses: phase catmull
//! step: state params
//! state: 2
//! loops: 14
//! cost: 80
// wavetable: single cycles, read at a fixed-point phase from the level whose harmonics are all below half the sample rate.

const double WAVETABLE_LOWEST = 1e-6LF;

struct wavetable_params {
	uvec2 increment, offset;
	uint table, first, second;  // the first numbers of the two waves
	uint columns;               // of the level
	float part;                 // of the second wave
	float length, frames, per_hertz;
};

struct wavetable_state {
	uvec2 phase;
};

// wavetable_aliases says whether so many increments are half a cycle or more.
bool wavetable_aliases(uvec2 increment, uint harmonic) {
	uint carry, lower, over, upper;
	umulExtended(increment.x, harmonic, carry, lower);
	umulExtended(increment.y, harmonic, over, upper);
	upper += carry;
	return over > 0u || upper < carry || upper >= 0x80000000u;
}

wavetable_params wavetable_prepare(node_info info, uint table, uint rows, uint columns, double per_second, double freq, double phase, double position) {
	wavetable_params p;
	precise double nyquist = 0.5LF * rate;
	precise double hz = freq < WAVETABLE_LOWEST ? 0.0LF : min(freq, nyquist);
	p.increment = increment_from_hz(hz, info.inv_rate);
	p.offset = phase_from_cycles(phase);
	uint highest = (columns - 1u) >> 1;
	uint level = 0u;
	while (highest > 0u && wavetable_aliases(p.increment, highest)) {
		level += rows * 16u * highest;
		highest = highest >> 1;
	}
	p.columns = max(4u, 16u * highest);
	precise double at = position * double(rows - 1u);
	uint frame = min(uint(int(at)), max(rows, 2u) - 2u);
	precise double part = at - double(frame);
	p.part = float(part);
	p.table = table;
	p.first = level + frame * p.columns;
	p.second = level + min(frame + 1u, rows - 1u) * p.columns;
	p.length = float(int(p.columns));
	p.frames = float(int(rows - 1u));
	p.per_hertz = float(info.inv_rate);
	return p;
}

wavetable_state wavetable_seek(wavetable_params p, node_info info, uint t) {
	return wavetable_state(phase_mul(p.increment, t));
}

void wavetable_save(wavetable_state s, uint slot) {
	state_write(slot, s.phase.x);
	state_write(slot + 1u, s.phase.y);
}

wavetable_state wavetable_load(uint slot) {
	return wavetable_state(uvec2(state_read(slot), state_read(slot + 1u)));
}

// wavetable_around is the four numbers of a wave around column i.
vec4 wavetable_around(wavetable_params p, uint wave, uint i) {
	uint last = p.columns - 1u;
	uint before = i == 0u ? last : i - 1u;
	uint next = i == last ? 0u : i + 1u;
	uint second = next == last ? 0u : next + 1u;
	return vec4(table_read(p.table, wave + before), table_read(p.table, wave + i),
		table_read(p.table, wave + next), table_read(p.table, wave + second));
}

float wavetable_mix(wavetable_params p, float first, float second) {
	precise float y = second - first;
	y = y * p.part;
	y = first + y;
	return y;
}

float wavetable_step(inout wavetable_state s, wavetable_params p) {
	float rest;
	uint i = spline_column(phase_add(s.phase, p.offset), p.columns, rest);
	s.phase = phase_add(s.phase, p.increment);
	return wavetable_mix(p, catmull_rom(wavetable_around(p, p.first, i), rest), catmull_rom(wavetable_around(p, p.second, i), rest));
}

//! adjoint: state params substep seekable
//! adjoint state: 2
// The adjoint walks frames from the last to the first, as that of an oscillator does.

// later is the derivative by the phase, added up over all later frames.
struct wavetable_cotangent {
	wavetable_state at;
	float by_phase, by_position;
	double later;
};

wavetable_cotangent wavetable_rewind(wavetable_state s) {
	return wavetable_cotangent(s, 0.0, 0.0, 0.0LF);
}

void wavetable_adjoint_save(wavetable_cotangent s, uint slot) {
	uvec2 words = unpackDouble2x32(s.later);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
}

void wavetable_adjoint_load(inout wavetable_cotangent s, uint slot) {
	s.later = packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u)));
}

// wavetable_adjoint_begin goes back one frame.
void wavetable_adjoint_begin(inout wavetable_cotangent s, wavetable_params p) {
	s.at.phase = phase_sub(s.at.phase, p.increment);
}

void wavetable_adjoint_step(inout wavetable_cotangent s, wavetable_params p, uint substep, float c) {
	float rest;
	uint i = spline_column(phase_add(s.at.phase, p.offset), p.columns, rest);
	vec4 first = wavetable_around(p, p.first, i);
	vec4 second = wavetable_around(p, p.second, i);
	precise float by_phase = wavetable_mix(p, catmull_rom_slope(first, rest), catmull_rom_slope(second, rest)) * p.length;
	by_phase = by_phase * c;
	precise float by_position = catmull_rom(second, rest) - catmull_rom(first, rest);
	by_position = by_position * p.frames;
	by_position = by_position * c;
	s.by_phase = by_phase;
	s.by_position = by_position;
}

void wavetable_adjoint_end(inout wavetable_cotangent s, wavetable_params p, uint t, bool seekable, out float dfreq, out float dphase, out float dposition) {
	precise double steps = seekable ? double(s.by_phase) * double(t) : s.later;
	precise double later = s.later + double(s.by_phase);
	s.later = later;
	precise float hertz = float(steps) * p.per_hertz;
	dfreq = hertz;
	dphase = s.by_phase;
	dposition = s.by_position;
}
