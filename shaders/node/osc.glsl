//! uses: phase reciprocal sine exp2 exp2_wide tanh blep squaresaw
//! step: begin state params substep
//! state: 2
//! update: freq pitch pitch_low pitch_high saw harmonics
//! cost: 30
// osc: sine, saw, pulse, triangle and square-saw from a fixed-point phase, band-limited by residuals at steps and corners.

const int OSC_SINE = 0, OSC_SAW = 1, OSC_PULSE = 2, OSC_TRIANGLE = 3, OSC_SQUARE_SAW = 4;
const int OSC_POLYBLEP2 = 1, OSC_POLYBLEP4 = 2, OSC_KAISER = 3;
const float OSC_KAISER_REACH = 32.0, OSC_KAISER_POINTS = 64.0;
const uint OSC_FAST_RATIO = 4u;
const double OSC_LOWEST = 1e-6LF;

struct osc_params {
	int shape, band_limit;
	uint ratio;
	uvec2 increment, half_frame, frame_increment, offset, width;
	bool all_low, all_high;
	float increment_cycles, samples_per_cycle;
	bool still;  // frequency 0
	// The distance of a phase from a whole cycle in samples is high word x per_high + low word's upper 31
	// bits x per_low.
	float per_high, per_low;
	float ramp;  // of a saw, a sample: 2 increments
	float mean;  // of a pulse: 2 width - 1
	float per_hertz;  // increments of a hertz, in cycles
	float saw, harmonics;
	bool before;  // the phase advances before a step
	// What the pitch makes of a hertz of freq, and how many hertz it makes of a semitone; 0 where it cannot.
	float shifted, per_semitone;
};

// phase is that of the frame to come, without the offset; now is that of the step to come, with it. The
// others are for osc_fast: how many samples the frame's first step is from the nearest whole cycle and from
// the waveform's second step or corner.
struct osc_state {
	uvec2 phase, now;
	float from_first, from_second;
};

// osc_advance sets what follows from the increment, which comes as a part of the circle and in cycles.
void osc_advance(inout osc_params p, node_info info, uvec2 increment, float cycles) {
	p.increment = increment;
	p.half_frame = phase_mul(p.increment, info.ratio / 2u);
	p.frame_increment = phase_mul(p.increment, info.ratio);
	p.increment_cycles = cycles;
	p.still = p.increment_cycles == 0.0;
	// At frequency 0 nothing is near in samples: any small increment reckons the waveform from its phase.
	float reckoned = p.still ? 9.094947017729282e-13 : p.increment_cycles;
	p.samples_per_cycle = recip(reckoned);
	p.ramp = 2.0 * reckoned;
	precise float per_high = p.samples_per_cycle * 2.3283064365386963e-10;
	precise float per_low = per_high * 4.656612873077393e-10;
	p.per_high = per_high;
	p.per_low = per_low;
}

// osc_update sets what follows from the frequency, and a square-saw's own parameters: what may change with the frame
// while phase and width stay.
void osc_update(inout osc_params p, node_info info, double freq, double pitch, double pitch_low, double pitch_high,
		float saw, float harmonics) {
	p.saw = saw;
	p.harmonics = harmonics;
	precise double nyquist = 0.5LF * rate;
	precise double octaves = max(min(pitch, pitch_high), pitch_low) * 0.083333333333333333LF;
	precise double shift = exp2_within(octaves);
	precise double shifted = freq * shift;
	bool free = shifted <= nyquist;
	p.shifted = free ? float(shift) : 0.0;
	precise double per_semitone = shifted * 0.057762265046662109LF;
	p.per_semitone = free && pitch >= pitch_low && pitch <= pitch_high ? float(per_semitone) : 0.0;
	precise double hz = shifted < OSC_LOWEST ? 0.0LF : min(shifted, nyquist);
	uvec2 increment = increment_from_hz(hz, info.inv_rate);
	// Half a cycle a sample, the most there can be, reads as minus one half.
	osc_advance(p, info, increment, abs(phase_signed(increment)));
}

