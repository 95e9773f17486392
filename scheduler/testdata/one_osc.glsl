#version 430 core
// Kernel render.

layout(local_size_x = 64) in;

const int OUTPUTS = 1;
const uint LATENCY = 0u;
const uint WARM_UP = 0u;
const bool CARRY = false;
const int MAX_TENSORS = 1;

// ---- kernel/head -------------------------------------------------------------

// Buffers and uniforms that every kernel shares.

// Four frames a piece, in pairs: a software renderer stores doubles twice as fast as floats.
layout(std430, binding = 0) buffer Samples { dvec2 samples[]; };
layout(std430, binding = 1) readonly buffer RowParams { double row_params[]; };
layout(std430, binding = 2) readonly buffer Tensors { float tensors[]; };
layout(std430, binding = 3) buffer State { uint state_words[]; };
layout(std430, binding = 4) buffer Peaks { uint peaks[]; };
layout(std430, binding = 5) buffer Fifo { float fifo[]; };

layout(location = 0) uniform uint rows;
layout(location = 1) uniform uint channels;
layout(location = 2) uniform uint frames;         // of the whole job
layout(location = 3) uniform uint segment_first;  // first output frame of this dispatch
layout(location = 4) uniform uint segment_frames;
layout(location = 5) uniform uint chunk_frames;   // a multiple of 4
layout(location = 6) uniform uint lanes;          // rows x chunks
layout(location = 7) uniform uint row_quads;      // vec4s from one row to the next
layout(location = 8) uniform uint tensor_first;   // first frame that the tensors hold
layout(location = 9) uniform uvec2 first_item;    // low and high word
layout(location = 10) uniform uvec2 seed;
layout(location = 11) uniform double rate;
layout(location = 12) uniform double inv_rate;
// For each tensor: its offset, and its stride from item to item and from channel to channel.
layout(location = 16) uniform uvec3 tensor_layout[MAX_TENSORS];

// What a node may know of its place.
struct node_info {
	double inv_rate;  // of the node's own rate
	uint ratio;
	uint stream;
	float row_peak;  // largest magnitude of a whole-row kind's input; 0 for others
};

uint lane_index = 0u, lane_row = 0u, lane_channel = 0u, lane_batch = 0u, lane_start = 0u;
uvec2 lane_item = uvec2(0u);

float row_float(uint param) {
	return float(row_params[param * rows + lane_row]);
}

double row_double(uint param) {
	return row_params[param * rows + lane_row];
}

int row_int(uint param) {
	return int(row_params[param * rows + lane_row]);
}

// tensor_read is a parameter's value for a node's frame t, late by what reaches the node late, so that it
// meets the content of its own frame. Before its first and after its last frame it keeps its value.
float tensor_read(uint tensor, uint t, uint late) {
	uvec3 at = tensor_layout[tensor];
	uint f = min(t - min(t, late), frames - 1u);
	return tensors[at.x + lane_batch * at.y + lane_channel * at.z + (f - tensor_first)];
}

// signal_read is an input's sample at frame t. After its last frame an input is silent.
float signal_read(uint tensor, uint t) {
	float x = tensor_read(tensor, t, 0u);
	return t < frames ? x : 0.0;
}

uint state_read(uint slot) {
	return state_words[slot * rows + lane_row];
}

void state_write(uint slot, uint word) {
	state_words[slot * rows + lane_row] = word;
}

// fifo_read is what fifo_write stored length frames ago in this lane, zero before its first frame.
float fifo_read(uint offset, uint length, uint n) {
	float x = fifo[(offset + n % length) * lanes + lane_index];
	return n - lane_start < length ? 0.0 : x;
}

void fifo_write(uint offset, uint length, uint n, float x) {
	fifo[(offset + n % length) * lanes + lane_index] = x;
}

