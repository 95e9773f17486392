//! uses: reciprocal exp2 log2 tanh cosh
//! step: state params inputs
//! state: 1
//! tape: 1
//! cost: 60
// waveshaper: tanh, hard limiting or folding of drive times the input plus bias, or its mean over the straight line
// from the input before.
//
// All means are computed as such and not as the difference of an integral over the distance, in which everything
// cancels where the two ends are close.

const int WAVESHAPER_TANH = 0, WAVESHAPER_HARD = 1;
// Ends that are closer than this are one.
const float WAVESHAPER_LEAST = 7.88860905221011805e-31;

struct waveshaper_params {
	int shape, antialias;
	float drive, bias;
};

struct waveshaper_state {
	float last;
};

waveshaper_params waveshaper_prepare(node_info info, int shape, int antialias, float drive, float bias) {
	return waveshaper_params(shape, antialias, drive, bias);
}

waveshaper_state waveshaper_seek(waveshaper_params p, node_info info, uint t) {
	return waveshaper_state(0.0);
}

void waveshaper_save(waveshaper_state s, uint slot) {
	state_write(slot, floatBitsToUint(s.last));
}

waveshaper_state waveshaper_load(uint slot) {
	return waveshaper_state(uintBitsToFloat(state_read(slot)));
}

float waveshaper_tape(waveshaper_state s, int i) {
	return s.last;
}

// waveshaper_bent is what an input is before the shape.
float waveshaper_bent(waveshaper_params p, float x) {
	precise float u = p.drive * x;
	u = u + p.bias;
	return u;
}

float waveshaper_hard(float u) {
	return min(max(u, -1.0), 1.0);
}

// waveshaper_place is the place of u in the period from -3 to 1, less its middle: about -2 to 2, 0 where fold is 1.
float waveshaper_place(float u) {
	precise float period = u + 1.0;
	period = floor(period * 0.25);
	period = period * 4.0;
	precise float d = u - 1.0;
	d = d - period;
	return d;
}

float waveshaper_fold(float u) {
	precise float y = 1.0 - abs(waveshaper_place(u));
	return y;
}

// waveshaper_folded is the integral of fold.
float waveshaper_folded(float u) {
	float d = waveshaper_place(u);
	precise float y = d * abs(d);
	y = 0.5 * y;
	y = d - y;
	return y;
}

float waveshaper_at(waveshaper_params p, float u) {
	return p.shape == WAVESHAPER_TANH ? tanh_precise(u) : p.shape == WAVESHAPER_HARD ? waveshaper_hard(u) : waveshaper_fold(u);
}

// waveshaper_tanh_mean: with m the middle and h half the distance, ln cosh(m+h) - ln cosh(m-h) is
// 2 artanh(tanh m tanh h).
float waveshaper_tanh_mean(float low, float high) {
	precise float span = high - low;
	if (span < 1.0) {
		precise float middle = low + high;
		precise float m = tanh_precise(0.5 * middle);
		precise float h = 0.5 * span;
		precise float ratio = tanh_ratio(h * h);
		precise float z = h * ratio;
		z = z * m;
		precise float y = artanh_ratio(z * z);
		y = y * ratio;
		y = y * m;
		return y;
	}
	precise float rest = ln_cosh_rest(high) - ln_cosh_rest(low);
	precise float y = abs(high) - abs(low);
	y = y + rest;
	y = y * recip(span);
	return y;
}

// waveshaper_parts are what parts of the way from low to high are below -1, between and above 1.
vec3 waveshaper_parts(float low, float high) {
	precise float per = recip(high - low);
	precise vec3 parts = vec3(min(high, -1.0) - low, waveshaper_hard(high) - waveshaper_hard(low), high - max(low, 1.0));
	parts = max(parts, vec3(0.0));
	parts = parts * per;
	return parts;
}

