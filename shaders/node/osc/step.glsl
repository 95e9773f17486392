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