#ifdef OSC_PRECISION_SINGLE
// The same in single precision.
void osc_update(inout osc_params p, node_info info, float freq, float pitch, float pitch_low, float pitch_high,
		float saw, float harmonics) {
	p.saw = saw;
	p.harmonics = harmonics;
	float nyquist = float(0.5LF * rate);
	precise float octaves = max(min(pitch, pitch_high), pitch_low) * 0.0833333358168602;
	float shift = exp2_precise(octaves);
	precise float shifted = freq * shift;
	bool free = shifted <= nyquist;
	p.shifted = free ? shift : 0.0;
	precise float per_semitone = shifted * 0.0577622652053833;
	p.per_semitone = free && pitch >= pitch_low && pitch <= pitch_high ? per_semitone : 0.0;
	float hz = shifted < float(OSC_LOWEST) ? 0.0 : min(shifted, nyquist);
	precise float cycles = hz * float(info.inv_rate);
	// What lies below 2^-24 cycles is held to 2^-55.
	precise float scaled = cycles * 16777216.0;
	int whole = int(scaled);
	precise float rest = scaled - float(whole);
	rest = rest * 2147483648.0;
	uint low = uint(int(rest));
	osc_advance(p, info, uvec2(low << 9, (uint(whole) << 8) + (low >> 23)), cycles);
}
#endif

osc_params osc_prepare(node_info info, int shape, int band_limit, double freq, double phase, double width,
		double pitch, double pitch_low, double pitch_high, float saw, float harmonics, int advance, int digits) {
	osc_params p;
	p.shape = shape;
	p.band_limit = band_limit;
	p.ratio = info.ratio;
	p.before = advance == 1;
	p.offset = phase_from_cycles(phase);
	p.width = phase_from_cycles(width);
	p.all_low = width <= 0.0LF;
	p.all_high = width >= 1.0LF;
	precise double mean = 2.0LF * width - 1.0LF;
	p.mean = float(mean);
	p.per_hertz = float(info.inv_rate);
	osc_update(p, info, freq, pitch, pitch_low, pitch_high, saw, harmonics);
	return p;
}

osc_state osc_seek(osc_params p, node_info info, uint t) {
	return osc_state(phase_mul(p.frame_increment, t), uvec2(0u), 0.0, 0.0);
}

void osc_save(osc_state s, uint slot) {
	state_write(slot, s.phase.x);
	state_write(slot + 1u, s.phase.y);
}

osc_state osc_load(uint slot) {
	return osc_state(uvec2(state_read(slot), state_read(slot + 1u)), uvec2(0u), 0.0, 0.0);
}

// osc_distance is how many samples a phase is from the nearest whole cycle: below 0 before it. A rounded
// conversion of the high word is beyond the reach of any residual, unless the increment is so large that the
// rounding is as small there as that of the float itself.
float osc_distance(osc_params p, uvec2 phase) {
	precise float high = float(int(phase.y)) * p.per_high;
	precise float low = float(int(phase.x >> 1)) * p.per_low;
	precise float d = high + low;
	return d;
}

#ifdef OSC_BAND_LIMIT_KAISER32
// osc_kaiser is the cubic between two points of the table of a windowed sinc's integrals, at a distance below 32: its
// coefficients from the constant on, and where between the points. A point is the residual of a corner, that of a
// step, and the kernel over the points in a sample; which chooses the first two, and the slope is less the one after.
vec4 osc_kaiser(float distance, uint which, out float part) {
	precise float x = distance * OSC_KAISER_POINTS;
	uint i = min(uint(x), 2047u);
	precise float rest = x - float(int(i));
	part = rest;
	uint at = 3u * i + which;
	float a = table_read(KAISER_TABLE, at);
	float b = table_read(KAISER_TABLE, at + 3u);
	float scale = which == 0u ? 0.015625 : 1.0;
	precise float m = -scale * table_read(KAISER_TABLE, at + 1u);
	precise float n = -scale * table_read(KAISER_TABLE, at + 4u);
	precise float rise = b - a;
	precise float both = m + n;
	precise float square = 3.0 * rise - m;
	square = square - both;
	precise float cube = both - 2.0 * rise;
	return vec4(a, m, square, cube);
}

// osc_kaiser_value is the residual of a step (which 1) or a corner (0) at a distance of at least 0.
float osc_kaiser_value(float distance, uint which) {
	float x;
	vec4 c = osc_kaiser(min(distance, 31.9999), which, x);
	precise float y = c.w * x;
	y = y + c.z;
	y = y * x;
	y = y + c.y;
	y = y * x;
	y = y + c.x;
	return distance >= OSC_KAISER_REACH ? 0.0 : y;
}

