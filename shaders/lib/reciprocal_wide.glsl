// Reciprocal in double, by the steps of recip in float. Needs nothing else.

// recip is 1/x. Domain: x in [2^-1022, 2^960]; above, a correction may be a denormal number. Error: at most 1.25
// ulp, relative 2.8e-16. Powers of two are exact.
//
// The guess, from the upper words alone, is within 5.1 %; each of the four steps squares its relative error, to
// 2e-21, and the last adds a small correction, so that little but the rounding of the sum is left.
double recip(double x) {
	precise double y = packDouble2x32(uvec2(0u, 0x7fde6238u - unpackDouble2x32(x).y));
	precise double t = x * y;
	t = 2.0LF - t;
	y = y * t;
	t = x * y;
	t = 2.0LF - t;
	y = y * t;
	t = x * y;
	t = 2.0LF - t;
	y = y * t;
	t = x * y;
	t = 1.0LF - t;
	t = y * t;
	y = y + t;
	return y;
}
