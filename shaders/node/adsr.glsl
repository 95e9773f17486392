//! uses: reciprocal exp2 log2 pow
//! step: params frame
//! cost: 50
// adsr: attack, decay, sustain, release in closed form.
//
// Exactly one stage is active at a frame, so one power serves all. Each stage is x/length with x the frames
// since its start (attack) or until its end (decay, release): counted in whole frames plus a fraction, so
// that x keeps its relative precision however long the sound is.

struct adsr_params {
	uint decay_from, sustain_from, release_from, silent_from;
	float decay_fraction, release_fraction;
	float per_attack, per_decay, per_release;
	float sustain, curve;
};

// adsr_frames is a time in frames as the first whole frame at or after it, at most 2^31.
uint adsr_ceil(double frames) {
	return uint(ceil(min(frames, 2147483648.0LF)));
}

// adsr_per is 1/length of a stage. A stage shorter than a frame holds at most its first frame: any finite
// value does.
float adsr_per(double frames) {
	return recip(float(max(frames, 1e-9LF)));
}

adsr_params adsr_prepare(node_info info, double attack, double decay, float sustain, double release, double gate, float curve) {
	precise double g = gate * rate;
	precise double a = min(attack * rate, g);
	precise double decay_frames = decay * rate;
	precise double rest = g - a;
	precise double d = min(rest, decay_frames);
	precise double r = release * rate;
	precise double decay_end = min(g, a + d);
	precise double release_end = g + r;
	precise double decay_fraction = decay_end - double(adsr_ceil(decay_end));
	precise double release_fraction = release_end - double(adsr_ceil(release_end));
	return adsr_params(
		adsr_ceil(a), adsr_ceil(decay_end), adsr_ceil(g), adsr_ceil(release_end),
		float(decay_fraction), float(release_fraction),
		adsr_per(a), adsr_per(d), adsr_per(r),
		sustain, curve);
}

float adsr_step(adsr_params p, uint t) {
	bool attack = t < p.decay_from;
	bool decay = t < p.sustain_from;
	bool release = t >= p.release_from;
	uint whole = attack ? t : (release ? p.silent_from : p.sustain_from) - t;
	precise float x = float(int(whole >> 12)) * 4096.0;
	x = x + float(int(whole & 4095u));
	x = x + (attack ? 0.0 : release ? p.release_fraction : p.decay_fraction);
	x = x * (attack ? p.per_attack : release ? p.per_release : p.per_decay);
	x = min(max(x, 0.0), 1.0);
	precise float y = pow_unit(x, p.curve);
	precise float fall = 1.0 - p.sustain;
	fall = fall * y;
	fall = p.sustain + fall;
	precise float tail = p.sustain * y;
	float held = decay ? fall : p.sustain;
	float gated = attack ? y : held;
	return !release ? gated : t < p.silent_from ? tail : 0.0;
}
