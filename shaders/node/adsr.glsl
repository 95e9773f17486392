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
	bool attack_cut, decay_cut;  // the gate ends the attack, or the decay
	float decay_start, release_start;  // from a stage's start to its first whole frame
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
		sustain, curve,
		attack * rate > g, rest <= decay_frames,
		float(double(adsr_ceil(a)) - a), float(double(adsr_ceil(g)) - g));
}

// adsr_position is x/length in the stage that is active.
float adsr_position(adsr_params p, uint t) {
	bool attack = t < p.decay_from;
	bool release = t >= p.release_from;
	uint whole = attack ? t : (release ? p.silent_from : p.sustain_from) - t;
	precise float x = float(int(whole >> 12)) * 4096.0;
	x = x + float(int(whole & 4095u));
	x = x + (attack ? 0.0 : release ? p.release_fraction : p.decay_fraction);
	x = x * (attack ? p.per_attack : release ? p.per_release : p.per_decay);
	return min(max(x, 0.0), 1.0);
}

float adsr_step(adsr_params p, uint t) {
	bool attack = t < p.decay_from;
	bool decay = t < p.sustain_from;
	bool release = t >= p.release_from;
	precise float y = pow_unit(adsr_position(p, t), p.curve);
	precise float fall = 1.0 - p.sustain;
	fall = fall * y;
	fall = p.sustain + fall;
	precise float tail = p.sustain * y;
	float held = decay ? fall : p.sustain;
	float gated = attack ? y : held;
	return !release ? gated : t < p.silent_from ? tail : 0.0;
}

//! adjoint: params frame
// With x the position in the stage, y = x^curve and h the stage's height: h is 1 in the attack, 1 - sustain in the
// decay, sustain in the release. The attack's x is t/a, so that its length a gets -h k y/a; the others' x is
// 1 - (t - start)/length, whose start gets h k (y/x)/length and whose length (1 - x) times that.
void adsr_adjoint(adsr_params p, uint t, float c, out float dattack, out float ddecay, out float dsustain,
		out float drelease, out float dgate, out float dcurve) {
	bool attack = t < p.decay_from;
	bool decay = !attack && t < p.sustain_from;
	bool release = t >= p.release_from;
	bool silent = t >= p.silent_from;
	bool still = release ? silent : !attack && !decay;
	float x = adsr_position(p, t);
	bool gone = still || x < 1.17549435082228751e-38;
	precise float y = pow_unit(x, p.curve);
	precise float height = attack ? 1.0 : release ? p.sustain : 1.0 - p.sustain;
	precise float weighted = c * height;
	float per = attack ? p.per_attack : release ? p.per_release : p.per_decay;
	precise float seconds = weighted * p.curve;
	seconds = seconds * y;
	seconds = seconds * per;
	seconds = seconds * float(rate);
	// What lasts less than a billionth of a frame is a step.
	seconds = gone || per > 9.99e8 ? 0.0 : seconds;
	precise float start = seconds * recip(max(x, 1.17549435082228751e-38));
	// 1 - x, counted from the stage's start so that nothing cancels there.
	precise float passed = float(int(t - (release ? p.release_from : p.decay_from)));
	passed = passed + (release ? p.release_start : p.decay_start);
	passed = passed * per;
	precise float extent = start * passed;
	float from_attack = attack ? -seconds : !decay ? 0.0 : p.decay_cut ? start - extent : start;
	dattack = p.attack_cut ? 0.0 : from_attack;
	ddecay = decay && !p.decay_cut ? extent : 0.0;
	drelease = release ? extent : 0.0;
	precise float to_gate = release ? start : decay && p.decay_cut ? extent : 0.0;
	to_gate = to_gate + (p.attack_cut ? from_attack : 0.0);
	dgate = to_gate;
	float share = attack || silent ? 0.0 : decay ? 1.0 - y : release ? y : 1.0;
	precise float to_sustain = c * share;
	dsustain = to_sustain;
	precise float to_curve = log2_precise(x) * 0.693147182464599609;
	to_curve = to_curve * y;
	to_curve = to_curve * weighted;
	dcurve = gone ? 0.0 : to_curve;
}
