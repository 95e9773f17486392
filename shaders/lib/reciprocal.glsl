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
