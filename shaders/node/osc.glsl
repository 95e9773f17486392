//! uses: phase reciprocal sine exp2 exp2_wide tanh blep squaresaw
//! step: begin state params substep
//! state: 2
//! update: freq pitch pitch_low pitch_high saw harmonics
//! cost: 30
//! parts: waves step adjoint
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
