//! uses: phase reciprocal sine blep
//! step: state params
//! state: 2
//! cost: 30
// osc: sine, saw, pulse and triangle from a fixed-point phase, band-limited by residuals at steps and corners.

const int OSC_SINE = 0, OSC_SAW = 1, OSC_PULSE = 2, OSC_TRIANGLE = 3;
const int OSC_POLYBLEP2 = 1, OSC_POLYBLEP4 = 2;

struct osc_params {
	int shape, band_limit;
	uint ratio;
	uvec2 increment, offset, width;
	bool all_low, all_high;
	float increment_cycles, samples_per_cycle;
};

struct osc_state {
	uvec2 phase;
};

osc_params osc_prepare(node_info info, int shape, int band_limit, double freq, double phase, double width) {
	osc_params p;
	p.shape = shape;
	p.band_limit = band_limit;
	p.ratio = info.ratio;
	precise double nyquist = 0.5LF * rate;
	precise double hz = min(max(freq, 0.0LF), nyquist);
	p.increment = increment_from_hz(hz, info.inv_rate);
	p.offset = phase_from_cycles(phase);
	p.width = phase_from_cycles(width);
	p.all_low = width <= 0.0LF;
	p.all_high = width >= 1.0LF;
	// Half a cycle a sample, the most there can be, reads as minus one half.
	p.increment_cycles = abs(phase_signed(p.increment));
	p.samples_per_cycle = p.increment_cycles > 0.0 ? recip(p.increment_cycles) : 0.0;
	return p;
}

osc_state osc_seek(osc_params p, node_info info, uint t) {
	return osc_state(phase_mul(phase_mul(p.increment, info.ratio), t));
}

void osc_save(osc_state s, uint slot) {
	state_write(slot, s.phase.x);
	state_write(slot + 1u, s.phase.y);
}

osc_state osc_load(uint slot) {
	return osc_state(uvec2(state_read(slot), state_read(slot + 1u)));
}

// osc_step_residual is the residual of the unit steps nearest to a phase, on both sides of it. From ratio 4 on
// the increment is at most 1/8, so that only one of them is within reach.
float osc_step_residual(osc_params p, uvec2 phase) {
	precise float d = phase_signed(phase) * p.samples_per_cycle;
	precise float r = p.band_limit == OSC_POLYBLEP2 ? blep2(d) : blep4(d);
	if (p.ratio < 4u) {
		precise float other = d < 0.0 ? d + p.samples_per_cycle : d - p.samples_per_cycle;
		r = r + (p.band_limit == OSC_POLYBLEP2 ? blep2(other) : blep4(other));
	}
	return p.increment_cycles > 0.0 ? r : 0.0;
}

// osc_corner_residual is the same for corners whose slope grows by 1 a sample.
float osc_corner_residual(osc_params p, uvec2 phase) {
	precise float d = phase_signed(phase) * p.samples_per_cycle;
	precise float r = p.band_limit == OSC_POLYBLEP2 ? blamp2(d) : blamp4(d);
	if (p.ratio < 4u) {
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
		y = y - r;
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
		y = y + r;
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

float osc_step(inout osc_state s, osc_params p) {
	uvec2 phase = phase_add(s.phase, p.offset);
	s.phase = phase_add(s.phase, p.increment);
	switch (p.shape) {
	case OSC_SINE:
		return sin_cycles(phase);
	case OSC_SAW:
		return osc_wave_saw(p, phase);
	case OSC_PULSE:
		return osc_wave_pulse(p, phase);
	default:
		return osc_wave_triangle(p, phase);
	}
}