// lane_begin finds the lane's place. It is false for the invocations that pad the last workgroup.
bool lane_begin() {
	lane_index = gl_GlobalInvocationID.x + gl_GlobalInvocationID.y * (gl_NumWorkGroups.x * gl_WorkGroupSize.x);
	lane_row = lane_index % rows;
	lane_batch = lane_row / channels;
	lane_channel = lane_row - lane_batch * channels;
	uint low = first_item.x + lane_batch;
	lane_item = uvec2(low, first_item.y + uint(low < lane_batch));
	return lane_index < lanes;
}

// sample_store and sample_load move four frames. Packing moves bits and computes nothing.
void sample_store(uint at, vec4 y) {
	samples[at] = dvec2(packDouble2x32(floatBitsToUint(y.xy)), packDouble2x32(floatBitsToUint(y.zw)));
}

vec4 sample_load(uint at) {
	dvec2 pairs = samples[at];
	return vec4(uintBitsToFloat(unpackDouble2x32(pairs.x)), uintBitsToFloat(unpackDouble2x32(pairs.y)));
}

// ---- lib/phase ---------------------------------------------------------------

// Phase: 64 bits of a cycle as uvec2(lo, hi), so that sums are exact, associative and never drift.
//
// Everything here is integer arithmetic, or float and double steps that are exact; the only rounding is
// the one each comment names. Needs nothing else.

// phase_add is a + b modulo one cycle. Exact.
uvec2 phase_add(uvec2 a, uvec2 b) {
	uint lo = a.x + b.x;
	return uvec2(lo, a.y + b.y + uint(lo < a.x));
}

// phase_sub is a - b modulo one cycle. Exact.
uvec2 phase_sub(uvec2 a, uvec2 b) {
	return uvec2(a.x - b.x, a.y - b.y - uint(a.x < b.x));
}

// phase_mul is inc * n modulo one cycle: the phase after n steps. Exact.
uvec2 phase_mul(uvec2 inc, uint n) {
	uint carry, lo;
	umulExtended(inc.x, n, carry, lo);
	return uvec2(lo, inc.y * n + carry);
}

// phase_round is c * 2^64 rounded to nearest, ties to even, for c in [0, 1). Error: at most half a unit.
//
// From 2^-12 cycles up a double's last bit is worth at least one unit, so the mantissa is shifted into
// place and nothing rounds. Below, adding 2^-12 makes the last bit of the sum worth exactly one unit: the
// adder does the one rounding, and the sum's mantissa, less the 2^52 units added, is the answer.
uvec2 phase_round(double c) {
	bool tiny = c < 0.000244140625LF;
	precise double t = c + (tiny ? 0.000244140625LF : 0.0LF);
	uvec2 bits = unpackDouble2x32(t);
	uint shift = (bits.y >> 20) - 1011u;
	uint top = (bits.y & 0xfffffu) | 0x100000u;
	uint hi = (top << shift) | ((bits.x >> 1) >> (31u - shift));
	return uvec2(bits.x << shift, hi - (tiny ? 0x100000u : 0u));
}

// phase_from_cycles is the fraction of c in cycles: |c| less its whole cycles (exact), times 2^64, rounded
// once to nearest, ties to even, negated for negative c. Domain: any finite c.
uvec2 phase_from_cycles(double c) {
	precise double a = abs(c);
	precise double f = a - floor(a);
	uvec2 p = phase_round(f);
	return c < 0.0LF ? phase_sub(uvec2(0u), p) : p;
}

// increment_from_hz is the phase step of one sample: hz * inv_rate (one double product, rounded) times
// 2^64, rounded once to nearest, ties to even. Domain: hz * inv_rate in [0, 1). The same bits as Go's
// uint64(math.RoundToEven(math.Ldexp(hz*invRate, 64))).
uvec2 increment_from_hz(double hz, double inv_rate) {
	precise double c = hz * inv_rate;
	return phase_round(c);
}