float waveshaper_hard_mean(float low, float high) {
	vec3 parts = waveshaper_parts(low, high);
	precise float y = waveshaper_hard(low) + waveshaper_hard(high);
	y = 0.5 * y;
	y = y * parts.y;
	y = y + parts.z;
	y = y - parts.x;
	return y;
}

// waveshaper_corner is the first corner above u, and the slope before it, which is also fold's value there.
vec2 waveshaper_corner(float u) {
	precise float n = u + 1.0;
	n = floor(0.5 * n);
	precise float pairs = floor(0.5 * n);
	precise float odd = n - 2.0 * pairs;
	precise float corner = 2.0 * n;
	corner = corner + 1.0;
	return vec2(corner, odd == 0.0 ? 1.0 : -1.0);
}

float waveshaper_fold_mean(float low, float high) {
	precise float span = high - low;
	if (span >= 1.0) {
		precise float y = waveshaper_folded(high) - waveshaper_folded(low);
		y = y * recip(span);
		return y;
	}
	vec2 corner = waveshaper_corner(low);
	precise float before = corner.x - low;
	precise float after = high - corner.x;
	precise float middle = low + high;
	middle = 0.5 * middle;
	middle = middle - (corner.x - 1.0);
	precise float part = before * recip(span);
	precise float short_of = part * before;
	precise float other = 1.0 - part;
	other = other * after;
	short_of = short_of + other;
	short_of = 0.5 * short_of;
	precise float bent = 1.0 - short_of;
	return (high <= corner.x ? middle : bent) * corner.y;
}

float waveshaper_over(waveshaper_params p, float from, float to) {
	float low = min(from, to), high = max(from, to);
	precise float span = high - low;
	if (span < WAVESHAPER_LEAST) {
		return waveshaper_at(p, to);
	}
	return p.shape == WAVESHAPER_TANH ? waveshaper_tanh_mean(low, high)
		: p.shape == WAVESHAPER_HARD ? waveshaper_hard_mean(low, high) : waveshaper_fold_mean(low, high);
}

float waveshaper_step(inout waveshaper_state s, waveshaper_params p, float x) {
	float u = waveshaper_bent(p, x);
	float from = waveshaper_bent(p, s.last);
	s.last = x;
	return p.antialias == 0 ? waveshaper_at(p, u) : waveshaper_over(p, from, u);
}

//! adjoint: state params inputs before
//! adjoint state: 1
struct waveshaper_cotangent {
	float last;
};

waveshaper_cotangent waveshaper_rest() {
	return waveshaper_cotangent(0.0);
}

void waveshaper_adjoint_save(waveshaper_cotangent c, uint slot) {
	state_write(slot, floatBitsToUint(c.last));
}

void waveshaper_adjoint_load(inout waveshaper_cotangent c, uint slot) {
	c.last = uintBitsToFloat(state_read(slot));
}

float waveshaper_slope(waveshaper_params p, float u) {
	float hard = abs(u) > 1.0 ? 0.0 : 1.0;
	float fold = waveshaper_place(u) > 0.0 ? -1.0 : 1.0;
	return p.shape == WAVESHAPER_TANH ? tanh_slope(u) : p.shape == WAVESHAPER_HARD ? hard : fold;
}