// osc_kaiser_step is the residual of a unit step, which changes its sign with the distance.
float osc_kaiser_step(float d) {
	float r = osc_kaiser_value(abs(d), 1u);
	return d < 0.0 ? r : -r;
}

// osc_kaiser_kernel is the slope of that residual, downwards.
float osc_kaiser_kernel(float d) {
	float x;
	vec4 c = osc_kaiser(min(abs(d), 31.9999), 1u, x);
	precise float y = 3.0 * c.w;
	y = y * x;
	precise float twice = 2.0 * c.z;
	y = y + twice;
	y = y * x;
	y = y + c.y;
	y = y * -OSC_KAISER_POINTS;
	return abs(d) >= OSC_KAISER_REACH ? 0.0 : y;
}

// osc_kaiser_sum adds up what the steps or corners (which) do that are d samples away and whole periods from there.
float osc_kaiser_sum(osc_params p, float d, uint which) {
	precise float r = which == 1u ? osc_kaiser_step(d) : osc_kaiser_value(abs(d), 0u);
	precise float end = OSC_KAISER_REACH + abs(d);
	precise float k = 1.0;
	precise float far = p.samples_per_cycle;
	while (far < end) {
		precise float before = d - far;
		precise float after = d + far;
		precise float two = which == 1u ? osc_kaiser_step(before) + osc_kaiser_step(after)
			: osc_kaiser_value(abs(before), 0u) + osc_kaiser_value(abs(after), 0u);
		r = r + two;
		k = k + 1.0;
		far = k * p.samples_per_cycle;
	}
	return r;
}
#endif

// osc_step_residual is the residual of the unit steps nearest to a phase, on both sides of it. From ratio 4 on
// the increment is at most 1/8, so that only one of them is within reach.
float osc_step_residual(osc_params p, uvec2 phase) {
	precise float d = osc_distance(p, phase);
#ifdef OSC_BAND_LIMIT_KAISER32
	if (p.band_limit == OSC_KAISER) {
		return osc_kaiser_sum(p, d, 1u);
	}
#endif
	precise float r = p.band_limit == OSC_POLYBLEP2 ? blep2(d) : blep4(d);
	if (p.ratio < OSC_FAST_RATIO) {
		precise float other = d < 0.0 ? d + p.samples_per_cycle : d - p.samples_per_cycle;
		r = r + (p.band_limit == OSC_POLYBLEP2 ? blep2(other) : blep4(other));
	}
	return r;
}

// osc_corner_residual is the same for corners whose slope grows by 1 a sample.
float osc_corner_residual(osc_params p, uvec2 phase) {
	precise float d = osc_distance(p, phase);
#ifdef OSC_BAND_LIMIT_KAISER32
	if (p.band_limit == OSC_KAISER) {
		return osc_kaiser_sum(p, d, 0u);
	}
#endif
	precise float r = p.band_limit == OSC_POLYBLEP2 ? blamp2(d) : blamp4(d);
	if (p.ratio < OSC_FAST_RATIO) {
		precise float other = d < 0.0 ? d + p.samples_per_cycle : d - p.samples_per_cycle;
		r = r + (p.band_limit == OSC_POLYBLEP2 ? blamp2(other) : blamp4(other));
	}
	return r;
}

// osc_saw is 2 phase - 1, cut to 24 bits.
float osc_saw(uvec2 phase) {
	precise float s = float(int(phase.y ^ 0x80000000u) >> 7) * 5.9604644775390625e-8;
	return s;
}

float osc_wave_saw(osc_params p, uvec2 phase) {
	precise float y = osc_saw(phase);
	if (p.band_limit != 0) {
		precise float r = 2.0 * osc_step_residual(p, phase);
		y = p.still ? y : y - r;
	}
	return y;
}

float osc_wave_pulse(osc_params p, uvec2 phase) {
	bool high = phase.y < p.width.y || (phase.y == p.width.y && phase.x < p.width.x);
	precise float y = high ? 1.0 : -1.0;
	if (p.band_limit != 0) {
		precise float rise = osc_step_residual(p, phase);
		precise float r = rise - osc_step_residual(p, phase_sub(phase, p.width));
		r = 2.0 * r;
		y = p.still ? y : y + r;
	}
	return p.all_high ? 1.0 : p.all_low ? -1.0 : y;
}