// phase_float is the phase in cycles, in [0, 1): its top 24 bits, the rest cut off, so it never reaches 1.
// Error: less than 2^-24 cycles, downwards.
float phase_float(uvec2 p) {
	precise float r = float(int(p.y >> 8)) * 5.9604644775390625e-8;
	return r;
}

// phase_signed is the phase in cycles, in [-0.5, 0.5), with full relative precision down to 2^-64.
// Error: at most 3/4 ulp; exact for up to 24 significant bits.
//
// The magnitude is cut into pieces of 24, 24 and 16 bits, each converted exactly, and summed from the
// smallest.
float phase_signed(uvec2 p) {
	uint s = uint(int(p.y) >> 31);
	uint lo = (p.x ^ s) - s;
	uint hi = (p.y ^ s) + (s & uint(p.x == 0u));
	precise float low = float(int(lo & 0xffffu)) * 5.42101086242752217e-20;
	precise float mid = float(int(((hi & 0xffu) << 16) | (lo >> 16))) * 3.5527136788005009e-15;
	precise float top = float(int(hi >> 8)) * 5.9604644775390625e-8;
	precise float r = mid + low;
	r = top + r;
	return uintBitsToFloat(floatBitsToUint(r) | (s & 0x80000000u));
}

// ---- lib/reciprocal ----------------------------------------------------------

// Reciprocal and square root by Newton's method from an integer guess: add and multiply only, since the
// division and square root of desktop GLSL may be off by more than a rounding. Needs nothing else.

// recip is 1/x. Domain: x in [2^-126, 2^101]; above, a correction may be a denormal number, which some devices
// take for 0. Error: at most 1.25 ulp (measured 1.16 over every mantissa; the steps are the same in every
// binade). Powers of two are exact.
//
// The guess is within 5.1 %; each of the three steps squares its relative error, to 5e-11, and the last adds a
// small correction, so that little but the rounding of the sum is left.
float recip(float x) {
	precise float y = uintBitsToFloat(0x7ef311c7u - floatBitsToUint(x));
	precise float t = x * y;
	t = 2.0 - t;
	y = y * t;
	t = x * y;
	t = 2.0 - t;
	y = y * t;
	t = x * y;
	t = 1.0 - t;
	t = y * t;
	y = y + t;
	return y;
}

// sqrt_pos is the square root of x. Domain: 0 (giving exactly 0) and every positive normal x.
// Error: at most 1.25 ulp (measured 1.19 over every mantissa and both parities of the exponent).
//
// The guess y of 1/sqrt(x) is within 3.5 %, one Newton step makes that 0.18 %; s = x*y then has the same error
// from the root, and one step of third order (Householder) on s itself makes it 1.4e-8.
// Source of the guess: Lomont, "Fast inverse square root", 2003.
float sqrt_pos(float x) {
	precise float y = uintBitsToFloat(0x5f375a86u - (floatBitsToUint(x) >> 1));
	precise float s = x * y;
	precise float t = s * y;
	t = 0.5 * t;
	t = 1.5 - t;
	y = y * t;
	s = x * y;
	t = s * y;
	t = 1.0 - t;
	precise float q = 0.375 * t;
	q = 0.5 + q;
	q = q * t;
	q = q * s;
	s = s + q;
	return s;
}

// ---- lib/sine ----------------------------------------------------------------

// Sine and cosine of a fixed-point phase. Needs nothing else.

