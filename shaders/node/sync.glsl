//! uses: phase reciprocal_wide sine blep
//! step: begin state params substep
//! state: 2
//! cost: 120
// sync: an oscillator that starts anew with each cycle of its master. Places are in cycles of the slave, in double, so
// that all engines agree on which side of an edge a step lies.

const int SYNC_SINE = 0, SYNC_SAW = 1, SYNC_PULSE = 2, SYNC_TRIANGLE = 3;
const int SYNC_POLYBLEP2 = 1;
const double SYNC_LOWEST = 1e-6LF;
const float SYNC_FAR = 1024.0;  // samples, beyond the reach of any residual

// sync_edge is a step and a corner, every cycle from the one given on.
struct sync_edge {
	double place, first;
	float height, corner;
};

struct sync_params {
	int shape, band_limit;
	uint ratio;
	uvec2 increment, frame_increment, offset;
	double cycles, width;
	double per_step;  // samples in a cycle of the slave
	float slave, step, per_cycle;  // the slave's cycles, those in a sample, and per_step
	float increment_cycles;
	bool bare;     // without residuals
	bool limited;  // to half the sample rate
	// What the master's end adds to the waveform and to its slope, and how that grows with the cycles.
	sync_edge end;
	float height, corner;
	float per_hertz;
};

struct sync_state {
	uvec2 phase, now;
};

// sync_naive is the waveform without residuals. A pulse is high where its cycle has begun and its falling edge has not
// come, with the places of sync_distances, so that a step and its residual never lie on two sides of a sample.
float sync_naive(int shape, double width, double place) {
	precise double part = place - floor(place);
	switch (shape) {
	case SYNC_SINE:
		return sin_cycles(phase_from_cycles(part));
	case SYNC_SAW:
		precise double ramp = 2.0LF * part - 1.0LF;
		return float(ramp);
	case SYNC_PULSE:
		precise double since = place - width;
		return floor(since) < floor(place) ? 1.0 : -1.0;
	default:
		precise double hill = 1.0LF - 4.0LF * abs(part - 0.5LF);
		return float(hill);
	}
}

// sync_tilt is its slope, a cycle.
float sync_tilt(int shape, double place) {
	precise double part = place - floor(place);
	precise float y;
	switch (shape) {
	case SYNC_SINE:
		y = 6.28318548202514648 * cos_cycles(phase_from_cycles(part));
		return y;
	case SYNC_SAW:
		return 2.0;
	case SYNC_PULSE:
		return 0.0;
	default:
		return part < 0.5LF ? 4.0 : -4.0;
	}
}

sync_params sync_prepare(node_info info, int shape, int band_limit, double freq, double phase, double cycles, double width) {
	sync_params p;
	p.shape = shape;
	p.band_limit = band_limit;
	p.ratio = info.ratio;
	precise double nyquist = 0.5LF * rate;
	double hz = freq < SYNC_LOWEST ? 0.0LF : min(freq, nyquist);
	p.increment = increment_from_hz(hz, info.inv_rate);
	p.frame_increment = phase_mul(p.increment, info.ratio);
	p.offset = phase_from_cycles(phase);
	precise double most = nyquist * recip(max(freq, SYNC_LOWEST));
	p.limited = hz > 0.0LF && most < cycles;
	p.cycles = p.limited ? max(most, 1.0LF) : cycles;
	p.width = width;
	precise double increment = double(p.increment.y) * 2.3283064365386963e-10LF + double(p.increment.x) * 5.42101086242752217e-20LF;
	p.bare = band_limit == 0 || increment == 0.0LF;
	precise double step = p.cycles * increment;
	p.per_step = recip(p.bare ? 1.0LF : step);
	p.slave = float(p.cycles);
	p.step = float(step);
	p.per_cycle = float(p.per_step);
	p.increment_cycles = float(increment);
	p.per_hertz = float(info.inv_rate);
	float tilt = sync_tilt(shape, p.cycles);
	precise float height = sync_naive(shape, width, 0.0LF) - sync_naive(shape, width, p.cycles);
	precise float corner = sync_tilt(shape, 0.0LF) - tilt;
	p.end = sync_edge(0.0LF, 0.0LF, height, corner);
	p.height = -tilt;
	precise float bend = 39.478416442871094 * sin_cycles(phase_from_cycles(p.cycles));
	p.corner = shape == SYNC_SINE ? bend : 0.0;
	return p;
}