float osc_wave_triangle(osc_params p, uvec2 phase) {
	precise float y = 2.0 * abs(osc_saw(phase));
	y = 1.0 - y;
	if (p.band_limit != 0) {
		precise float up = osc_corner_residual(p, phase);
		precise float r = up - osc_corner_residual(p, uvec2(phase.x, phase.y ^ 0x80000000u));
		precise float slope = 8.0 * p.increment_cycles;
		r = slope * r;
		y = y + r;
	}
	return y;
}

// osc_fast says whether a frame's steps are reckoned from their distance to the nearest whole cycle alone.
//
// From ratio 4 on a period is at least two frames long. The whole cycle that is nearest to the middle of a frame
// is then the only one within reach of its steps' residuals, and none of them is a period away from it; so one
// distance a frame serves all steps, and phases need not be added step by step. Without residuals the
// waveform jumps, and only the exact phase can tell on which side a step lies.
bool osc_fast(osc_params p) {
	return p.ratio >= OSC_FAST_RATIO && p.band_limit != 0 && p.band_limit != OSC_KAISER && p.shape != OSC_SINE
		&& p.shape != OSC_SQUARE_SAW;
}

// osc_first_distance is how many samples a frame's first step is from what is nearest to the frame's middle. At
// frequency 0 a frame on the spot counts as well past it.
float osc_first_distance(osc_params p, uvec2 middle) {
	precise float d = osc_distance(p, middle) - float(p.ratio / 2u);
	return p.still && abs(d) < 256.0 ? 256.0 : d;
}

// osc_begin starts a frame.
void osc_begin(inout osc_state s, osc_params p) {
	s.now = phase_add(s.phase, p.offset);
	s.now = phase_add(s.now, p.before ? p.increment : uvec2(0u));
	s.phase = phase_add(s.phase, p.frame_increment);
	if (osc_fast(p)) {
		uvec2 middle = phase_add(s.now, p.half_frame);
		s.from_first = osc_first_distance(p, middle);
		if (p.shape == OSC_PULSE) {
			s.from_second = osc_first_distance(p, phase_sub(middle, p.width));
		} else if (p.shape == OSC_TRIANGLE) {
			s.from_second = osc_first_distance(p, uvec2(middle.x, middle.y ^ 0x80000000u));
		}
	}
}

// osc_left2 and osc_left4 are what is left of a step at distance d: 1 less twice the residual's magnitude, 1 - v^2
// with v = (1-|d|)+, and 1 - (u^4 - 4 v^4)/12 with u = (2-|d|)+, factored to save products.
float osc_left2(float d) {
	precise float v = max(1.0 - abs(d), 0.0);
	v = v * v;
	v = 1.0 - v;
	return v;
}

float osc_left4(float d) {
	precise float a = abs(d);
	precise float u = max(2.0 - a, 0.0);
	precise float v = max(1.0 - a, 0.0);
	u = u * u;
	v = v * v;
	v = v + v;
	precise float w = (u - v) * (u + v);
	w = 1.0 - w * 0.0833333358168602;
	return w;
}

// osc_fast_saw is the band-limited saw d samples from a whole cycle: the naive 2 d inc - sign(d), whose jump the
// residual fills, so that both together are the ramp less sign(d) times what is left of the step.
float osc_fast_saw(osc_params p, float d) {
	float left = p.band_limit == OSC_POLYBLEP2 ? osc_left2(d) : osc_left4(d);
	precise float y = d * p.ramp;
	y = y - uintBitsToFloat(floatBitsToUint(left) | (floatBitsToUint(d) & 0x80000000u));
	return y;
}

float osc_fast_pulse(osc_params p, float first, float second) {
	precise float y = osc_fast_saw(p, second) - osc_fast_saw(p, first);
	y = y + p.mean;
	return p.all_high ? 1.0 : p.all_low ? -1.0 : y;
}

