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
// Adding 2^20 makes the last bit of the sum worth 2^-32 cycles, so that its low word is the nearest whole number of
// those. What is left of c is found exactly and rounded to units by adding 1.5 * 2^-12; below 0 it borrows.
uvec2 phase_round(double c) {
	precise double t = c + 1048576.0LF;
	precise double rest = t - 1048576.0LF;
	rest = c - rest;
	rest = rest + 0.0003662109375LF;
	uvec2 bits = unpackDouble2x32(rest);
	return uvec2(bits.x, unpackDouble2x32(t).x + ((bits.y >> 19) & 1u) - 1u);
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