// sin_cycles is sin(2 pi phase). Domain: every phase; it reads the upper 32 bits, the rest is worth 1.5e-9.
// Error against the sine of those 32 bits, measured over all of them: at most 1.01e-7, RMS 2.1e-8 (-153.6 dB
// re 1, -150.6 dB re a sine), relative at most 1.8e-7. Exactly 0 at 0 and 1/2 cycle, +-1 at 1/4 and 3/4; odd
// and symmetric about every quarter to the bit; never beyond +-1.
//
// Doubling the phase drops its half-cycle bit, and what remains, read as a signed integer, is the distance
// to the nearest multiple of half a cycle in units of 2^-31 quarter cycles: x in [-1, 1], found exactly and
// rounded once. Then sin(x pi/2) = x + x (1 - x^2) S(x^2), which is exact at 0 and at +-1, and whose first
// term carries no error. S is a minimax polynomial of degree 3 (Remez, weighted for the absolute error of the
// sine: 4.7e-9 with rounded coefficients).
float sin_cycles(uvec2 phase) {
	int h = int(phase.y << 1);
	uint flip = (phase.y + 0x40000000u) & 0x80000000u;
	// 24 and 8 bits, so that both conversions are exact and only the sum rounds.
	precise float x = float(h >> 8) * 1.1920928955078125e-7;
	precise float low = float(h & 0xff) * 4.656612873077393e-10;
	x = x + low;
	x = uintBitsToFloat(floatBitsToUint(x) ^ flip);
	precise float y = x * x;
	precise float s = -1.50933745317161083e-4 * y;
	s = s + 4.52167354524135590e-3;
	s = s * y;
	s = s + -7.51672163605690002e-2;
	s = s * y;
	s = s + 0.57079631090164185;
	precise float w = 1.0 - y;
	w = w * x;
	w = w * s;
	x = x + w;
	return x;
}

// cos_cycles is cos(2 pi phase): the sine a quarter of a cycle on, with its bounds.
float cos_cycles(uvec2 phase) {
	return sin_cycles(uvec2(phase.x, phase.y + 0x40000000u));
}

// ---- lib/blep ----------------------------------------------------------------

// Residuals of band-limited steps and corners: what to add to a naive waveform around a discontinuity at
// time 0, seen from a sample at distance d in samples (d < 0: before it). Needs nothing else.
//
// A step or ramp is smoothed by a B-spline kernel of 2 points (linear) or 4 (cubic); the residual is the
// smoothed shape less the naive one. Written with truncated powers the pieces join by themselves: no branch.
// d must be 0 or normal: a denormal number may lose its sign on some devices.
// Source: Valimaki, Pekonen, Nam, "Perceptually informed synthesis of bandlimited classical waveforms using
// integrated polynomial interpolation", JASA 131(1), 2012; Esqueda, Valimaki, Bilbao, "Rounding corners with
// BLAMP", DAFx 2016.

// blep2 is the residual of a unit step with the linear B-spline. Domain: any d; 0 outside (-1, 1).
// The naive step counts as 1 from d = 0 on, so the value there is exactly -1/2. Error: absolute at most 5e-8.
float blep2(float d) {
	precise float v = max(1.0 - abs(d), 0.0);
	precise float r = v * v;
	r = r * 0.5;
	return d < 0.0 ? r : -r;
}

// blep4 is the residual of a unit step with the cubic B-spline. Domain: any d; 0 outside (-2, 2), exactly -1/2
// at 0. Error: absolute at most 2e-7.
//
// With u = 2 - |d| and v = 1 - |d|, both cut off at 0, it is (u^4 - 4 v^4) / 24 before the step; as a
// product of sum and difference it loses nothing where the two powers are near each other.
float blep4(float d) {
	precise float a = abs(d);
	precise float u = max(2.0 - a, 0.0);
	precise float v = max(1.0 - a, 0.0);
	u = u * u;
	v = v * v;
	v = v + v;
	precise float r = u - v;
	u = u + v;
	r = r * u;
	r = r * 0.0416666679084300995;
	return d < 0.0 ? r : -r;
}

// blamp2 is the residual of a unit corner (the slope grows by 1 a sample at 0) with the linear B-spline:
// the integral of blep2, (1 - |d|)^3 / 6. Even. Domain: any d; 0 outside (-1, 1). Error: absolute at most 4e-8.
float blamp2(float d) {
	precise float v = max(1.0 - abs(d), 0.0);
	precise float r = v * v;
	r = r * v;
	r = r * 0.166666671633720398;
	return r;
}