sync_state sync_seek(sync_params p, node_info info, uint t) {
	return sync_state(phase_mul(p.frame_increment, t), uvec2(0u));
}

void sync_save(sync_state s, uint slot) {
	state_write(slot, s.phase.x);
	state_write(slot + 1u, s.phase.y);
}

sync_state sync_load(uint slot) {
	return sync_state(uvec2(state_read(slot), state_read(slot + 1u)), uvec2(0u));
}

// sync_begin starts a frame.
void sync_begin(inout sync_state s, sync_params p) {
	s.now = phase_add(s.phase, p.offset);
	s.phase = phase_add(s.phase, p.frame_increment);
}

// sync_master is a phase in cycles. Its last bits are left, so that it stays below 1.
double sync_master(uvec2 phase) {
	precise double cycles = double(phase.y) * 2.3283064365386963e-10LF;
	cycles = cycles + double(phase.x >> 12) * 2.220446049250313e-16LF;
	return cycles;
}

// sync_first and sync_second are the edges of the slave's own cycle; one of no height is none.
sync_edge sync_first(sync_params p) {
	bool pulse = p.shape == SYNC_PULSE && p.width > 0.0LF && p.width < 1.0LF;
	return sync_edge(0.0LF, 1.0LF, p.shape == SYNC_SAW ? -2.0 : pulse ? 2.0 : 0.0, p.shape == SYNC_TRIANGLE ? 8.0 : 0.0);
}

sync_edge sync_second(sync_params p) {
	bool pulse = p.shape == SYNC_PULSE && p.width > 0.0LF && p.width < 1.0LF;
	return sync_edge(p.shape == SYNC_PULSE ? p.width : 0.5LF, 0.0LF, pulse ? -2.0 : 0.0, p.shape == SYNC_TRIANGLE ? -8.0 : 0.0);
}

// sync_distance is a number of cycles in samples.
float sync_distance(sync_params p, double cycles) {
	precise double samples = cycles * p.per_step;
	return float(samples);
}

// sync_distances is how many samples ago an edge was that is the last and the next in this cycle of the master, the
// last of the one before and the first of the one after.
vec4 sync_distances(sync_params p, sync_edge e, double place) {
	precise double left = p.cycles - e.place;
	precise double since = place - e.place;
	double last = floor(left);
	double before = floor(since);
	double next = max(before + 1.0LF, e.first);
	precise double from_before = since - before;
	precise double from_next = since - next;
	precise double from_last = place + (left - last);
	precise double from_first = (place - p.cycles) - (e.first + e.place);
	vec4 d = vec4(
		before >= e.first ? sync_distance(p, from_before) : SYNC_FAR,
		next <= last ? sync_distance(p, from_next) : SYNC_FAR,
		sync_distance(p, from_last),
		sync_distance(p, from_first));
	return last < e.first ? vec4(SYNC_FAR) : d;
}

// sync_end_distances is the same for the master's end: the last and the next.
vec2 sync_end_distances(sync_params p, double place) {
	precise double next = place - p.cycles;
	return vec2(sync_distance(p, place), sync_distance(p, next));
}

float sync_stepped(sync_params p, float d) {
	return p.band_limit == SYNC_POLYBLEP2 ? blep2(d) : blep4(d);
}

float sync_cornered(sync_params p, float d) {
	return p.band_limit == SYNC_POLYBLEP2 ? blamp2(d) : blamp4(d);
}

