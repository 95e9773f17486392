// Sine and cosine of a fixed-point phase in double. Needs nothing else.

// sin_cycles_wide is sin(2 pi phase). Domain: every phase; it reads all 64 bits. Error: absolute at most 2.3e-16,
// relative at most 4.5e-16. Exactly 0 at 0 and 1/2 cycle, +-1 at 1/4 and 3/4; odd and symmetric about every quarter to
// the bit; never beyond +-1.
//
// As in sin_cycles: doubling the phase drops its half-cycle bit, and what remains, as a signed integer, is the distance
// to the nearest multiple of half a cycle: x in [-1, 1] quarter cycles, rounded once. Then sin(x pi/2) =
// x + x (1 - x^2) S(x^2) with S a minimax polynomial of degree 7 (Remez, weighted for the absolute error of the sine:
// 1.8e-19).
double sin_cycles_wide(uvec2 phase) {
	int high = int((phase.y << 1) | (phase.x >> 31));
	uint flip = (phase.y + 0x40000000u) & 0x80000000u;
	// The lower word in two halves, each exact, so that only the last sum rounds.
	precise double low = double(int((phase.x << 1) & 0xffffu)) * 1.084202172485504434e-19LF;
	precise double mid = double(int((phase.x << 1) >> 16)) * 7.105427357601001859e-15LF;
	precise double x = double(high) * 4.656612873077392578e-10LF;
	mid = mid + low;
	x = x + mid;
	uvec2 bits = unpackDouble2x32(x);
	x = packDouble2x32(uvec2(bits.x, bits.y ^ flip));
	precise double y = x * x;
	precise double s = -5.8609860368685177e-12LF * y;
	s = s + 6.625300675945597e-10LF;
	s = s * y;
	s = s + -5.625874618708776e-08LF;
	s = s * y;
	s = s + 3.5425841930791357e-06LF;
	s = s * y;
	s = s + -0.00015689860047735571LF;
	s = s * y;
	s = s + 0.004524855534814189LF;
	s = s * y;
	s = s + -0.075167770711349446LF;
	s = s * y;
	s = s + 0.57079632679489667LF;
	precise double w = 1.0LF - y;
	w = w * x;
	w = w * s;
	x = x + w;
	return x;
}

// cos_cycles_wide is cos(2 pi phase): the sine a quarter of a cycle on, with its bounds.
double cos_cycles_wide(uvec2 phase) {
	return sin_cycles_wide(uvec2(phase.x, phase.y + 0x40000000u));
}

// sin_scaled and cos_scaled are the same times a factor, rounded once more.
double sin_scaled(uvec2 phase, double factor) {
	precise double y = sin_cycles_wide(phase) * factor;
	return y;
}

double cos_scaled(uvec2 phase, double factor) {
	precise double y = cos_cycles_wide(phase) * factor;
	return y;
}