float osc_fast_triangle(osc_params p, float first, float second) {
	precise float ramp = abs(first) * p.ramp;
	precise float y = 1.0 - 2.0 * abs(1.0 - ramp);
	bool two = p.band_limit == OSC_POLYBLEP2;
	precise float r = two ? blamp2(first) : blamp4(first);
	r = r - (two ? blamp2(second) : blamp4(second));
	precise float slope = 8.0 * p.increment_cycles;
	r = slope * r;
	y = y + r;
	return y;
}

float osc_fast_step(osc_state s, osc_params p, float substep) {
	precise float first = s.from_first + substep;
	precise float second = s.from_second + substep;
	switch (p.shape) {
#ifdef OSC_SHAPE_SAW
	case OSC_SAW:
		return osc_fast_saw(p, first);
#endif
#ifdef OSC_SHAPE_PULSE
	case OSC_PULSE:
		return osc_fast_pulse(p, first, second);
#endif
#ifdef OSC_SHAPE_TRIANGLE
	case OSC_TRIANGLE:
		return osc_fast_triangle(p, first, second);
#endif
	default:
		return 0.0;
	}
}

float osc_step(inout osc_state s, osc_params p, uint substep) {
	if (osc_fast(p)) {
		return osc_fast_step(s, p, float(int(substep)));
	}
	uvec2 phase = s.now;
	s.now = phase_add(phase, p.increment);
	switch (p.shape) {
#ifdef OSC_SHAPE_SINE
	case OSC_SINE:
		return sin_cycles(phase);
#endif
#ifdef OSC_SHAPE_SAW
	case OSC_SAW:
		return osc_wave_saw(p, phase);
#endif
#ifdef OSC_SHAPE_PULSE
	case OSC_PULSE:
		return osc_wave_pulse(p, phase);
#endif
#ifdef OSC_SHAPE_SQUARE_SAW
	case OSC_SQUARE_SAW:
		return square_saw(phase, p.saw, p.harmonics);
#endif
#ifdef OSC_SHAPE_TRIANGLE
	case OSC_TRIANGLE:
		return osc_wave_triangle(p, phase);
#endif
	default:
		return 0.0;
	}
}

//! adjoint: state params substep seekable
//! adjoint uses: spline
//! adjoint state: 2
// The adjoint walks frames and their steps from the last to the first. A step at phase f with increment i has
// df = dy/df at fixed i, and di = dy/di at fixed f; its phase is offset + i (ratio t + substep), so that the sum of
// df over all later steps reaches the frequency too.
//
// With d the distance from a waveform's step in samples, B its residual and K the B-spline, dB/df = K/i and
// dB/di = -K d/i; for a corner's residual C the same with B in K's place. By the frame's own increment a step moves
// by di + substep df, in which K meets d - substep: the distance of the frame's first step.
// Source: as the waveforms, differentiated.

// What a frame's steps add up to, each times its cotangent: flat is the slope of the waveform without residuals, near
// and second the slopes of the residuals at phase 0 and at the waveform's second step or corner, and the others the
// same times the steps' places. later is the derivative by phase, added up over all later frames.
struct osc_cotangent {
	osc_state at;
	float flat_sum, flat_turned;
	float near, near_turned;
	float second, second_turned;
	float corners;
	float saw, harmonics;
	double later;
};

osc_cotangent osc_rewind(osc_state s) {
	return osc_cotangent(s, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0LF);
}

void osc_adjoint_save(osc_cotangent s, uint slot) {
	uvec2 words = unpackDouble2x32(s.later);
	state_write(slot, words.x);
	state_write(slot + 1u, words.y);
}

void osc_adjoint_load(inout osc_cotangent s, uint slot) {
	s.later = packDouble2x32(uvec2(state_read(slot), state_read(slot + 1u)));
}

// osc_adjoint_begin goes back one frame, to its end.
void osc_adjoint_begin(inout osc_cotangent s, osc_params p) {
	s.at.phase = phase_sub(s.at.phase, p.frame_increment);
	osc_state frame = s.at;
	osc_begin(frame, p);
	double later = s.later;
	s = osc_rewind(osc_state(s.at.phase, phase_add(frame.now, p.frame_increment), frame.from_first, frame.from_second));
	s.later = later;
}

