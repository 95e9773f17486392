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

// sin_scaled and cos_scaled are the same times a factor, rounded once more: overloads, for kernels whose numbers may be
// double.
float sin_scaled(uvec2 phase, float factor) {
	precise float y = sin_cycles(phase) * factor;
	return y;
}

float cos_scaled(uvec2 phase, float factor) {
	precise float y = cos_cycles(phase) * factor;
	return y;
}