// sync_residual is what an edge d samples ago adds.
float sync_residual(sync_params p, sync_edge e, float d) {
	precise float y = e.height * sync_stepped(p, d);
	if (e.corner != 0.0) {
		precise float corner = p.step * e.corner;
		corner = corner * sync_cornered(p, d);
		y = y + corner;
	}
	return y;
}

float sync_residuals(sync_params p, sync_edge e, vec4 d) {
	precise float y = sync_residual(p, e, d.x) + sync_residual(p, e, d.y);
	precise float z = sync_residual(p, e, d.z) + sync_residual(p, e, d.w);
	y = y + z;
	return y;
}

float sync_step(inout sync_state s, sync_params p, uint substep) {
	precise double place = p.cycles * sync_master(s.now);
	s.now = phase_add(s.now, p.increment);
	precise float y = sync_naive(p.shape, p.width, place);
	if (!p.bare) {
		vec2 ends = sync_end_distances(p, place);
		precise float r = sync_residual(p, p.end, ends.x) + sync_residual(p, p.end, ends.y);
		if (p.shape != SYNC_SINE) {
			sync_edge e = sync_first(p);
			r = r + sync_residuals(p, e, sync_distances(p, e, place));
		}
		if (p.shape >= SYNC_PULSE) {
			sync_edge e = sync_second(p);
			r = r + sync_residuals(p, e, sync_distances(p, e, place));
		}
		y = y + r;
	}
	return y;
}

//! adjoint: state params substep seekable
//! adjoint uses: spline
//! adjoint state: 2
// The adjoint walks frames and their steps from the last to the first, as that of an osc does.
//
// An edge that is x cycles of the slave before a step's place, x/q = d samples ago at a step of q, adds h B(d) + g q C(d),
// with B the residual of a step, whose slope is the B-spline K, and C that of a corner, whose slope is B. By x that is
// h K/q + g B, by q it is -h K d/q + g (C - d B). Where the slave's cycles grow, edges of the master's last cycle come
// earlier, those of its next one later, and the height and the corner of its end change.
// Source: as the waveform, differentiated.

// What a frame's steps add up to, each times its cotangent: the derivatives by the place and by the slave's step, by
// the place times the step's number and times the master's phase, by the cycles at a fixed place, and by the width.
// later is the derivative by phase, added up over all later frames.
struct sync_cotangent {
	sync_state at;
	float place, turned, phased;
	float step, cycles, width;
	double later;
};

sync_cotangent sync_rewind(sync_state s) {
	return sync_cotangent(s, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0LF);
}

void sync_adjoint_save(sync_cotangent s, uint slot) {
	uvec2 words = unpackDouble2x32(s.later);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
}

void sync_adjoint_load(inout sync_cotangent s, uint slot) {
	s.later = packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u)));
}

// sync_adjoint_begin goes back one frame, to its end.
void sync_adjoint_begin(inout sync_cotangent s, sync_params p) {
	uvec2 phase = phase_sub(s.at.phase, p.frame_increment);
	double later = s.later;
	s = sync_rewind(sync_state(phase, phase_add(phase_add(phase, p.offset), p.frame_increment)));
	s.later = later;
}

// sync_slopes is the derivatives of what an edge d samples ago adds, by its distance in cycles and by the slave's step.
vec2 sync_slopes(sync_params p, sync_edge e, float d) {
	float kernel = p.band_limit == SYNC_POLYBLEP2 ? bspline2(d) : bspline4(d);
	precise float by_from = e.height * kernel;
	by_from = by_from * p.per_cycle;
	precise float by_step = -(by_from * d);
	if (e.corner != 0.0) {
		float stepped = sync_stepped(p, d);
		precise float by_corner = e.corner * stepped;
		by_from = by_from + by_corner;
		precise float stretch = d * stepped;
		stretch = sync_cornered(p, d) - stretch;
		stretch = e.corner * stretch;
		by_step = by_step + stretch;
	}
	return vec2(by_from, by_step);
}