// osc_slope is the derivative of a residual by the distance: for a corner, the residual of a step.
float osc_slope(osc_params p, float d) {
#ifdef OSC_BAND_LIMIT_KAISER32
	if (p.band_limit == OSC_KAISER) {
		return p.shape == OSC_TRIANGLE ? osc_kaiser_step(d) : osc_kaiser_kernel(d);
	}
#endif
	if (p.shape == OSC_TRIANGLE) {
		return p.band_limit == OSC_POLYBLEP2 ? blep2(d) : blep4(d);
	}
	return p.band_limit == OSC_POLYBLEP2 ? bspline2(d) : bspline4(d);
}

// osc_near is the sum of the slopes of the residuals on both sides of a phase, and that of the slopes times the
// distances.
vec2 osc_near(osc_params p, uvec2 phase) {
	float d = osc_distance(p, phase);
	precise float k = osc_slope(p, d);
	precise float turned = k * d;
#ifdef OSC_BAND_LIMIT_KAISER32
	if (p.band_limit == OSC_KAISER) {
		precise float end = OSC_KAISER_REACH + abs(d);
		precise float places = 1.0;
		precise float far = p.samples_per_cycle;
		while (far < end) {
			precise float before = d - far;
			precise float after = d + far;
			precise float first = osc_slope(p, before);
			precise float last = osc_slope(p, after);
			k = k + first;
			k = k + last;
			first = first * before;
			last = last * after;
			turned = turned + first;
			turned = turned + last;
			places = places + 1.0;
			far = places * p.samples_per_cycle;
		}
		return vec2(k, turned);
	}
#endif
	if (p.ratio < OSC_FAST_RATIO) {
		precise float other = d < 0.0 ? d + p.samples_per_cycle : d - p.samples_per_cycle;
		precise float l = osc_slope(p, other);
		precise float m = l * other;
		k = k + l;
		turned = turned + m;
	}
	return vec2(k, turned);
}

float osc_corner(osc_params p, float d) {
	return p.band_limit == OSC_POLYBLEP2 ? blamp2(d) : blamp4(d);
}

// osc_adjoint_fast is osc_adjoint_step where a frame's steps are reckoned from one distance. What is turned follows at
// the frame's end.
void osc_adjoint_fast(inout osc_cotangent s, osc_params p, float substep, float c) {
	precise float d = s.at.from_first + substep;
	precise float near = c * osc_slope(p, d);
	s.near = s.near + near;
	if (p.shape != OSC_SAW) {
		precise float e = s.at.from_second + substep;
		precise float second = c * osc_slope(p, e);
		s.second = s.second + second;
		if (p.shape == OSC_TRIANGLE) {
			precise float corners = osc_corner(p, d) - osc_corner(p, e);
			corners = corners * c;
			s.corners = s.corners + corners;
		}
	}
}

// osc_adjoint_exact is the same where only the phase itself will do.
void osc_adjoint_exact(inout osc_cotangent s, osc_params p, uvec2 phase, float substep, float c) {
	precise vec2 near = osc_near(p, phase);
	near.y = near.y - near.x * substep;
	near = near * c;
	s.near = s.near + near.x;
	s.near_turned = s.near_turned + near.y;
	if (p.shape != OSC_SAW) {
		uvec2 moved = p.shape == OSC_PULSE ? phase_sub(phase, p.width) : uvec2(phase.x, phase.y ^ 0x80000000u);
		precise vec2 second = osc_near(p, moved);
		second.y = second.y - second.x * substep;
		second = second * c;
		s.second = s.second + second.x;
		s.second_turned = s.second_turned + second.y;
		if (p.shape == OSC_TRIANGLE) {
			precise float corners = osc_corner_residual(p, phase) - osc_corner_residual(p, moved);
			corners = corners * c;
			s.corners = s.corners + corners;
		}
	}
}

// osc_triangle_slope is the slope of the naive triangle at distance d from the cycle's start and e from its half, by
// the nearer one: next to a corner it must be on the same side of it as the residual.
float osc_triangle_slope(float d, float e) {
	bool rising = abs(d) <= abs(e) ? d >= 0.0 : e < 0.0;
	return rising ? 4.0 : -4.0;
}