// blamp4 is the residual of a unit corner with the cubic B-spline: the integral of blep4,
// (u^5 - 4 v^5) / 120 with u = 2 - |d| and v = 1 - |d| cut off at 0; that is 7/30 at 0. Even.
// Domain: any d; 0 outside (-2, 2). Error: absolute at most 1.1e-7.
float blamp4(float d) {
	precise float a = abs(d);
	precise float u = max(2.0 - a, 0.0);
	precise float v = max(1.0 - a, 0.0);
	precise float u2 = u * u;
	precise float v2 = v * v;
	u2 = u2 * u2;
	v2 = v2 * v2;
	u2 = u2 * u;
	v2 = v2 * v;
	u2 = u2 * 8.33333376795053482e-3;
	v2 = v2 * 3.33333350718021393e-2;
	u2 = u2 - v2;
	return u2;
}

// ---- kind osc ----------------------------------------------------------------

// osc: sine, saw, pulse and triangle from a fixed-point phase, band-limited by residuals at steps and corners.

const int OSC_SINE = 0, OSC_SAW = 1, OSC_PULSE = 2, OSC_TRIANGLE = 3;
const int OSC_POLYBLEP2 = 1, OSC_POLYBLEP4 = 2;
const uint OSC_FAST_RATIO = 4u;

struct osc_params {
	int shape, band_limit;
	uint ratio;
	uvec2 increment, half_frame, frame_increment, offset, width;
	bool all_low, all_high;
	float increment_cycles, samples_per_cycle;
	bool still;  // frequency 0
	// The distance of a phase from a whole cycle in samples is high word x per_high + low word's upper 24
	// bits x per_low.
	float per_high, per_low;
	float ramp;  // of a saw, a sample: 2 increments
	float mean;  // of a pulse: 2 width - 1
};

// phase is that of the frame to come, without the offset; now is that of the step to come, with it. The
// others are for osc_fast: how many samples the frame's first step is from the nearest whole cycle and from
// the waveform's second step or corner.
struct osc_state {
	uvec2 phase, now;
	float from_first, from_second;
};

osc_params osc_prepare(node_info info, int shape, int band_limit, double freq, double phase, double width) {
	osc_params p;
	p.shape = shape;
	p.band_limit = band_limit;
	p.ratio = info.ratio;
	precise double nyquist = 0.5LF * rate;
	precise double hz = min(max(freq, 0.0LF), nyquist);
	p.increment = increment_from_hz(hz, info.inv_rate);
	p.half_frame = phase_mul(p.increment, info.ratio / 2u);
	p.frame_increment = phase_mul(p.increment, info.ratio);
	p.offset = phase_from_cycles(phase);
	p.width = phase_from_cycles(width);
	p.all_low = width <= 0.0LF;
	p.all_high = width >= 1.0LF;
	// Half a cycle a sample, the most there can be, reads as minus one half.
	p.increment_cycles = abs(phase_signed(p.increment));
	p.still = p.increment_cycles == 0.0;
	// At frequency 0 nothing is near in samples: any small increment reckons the waveform from its phase.
	float reckoned = p.still ? 9.094947017729282e-13 : p.increment_cycles;
	p.samples_per_cycle = recip(reckoned);
	p.ramp = 2.0 * reckoned;
	precise float per_high = p.samples_per_cycle * 2.3283064365386963e-10;
	precise float per_low = per_high * 5.9604644775390625e-8;
	p.per_high = per_high;
	p.per_low = per_low;
	precise double mean = 2.0LF * width - 1.0LF;
	p.mean = float(mean);
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
	precise float low = float(int(phase.x >> 8)) * p.per_low;
	precise float d = high + low;
	return d;
}