// sync_grown is how what the master's end adds, d samples ago, grows with the cycles at a fixed distance.
float sync_grown(sync_params p, float d) {
	precise float y = p.height * sync_stepped(p, d);
	precise float bend = p.corner * p.step;
	bend = bend * sync_cornered(p, d);
	y = y + bend;
	return y;
}

// sync_adjoint_edge adds the derivatives of an edge of the slave's own cycle: by place, step and cycles; and by the
// distance alone.
float sync_adjoint_edge(inout vec3 by, sync_params p, sync_edge e, vec4 d) {
	vec2 before = sync_slopes(p, e, d.x);
	vec2 next = sync_slopes(p, e, d.y);
	vec2 last = sync_slopes(p, e, d.z);
	vec2 first = sync_slopes(p, e, d.w);
	precise vec2 here = before + next;
	precise vec2 away = last + first;
	here = here + away;
	precise float moved = last.x - first.x;
	by.x = by.x + here.x;
	by.y = by.y + here.y;
	by.z = by.z + moved;
	return here.x;
}

// sync_adjoint_step takes the cotangent c of the step before the last one taken.
void sync_adjoint_step(inout sync_cotangent s, sync_params p, uint substep, float c) {
	s.at.now = phase_sub(s.at.now, p.increment);
	double at = sync_master(s.at.now);
	precise double place = p.cycles * at;
	precise vec3 by = vec3(sync_tilt(p.shape, place), 0.0, 0.0);
	precise float by_width = 0.0;
	if (!p.bare) {
		vec2 ends = sync_end_distances(p, place);
		vec2 last = sync_slopes(p, p.end, ends.x);
		vec2 next = sync_slopes(p, p.end, ends.y);
		precise vec2 both = last + next;
		precise float grown = sync_grown(p, ends.x) + sync_grown(p, ends.y);
		grown = grown - next.x;
		by.x = by.x + both.x;
		by.y = both.y;
		by.z = grown;
		if (p.shape != SYNC_SINE) {
			sync_edge e = sync_first(p);
			sync_adjoint_edge(by, p, e, sync_distances(p, e, place));
		}
		if (p.shape >= SYNC_PULSE) {
			sync_edge e = sync_second(p);
			float moved = sync_adjoint_edge(by, p, e, sync_distances(p, e, place));
			by_width = p.shape == SYNC_PULSE ? -moved : 0.0;
		}
	}
	by = by * c;
	by_width = by_width * c;
	precise float turned = by.x * float(int(substep));
	precise float phased = by.x * float(at);
	s.place = s.place + by.x;
	s.turned = s.turned + turned;
	s.phased = s.phased + phased;
	s.step = s.step + by.y;
	s.cycles = s.cycles + by.z;
	s.width = s.width + by_width;
}

// sync_adjoint_end ends the frame t, as that of an osc does.
void sync_adjoint_end(inout sync_cotangent s, sync_params p, uint t, bool seekable, out float dfreq, out float dphase, out float dcycles, out float dwidth) {
	precise float by_phase = s.place * p.slave;
	precise float by_increment = s.step + s.turned;
	by_increment = by_increment * p.slave;
	precise float stretch = s.step * p.increment_cycles;
	precise float by_cycles = s.phased + s.cycles;
	by_cycles = by_cycles + stretch;
	if (p.limited) {
		// The slave's frequency stays: its cycles fall as the master's rises, by s/i = s^2/q.
		precise float fall = by_cycles * p.slave;
		fall = fall * p.slave;
		fall = fall * float(recip(double(p.step)));
		by_increment = by_increment - fall;
		by_cycles = 0.0;
	}
	precise double steps = seekable ? double(by_phase) * double(t) : s.later;
	steps = steps * double(p.ratio);
	steps = steps + double(by_increment);
	precise double later = s.later + double(by_phase);
	s.later = later;
	precise float hertz = float(steps) * p.per_hertz;
	dfreq = hertz;
	dphase = by_phase;
	dcycles = by_cycles;
	dwidth = s.width;
}