// osc_adjoint_step takes the cotangent c of the step before the last one taken.
void osc_adjoint_step(inout osc_cotangent s, osc_params p, uint substep, float c) {
	s.at.now = phase_sub(s.at.now, p.increment);
	uvec2 phase = s.at.now;
	float place = float(int(substep));
	precise float flat_slope = 0.0;
	switch (p.shape) {
#ifdef OSC_SHAPE_SINE
	case OSC_SINE:
		flat_slope = 6.28318548202514648 * cos_cycles(phase);
		break;
#endif
	case OSC_SAW:
		flat_slope = 2.0;
		break;
#ifdef OSC_SHAPE_SQUARE_SAW
	case OSC_SQUARE_SAW:
		precise vec3 slopes = square_saw_slopes(phase, p.saw, p.harmonics);
		flat_slope = slopes.x;
		slopes = slopes * c;
		s.saw = s.saw + slopes.y;
		s.harmonics = s.harmonics + slopes.z;
		break;
#endif
#ifdef OSC_SHAPE_TRIANGLE
	case OSC_TRIANGLE:
		if (osc_fast(p)) {
			flat_slope = osc_triangle_slope(s.at.from_first + place, s.at.from_second + place);
		} else if (p.band_limit != 0) {
			flat_slope = osc_triangle_slope(osc_distance(p, phase), osc_distance(p, uvec2(phase.x, phase.y ^ 0x80000000u)));
		} else {
			flat_slope = phase.y < 0x80000000u ? 4.0 : -4.0;
		}
		break;
#endif
	}
	if (p.shape != OSC_PULSE) {
		flat_slope = flat_slope * c;
		precise float turned = flat_slope * place;
		s.flat_sum = s.flat_sum + flat_slope;
		s.flat_turned = s.flat_turned + turned;
	}
	if (osc_fast(p)) {
		osc_adjoint_fast(s, p, place, c);
	} else if (p.shape != OSC_SINE && p.shape != OSC_SQUARE_SAW && p.band_limit != 0) {
		osc_adjoint_exact(s, p, phase, place, c);
	}
}

// osc_adjoint_end ends the frame t. Where the frequency stays, the phase is the increment times all steps before
// it; where it changes, this frame's increment has part in all later phases.
void osc_adjoint_end(inout osc_cotangent s, osc_params p, uint t, bool seekable, out float dfreq, out float dphase, out float dwidth,
		out float dpitch, out float dsaw, out float dharmonics) {
	precise float near = p.still ? 0.0 : s.near;
	precise float second = p.still ? 0.0 : s.second;
	precise float near_turned = osc_fast(p) ? near * s.at.from_first : p.still ? 0.0 : s.near_turned;
	precise float second_turned = osc_fast(p) ? second * s.at.from_second : p.still ? 0.0 : s.second_turned;
	precise float both = near - second;
	precise float turned = near_turned - second_turned;
	precise float weight = 2.0 * p.samples_per_cycle;
	precise float by_phase = s.flat_sum;
	precise float by_increment = s.flat_turned;
	precise float by_width = 0.0;
	if (p.shape == OSC_TRIANGLE) {
		by_phase = by_phase + 8.0 * both;
		precise float corners = p.still ? 0.0 : s.corners;
		corners = corners - turned;
		by_increment = by_increment + 8.0 * corners;
	} else if (p.shape != OSC_SINE && p.shape != OSC_SQUARE_SAW) {
		// The saw falls where the pulse rises.
		both = both * weight;
		turned = turned * weight;
		by_phase = p.shape == OSC_SAW ? by_phase - both : both;
		by_increment = p.shape == OSC_SAW ? by_increment + turned : -turned;
		by_width = p.shape == OSC_PULSE ? weight * second : 0.0;
	}
	// The increment of the step itself.
	by_increment = p.before ? by_increment + by_phase : by_increment;
	precise double steps = seekable ? double(by_phase) * double(t) : s.later;
	steps = steps * double(p.ratio);
	steps = steps + double(by_increment);
	precise double later = s.later + double(by_phase);
	s.later = later;
	precise float hertz = float(steps) * p.per_hertz;
	precise float to_freq = hertz * p.shifted;
	precise float to_pitch = hertz * p.per_semitone;
	dfreq = to_freq;
	dphase = by_phase;
	dwidth = by_width;
	dpitch = to_pitch;
	dsaw = s.saw;
	dharmonics = s.harmonics;
}
