//! uses: phase catmull
//! step: state params
//! state: 3
//! cost: 50
// sampler: a recording, at a fixed-point place in parts of it.

const double SAMPLER_LOWEST = 1e-6LF;

struct sampler_params {
	bool loop;
	uvec2 increment, start;
	bool whole;  // the start is the recording's end
	uint table, first, columns;  // first is the channel's first number
	float length, per_ratio;
};

// phase is the advance of all frames before, and turns its whole recordings.
struct sampler_state {
	uvec2 phase;
	uint turns;
};

sampler_params sampler_prepare(node_info info, uint table, uint rows, uint columns, double per_second, int mode, double ratio, double start) {
	sampler_params p;
	p.loop = mode == 1;
	precise double hz = ratio * per_second;
	precise double nyquist = 0.5LF * rate;
	precise double per_ratio = per_second * info.inv_rate;
	p.per_ratio = hz > nyquist ? 0.0 : float(per_ratio);
	hz = hz < SAMPLER_LOWEST ? 0.0LF : min(hz, nyquist);
	p.increment = increment_from_hz(hz, info.inv_rate);
	p.start = phase_from_cycles(start);
	p.whole = start >= 1.0LF;
	p.table = table;
	p.first = lane_channel % rows * columns;
	p.columns = columns;
	p.length = float(int(columns));
	return p;
}

sampler_state sampler_seek(sampler_params p, node_info info, uint t) {
	uint carry, lower, turns, upper;
	umulExtended(p.increment.x, t, carry, lower);
	umulExtended(p.increment.y, t, turns, upper);
	upper += carry;
	return sampler_state(uvec2(lower, upper), turns + uint(upper < carry));
}

void sampler_save(sampler_state s, uint slot) {
	state_write(slot, s.phase.x);
	state_write(slot + 1u, s.phase.y);
	state_write(slot + 2u, s.turns);
}

sampler_state sampler_load(uint slot) {
	return sampler_state(uvec2(state_read(slot), state_read(slot + 1u)), state_read(slot + 2u));
}

// sampler_below says whether a sum of phases went round, given one of the two.
bool sampler_below(uvec2 sum, uvec2 one) {
	return sum.y < one.y || (sum.y == one.y && sum.x < one.x);
}

// sampler_column is a number of the recording; where it does not go round, 0 outside.
float sampler_column(sampler_params p, int i) {
	int n = int(p.columns);
	bool inside = i >= 0 && i < n;
	int turned = i < 0 ? i + n : i >= n ? i - n : i;
	float x = table_read(p.table, p.first + uint(turned));
	return p.loop || inside ? x : 0.0;
}

vec4 sampler_around(sampler_params p, uvec2 place, out float rest) {
	int i = int(spline_column(place, p.columns, rest));
	return vec4(sampler_column(p, i - 1), sampler_column(p, i), sampler_column(p, i + 1), sampler_column(p, i + 2));
}

// sampler_silent says whether a recording that is played once is over.
bool sampler_silent(sampler_state s, sampler_params p, uvec2 place) {
	return !p.loop && (s.turns > 0u || p.whole || sampler_below(place, p.start));
}

float sampler_step(inout sampler_state s, sampler_params p) {
	uvec2 place = phase_add(s.phase, p.start);
	float rest;
	vec4 x = sampler_around(p, place, rest);
	float y = catmull_rom(x, rest);
	y = sampler_silent(s, p, place) ? 0.0 : y;
	s.phase = phase_add(s.phase, p.increment);
	s.turns += uint(sampler_below(s.phase, p.increment));
	return y;
}

//! adjoint: state params substep seekable
//! adjoint state: 2
// The adjoint walks frames from the last to the first, as that of an oscillator does.

// later is the derivative by the place, added up over all later frames.
struct sampler_cotangent {
	sampler_state at;
	float by_place;
	double later;
};

sampler_cotangent sampler_rewind(sampler_state s) {
	return sampler_cotangent(s, 0.0, 0.0LF);
}

void sampler_adjoint_save(sampler_cotangent s, uint slot) {
	uvec2 words = unpackDouble2x32(s.later);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
}

void sampler_adjoint_load(inout sampler_cotangent s, uint slot) {
	s.later = packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u)));
}

// sampler_adjoint_begin goes back one frame.
void sampler_adjoint_begin(inout sampler_cotangent s, sampler_params p) {
	s.at.turns -= uint(sampler_below(s.at.phase, p.increment));
	s.at.phase = phase_sub(s.at.phase, p.increment);
}

void sampler_adjoint_step(inout sampler_cotangent s, sampler_params p, uint substep, float c) {
	uvec2 place = phase_add(s.at.phase, p.start);
	float rest;
	vec4 x = sampler_around(p, place, rest);
	precise float slope = catmull_rom_slope(x, rest) * p.length;
	slope = slope * c;
	s.by_place = sampler_silent(s.at, p, place) ? 0.0 : slope;
}

void sampler_adjoint_end(inout sampler_cotangent s, sampler_params p, uint t, bool seekable, out float dratio, out float dstart) {
	precise double steps = seekable ? double(s.by_place) * double(t) : s.later;
	precise double later = s.later + double(s.by_place);
	s.later = later;
	precise float to_ratio = float(steps) * p.per_ratio;
	dratio = to_ratio;
	dstart = s.by_place;
}
