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
