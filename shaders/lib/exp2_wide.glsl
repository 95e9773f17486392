// Powers of two in double. Needs nothing else.

// exp2_reduced is 2^f - 1. Domain: f in [-0.5, 0.5]. Error: relative at most 4e-16; exactly 0 at 0. A minimax
// polynomial of degree 11 (Remez, 3.4e-18 of 2^f).
double exp2_reduced(double f) {
	precise double q = 4.4573854979554655e-10LF * f;
	q = q + 7.0738600707352361e-09LF;
	q = q * f;
	q = q + 1.0178046472698011e-07LF;
	q = q * f;
	q = q + 1.3215434817582362e-06LF;
	q = q * f;
	q = q + 1.5252733867515038e-05LF;
	q = q * f;
	q = q + 0.00015403530458078156LF;
	q = q * f;
	q = q + 0.001333355814637906LF;
	q = q * f;
	q = q + 0.0096181291075933331LF;
	q = q * f;
	q = q + 0.055504108664821743LF;
	q = q * f;
	q = q + 0.24022650695910133LF;
	q = q * f;
	q = q + 0.69314718055994529LF;
	q = q * f;
	return q;
}

// exp2_precise is 2^x. Domain: any x but NaN; below -1022 it is 0 (no denormals), from 1024 on +infinity.
// Error: at most 1.25 ulp, relative 2.8e-16. Whole x give exact powers.
//
// x is split into the nearest whole number, which goes to the exponent, and the rest, found exactly.
double exp2_precise(double x) {
	precise double c = min(x, 1024.0LF);
	c = x < -1022.0LF ? -1023.0LF : c;
	// Adding 1.5 * 2^52 leaves the nearest whole number in the low bits.
	precise double k = c + 6755399441055744.0LF;
	precise double n = k - 6755399441055744.0LF;
	precise double f = c - n;
	precise double p = exp2_reduced(f);
	p = 1.0LF + p;
	uvec2 bits = unpackDouble2x32(p);
	return packDouble2x32(uvec2(bits.x, bits.y + (unpackDouble2x32(k).x << 20)));
}
