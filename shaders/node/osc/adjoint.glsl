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