// waveshaper_tanh_slopes are the derivatives of the mean by low and high. By high it is the integral of
// (x - low) times the slope at x over the distance's square, by low that with high - x: where the ends are close, by
// four nodes of Gauss and Legendre, good to 1.1e-5 of it; where they are not but on one side of 0, from 1 - tanh and
// its mean, since tanh itself is nearly 1 at both.
vec2 waveshaper_tanh_slopes(float low, float high) {
	precise float span = high - low;
	if (span < 1.0) {
		precise float middle = low + high;
		middle = 0.5 * middle;
		precise float outer = span * 0.430568158626556396;
		precise float inner = span * 0.169990524649620056;
		precise float a = tanh_slope(middle - outer);
		precise float b = tanh_slope(middle - inner);
		precise float c = tanh_slope(middle + inner);
		precise float d = tanh_slope(middle + outer);
		// The weights over 4, times 1 + node and 1 - node.
		precise float by_high = 0.0120761012658476830 * a;
		by_high = by_high + 0.107607044279575350 * b;
		by_high = by_high + 0.218465536832809448 * c;
		by_high = by_high + 0.161851316690444946 * d;
		precise float by_low = 0.161851316690444946 * a;
		by_low = by_low + 0.218465536832809448 * b;
		by_low = by_low + 0.107607044279575350 * c;
		by_low = by_low + 0.0120761012658476830 * d;
		return vec2(by_low, by_high);
	}
	precise float per = recip(span);
	if (low >= 0.0 || high <= 0.0) {
		precise float mean = ln_cosh_rest(low) - ln_cosh_rest(high);
		mean = abs(mean) * per;
		precise vec2 slopes = vec2(tanh_short(low) - mean, mean - tanh_short(high));
		slopes = slopes * per;
		return low >= 0.0 ? slopes : -slopes;
	}
	float y = waveshaper_tanh_mean(low, high);
	precise vec2 slopes = vec2(y - tanh_precise(low), tanh_precise(high) - y);
	slopes = slopes * per;
	return slopes;
}

// waveshaper_hard_slopes: the slope is 1 in the middle part alone.
vec2 waveshaper_hard_slopes(float low, float high) {
	vec3 parts = waveshaper_parts(low, high);
	precise float half_part = 0.5 * parts.y;
	precise vec2 slopes = vec2(parts.z + half_part, parts.x + half_part);
	slopes = slopes * parts.y;
	return slopes;
}

vec2 waveshaper_fold_slopes(float low, float high) {
	precise float span = high - low;
	precise float per = recip(span);
	if (span >= 1.0) {
		float y = waveshaper_fold_mean(low, high);
		precise vec2 slopes = vec2(y - waveshaper_fold(low), waveshaper_fold(high) - y);
		slopes = slopes * per;
		return slopes;
	}
	vec2 corner = waveshaper_corner(low);
	precise float part = corner.x - low;
	part = min(1.0, part * per);
	precise float square = part * part;
	precise float by_low = 2.0 * part;
	by_low = by_low - square;
	by_low = by_low - 0.5;
	precise float by_high = square - 0.5;
	return vec2(by_low, by_high) * corner.y;
}

// waveshaper_slopes are the derivatives by the ends, from and to.
vec2 waveshaper_slopes(waveshaper_params p, float from, float to) {
	float low = min(from, to);
	float high = max(from, to);
	precise float span = high - low;
	if (p.antialias == 0) {
		return vec2(0.0, waveshaper_slope(p, to));
	}
	if (span < WAVESHAPER_LEAST) {
		return vec2(0.5 * waveshaper_slope(p, to));
	}
	vec2 slopes = waveshaper_fold_slopes(low, high);
	if (p.shape == WAVESHAPER_TANH) {
		slopes = waveshaper_tanh_slopes(low, high);
	} else if (p.shape == WAVESHAPER_HARD) {
		slopes = waveshaper_hard_slopes(low, high);
	}
	return from <= to ? slopes : slopes.yx;
}

// A frame's input has part in its own output and the next.
void waveshaper_adjoint(inout waveshaper_cotangent back, waveshaper_params p, float x, float last, float c,
		out float dx, out float ddrive, out float dbias) {
	precise vec2 by = waveshaper_slopes(p, waveshaper_bent(p, last), waveshaper_bent(p, x));
	by = by * c;
	precise float to_x = by.y * p.drive;
	to_x = back.last + to_x;
	dx = to_x;
	precise float before = by.x * p.drive;
	back.last = before;
	precise float to_drive = by.x * last;
	precise float part = by.y * x;
	to_drive = to_drive + part;
	ddrive = to_drive;
	precise float to_bias = by.x + by.y;
	dbias = to_bias;
}