// osc_step_residual is the residual of the unit steps nearest to a phase, on both sides of it. From ratio 4 on
// the increment is at most 1/8, so that only one of them is within reach.
float osc_step_residual(osc_params p, uvec2 phase) {
	precise float d = osc_distance(p, phase);
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
	return p.ratio >= OSC_FAST_RATIO && p.band_limit != 0 && p.shape != OSC_SINE;
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
	case OSC_SAW:
		return osc_fast_saw(p, first);
	case OSC_PULSE:
		return osc_fast_pulse(p, first, second);
	default:
		return osc_fast_triangle(p, first, second);
	}
}

float osc_step(inout osc_state s, osc_params p, uint substep) {
	if (osc_fast(p)) {
		return osc_fast_step(s, p, float(int(substep)));
	}
	uvec2 phase = s.now;
	s.now = phase_add(phase, p.increment);
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

// ---- node osc: osc -----------------------------------------------------------

node_info n0_osc_info() {
	return node_info(1.0LF * inv_rate, 1u, 0x2aa153acu, 0.0);
}

osc_params n0_osc_params;

void n0_osc_prepare(uint t) {
	n0_osc_params = osc_prepare(n0_osc_info(),
		0 /* shape */,
		2 /* band_limit */,
		row_double(0u) /* freq */,
		row_double(1u) /* phase */,
		row_double(2u) /* width */);
}

osc_state n0_osc_state;

void n0_osc_seek(uint t) {
	n0_osc_state = osc_seek(n0_osc_params, n0_osc_info(), t);
}

float n0_osc_frame(uint t, uint quad) {
	osc_begin(n0_osc_state, n0_osc_params);
	return osc_step(n0_osc_state, n0_osc_params, 0u);
}

vec4 n0_osc_quad(uint n) {
	vec4 y = vec4(0.0);
	y.x = n0_osc_frame(n, 0u);
	y.y = n0_osc_frame(n + 1u, 1u);
	y.z = n0_osc_frame(n + 2u, 2u);
	y.w = n0_osc_frame(n + 3u, 3u);
	return y;
}

// ---- all nodes ---------------------------------------------------------------

void lane_prepare() {
	n0_osc_prepare(0u);
}

void lane_seek(uint n) {
	n0_osc_seek(n - min(n, 0u));
}

void lane_load() {}

void lane_save() {}

void lane_fill(uint n) {
}

// lane_quad runs every node for four frames from loop frame n on, a multiple of 4.
void lane_quad(uint n, out vec4 y[OUTPUTS]) {
	vec4 n0_osc = n0_osc_quad(n);
	y[0] = n0_osc;
}

// ---- kernel/lane -------------------------------------------------------------

// lane_warm_up brings the lane's state to the loop frame where it starts and returns that. A lane that can seek
// starts up to WARM_UP frames before its first frame to deliver, for the memory of its filters; one that carries
// state starts at 0, or goes on where the segment before ended.
uint lane_warm_up(uint deliver) {
	uint n = deliver - min(deliver, WARM_UP);
	lane_start = n;
	lane_prepare();
	if (CARRY && segment_first != 0u) {
		n = deliver;
		lane_start = 0u;
		lane_load();
	} else {
		lane_seek(n);
	}
	lane_fill(n);
	return n;
}

void lane_end() {
	if (CARRY) {
		lane_save();
	}
}

// ---- kernel/render -----------------------------------------------------------

// main renders one chunk of one row and stores it four frames at a time.
void main() {
	if (!lane_begin()) {
		return;
	}
	uint first = lane_index / rows * chunk_frames;
	uint deliver = segment_first + first + LATENCY;
	uint end = deliver + min(chunk_frames, segment_frames - first);
	uint at = lane_row * row_quads + first / 4u;
	for (uint n = lane_warm_up(deliver); n < end; n += 4u) {
		vec4 y[OUTPUTS];
		lane_quad(n, y);
		if (n >= deliver) {
			for (int o = 0; o < OUTPUTS; o++) {
				sample_store(uint(o) * rows * row_quads + at, y[o]);
			}
			at++;
		}
	}
	lane_end();
}
