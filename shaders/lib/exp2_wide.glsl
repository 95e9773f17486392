// Powers of two in double. Needs nothing else.

// exp2_reduced is 2^f - 1. Domain: f in [-0.5, 0.5]. Error: relative at most 4e-16; exactly 0 at 0. A minimax
// polynomial of degree 11 (Remez, 3.4e-18 of 2^f), summed in pairs (Estrin): a chain a third as long as Horner's.
double exp2_reduced(double f) {
	precise double f2 = f * f;
	precise double f4 = f2 * f2;
	precise double a = 0.24022650695910133LF * f;
	a = a + 0.69314718055994529LF;
	precise double b = 0.0096181291075933331LF * f;
	b = b + 0.055504108664821743LF;
	precise double c = 0.00015403530458078156LF * f;
	c = c + 0.001333355814637906LF;
	precise double d = 1.3215434817582362e-06LF * f;
	d = d + 1.5252733867515038e-05LF;
	precise double e = 7.0738600707352361e-09LF * f;
	e = e + 1.0178046472698011e-07LF;
	precise double g = 4.4573854979554655e-10LF * f2;
	e = e + g;
	precise double h = b * f2;
	a = a + h;
	h = d * f2;
	c = c + h;
	e = e * f4;
	c = c + e;
	c = c * f4;
	a = a + c;
	a = a * f;
	return a;
}

// exp2_within is 2^x. Domain: x in [-1022, 1023]. Error: at most 1.35 ulp, relative 3e-16. Whole x give exact powers.
//
// x is split into the nearest whole number, which goes to the exponent, and the rest, found exactly.
double exp2_within(double x) {
	// Adding 1.5 * 2^52 leaves the nearest whole number in the low bits.
	precise double k = x + 6755399441055744.0LF;
	precise double n = k - 6755399441055744.0LF;
	precise double f = x - n;
	precise double p = exp2_reduced(f);
	p = 1.0LF + p;
	uvec2 bits = unpackDouble2x32(p);
	return packDouble2x32(uvec2(bits.x, bits.y + (unpackDouble2x32(k).x << 20)));
}

// exp2_precise is the same for any x but NaN; below -1022 it is 0 (no denormals), from 1024 on +infinity.
double exp2_precise(double x) {
	precise double c = min(x, 1024.0LF);
	return exp2_within(x < -1022.0LF ? -1023.0LF : c);
}
